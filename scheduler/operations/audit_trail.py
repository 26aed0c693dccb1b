"""The audit trail: who did what to a thing, when and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, select

from scheduler.domain.access import Action, Actor, Allowance, Role, allowance, require
from scheduler.operations.context import Context
from scheduler.operations.pages import Page, page_of
from scheduler.storage.rows import AppointmentRow, AuditPersonalRow, AuditRow, PatientRow, UserRow

CLINICAL = frozenset({"hold", "clearance"})
"""The things whose codes and reasons only those see who may see reasons."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One deed. ``facts`` and ``personal`` say what was changed; both and ``reason`` are empty where they are clinical.

    ``number`` rises with time.
    """

    number: int
    at: datetime
    actor_id: UUID
    actor_name: str | None
    action: str
    about: str
    about_id: UUID
    patient_id: UUID | None
    reason: str | None
    rule_version: str | None
    facts: Mapping[str, Any]
    personal: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What of the trail is asked for; ``None`` and nothing ask for all. Instants are UTC, ``until`` is left out.

    ``about`` is a thing or a patient with all that is theirs; ``patient_ids`` are those that were searched for.
    """

    actor_id: UUID | None = None
    actions: tuple[str, ...] = ()
    about: UUID | None = None
    patient_ids: tuple[UUID, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None


def audit_trail(context: Context, *, about: UUID, after: int | None = None, limit: int = 25) -> Page[AuditEntry]:
    """What was done to a thing, newest first; for a patient, to all that is theirs, also under a merged record.

    A practitioner sees that of patients with whom they have or had an appointment.
    """
    ids = [about, *context.tx.scalars(select(PatientRow.id).where(PatientRow.merged_into_id == about))]
    return _read(context, (or_(AuditRow.about_id.in_(ids), AuditRow.patient_id.in_(ids)),), after, limit)


def search_audit(
    context: Context, *, wanted: AuditFilter, after: int | None = None, limit: int = 25
) -> Page[AuditEntry]:
    """What was done, newest first, as far as the reader may see it: a practitioner, that of own patients only."""
    return _read(context, tuple(_tests(wanted)), after, limit)


def _tests(wanted: AuditFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.actor_id is not None:
        yield AuditRow.actor_id == wanted.actor_id
    if wanted.actions:
        yield AuditRow.action.in_(wanted.actions)
    if wanted.about is not None:
        merged = select(PatientRow.id).where(PatientRow.merged_into_id == wanted.about)
        yield or_(
            AuditRow.about_id == wanted.about, AuditRow.patient_id == wanted.about, AuditRow.patient_id.in_(merged)
        )
    if wanted.patient_ids is not None:
        yield AuditRow.patient_id.in_(wanted.patient_ids)
    if wanted.since is not None:
        yield AuditRow.at >= wanted.since
    if wanted.until is not None:
        yield AuditRow.at < wanted.until


def _read(context: Context, tests: Sequence[ColumnElement[bool]], after: int | None, limit: int) -> Page[AuditEntry]:
    width = require(context.actor, Action.SEE_AUDIT)
    query = (
        select(AuditRow, AuditPersonalRow.values, UserRow.name)
        .outerjoin(AuditPersonalRow, AuditPersonalRow.audit_number == AuditRow.number)
        .outerjoin(UserRow, UserRow.id == AuditRow.actor_id)
        .where(AuditRow.organisation_id == context.organisation_id, *tests)
        .where(*_own(context.actor) if width is Allowance.OWN else ())
        .order_by(AuditRow.number.desc())
        .limit(limit + 1)
    )
    if after is not None:
        query = query.where(AuditRow.number < after)
    sees_reasons = allowance(context.actor.roles, Action.SEE_REASONS) is not None
    found = [_entry(row, values, name) for row, values, name in context.tx.execute(query)]
    return page_of([one if sees_reasons else _discreet(one) for one in found], limit, lambda entry: entry.number)


def _own(actor: Actor) -> Iterator[ColumnElement[bool]]:
    if Role.PRACTITIONER in actor.roles:
        theirs = AppointmentRow.practitioner_id == actor.resource_id if actor.resource_id else false()
        yield AuditRow.patient_id.in_(select(AppointmentRow.patient_id).where(theirs))
    else:
        yield AuditRow.patient_id == actor.patient_id


def _entry(row: AuditRow, personal: Mapping[str, Any] | None, actor_name: str | None) -> AuditEntry:
    return AuditEntry(
        number=row.number,
        at=row.at,
        actor_id=row.actor_id,
        actor_name=actor_name,
        action=row.action,
        about=row.about,
        about_id=row.about_id,
        patient_id=row.patient_id,
        reason=row.reason,
        rule_version=row.rule_version,
        facts=row.facts,
        personal=personal or {},
    )


def _discreet(entry: AuditEntry) -> AuditEntry:
    clinical = entry.about in CLINICAL
    return replace(entry, reason=None, rule_version=None, facts={}, personal={}) if clinical else entry
