"""Calls: for a course, which begins at once or with a consultation, and for single visits."""

from datetime import date, datetime, time, timedelta
from functools import partial

from scheduler.demo import desk
from scheduler.demo.chance import dice
from scheduler.demo.courses import Course, Scale
from scheduler.demo.history import VISIT, History
from scheduler.demo.stage import Place
from scheduler.domain.clinic_days import clinic_date, instant_of

SINGLE_PEEL = "single-treatment-chemical-peel-superficial"
VISIT_TYPES = ("consultation", "consultation", "review", "review", "patch-test", SINGLE_PEEL)
PAST_VISITS, NEAR_VISITS, VISITS_TODAY = 110, 44, 4
NEAR_DAYS, PAST_DAYS = 12, 700


def call(history: History, course: Course, at: datetime) -> None:
    """The first call of a course: a consultation first, or the whole series at once."""
    if not course.consults:
        desk.book(history, desk.begin(history, course, at), at)
        return
    wish = desk.VisitWish(course.place, "consultation", clinic_date(at, course.place.zone) + timedelta(1), days=10)
    talk = desk.visit(history, course.patient, wish, at)
    if talk is None:
        return

    def begins(then: datetime) -> None:
        desk.book(history, desk.begin(history, course, then), then)

    history.stage.agenda.at(talk.ends(VISIT) + timedelta(minutes=5), begins)


def plan_visits(history: History, scale: Scale) -> None:
    """Put the calls for single visits on the agenda."""
    chance, places = dice(history.stage.seed, "visits"), history.stage.places
    for _ in range(scale.of(PAST_VISITS)):
        _visit_in(history, chance.choice(places), -chance.randint(NEAR_DAYS, PAST_DAYS), chance.random())
    for _ in range(scale.of(NEAR_VISITS)):
        days = chance.choice([day for day in range(-NEAR_DAYS, NEAR_DAYS + 1) if day])
        _visit_in(history, chance.choice(places), days, chance.random())
    for place in places:
        for _ in range(scale.of(VISITS_TODAY)):
            _visit_in(history, place, 0, chance.random())


def _visit_in(history: History, place: Place, days: int, luck: float) -> None:
    """Somebody who is known calls some days before and wants to come then."""
    wanted = clinic_date(history.stage.now, place.zone) + timedelta(days)
    calls_on = min(wanted - timedelta(1 + round(luck * 6)), wanted)
    calls_at = min(instant_of(calls_on, time(9 + round(luck * 7), 17), place.zone), history.stage.now)
    history.stage.agenda.at(calls_at, partial(_wants_visit, history, place, wanted, luck))


def _wants_visit(history: History, place: Place, wanted: date, luck: float, at: datetime) -> None:
    known = sorted(history.patient_ids)
    if known:
        visit_type = VISIT_TYPES[int(luck * 1000) % len(VISIT_TYPES)]
        wish = desk.VisitWish(place, visit_type, wanted, days=1, skip=int(luck * 24))
        desk.visit(history, known[int(luck * len(known))], wish, at)
