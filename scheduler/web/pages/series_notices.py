"""What a deed on a series came to, as the next page says it: what has happened, and what follows from it."""

from scheduler.domain.changes import AppointmentBooked, AppointmentMoved
from scheduler.operations.booking.recent_deeds import RecentDeed
from scheduler.web.pages.booking_words import listed
from scheduler.web.pages.words import clock, counted, long_day, say

Dated = AppointmentBooked | AppointmentMoved


def series_deed_words(what: str, found: RecentDeed) -> str:
    """One sentence for a deed on the page of a series; empty for every other."""
    if what == "sessions_moved":
        return _moved(found)
    patient = found.patient
    return {
        "corrected": say("Corrected. What was recorded for %(patient)s is taken back.", patient=patient),
        "continue": say("Decided. The series of %(patient)s goes on in a new window.", patient=patient),
        "restart": say("Decided. A new series of %(patient)s begins, and the old one has ended.", patient=patient),
        "omit": say("Decided. A session of %(patient)s is left out.", patient=patient),
        "cease": say("Decided. The series of %(patient)s has ended.", patient=patient),
        "defer": say("Decided. The sessions of %(patient)s wait until the hold is over.", patient=patient),
    }.get(what, "")


def _moved(found: RecentDeed) -> str:
    """“Leila Haddad: session 2 moved to Thursday 5 March, 11:00, session 3 follows.”"""
    dated = [change for change in found.changes if isinstance(change, Dated)]
    if not dated:
        return ""
    first, *others = sorted(dated, key=lambda change: change.session or 0)
    said = _first(found, first)
    numbers = [str(change.session) for change in others]
    if numbers:
        follow = counted(
            "session %(numbers)s follows", "sessions %(numbers)s follow", len(numbers), numbers=listed(numbers)
        )
        said = f"{said}, {follow}"
    return f"{found.patient}: {said}."


def _first(found: RecentDeed, change: Dated) -> str:
    slot = change.after if isinstance(change, AppointmentMoved) else change.slot
    told = {"number": change.session, "day": long_day(change.on), "time": clock(slot.starts_at, found.zone)}
    if isinstance(change, AppointmentMoved):
        return say("session %(number)d moved to %(day)s, %(time)s", **told)
    return say("session %(number)d is booked for %(day)s, %(time)s", **told)
