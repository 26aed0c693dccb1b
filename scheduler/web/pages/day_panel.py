"""The panel of one appointment: what it is, and what can be done with it now."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from scheduler.domain.access import Action, allowance
from scheduler.domain.lifecycle import APPOINTMENT
from scheduler.domain.series import AppointmentStatus
from scheduler.operations.days.day_appointments import DayAppointment
from scheduler.operations.days.days import Day
from scheduler.operations.holds.hold_sheets import HoldFilter, HoldSheet, list_holds
from scheduler.web.pages.day_cards import Look, alerts_of, code_of, looks, session_of
from scheduler.web.pages.day_sheet import appointments_of
from scheduler.web.pages.navigation import has_page
from scheduler.web.pages.registry import PageCall
from scheduler.web.pages.words import clock, say, words


@dataclass(frozen=True, slots=True)
class Deed:
    """Something to do with an appointment: a path to post to, an icon and a word."""

    path: str
    icon: str
    word: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One appointment, opened. ``holds`` say until when and whom to ask, never why."""

    id: UUID
    patient: str
    patient_path: str | None
    series_path: str | None
    phone: str | None
    on: date
    start: str
    end: str
    treatment: str
    session: str
    practitioner: str
    room: str
    look: Look
    alerts: tuple[str, ...]
    holds: tuple[HoldSheet, ...]
    deeds: tuple[Deed, ...]
    can_cancel: bool
    can_move: bool
    revision: int


def panel_of(call: PageCall, day: Day, appointment_id: UUID, held: frozenset[UUID], today: date) -> Panel | None:
    """The panel of an appointment of this day; ``None`` when it is not there, or no longer."""
    one = next((one for one in appointments_of(day) if one.id == appointment_id), None)
    if one is None:
        return None
    names = {column.resource_id: column.name for column in (*(p.column for p in day.practitioners), *day.rooms)}
    return Panel(
        id=one.id,
        patient=one.patient,
        patient_path=_page(f"/patients/{one.patient_id}"),
        series_path=_page(f"/series/{one.series_id}") if one.series_id else None,
        phone=one.phone,
        on=day.on,
        start=clock(one.starts_at, day.zone),
        end=clock(one.ends_at, day.zone),
        treatment=words().translated(one.treatment),
        session=session_of(one),
        practitioner=names[one.practitioner_id] if one.practitioner_id else "",
        room=names[one.room_id] if one.room_id else "",
        look=looks()[code_of(one, held)],
        alerts=alerts_of(one),
        holds=_holds(call, one) if one.id in held else (),
        deeds=_deeds(call, day, one, today),
        can_cancel=(one.status, "cancel") in APPOINTMENT and _may(call, Action.BOOK),
        can_move=_can_move(call, one, day.on, today),
        revision=one.revision,
    )


def _can_move(call: PageCall, one: DayAppointment, on: date, today: date) -> bool:
    """Whether an appointment has not begun, and the visitor may move it."""
    return one.status is AppointmentStatus.BOOKED and on >= today and _may(call, Action.BOOK)


def _page(path: str) -> str | None:
    return path if has_page(path) else None


def _holds(call: PageCall, one: DayAppointment) -> tuple[HoldSheet, ...]:
    states = (HoldFilter.PROPOSED, HoldFilter.ACTIVE)
    return list_holds(call.context, states=states, patient_id=one.patient_id).items


def _may(call: PageCall, action: Action) -> bool:
    return allowance(call.somebody.roles, action) is not None


def _deeds(call: PageCall, day: Day, one: DayAppointment, today: date) -> tuple[Deed, ...]:
    """What the state and the day allow, the likeliest first."""
    is_past = one.starts_at <= call.now
    offered = (
        ("arrive", "arrive", "door-open", say("Arrive"), Action.BOOK, day.on == today),
        ("check_in", "check-in", "play", say("Check in"), Action.BOOK, day.on == today),
        (
            "performed",
            "performed",
            "circle-check",
            say("Performed"),
            Action.RECORD,
            is_past or one.arrived_at is not None,
        ),
        ("no_show", "no-show", "x", say("Did not attend"), Action.BOOK, is_past),
    )
    return tuple(
        Deed(f"/appointments/{one.id}/{path}", icon, word)
        for step, path, icon, word, action, is_time in offered
        if is_time and (one.status, step) in APPOINTMENT and _may(call, action)
    )
