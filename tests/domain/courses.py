"""Short ways to write down courses of treatment. Days are numbered: day 0 is Monday, 5 January 2026."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from scheduler.domain.holds import EndRule, Hold, HoldState, Scope
from scheduler.domain.protocol import Protocol, ResourceKind, SpacingRule
from scheduler.domain.series import (
    AppointmentStatus,
    Booking,
    OtherProcedure,
    Override,
    Series,
    SeriesState,
    Session,
    SessionState,
    Surroundings,
)
from scheduler.domain.slots import Slot
from scheduler.domain.spacing import Window, windows

DAY_0 = date(2026, 1, 5)
RULE = SpacingRule(absolute_min_days=21, min_days=28, target_days=35, max_days=42, after_other_min_days=14)
PRACTITIONER = UUID(int=7)
SERIES_ID, PATIENT_ID, CLINIC_ID = UUID(int=1), UUID(int=2), UUID(int=3)


def on(day: int) -> date:
    return DAY_0 + timedelta(day)


def iso(day: int) -> str:
    return on(day).isoformat()


def number_of(day: date) -> int:
    return (day - DAY_0).days


def protocol(rule: SpacingRule = RULE, *, sessions: tuple[int, int] = (3, 6), **more: object) -> Protocol:
    plain = Protocol("needling", 1, "Needling", sessions[0], sessions[1], rule, ())
    return replace(plain, **more)  # type: ignore[arg-type]


def slot(day: int | date, hour: int = 9) -> Slot:
    starts_on = on(day) if isinstance(day, int) else day
    starts_at = datetime.combine(starts_on, time(hour), UTC)
    return Slot(starts_at, {ResourceKind.PRACTITIONER: PRACTITIONER})


def appointment_id(day: int) -> UUID:
    return UUID(int=1000 + day)


def booking(
    day: int,
    status: AppointmentStatus = AppointmentStatus.BOOKED,
    *,
    at_risk: bool = False,
    override: Override | None = None,
    hour: int = 9,
) -> Booking:
    return Booking(appointment_id(day), on(day), slot(day, hour), status, at_risk, override)


def override(day: int, reference: int) -> Override:
    return Override(on(day), on(reference), "Leaves the country in March.")


def due(*, continued: tuple[int, int] | None = None, last_on: int | None = None) -> Session:
    stored = (on(continued[0]), on(continued[1])) if continued else None
    return Session(0, continued=stored, last_on=None if last_on is None else on(last_on))


def booked(
    day: int,
    status: AppointmentStatus = AppointmentStatus.BOOKED,
    *,
    continued: tuple[int, int] | None = None,
    at_risk: bool = False,
    override: Override | None = None,
    hour: int = 9,
) -> Session:
    made = booking(day, status, at_risk=at_risk, override=override, hour=hour)
    return replace(due(continued=continued), booking=made)


def performed(day: int) -> Session:
    return Session(0, SessionState.SATISFIED, on(day))


def omitted(*, continued: tuple[int, int] | None = None) -> Session:
    return replace(due(continued=continued), state=SessionState.OMITTED)


def course(
    *sessions: Session, start: int = 0, under: Protocol | None = None, state: SeriesState = SeriesState.ACTIVE
) -> Series:
    return Series(
        id=SERIES_ID,
        patient_id=PATIENT_ID,
        clinic_id=CLINIC_ID,
        zone="Europe/Berlin",
        protocol=under or protocol(),
        sites=("face",),
        sessions=tuple(replace(session, number=n) for n, session in enumerate(sessions, 1)),
        start_on=on(start),
        state=state,
    )


def hold(
    first: int,
    last: int | None,
    rule: EndRule = EndRule.ON_DATE,
    state: HoldState = HoldState.ACTIVE,
    *,
    review: int | None = None,
    scope: Scope = Scope.SYSTEMIC,
    site: str | None = None,
    code: str = "hsv-active",
    modalities: Iterable[str] = (),
) -> Hold:
    return Hold(
        id=UUID(int=500 + first),
        code=code,
        scope=scope,
        site=site,
        starts_on=on(first),
        ends_on=None if last is None else on(last),
        end_rule=rule,
        state=state,
        review_on=None if review is None else on(review),
        only_modalities=frozenset(modalities),
    )


def other(day: int, figure: int, label: str = "Peel") -> OtherProcedure:
    return OtherProcedure(on(day), figure, label, UUID(int=900 + day))


def around(
    today: int,
    *holds: Hold,
    others: Iterable[OtherProcedure] = (),
    closures: Iterable[tuple[int, int]] = (),
    closed_weekdays: Iterable[int] = (),
) -> Surroundings:
    return Surroundings(
        today=on(today),
        holds=holds,
        others=tuple(others),
        closures=tuple((on(first), on(last), "holidays") for first, last in closures),
        closed_weekdays=frozenset(closed_weekdays),
    )


def window(series: Series, surroundings: Surroundings, number: int) -> Window:
    found = windows(series, surroundings)[number]
    assert found is not None
    return found


def span(series: Series, surroundings: Surroundings, number: int) -> tuple[int, int] | None:
    """First and last day of a session's window, as numbers."""
    found = windows(series, surroundings)[number]
    return (number_of(found.earliest.on), number_of(found.latest.on)) if found else None


def forecast(series: Series, surroundings: Surroundings, number: int) -> int | None:
    found = windows(series, surroundings)[number]
    return number_of(found.recommended) if found and found.recommended else None


def with_date(series: Series, number: int, made: Booking) -> Series:
    """The series as it would be with this booking of one session."""
    return series.with_sessions({number: replace(series.session(number), booking=made)})
