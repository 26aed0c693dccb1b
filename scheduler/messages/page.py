"""The page of a letter before it is plain text or HTML, so that both say the same."""

from collections.abc import Iterator
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined

from scheduler.domain.contact import Language

TEMPLATES = Environment(
    loader=PackageLoader("scheduler.messages"),
    autoescape=True,
    undefined=StrictUndefined,
    keep_trailing_newline=True,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One point of a list: what it is about, and what there is to say of it."""

    title: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A sentence, and the points that it announces."""

    sentence: str
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """All that a letter says. Each text is one line; ``link`` is a sentence and an address, ``signature`` the clinics.

    Nothing in it is a picture or comes from elsewhere: whoever opens the letter tells nobody so.
    """

    subject: str
    greeting: str
    sections: tuple[Section, ...]
    link: tuple[str, str] | None
    regards: str
    signature: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in one language. ``short`` is the text message, and what to say on the phone."""

    subject: str
    plain: str
    html: str
    short: str


def letter_of(page: Page, *, short: str, language: Language) -> Letter:
    """The page in each of its forms."""
    return Letter(page.subject, as_plain(page), as_html(page, language), short)


def as_plain(page: Page) -> str:
    """The page as plain text."""
    return "\n\n".join(_paragraphs(page)) + "\n"


def as_html(page: Page, language: Language) -> str:
    """The page as HTML that says everything in colours of the reader's choice."""
    return TEMPLATES.get_template("letter.html").render(page=page, language=language.value)


def _paragraphs(page: Page) -> Iterator[str]:
    yield page.greeting
    for section in page.sections:
        yield "\n".join([section.sentence, *_points(section)])
    if page.link:
        yield "\n".join(page.link)
    yield page.regards
    yield from ("\n".join(lines) for lines in page.signature)


def _points(section: Section) -> Iterator[str]:
    for entry in section.entries:
        yield f"- {entry.title}"
        yield from (f"  {line}" for line in entry.lines)
