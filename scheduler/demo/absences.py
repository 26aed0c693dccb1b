"""Who is away and when, a day on which one house is closed, and single days that differ from the roster."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from scheduler.demo.history import History
from scheduler.demo.stage import Place
from scheduler.domain.clinic_days import clinic_date, instant_of
from scheduler.operations.context import Context
from scheduler.operations.places.absences import add_absence
from scheduler.operations.places.closures import close
from scheduler.operations.places.rosters import DayShift, set_single_day

LONDON, NEW_YORK = 0, 1


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody's absence, in days from today, entered on the day ``known``. Without hours: whole days."""

    house: int
    member: int
    label: str
    known: int
    first: int
    last: int
    hours: tuple[int, int] | None = None


AWAY = (
    Away(LONDON, 0, "Leave", -60, 24, 37),
    Away(LONDON, 0, "Leave", -420, -370, -357),
    Away(LONDON, 1, "Training", -30, 9, 9, (14, 18)),
    Away(LONDON, 2, "Ill", -201, -201, -199),
    Away(LONDON, 3, "Dentist", -1, 2, 2, (13, 15)),
    Away(NEW_YORK, 0, "Congress", -400, -340, -337),
    Away(NEW_YORK, 0, "Ill", -40, -40, -40),
    Away(NEW_YORK, 1, "Family matter", 0, 3, 3),
)
ENTERED = time(8, 5)


def plan_absences(history: History) -> None:
    """Put all of it on the agenda of the day on which it became known."""
    for away in AWAY:
        _enter(history, away)
    _close_for_a_day(history, history.stage.places[LONDON], known=-20, on=50)
    _change_day(history, history.stage.places[LONDON], 2, known=-25, on=5, hours=(9, 14))
    _change_day(history, history.stage.places[LONDON], 3, known=-12, on=16, hours=None)


def _enter(history: History, away: Away) -> None:
    place = history.stage.places[away.house]
    first, last = _day(history, place, away.first), _day(history, place, away.last)
    who = place.practitioners[away.member]
    if away.hours is None:
        starts_at, ends_at = (instant_of(day, time.min, place.zone) for day in (first, last + timedelta(1)))
    else:
        starts_at, ends_at = (instant_of(first, time(hour), place.zone) for hour in away.hours)

    def work(context: Context) -> object:
        return add_absence(context, resource_id=who, starts_at=starts_at, ends_at=ends_at, label=away.label, seen=None)

    _on(history, place, away.known, work)


def _close_for_a_day(history: History, place: Place, *, known: int, on: int) -> None:
    day = _day(history, place, on)

    def work(context: Context) -> object:
        return close(context, clinic_id=place.clinic_id, starts_on=day, ends_on=day, label="New floor", seen=None)

    _on(history, place, known, work)


def _change_day(
    history: History, place: Place, member: int, *, known: int, on: int, hours: tuple[int, int] | None
) -> None:
    shifts = [DayShift(place.clinic_id, (hours[0] * 60, hours[1] * 60))] if hours else []
    who, day = place.practitioners[member], _day(history, place, on)
    _on(history, place, known, lambda c: set_single_day(c, resource_id=who, on=day, shifts=shifts, seen=None))


def _day(history: History, place: Place, days: int) -> date:
    return clinic_date(history.stage.now, place.zone) + timedelta(days)


def _on(history: History, place: Place, days: int, work: Callable[[Context], object]) -> None:
    """Let the manager enter something in the morning of a day, today's at the latest by now."""
    stage = history.stage
    at = min(instant_of(_day(history, place, days), ENTERED, place.zone), stage.now)

    def enters(then: datetime) -> None:
        stage.do(stage.manager, then, work)

    stage.agenda.at(at, enters)
