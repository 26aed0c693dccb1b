"""The audit trail: who did what to a thing, when and why."""

from collections.abc import Iterator, Mapping
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


def audit_trail(context: Context, *, about: UUID, after: int | None = None, limit: int = 25) -> Page[AuditEntry]:
    """What was done to a thing, newest first; for a patient, to all that is theirs, also under a merged record.

    A practitioner sees that of patients with whom they have or had an appointment.
    """
    width = require(context.actor, Action.SEE_AUDIT)
    ids = [about, *context.tx.scalars(select(PatientRow.id).where(PatientRow.merged_into_id == about))]
    query = (
        select(AuditRow, AuditPersonalRow.values, UserRow.name)
        .outerjoin(AuditPersonalRow, AuditPersonalRow.audit_number == AuditRow.number)
        .outerjoin(UserRow, UserRow.id == AuditRow.actor_id)
        .where(AuditRow.organisation_id == context.organisation_id)
        .where(or_(AuditRow.about_id.in_(ids), AuditRow.patient_id.in_(ids)))
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
