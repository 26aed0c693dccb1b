"""Reminders: when a patient hears of a coming visit, and when advice follows one, at a humane local hour."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from scheduler.domain.clinic_days import instant_of, wall_time

FIRST_HOUR, LAST_HOUR = time(8), time(20)
REMINDER_HOUR = time(10)
LONGEST_NOTICE_DAYS = 14
TOO_LATE = timedelta(hours=2)
"""A reminder that could not go out until so shortly before the visit helps nobody any more."""
JUST_TOLD = timedelta(hours=24)
"""Who has been told of a visit so shortly before its reminder needs none: nobody is told twice.

Such a message is the last word before the visit, and says what a reminder would have said of preparing for it.
"""


@dataclass(frozen=True, slots=True)
class ComingVisit:
    """A visit that may need a reminder, ``days`` clinic dates before its date; 0 wants none.

    ``told_at`` is the UTC instant at which the patient was last told of its time, ``None`` when never.
    """

    on: date
    starts_at: datetime
    zone: str
    days: int
    told_at: datetime | None


def reminder_at(visit: ComingVisit) -> datetime:
    """The UTC instant of the reminder: mid-morning at the clinic, so many dates before the visit."""
    return instant_of(visit.on - timedelta(days=visit.days), REMINDER_HOUR, visit.zone)


def is_last_word(visit: ComingVisit) -> bool:
    """Whether no reminder follows what the patient was told: just before one would have gone out, or none is wanted."""
    return visit.days <= 0 or (visit.told_at is not None and visit.told_at > reminder_at(visit) - JUST_TOLD)


def is_reminder_due(visit: ComingVisit, now: datetime) -> bool:
    """Whether a reminder should go out now. One that was missed is made up for while it still helps."""
    if is_last_word(visit):
        return False
    return reminder_at(visit) <= now < visit.starts_at - TOO_LATE and humane(now, visit.zone) == now


def humane(at: datetime, zone: str) -> datetime:
    """This UTC instant where the clinic's clock shows between eight and twenty hours, else the next eight o'clock."""
    wall = wall_time(at, zone)
    if FIRST_HOUR <= wall.time() < LAST_HOUR:
        return at
    day = wall.date() if wall.time() < FIRST_HOUR else wall.date() + timedelta(days=1)
    return instant_of(day, FIRST_HOUR, zone)
