"""Clearances: a practitioner's standing answers to contraindications, given, listed and revoked."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select

from scheduler.domain.access import Action, require_fully
from scheduler.domain.clearances import Clearance
from scheduler.domain.holds import EndRule
from scheduler.domain.refusals import Invalid, NotFound, RuleBroken
from scheduler.operations.catalogue.contraindications import current_rule
from scheduler.operations.context import Context, record
from scheduler.operations.pages import Page, page_of
from scheduler.operations.patients.patients import patient_row
from scheduler.operations.places.organisation_days import earliest_today
from scheduler.storage.locking import lock_patients
from scheduler.storage.rows import ClearanceRow, PatientRow, UserRow
from scheduler.storage.snapshots import patient_of_series
from scheduler.storage.types import new_id

C = ClearanceRow


@dataclass(frozen=True, slots=True)
class ClearanceTerms:
    """What a clearance says. ``series_id`` narrows it to one series; ``valid_until`` is its last clinic date.

    ``answer`` is what the patient had said: while that stays the same, nobody has to ask again.
    """

    code: str
    answer: str
    reason: str
    series_id: UUID | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class ClearanceSheet:
    """A clearance as it is on file, and who gave it."""

    id: UUID
    patient_id: UUID
    patient: str
    series_id: UUID | None
    code: str
    answer: str
    reason: str
    valid_until: date | None
    given_by: str
    given_at: datetime
    revoked_at: datetime | None


def give_clearance(context: Context, *, patient_id: UUID, terms: ClearanceTerms) -> ClearanceSheet:
    """Answer a contraindication for a patient, or for one of the patient's series. A practitioner's only.

    It ends no hold: lifting does. Raises ``RuleBroken`` (``permanent_contraindication``), ``Invalid``
    (``validity_passed``), ``NotFound``, ``NotAllowed``.
    """
    require_fully(context.actor, Action.DECIDE_HOLD)
    lock_patients(context.tx, [patient_id])
    patient_row(context, patient_id)
    return clearance_sheet(context, store_clearance(context, patient_id, terms))


def store_clearance(context: Context, patient_id: UUID, terms: ClearanceTerms) -> UUID:
    """Check and write a clearance. The caller holds the patient's lock. Raises as ``give_clearance`` does."""
    _check(context, patient_id, terms)
    row = ClearanceRow(
        id=new_id(),
        organisation_id=context.organisation_id,
        patient_id=patient_id,
        series_id=terms.series_id,
        code=terms.code,
        answer=terms.answer,
        reason=terms.reason,
        valid_until=terms.valid_until,
        given_by=context.actor.user_id,
        given_at=context.now,
    )
    context.tx.add(row)
    context.tx.flush()
    _record(context, "clearance_given", row)
    return row.id


def _check(context: Context, patient_id: UUID, terms: ClearanceTerms) -> None:
    if terms.series_id and patient_of_series(context.tx, context.organisation_id, terms.series_id) != patient_id:
        raise NotFound("The patient has no such series.", series_id=str(terms.series_id))
    if terms.valid_until and terms.valid_until < earliest_today(context):
        raise Invalid("A clearance must be valid today.", code="validity_passed", date=terms.valid_until.isoformat())
    _, rule = current_rule(context, terms.code)
    if rule.end_rule is EndRule.PERMANENT:
        detail = "An absolute contraindication cannot be cleared."
        raise RuleBroken(detail, code="permanent_contraindication", remedy="If it was wrong, mark its hold so.")


def _record(context: Context, action: str, row: ClearanceRow) -> None:
    _, rule = current_rule(context, row.code)
    record(
        context,
        action,
        "clearance",
        row.id,
        patient_id=row.patient_id,
        rule_version=f"{rule.code}@{rule.version}",
        personal={"answer": row.answer, "reason": row.reason},
        series_id=row.series_id and str(row.series_id),
        valid_until=row.valid_until and row.valid_until.isoformat(),
    )


def revoke_clearance(context: Context, *, clearance_id: UUID) -> ClearanceSheet:
    """Take a clearance back; it covers no later answer. Revoking it again changes nothing. Raises ``NotFound``."""
    require_fully(context.actor, Action.DECIDE_HOLD)
    row = context.tx.get(ClearanceRow, clearance_id, populate_existing=True)
    if row is None or row.organisation_id != context.organisation_id:
        raise NotFound("There is no such clearance.", clearance_id=str(clearance_id))
    lock_patients(context.tx, [row.patient_id])
    context.tx.refresh(row)
    if row.revoked_at is None:
        row.revoked_at = context.now
        context.tx.flush()
        _record(context, "clearance_revoked", row)
    return clearance_sheet(context, clearance_id)


def list_clearances(
    context: Context,
    *,
    patient_id: UUID | None = None,
    in_force: bool = False,
    after: UUID | None = None,
    limit: int = 25,
) -> Page[ClearanceSheet]:
    """Clearances, newest first; with ``in_force`` only those that are neither revoked nor past."""
    require_fully(context.actor, Action.DECIDE_HOLD)
    query = _query(context).order_by(C.id.desc()).limit(limit + 1)
    if patient_id is not None:
        query = query.where(C.patient_id == patient_id)
    if in_force:
        today = earliest_today(context)
        query = query.where(C.revoked_at.is_(None), or_(C.valid_until.is_(None), C.valid_until >= today))
    if after is not None:
        query = query.where(C.id < after)
    found = [ClearanceSheet(*row) for row in context.tx.execute(query)]
    return page_of(found, limit, lambda sheet: sheet.id)


def clearance_sheet(context: Context, clearance_id: UUID) -> ClearanceSheet:
    """One clearance that is known to be there."""
    return ClearanceSheet(*context.tx.execute(_query(context).where(C.id == clearance_id)).one())


COLUMNS: tuple[Any, ...] = (
    C.id,
    C.patient_id,
    PatientRow.name,
    C.series_id,
    C.code,
    C.answer,
    C.reason,
    C.valid_until,
    UserRow.name,
    C.given_at,
    C.revoked_at,
)


def _query(context: Context) -> Select[Any]:
    return (
        select(*COLUMNS)
        .join(PatientRow, PatientRow.id == C.patient_id)
        .join(UserRow, UserRow.id == C.given_by)
        .where(C.organisation_id == context.organisation_id)
    )


def standing_clearances(context: Context, patient_id: UUID, code: str) -> tuple[Clearance, ...]:
    """The patient's clearances of one contraindication that have not been revoked."""
    mine = (C.patient_id == patient_id, C.code == code, C.revoked_at.is_(None))
    rows = context.tx.scalars(select(C).where(*mine).order_by(C.id))
    return tuple(
        Clearance(row.id, row.code, row.patient_id, row.series_id, row.answer, row.reason, row.valid_until)
        for row in rows
    )
