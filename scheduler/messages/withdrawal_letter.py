"""The letter that takes events out of a calendar at an address that the patient has left. It names nobody."""

from scheduler.domain.contact import Language
from scheduler.messages.link_letter import Sender
from scheduler.messages.page import Letter, Page, Section, letter_of
from scheduler.messages.printable import one_line
from scheduler.messages.setting import attachments, greeting
from scheduler.messages.words import words_of


def withdrawal_letter(sender: Sender, *, language: Language, attached: int) -> Letter:
    """Whoever reads mail there may be a stranger, so the letter says nothing of the patient or the visits."""
    words = words_of(language)
    page = Page(
        subject=words.say("Calendar entries that are no longer yours"),
        greeting=greeting("", words),
        sections=(
            Section(words.say("Our invitations no longer go to this address. This takes them out of your calendar.")),
            *attachments(attached, words),
        ),
        link=None,
        regards=words.say("Kind regards"),
        signature=(tuple(line for line in map(one_line, (sender.clinic, sender.address, sender.phone)) if line),),
    )
    return letter_of(page, short="", language=language)
