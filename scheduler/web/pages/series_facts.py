"""The facts above the timeline: how far the series has come, what comes next, where and until when."""

from dataclasses import dataclass
from datetime import date

from scheduler.domain.evaluation import Verdict
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.series import SeriesState, Session, SessionState
from scheduler.storage.entries import shipped
from scheduler.web.pages.series_course import Course
from scheduler.web.pages.series_words import days, ended_words
from scheduler.web.pages.words import clock, counted, day_with_year, say, short_day, words

RUNNING = (SeriesState.DRAFT, SeriesState.ACTIVE)


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: a name, what it is, and a smaller word beside it. ``steps`` draw the progress."""

    name: str
    text: str
    detail: str = ""
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sign:
    """The state of the whole series: a colour, an icon and a word."""

    tone: str
    icon: str
    word: str


def sign_of(course: Course) -> Sign:
    """What is most urgent comes first."""
    sheet, state = course.sheet, course.sheet.snapshot.series.state
    if state not in RUNNING:
        return Sign("ok" if state is SeriesState.COMPLETED else "", "circle-check", ended_words(state))
    at_risk = any(one.booking and one.booking.at_risk for one in _open(course))
    to_record = any(one.booking and one.booking.on < course.today for one in _open(course))
    signs = (
        (sheet.on_hold, Sign("hold", "circle-pause", say("On hold"))),
        (sheet.lapsed, Sign("bad", "triangle-alert", say("Window lapsed"))),
        (at_risk, Sign("bad", "triangle-alert", say("At risk"))),
        (sheet.overdue, Sign("warn", "clock", say("Overdue"))),
        (to_record, Sign("warn", "clock", say("To be recorded"))),
        (state is SeriesState.DRAFT, Sign("", "calendar", say("Not booked yet"))),
    )
    return next((sign for is_so, sign in signs if is_so), Sign("ok", "check", say("On track")))


def _open(course: Course) -> list[Session]:
    return [session for session in course.sheet.snapshot.series.sessions if session.open]


def facts_of(course: Course) -> tuple[Fact, ...]:
    """The five facts of the strip."""
    return (_progress(course), _next(course), _spacing(course), _sites(course), _end(course))


def _progress(course: Course) -> Fact:
    sessions = course.sheet.snapshot.series.sessions
    counting = [one for one in sessions if one.state is not SessionState.OMITTED]
    done = sum(one.performed_on is not None for one in counting)
    first_open = next((one.number for one in counting if one.open), None)
    steps = tuple("done" if one.performed_on else "next" if one.number == first_open else "" for one in counting)
    text = say("%(done)d of %(all)d done", done=done, all=len(counting))
    return Fact(say("Progress"), text, _judged(course), steps)


def _judged(course: Course) -> str:
    """How the sessions were delivered."""
    found = course.sheet.evaluations
    early = sum(one.verdict is Verdict.EARLY for one in found)
    late = sum(one.verdict is Verdict.LATE for one in found)
    told = [
        counted("%(number)d early", "%(number)d early", early) if early else "",
        counted("%(number)d late", "%(number)d late", late) if late else "",
    ]
    return ", ".join(one for one in told if one) or (say("Every gap in its window") if len(found) > 1 else "")


def _next(course: Course) -> Fact:
    sheet = course.sheet
    booked = next((one for one in _open(course) if one.booking), None)
    if booked is not None and booked.booking is not None:
        at = clock(booked.booking.slot.starts_at, sheet.snapshot.series.zone)
        used = booked.booking.slot.resources
        wanted = (used.get(ResourceKind.PRACTITIONER), used.get(ResourceKind.ROOM))
        people = ", ".join(course.names[one] for one in wanted if one and one in course.names)
        return Fact(say("Next session"), f"{short_day(booked.booking.on)}, {at}", people)
    due = next(iter(_open(course)), None)
    window = sheet.windows[due.number] if due else None
    if sheet.snapshot.series.state not in RUNNING or due is None:
        return Fact(say("Next session"), say("None"))
    if window is None or window.recommended is None:
        return Fact(say("Next session"), say("Not booked"), say("A practitioner decides"))
    return Fact(say("Next session"), say("Not booked"), say("best on %(day)s", day=short_day(window.recommended)))


def _spacing(course: Course) -> Fact:
    protocol = course.sheet.snapshot.series.protocol
    due = next(iter(_open(course)), None)
    rule = protocol.spacing_before(max(due.number if due else 2, 2))
    text = say("%(least)d to %(most)d days", least=rule.min_days, most=rule.max_days)
    version = say("%(treatment)s, version %(version)d", treatment=course.treatment, version=protocol.version)
    return Fact(say("Spacing rule"), text, version)


def _sites(course: Course) -> Fact:
    series, known = course.sheet.snapshot.series, shipped()
    sites = ", ".join(words().translated(known.body_sites[one].label) for one in series.sites)
    addons = ", ".join(words().translated(known.addons[one].label) for one in series.addons)
    return Fact(say("Area"), sites, addons)


def _end(course: Course) -> Fact:
    sheet = course.sheet
    on = _last_day(course)
    if sheet.snapshot.series.state is SeriesState.COMPLETED:
        return Fact(say("Completed"), short_day(on) if on else "", days_since(course))
    if on is None or sheet.snapshot.series.state not in RUNNING:
        return Fact(say("Expected end"), say("Not known"))
    is_booked = all(one.booking for one in _open(course))
    detail = say("all sessions booked") if is_booked else say("if every gap is as planned")
    return Fact(say("Expected end"), day_with_year(on), detail)


def _last_day(course: Course) -> date | None:
    sessions = [one for one in course.sheet.snapshot.series.sessions if one.state is not SessionState.OMITTED]
    last = sessions[-1]
    window = course.sheet.windows[last.number]
    return last.dated or (window.recommended if window else None)


def days_since(course: Course) -> str:
    """How long the whole series took."""
    done = [one.performed_on for one in course.sheet.snapshot.series.sessions if one.performed_on]
    return say("in %(days)s", days=days((max(done) - min(done)).days)) if len(done) > 1 else ""
