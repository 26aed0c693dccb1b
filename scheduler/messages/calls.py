"""What to say on the phone that no letter says."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton, format_time

from scheduler.domain.contact import Language
from scheduler.messages.words import words_of


def declined_in_short(language: Language) -> str:
    """What was asked for cannot be had."""
    return words_of(language).say(
        "The appointment that was asked for cannot be had at that time. Please agree on another one."
    )


def cannot_take_place(language: Language, starts_at: datetime, zone: str) -> str:
    """An appointment that was booked cannot take place as it is. ``starts_at`` is an instant, ``zone`` the clinic's."""
    words, wall = words_of(language), starts_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    day, time = format_skeleton("MMMMEEEEd", wall, locale=words.locale), format_time(wall, "short", locale=words.locale)
    return words.say(
        "The appointment on %(day)s, %(time)s, cannot take place as planned. Please agree on another one.",
        day=day,
        time=time,
    )
