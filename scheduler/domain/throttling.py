"""Throttling: how long somebody who guesses has to wait, and when guesses are forgotten.

A guess is counted before it is looked at, so that many guesses at once are no way around the wait.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from scheduler.domain.phrases import Phrase
from scheduler.domain.refusals import Refusal

SHORTEST_WAIT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Pace:
    """``free`` guesses cost no wait; then it doubles from a second to ``longest``. One is forgotten each ``fades``."""

    free: int
    longest: timedelta
    fades: timedelta


class Guarded(StrEnum):
    """What guesses are counted for.

    ``STRANGER``: a log-in name from devices that never were in with it. ``DEVICE``: the same from one that was, which
    no stranger can use up. ``ADDRESS``: a network address, whatever name is tried. ``CODE``: a user's second factor.
    ``LINK``: the date of birth behind a patient's link.
    """

    STRANGER = "stranger"
    DEVICE = "device"
    ADDRESS = "address"
    CODE = "code"
    LINK = "link"


PACES = {
    Guarded.STRANGER: Pace(free=5, longest=timedelta(minutes=15), fades=timedelta(minutes=30)),
    Guarded.DEVICE: Pace(free=5, longest=timedelta(minutes=5), fades=timedelta(minutes=15)),
    Guarded.ADDRESS: Pace(free=30, longest=timedelta(minutes=5), fades=timedelta(minutes=1)),
    Guarded.CODE: Pace(free=5, longest=timedelta(minutes=15), fades=timedelta(minutes=30)),
    Guarded.LINK: Pace(free=3, longest=timedelta(hours=24), fades=timedelta(hours=12)),
}
"""An address may be that of a whole clinic, so it has more room; a date of birth is soon guessed, so it has less."""


@dataclass(frozen=True, slots=True)
class Guesses:
    """How many guesses count, since when (UTC), and until when the next one has to wait."""

    count: int
    since: datetime
    wait_until: datetime


def remaining(guesses: Guesses, pace: Pace, now: datetime) -> int:
    """The guesses that still count."""
    return max(0, guesses.count - int((now - guesses.since) / pace.fades))


def after_one_more(guesses: Guesses | None, pace: Pace, now: datetime) -> Guesses:
    """The count once another guess is made now."""
    count = 1 + (remaining(guesses, pace, now) if guesses else 0)
    return Guesses(count, now, now + wait_after(count, pace))


def wait_after(count: int, pace: Pace) -> timedelta:
    """How long the next guess has to wait after so many."""
    beyond = count - pace.free
    if beyond <= 0:
        return timedelta(0)
    return min(SHORTEST_WAIT * (1 << min(beyond - 1, 30)), pace.longest)


class TooSoon(Refusal):
    """Too many guesses: the next one has to wait, right or wrong."""

    code = "too_many_attempts"

    def __init__(self, seconds: int) -> None:
        detail = "There were too many attempts in a short time."
        remedy: str = Phrase("Try again in %(seconds)s seconds.", seconds=seconds)
        if seconds >= 120:
            remedy = Phrase("Try again in %(minutes)s minutes.", minutes=-(-seconds // 60))
        super().__init__(detail, remedy=remedy, retry_after_seconds=seconds)
