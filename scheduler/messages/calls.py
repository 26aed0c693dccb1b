"""What to say on the phone that no letter says."""

from scheduler.domain.contact import Language
from scheduler.messages.words import words_of


def declined_in_short(language: Language) -> str:
    """What was asked for cannot be had."""
    return words_of(language).say(
        "The appointment that was asked for cannot be had at that time. Please agree on another one."
    )
