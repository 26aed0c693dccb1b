"""A letter as HTML: the same words as the plain one, nothing from elsewhere, and nobody's name is markup."""

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.contact import Language
from scheduler.messages.letters import news_letter
from tests.calendars.samples import HOSTILE_NAMES
from tests.messages.letters import KINDS, all_letters
from tests.messages.samples import SESSION, booked

GOLDEN = Path(__file__).parent / "golden"
TAGS = {"html", "head", "meta", "title", "body", "div", "p", "ul", "li", "strong", "br", "a"}
EMPTY = {"meta", "br"}
ATTRIBUTES = {"lang", "dir", "style", "charset", "name", "content", "href"}


class Reader(HTMLParser):
    """What a mail program sees: tags, attributes, and the text of the body line by line."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "body" in self.open:
            self.text += data + "\n"

    @property
    def lines(self) -> list[str]:
        return [line for line in self.text.splitlines() if line]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", KINDS)
def test_html_and_plain_text_say_the_same(kind: str, language: Language) -> None:
    letter = all_letters(language)[kind]
    plain = [line.removeprefix("- ").strip() for line in letter.plain.splitlines() if line]
    assert Reader(letter.html).lines == plain


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", KINDS)
def test_html_has_its_language_and_direction_and_fetches_nothing(kind: str, language: Language) -> None:
    page = Reader(all_letters(language)[kind].html)
    assert page.attributes[:2] == [("lang", language.value), ("dir", "ltr")]
    assert (set(page.tags) - TAGS, {name for name, _ in page.attributes} - ATTRIBUTES, page.open) == (set(), set(), [])
    assert "url(" not in all_letters(language)[kind].html


def test_colours_are_left_to_the_reader_so_that_dark_screens_can_be_read() -> None:
    styles = " ".join(str(value) for name, value in Reader(an_html("Anna")).attributes if name == "style")
    assert "color-scheme: light dark" in styles
    assert "color:" not in styles.replace("color-scheme:", "")
    assert "background" not in styles


def test_the_page_reads_like_its_golden_file() -> None:
    assert KINDS["all kinds of news"](language=Language.ENGLISH).html == (GOLDEN / "letter.html").read_text()


@given(st.one_of(st.sampled_from(HOSTILE_NAMES), st.text(st.sampled_from("<>&\"'{}%a\n/!-"))))
def test_a_name_is_never_markup(name: str) -> None:
    plain, named = Reader(an_html("Anna")), Reader(an_html(name))
    assert named.tags == plain.tags
    assert named.attributes == plain.attributes


def an_html(name: str) -> str:
    """A letter in which everything that people may enter is this name."""
    entered = f"x{name}"
    visit = replace(SESSION, clinic=entered, address=entered, phone=entered, treatment=entered)
    return news_letter([booked(visit)], name=entered, language=Language.ENGLISH).html
