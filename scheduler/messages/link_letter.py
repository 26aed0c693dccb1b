"""The letter that carries a patient's personal link. It says nothing of any appointment."""

from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from scheduler.domain.contact import Language
from scheduler.messages.page import Letter, Page, Section, letter_of
from scheduler.messages.printable import one_line
from scheduler.messages.setting import a_link, greeting
from scheduler.messages.words import words_of


@dataclass(frozen=True, slots=True)
class Sender:
    """The clinic that signs."""

    clinic: str
    address: str
    phone: str


def link_letter(sender: Sender, *, name: str, language: Language, link: str, until: date) -> Letter:
    """The link, and the last clinic date on which it works."""
    words = words_of(language)
    signed = tuple(line for line in map(one_line, (sender.clinic, sender.address, sender.phone)) if line)
    day = format_date(until, "full", locale=words.locale)
    page = Page(
        subject=words.say("Your personal link"),
        greeting=greeting(name, words),
        sections=(
            Section(words.say("Here is your personal link to your appointments. It works until %(day)s.", day=day)),
            Section(
                words.say(
                    "Whoever has it can see your appointments, so do not pass it on. "
                    "If you did not ask for it, you need not do anything."
                )
            ),
        ),
        link=a_link(words.say("Your appointments:"), link),
        regards=words.say("Kind regards"),
        signature=(signed,),
    )
    short = f"{one_line(sender.clinic)}: " + words.say("Your personal link: %(link)s", link=link)
    return letter_of(page, short=short, language=language)
