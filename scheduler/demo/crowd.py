"""Many clinics with a million appointments, for measuring: written as rows, and true to every constraint.

A clinic has lanes: a practitioner with a room and a device. A lane treats at the same six times of each open day, and a
patient comes to the same time of the same weekday every five weeks, four times: a series that keeps its interval.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import islice
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from scheduler.demo.chance import dice
from scheduler.domain.access import Actor
from scheduler.domain.clinic_days import instant_of
from scheduler.domain.contact import Contact
from scheduler.domain.folding import search_text
from scheduler.domain.protocol import Phase, Protocol, ResourceKind
from scheduler.domain.rosters import WeeklyHours
from scheduler.domain.series import AppointmentStatus, SeriesState, SessionState
from scheduler.domain.slots import Slot, claims_of, total_minutes
from scheduler.operations.catalogue.catalogue import install_catalogue
from scheduler.operations.context import Context
from scheduler.operations.demos import BEGUN, FINISHED, mark_demo
from scheduler.operations.places.clinics import set_up_clinic, set_up_organisation
from scheduler.operations.places.qualifications import qualify
from scheduler.operations.places.resources import add_resource
from scheduler.storage import entries
from scheduler.storage.database import Database
from scheduler.storage.rows import (
    AppointmentRow,
    ClaimRow,
    EntryKind,
    PatientRow,
    Row,
    SeriesRow,
    SessionRow,
    table,
)
from scheduler.storage.types import new_id

LANES = 8
STARTS = tuple(time(hour, minute) for hour, minute in ((8, 0), (9, 30), (11, 0), (12, 30), (14, 0), (15, 30)))
SESSIONS, EVERY_DAYS = 4, 35
AHEAD_DAYS = 120
AHEAD_FILLED = 0.75
PROTOCOL = "microneedling-rejuvenation"
ZONES = ("Europe/London", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")
WEEK = tuple(WeeklyHours(weekday, (8 * 60, 18 * 60)) for weekday in range(6))
COURSES_AT_ONCE = 400

Rows = dict[type[Row], list[dict[str, Any]]]
TABLES: Sequence[type[Row]] = (PatientRow, SeriesRow, SessionRow, AppointmentRow, ClaimRow)


@dataclass(frozen=True, slots=True)
class Lane:
    """A practitioner with a room and a device, in one clinic."""

    clinic_id: UUID
    zone: str
    resources: dict[ResourceKind, UUID]


@dataclass(frozen=True, slots=True)
class Crowd:
    """What the rows of all clinics share. ``first`` and ``last`` are the dates of the first and last appointment."""

    actor: Actor
    protocol_id: UUID
    protocol: Protocol
    phases: tuple[Phase, ...]
    now: datetime
    today: date
    first: date
    last: date


def load_crowd(
    database: Database, now: datetime, *, clinics: int, appointments: int, seed: int, told: Callable[[int], None]
) -> int:
    """Fill an empty database; about as many appointments as asked for. ``told`` hears how many have been written.

    The calendar of the next four months is as full whatever the size: history takes up the rest. Returns the number
    of appointments.
    """
    actor, protocol_id = database.write(lambda tx: _begun(tx, now))
    lanes = [lane for n in range(clinics) for lane in database.write(partial(_opened, actor, now, n))]
    crowd = _crowd(actor, protocol_id, now, appointments // max(len(lanes), 1))
    written = 0
    courses = _courses(crowd, lanes, dice(seed, "crowd"))
    while batch := list(islice(courses, COURSES_AT_ONCE)):
        written += sum(len(course[AppointmentRow]) for course in batch)
        database.write(partial(_insert, batch))
        told(written)
    database.write(lambda tx: mark_demo(Context(tx, actor, now), FINISHED))
    return written


def _begun(tx: Session, now: datetime) -> tuple[Actor, UUID]:
    actor = set_up_organisation(tx, name="Many clinics", manager="Manager", now=now)
    context = Context(tx, actor, now)
    mark_demo(context, BEGUN)
    install_catalogue(context)
    return actor, entries.current_entry(tx, actor.organisation_id, EntryKind.PROTOCOL, PROTOCOL)


def _opened(actor: Actor, now: datetime, number: int, tx: Session) -> list[Lane]:
    context = Context(tx, actor, now)
    zone = ZONES[number % len(ZONES)]
    clinic = set_up_clinic(context, name=f"Clinic {number + 1}", zone=zone, country="GB", opening=WEEK)
    return [_lane(context, clinic.id, zone, number) for number in range(1, LANES + 1)]


def _lane(context: Context, clinic_id: UUID, zone: str, number: int) -> Lane:
    device_type = entries.shipped().protocols[PROTOCOL].device_type
    kinds = {
        ResourceKind.PRACTITIONER: ("Practitioner", None),
        ResourceKind.ROOM: ("Room", None),
        ResourceKind.DEVICE: ("Pen", device_type),
    }
    made = {
        kind: add_resource(context, clinic_id=clinic_id, kind=kind, name=f"{word} {number}", device_type=of_type).id
        for kind, (word, of_type) in kinds.items()
    }
    qualify(context, resource_id=made[ResourceKind.PRACTITIONER], protocol=PROTOCOL, seen=None)
    return Lane(clinic_id, zone, made)


def _crowd(actor: Actor, protocol_id: UUID, now: datetime, per_lane: int) -> Crowd:
    """The history is as long as it takes: what the next months do not hold lies behind."""
    protocol, today = entries.shipped().protocols[PROTOCOL], now.date()
    ahead = AHEAD_DAYS * len(STARTS) * AHEAD_FILLED * len(WEEK) / 7
    behind = max(per_lane - ahead, 0) / len(STARTS) * 7 / len(WEEK)
    first, last = today - timedelta(round(behind)), today + timedelta(AHEAD_DAYS)
    return Crowd(actor, protocol_id, protocol, protocol.phases_for(("face",)), now, today, first, last)


def _courses(crowd: Crowd, lanes: Sequence[Lane], chance: Random) -> Iterator[Rows]:
    """Series after series, each where its lane still has room."""
    for lane in lanes:
        for residue in range(EVERY_DAYS):
            for start in STARTS:
                yield from _column(crowd, lane, crowd.first + timedelta(residue), start, chance)


def _column(crowd: Crowd, lane: Lane, first: date, start: time, chance: Random) -> Iterator[Rows]:
    """Every fifth week of one weekday at one time: patients one after the other, four sessions each."""
    days = range((crowd.last - first).days // EVERY_DAYS + 1) if first.weekday() < len(WEEK) else ()
    dates = [first + timedelta(EVERY_DAYS * n) for n in days]
    for at in range(0, len(dates), SESSIONS):
        group = dates[at : at + SESSIONS]
        booked = [on for on in group if on < crowd.today]
        for on in group[len(booked) :]:
            if chance.random() > AHEAD_FILLED:
                break
            booked.append(on)
        if booked:
            yield _course(crowd, lane, booked, start, chance)


def _course(crowd: Crowd, lane: Lane, dates: Sequence[date], start: time, chance: Random) -> Rows:
    owner = {"organisation_id": crowd.actor.organisation_id}
    here = owner | {"clinic_id": lane.clinic_id}
    patient, series, name = new_id(), new_id(), f"Patient {chance.randrange(10**9)}"
    contact = {
        "name": name,
        "search_text": search_text(name),
        "phone": None,
        "email": "nobody@example.org",
        "contact": Contact.EMAIL,
    }
    done = len(dates) == SESSIONS and dates[-1] < crowd.today
    course = {
        "patient_id": patient,
        "protocol_id": crowd.protocol_id,
        "state": SeriesState.COMPLETED if done else SeriesState.ACTIVE,
        "start_on": dates[0],
        "sites": ["face"],
        "created_at": crowd.now,
    }
    rows: Rows = {
        PatientRow: [owner | contact | {"id": patient, "created_at": crowd.now}],
        SeriesRow: [here | course | {"id": series}],
        SessionRow: [],
        AppointmentRow: [],
        ClaimRow: [],
    }
    for number in range(1, SESSIONS + 1):
        on = dates[number - 1] if number <= len(dates) else None
        _session(rows, crowd, lane, here | {"series_id": series}, patient, number, on, start)
    return rows


def _session(
    rows: Rows,
    crowd: Crowd,
    lane: Lane,
    owner: dict[str, UUID],
    patient: UUID,
    number: int,
    on: date | None,
    start: time,
) -> None:
    session, past = new_id(), on is not None and on < crowd.today
    state = SessionState.SATISFIED if past else SessionState.DUE
    rows[SessionRow].append(
        owner | {"id": session, "number": number, "state": state, "performed_on": on if past else None}
    )
    if on is None:
        return
    appointment, slot = new_id(), Slot(instant_of(on, start, lane.zone), lane.resources)
    of_whom = {"id": appointment, "patient_id": patient, "session_id": session}
    status = {"status": AppointmentStatus.FULFILLED if past else AppointmentStatus.BOOKED}
    times = {"on_date": on, "wall_start": datetime.combine(on, start).isoformat(timespec="minutes")}
    rows[AppointmentRow].append(owner | of_whom | status | times | _place(crowd, slot))
    here = {name: owner[name] for name in ("organisation_id", "clinic_id")}
    rows[ClaimRow] += [
        here
        | {
            "appointment_id": appointment,
            "subject_id": claim.subject_id,
            "starts_at": claim.starts_at,
            "ends_at": claim.ends_at,
        }
        for claim in claims_of(slot, crowd.phases, patient)
    ]


def _place(crowd: Crowd, slot: Slot) -> dict[str, object]:
    return {
        "starts_at": slot.starts_at,
        "ends_at": slot.starts_at + timedelta(minutes=total_minutes(crowd.phases)),
        "practitioner_id": slot.resources[ResourceKind.PRACTITIONER],
        "room_id": slot.resources[ResourceKind.ROOM],
        "device_id": slot.resources[ResourceKind.DEVICE],
        "created_at": crowd.now,
        "changed_at": crowd.now,
    }


def _insert(courses: Sequence[Rows], tx: Session) -> None:
    for kind in TABLES:
        if rows := [row for course in courses for row in course[kind]]:
            tx.execute(insert(table(kind)), rows)
