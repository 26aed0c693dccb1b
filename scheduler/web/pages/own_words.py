"""A patient's own appointments in words: as the patient's country writes times, and without staff's terms."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from babel.dates import format_date, format_time, format_timedelta

from scheduler.catalogue.sheets import Preparation
from scheduler.domain.clinic_days import clinic_date, wall_time
from scheduler.domain.series import LIVE, AppointmentStatus
from scheduler.messages.visits import advice_until
from scheduler.operations.messages.patient_visits import PatientVisit
from scheduler.operations.patients.own_page import OwnPage
from scheduler.operations.patients.patient_history import PastOrComing
from scheduler.storage.entries import shipped
from scheduler.storage.rows import PatientAnswer
from scheduler.web.pages.words import counted, long_day, say, words


@dataclass(frozen=True, slots=True)
class Step:
    """One session of the list. ``look`` is its class, ``word`` how it stands."""

    number: int
    on: date | None
    time: str
    look: str
    word: str


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do before a visit, from a day on."""

    text: str
    since: str


@dataclass(frozen=True, slots=True)
class NextVisit:
    """The next appointment: its time is the patient's own, which leaves out what is done without the patient."""

    on: date
    time: str
    month: str
    weekday: str
    ahead: str
    minutes: int
    treatment: str
    practitioner: str
    is_asked: bool
    is_declined: bool


def own_time(at: datetime, zone: str) -> str:
    """The time as people there write it."""
    return str(format_time(wall_time(at, zone), "short", locale=words().locale))


def next_visit(page: OwnPage, now: datetime) -> NextVisit | None:
    """The next appointment, if there is one."""
    one = page.next
    if one is None:
        return None
    view = page.visits[one.id].view
    on, locale = clinic_date(view.starts_at, view.zone), words().locale
    return NextVisit(
        on=on,
        time=own_time(view.starts_at, view.zone),
        month=format_date(on, "MMM", locale=locale),
        weekday=format_date(on, "EEE", locale=locale),
        ahead=_ahead((on - clinic_date(now, view.zone)).days),
        minutes=int((view.ends_at - view.starts_at).total_seconds()) // 60,
        treatment=words().translated(one.treatment),
        practitioner=one.practitioner or "",
        is_asked=one.id in page.asked,
        is_declined=one.answer is PatientAnswer.DECLINED,
    )


def _ahead(days: int) -> str:
    if days < 2:
        return say("Tomorrow") if days else say("Today")
    found = format_timedelta(timedelta(days=days), add_direction=True, threshold=1.4, locale=words().locale)
    return str(found[0].upper() + found[1:])


def steps_of(page: OwnPage) -> Iterator[Step]:
    """Every session of the series, with or without an appointment."""
    if page.series is None:
        return
    own = [one for one in page.appointments if one.series_id == page.series.id]
    for number in range(1, page.series.sessions + 1):
        yield _step(page, number, [one for one in own if one.session == number])


def _step(page: OwnPage, number: int, found: list[PastOrComing]) -> Step:
    live = next((one for one in found if one.status in LIVE), None)
    done = next((one for one in found if one.status is AppointmentStatus.FULFILLED), None)
    one = live or done
    if one is None:
        return Step(number, None, "", "open", say("Not booked yet"))
    if done is not None and live is None:
        return Step(number, one.on, "", "done", say("Done"))
    visit = page.visits.get(one.id)
    time = own_time(visit.view.starts_at if visit else one.starts_at, one.zone)
    is_next = page.next is not None and one.id == page.next.id
    return Step(number, one.on, time, "next" if is_next else "booked", _word(page, one, is_next=is_next))


def _word(page: OwnPage, one: PastOrComing, *, is_next: bool) -> str:
    if one.id in page.asked:
        return say("Asked to move")
    if one.answer is PatientAnswer.DECLINED:
        return say("We will call you")
    return say("Next") if is_next else say("Booked")


def before_you_come(page: OwnPage) -> Iterator[Advice]:
    """What to do before the next appointment, the earliest first."""
    if page.next is None:
        return
    known = {one.text: one for one in shipped().preparation.values()}
    found = [known[text] for text in page.visits[page.next.id].care.preparation]
    for one in sorted(found, key=lambda one: -one.days_before):
        yield Advice(words().translated(one.text), _since(one, page.next.on))


def _since(one: Preparation, on: date) -> str:
    if one.days_before == 0:
        return say("On the day")
    day = long_day(on - timedelta(days=one.days_before))
    return counted("From %(day)s, one day before", "From %(day)s, %(number)d days before", one.days_before, day=day)


def afterwards(page: OwnPage, now: datetime) -> Iterator[str]:
    """The advice of the last session that still holds."""
    visit: PatientVisit | None = page.visits.get(page.last.id) if page.last else None
    if visit is None:
        return
    for one in visit.care.aftercare:
        end = visit.view.ends_at + timedelta(hours=one.until_hours)
        if end > now:
            yield advice_until(one.text, end, visit.view.zone, words())
