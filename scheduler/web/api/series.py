"""Series: begun, and looked at with their windows, appointments, holds and overrides."""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field

from scheduler.domain.access import Action, allowance
from scheduler.domain.blocked import Blocked
from scheduler.domain.evaluation import Verdict
from scheduler.domain.holds import Hold, HoldState
from scheduler.domain.series import SeriesState, SessionState
from scheduler.domain.spacing import ReferenceKind, Window
from scheduler.operations.booking.appointments import Appointment, appointments_of_series
from scheduler.operations.booking.series import SeriesRequest, SeriesSheet, show_series, start_series
from scheduler.operations.context import home_clinic
from scheduler.web.api.appointments import AppointmentView
from scheduler.web.api.fields import Code, Day, Id, Name
from scheduler.web.api.registry import Answer, Body, Call, Routes, View

routes = Routes("series")


class NewSeries(Body):
    """A draft series. Without ``clinic_id`` the organisation's first clinic is meant, without ``start_on`` today."""

    patient_id: Id
    protocol: Code
    sessions: Annotated[int, Field(ge=1, le=99)]
    body_sites: Annotated[list[Code], Field(min_length=1, max_length=20)]
    addons: Annotated[list[Code], Field(max_length=20)] = Field(default_factory=list)
    clinic_id: Id | None = None
    start_on: Day | None = None
    indication: Name | None = None
    severity: Literal["mild", "moderate", "severe"] | None = None


class EdgeView(View):
    """An end of a window, and why it lies there."""

    on: Day
    reason: str


class BlockedView(View):
    """Dates inside a window on which the session cannot be booked; ``last`` is null where there is no end."""

    first: Day
    last: Day | None
    by: str
    detail: str
    source_id: Id | None


class WindowView(View):
    """Where a session may lie. ``recommended`` is null when the window has lapsed."""

    reference: Day
    reference_kind: ReferenceKind
    earliest: EdgeView
    latest: EdgeView
    recommended: Day | None
    blocked: list[BlockedView]
    lapsed: bool

    @classmethod
    def of_window(cls, window: Window) -> Self:
        """The view of a window, from its first to its last day."""
        return cls(
            reference=window.reference,
            reference_kind=window.reference_kind,
            earliest=EdgeView.of(window.earliest),
            latest=EdgeView.of(window.latest),
            recommended=window.recommended,
            blocked=[_blocked(window, blocked) for blocked in window.blocked],
            lapsed=window.lapsed,
        )


class EvaluationView(View):
    """The verdict on a session as it was delivered."""

    performed_on: Day
    verdict: Verdict
    reference: Day | None
    gap_days: int | None
    reason: str


class SessionView(View):
    """Step ``number``. ``window`` is null when an earlier session has no date; ``appointment`` is the live one."""

    number: int
    state: SessionState
    performed_on: Day | None
    window: WindowView | None
    appointment: AppointmentView | None
    evaluation: EvaluationView | None


class SeriesHoldView(View):
    """A hold that applies. ``code`` is for practitioners only; it is null for everybody else."""

    id: Id
    state: HoldState
    starts_on: Day
    blocks_until: Day | None
    code: str | None


class WarningView(View):
    """Something that speaks against the series as a whole."""

    code: str
    detail: str
    remedy: str


class SeriesView(View):
    """A series as it stands. *On hold*, *lapsed* and *overdue* are worked out from holds and windows."""

    id: Id
    patient_id: Id
    clinic_id: Id
    zone: str
    protocol: str
    protocol_version: int
    state: SeriesState
    start_on: Day
    body_sites: list[str]
    addons: list[str]
    on_hold: bool
    lapsed: bool
    overdue: bool
    sessions: list[SessionView]
    past_appointments: list[AppointmentView]
    holds: list[SeriesHoldView]
    warnings: list[WarningView]
    revision: int


@routes.post("/series", Action.BOOK, "Begin a series", status=201)
def begin(call: Call, body: NewSeries) -> Answer[SeriesView]:
    wanted = SeriesRequest(
        clinic_id=body.clinic_id or home_clinic(call.context),
        patient_id=body.patient_id,
        protocol=body.protocol,
        sessions=body.sessions,
        sites=body.body_sites,
        addons=body.addons,
        indication=body.indication,
        severity=body.severity,
        start_on=body.start_on,
    )
    sheet = start_series(call.context, wanted)
    return _answer(call, sheet, location=f"/series/{sheet.snapshot.series.id}")


@routes.get("/series/{series_id}", Action.SEE_SCHEDULE, "One series with its windows")
def show(call: Call, series_id: UUID) -> Answer[SeriesView]:
    return _answer(call, show_series(call.context, series_id))


def _answer(call: Call, sheet: SeriesSheet, location: str | None = None) -> Answer[SeriesView]:
    series = sheet.snapshot.series
    appointments = appointments_of_series(call.context, series.id)
    reasons = allowance(call.context.actor.roles, Action.SEE_REASONS) is not None
    return Answer(series_view(sheet, appointments, reasons), revision=series.revision, location=location)


def series_view(sheet: SeriesSheet, appointments: tuple[Appointment, ...], reasons: bool) -> SeriesView:
    """The view of a series; ``reasons`` says whether the reader may see why a hold stands."""
    series, around = sheet.snapshot.series, sheet.snapshot.around
    live = {s.booking.appointment_id for s in series.sessions if s.booking}
    return SeriesView(
        id=series.id,
        patient_id=series.patient_id,
        clinic_id=series.clinic_id,
        zone=series.zone,
        protocol=series.protocol.code,
        protocol_version=series.protocol.version,
        state=series.state,
        start_on=series.start_on,
        body_sites=list(series.sites),
        addons=list(series.addons),
        on_hold=sheet.on_hold,
        lapsed=sheet.lapsed,
        overdue=sheet.overdue,
        sessions=_sessions(sheet, {a.id: a for a in appointments}),
        past_appointments=[AppointmentView.of(a) for a in appointments if a.id not in live],
        holds=[_hold(hold, around.today, reasons) for hold in around.holds],
        warnings=[WarningView.of(warning) for warning in sheet.warnings],
        revision=series.revision,
    )


def _sessions(sheet: SeriesSheet, appointments: dict[UUID, Appointment]) -> list[SessionView]:
    verdicts = {evaluation.number: evaluation for evaluation in sheet.evaluations}
    return [
        SessionView(
            number=session.number,
            state=session.state,
            performed_on=session.performed_on,
            window=WindowView.of_window(window) if (window := sheet.windows[session.number]) else None,
            appointment=AppointmentView.of(appointments[session.booking.appointment_id]) if session.booking else None,
            evaluation=EvaluationView.of(verdict) if (verdict := verdicts.get(session.number)) else None,
        )
        for session in sheet.snapshot.series.sessions
    ]


def _blocked(window: Window, blocked: Blocked) -> BlockedView:
    """Cut to the window; what has no end there is told as having none."""
    last = None if blocked.last == date.max else min(blocked.last, window.latest.on)
    return BlockedView(
        first=max(blocked.first, window.earliest.on),
        last=last,
        by=blocked.by,
        detail=blocked.detail,
        source_id=blocked.source_id,
    )


def _hold(hold: Hold, today: date, reasons: bool) -> SeriesHoldView:
    until = hold.blocks_until(today)
    return SeriesHoldView(
        id=hold.id,
        state=hold.state,
        starts_on=hold.starts_on,
        blocks_until=None if until == date.max else until,
        code=hold.code if reasons else None,
    )
