"""One of each thing that an endpoint names in its path, and the smallest valid body: for walks over all routes.

Whoever adds an endpoint with a new kind of thing in its path adds the thing to ``things_of``.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from scheduler.domain.access import Role
from scheduler.domain.holds import EndRule, HoldState, Scope
from scheduler.domain.patient_links import LinkScope
from scheduler.operations.booking.keeping import keep_slots
from scheduler.operations.booking.override_requests import request_override
from scheduler.operations.booking.placing import Placement
from scheduler.operations.calendars.links import issue_link
from scheduler.operations.context import Context
from scheduler.operations.patients.patient_links import issue_patient_link
from scheduler.operations.staff.hashes import digest
from scheduler.operations.waitlist.joining import WaitlistWish, join_waitlist
from scheduler.storage.rows import (
    AbsenceRow,
    AccountRow,
    AppointmentRow,
    ClearanceRow,
    ClosureRow,
    DeviceTrustRow,
    EntryKind,
    HoldRow,
    LoginRow,
    MessageKind,
    MoveRequestRow,
    OutboxRow,
    OutboxState,
    PasskeyRow,
    TokenRow,
    UserRow,
)
from scheduler.storage.types import new_id
from tests.support.accounts import cookie_of
from tests.support.clinic import Clinic
from tests.support.desk import NEEDLING, Desk, at, day, desk_of
from tests.support.rows import NOW

Things = Mapping[str, UUID]

SAMPLES = {
    "uuid": "00000000-0000-7000-8000-000000000000",
    "date": "2026-03-05",
    "date-time": "2026-03-05T11:00:00Z",
    "time": "11:00",
}


SPELLED = ("x", "10:00", "0301234", "x@clinic.example", "0" * 32, "0" * 64, "visit:consultation", "DE")
"""One text for every pattern that a field has."""


def things_of(clinic: Clinic) -> Things:
    """One of each in this clinic, by the name that paths give it. A visit goes by ``visit_id``."""
    desk = desk_of(clinic)
    patient_id = desk.patient()
    series_id = desk.series(patient_id)
    deed = desk.book(series_id, {1: 7})
    visit_id = desk.visit(patient_id, 3, "consultation")
    found = select(AppointmentRow.id).where(AppointmentRow.series_id == series_id)
    return {
        "patient_id": patient_id,
        "series_id": series_id,
        "change_id": deed.id,
        "appointment_id": desk.read(lambda tx: tx.scalars(found).one()),
        "visit_id": visit_id,
        "request_id": desk.do(_request(desk, series_id)).id,
        "other_id": desk.patient("Another Okonjo"),
        "personal_link_id": desk.do(_personal_link(patient_id)).id,
        "keep_id": desk.do(_keep(desk, series_id)).id,
        "link_id": desk.do(lambda context: issue_link(context, "key", patient_id=patient_id, device="phone")).id,
        "protocol_id": clinic.protocol_id(NEEDLING),
        "clinic_id": clinic.clinic_id,
        "resource_id": clinic.room_id,
        "practitioner_id": clinic.practitioner_id,
        "login_id": clinic.do(_somebody_in(clinic)),
        "user_id": clinic.users[Role.RECEPTION],
        "device_id": clinic.do(_device(clinic)),
        "token_id": clinic.do(_token(clinic)),
        "passkey_id": clinic.do(passkey_of(clinic.do(_colleague(clinic)))),
        **clinic.do(_written(clinic, patient_id)),
        "waitlist_entry_id": desk.do(_waiting(desk, patient_id)),
        "move_request_id": clinic.do(_wish(clinic, visit_id)),
        "call_id": clinic.do(_message(clinic, patient_id, OutboxState.TO_CALL)),
        "dead_letter_id": clinic.do(_message(clinic, patient_id, OutboxState.DEAD)),
    }


def _somebody_in(clinic: Clinic) -> Callable[[Context], UUID]:
    """A log-in of reception."""
    secret = cookie_of(clinic, Role.RECEPTION)
    return lambda context: context.tx.scalars(select(LoginRow.id).where(LoginRow.token_hash == digest(secret))).one()


def _device(clinic: Clinic) -> Callable[[Context], UUID]:
    """A device that reception was in with."""
    theirs = select(DeviceTrustRow.device_id).where(DeviceTrustRow.user_id == clinic.users[Role.RECEPTION])
    return lambda context: context.tx.scalars(theirs.limit(1)).one()


def passkey_of(user_id: UUID) -> Callable[[Context], UUID]:
    """A passkey of somebody with an account. Whoever has one is asked for it at each log-in from then on."""
    kept = {"name": "Phone", "public_key": "pQEC", "sign_count": 0, "transports": "", "made_at": NOW}

    def write(context: Context) -> UUID:
        row = PasskeyRow(id=new_id(), user_id=user_id, credential_id=str(user_id), **kept)
        context.tx.add(row)
        context.tx.flush()
        return row.id

    return write


def _colleague(clinic: Clinic) -> Callable[[Context], UUID]:
    """Somebody with an account, who is none of those that tests log in."""
    owner = {"organisation_id": clinic.organisation_id}

    def write(context: Context) -> UUID:
        user = UserRow(id=new_id(), name="Another colleague", **owner)
        context.tx.add(user)
        context.tx.flush()
        context.tx.add(AccountRow(**owner, user_id=user.id, login=str(user.id), made_at=NOW))
        context.tx.flush()
        return user.id

    return write


def _token(clinic: Clinic) -> Callable[[Context], UUID]:
    """A token of the clinic's."""
    ours = select(TokenRow.id).where(TokenRow.organisation_id == clinic.organisation_id)
    return lambda context: context.tx.scalars(ours.order_by(TokenRow.id)).first() or UUID(int=0)


