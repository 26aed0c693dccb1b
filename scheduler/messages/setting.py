"""What stands around every letter: whom it greets, where it leads, and who signs it."""

from collections.abc import Iterable

from scheduler.messages.page import Entry, Section
from scheduler.messages.printable import one_line, shortened
from scheduler.messages.visits import Visit
from scheduler.messages.words import Words

LONGEST_NAME = 80


def greeting(name: str, words: Words) -> str:
    """The first line. A name of many pages is cut."""
    shown = shortened(name, LONGEST_NAME)
    return words.say("Dear %(name)s,", name=shown) if shown else words.say("Hello,")


def a_link(sentence: str, link: str | None) -> tuple[str, str] | None:
    """A link with what it leads to, if there is one."""
    return (sentence, link) if link else None


def preparation(visits: Iterable[Visit], words: Words) -> tuple[Section, ...]:
    """What to do before these visits, each point once; nothing where none of them says so."""
    points = dict.fromkeys(one_line(words.translated(text)) for visit in visits for text in visit.preparation)
    return (Section(words.say("Before you come:"), tuple(map(Entry, points))),) if points else ()


def attachments(number: int, words: Words) -> tuple[Section, ...]:
    """What to do with several calendar files. With one, programs offer it themselves."""
    if number < 2:
        return ()
    sentence = words.say(
        "%(number)d calendar files are attached. Open each of them to bring your calendar up to date.", number=number
    )
    return (Section(sentence),)


def signature(visits: Iterable[Visit]) -> tuple[tuple[str, ...], ...]:
    """Each clinic once, with its address and phone."""
    lines = ((visit.clinic, visit.address, visit.phone) for visit in visits)
    return tuple(dict.fromkeys(tuple(one_line(line) for line in clinic if one_line(line)) for clinic in lines))


def sender_in_short(visits: Iterable[Visit]) -> str:
    """How a text message begins: the clinics and their phones, as nobody can answer it."""
    said = (", ".join(part for part in map(one_line, (visit.clinic, visit.phone)) if part) for visit in visits)
    return "; ".join(dict.fromkeys(said)) + ": "
