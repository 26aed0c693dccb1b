"""The context of every operation: the open transaction, who acts, and when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from scheduler.domain.access import Actor
from scheduler.domain.phrases import Phrase
from scheduler.domain.refusals import NotFound, Stale
from scheduler.storage.rows import AuditPersonalRow, AuditRow, ClinicRow, table

_CLINIC = select(ClinicRow).where(
    ClinicRow.id == bindparam("clinic"), ClinicRow.organisation_id == bindparam("organisation")
)
_INSERT_AUDIT = insert(table(AuditRow)).returning(table(AuditRow).c.number)


@dataclass(frozen=True, slots=True)
class Context:
    """``tx`` is an open transaction that the caller commits; ``now`` an aware UTC instant."""

    tx: Session
    actor: Actor
    now: datetime

    @property
    def organisation_id(self) -> UUID:
        return self.actor.organisation_id


def record(
    context: Context,
    action: str,
    about: str,
    about_id: UUID,
    *,
    clinic_id: UUID | None = None,
    patient_id: UUID | None = None,
    reason: str | None = None,
    rule_version: str | None = None,
    personal: dict[str, Any] | None = None,
    **facts: Any,
) -> None:
    """Write the audit row of a change. ``facts`` are ids, dates and codes; what names a person goes to ``personal``."""
    values = {
        "organisation_id": context.organisation_id,
        "clinic_id": clinic_id,
        "at": context.now,
        "actor_id": context.actor.user_id,
        "action": action,
        "about": about,
        "about_id": about_id,
        "patient_id": patient_id,
        "reason": reason,
        "rule_version": rule_version,
        "facts": facts,
    }
    number = context.tx.execute(_INSERT_AUDIT, values).scalar_one()
    if personal and patient_id:
        told = {"audit_number": number, "patient_id": patient_id, "values": personal}
        context.tx.execute(insert(table(AuditPersonalRow)), told)


def clinic_of(context: Context, clinic_id: UUID) -> ClinicRow:
    """A clinic of the actor's organisation; raises ``NotFound``."""
    found: ClinicRow | None = context.tx.scalar(_CLINIC, {"clinic": clinic_id, "organisation": context.organisation_id})
    if found is None:
        raise NotFound("There is no such clinic.", clinic_id=str(clinic_id))
    return found


def home_clinic(context: Context) -> UUID:
    """The organisation's first clinic, which is meant where none is named. Raises ``NotFound`` when it has none."""
    mine = select(ClinicRow.id).where(ClinicRow.organisation_id == context.organisation_id)
    found = context.tx.scalar(mine.order_by(ClinicRow.created_at, ClinicRow.id).limit(1))
    if found is None:
        raise NotFound("There is no clinic yet.", code="no_clinic", remedy="Set up a clinic first.")
    return found


def expect_revision(what: str, current: int, seen: int | None) -> None:
    """Raise ``Stale`` when the caller saw another revision than today's. ``None`` asks for no check."""
    if seen is not None and seen != current:
        detail = Phrase("The %(what)s has changed since you looked.", what=what)
        raise Stale(detail, remedy="Look again, then decide.", revision=current, seen=seen)