def _waiting(desk: Desk, patient_id: UUID) -> Callable[[Context], UUID]:
    wish = WaitlistWish(visit_type="review", clinic_id=desk.place.clinic_id)
    return lambda context: join_waitlist(context, patient_id=patient_id, wish=wish)


def _wish(clinic: Clinic, visit_id: UUID) -> Callable[[Context], UUID]:
    """A patient's wish for another time of a visit, as a row."""

    def write(context: Context) -> UUID:
        visit = context.tx.get_one(AppointmentRow, visit_id)
        here = {"organisation_id": clinic.organisation_id, "clinic_id": clinic.clinic_id}
        about = {"patient_id": visit.patient_id, "appointment_id": visit_id, "starts_at": visit.starts_at}
        row = MoveRequestRow(**here, **about, wanted_at=at(4), made_at=NOW)
        context.tx.add(row)
        context.tx.flush()
        return row.id

    return write


def _message(clinic: Clinic, patient_id: UUID, state: OutboxState) -> Callable[[Context], UUID]:
    """A message that could not be sent, as a row."""
    times = {"due_at": NOW, "created_at": NOW}
    here = {"organisation_id": clinic.organisation_id, "clinic_id": clinic.clinic_id, "patient_id": patient_id}
    about = {"dedupe_key": f"{state}:{patient_id}", "kind": MessageKind.NEWS, "payload": {}, "state": state}
    row = OutboxRow(**here, **about, **times)

    def write(context: Context) -> UUID:
        context.tx.add(row)
        context.tx.flush()
        return row.id

    return write


def _personal_link(patient_id: UUID) -> Callable[[Context], Any]:
    return lambda context: issue_patient_link(context, "key", patient_id=patient_id, scope=LinkScope.VISITS)


def _keep(desk: Desk, series_id: UUID) -> Callable[[Context], Any]:
    placements = [Placement(2, desk.place.slot(42, 10, "microneedling-pen"))]
    return lambda context: keep_slots(context, series_id=series_id, placements=placements)


def _request(desk: Desk, series_id: UUID) -> Callable[[Context], Any]:
    """A request for an override: 23 days after session 1, where 28 are the least."""
    placement = Placement(2, desk.place.slot(30, 10, "microneedling-pen"))
    return lambda context: request_override(context, series_id=series_id, placement=placement, reason="Flies out.")


def _written(clinic: Clinic, patient_id: UUID) -> Callable[[Context], dict[str, UUID]]:
    """A closure, an absence, a hold and a clearance, as rows."""
    here = {"organisation_id": clinic.organisation_id, "clinic_id": clinic.clinic_id}
    theirs: dict[str, Any] = {"organisation_id": clinic.organisation_id, "patient_id": patient_id}
    by = clinic.actor().user_id
    rules = {code: entry for (kind, code), entry in clinic.entries.items() if kind is EntryKind.CONTRAINDICATION}
    code, rule_id = next(iter(rules.items()))
    dates = {"starts_on": day(300), "ends_on": day(301), "end_rule": EndRule.ON_DATE}
    placed = {"state": HoldState.ACTIVE, "placed_by": by, "placed_at": NOW}
    rows = {
        "closure_id": ClosureRow(**here, starts_on=date(2027, 1, 1), ends_on=date(2027, 1, 1), label="New Year"),
        "absence_id": AbsenceRow(**here, resource_id=clinic.room_id, starts_at=at(0, 14), ends_at=at(0, 15)),
        "hold_id": HoldRow(**theirs, rule_id=rule_id, code=code, scope=Scope.SYSTEMIC, **dates, **placed),
        "clearance_id": ClearanceRow(**theirs, code=code, answer="yes", reason="stable", given_by=by, given_at=NOW),
    }

    def write(context: Context) -> dict[str, UUID]:
        context.tx.add_all(rows.values())
        context.tx.flush()
        return {name: UUID(str(row.id)) for name, row in rows.items()}  # type: ignore[attr-defined]

    return write


def smallest(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Any:
    """The smallest value that a schema of ours allows, with what is required and nothing else."""
    if "$ref" in schema:
        return smallest(definitions[schema["$ref"].rsplit("/", 1)[1]], definitions)
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    if schema.get("type") == "object" or "properties" in schema:
        return _smallest_object(schema, definitions)
    if "anyOf" in schema or "oneOf" in schema:
        return smallest((schema.get("anyOf") or schema["oneOf"])[0], definitions)
    if schema.get("type") == "array":
        return [smallest(schema["items"], definitions) for _ in range(schema.get("minItems", 0))]
    return _smallest_plain(schema)


def _smallest_object(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    ways: list[Mapping[str, Any]] = [schema, *schema.get("anyOf", [])[:1]]
    needed = [name for way in ways for name in way.get("required", [])]
    return {name: smallest(schema["properties"][name], definitions) for name in needed}


def _smallest_plain(schema: Mapping[str, Any]) -> Any:
    if schema.get("type") != "string":
        return schema.get("minimum", 1) if schema.get("type") == "integer" else False
    if "format" in schema:
        return SAMPLES[schema["format"]]
    if "pattern" in schema:
        return next(text for text in SPELLED if re.search(schema["pattern"], text))
    return "x" * max(1, schema.get("minLength", 1))
