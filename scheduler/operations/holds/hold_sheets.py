"""Hold sheets: what people see of holds. Reception sees until when and whom to ask, and never why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, not_, or_, select
from sqlalchemy.orm import aliased

from scheduler.domain.access import Action, Allowance, allowance, require
from scheduler.domain.holds import EndRule, HoldState, Scope
from scheduler.domain.refusals import NotFound
from scheduler.operations.context import Context
from scheduler.operations.pages import Page, page_of
from scheduler.operations.places.organisation_days import earliest_today
from scheduler.storage import entries
from scheduler.storage.rows import HoldRow, PatientRow, UserRow
from scheduler.storage.surroundings import hold_of

ANYBODY = "a practitioner"
NOBODY = UUID(int=0)
EXPIRING = tuple(rule for rule in EndRule if rule.expires)
PLACED_BY, DECIDED_BY = aliased(UserRow), aliased(UserRow)
H = HoldRow


class HoldFilter(StrEnum):
    """Which holds a list shows. *Expired* and *overdue* are derived from dates; an expired hold is not active."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    EXPIRED = "expired"
    OVERDUE = "overdue"
    DISMISSED = "dismissed"
    LIFTED = "lifted"
    ENTERED_IN_ERROR = "entered_in_error"


@dataclass(frozen=True, slots=True)
class HoldReasons:
    """Why a hold stands, for those who may see it. ``rule_version`` is the catalogue's."""

    code: str
    rule_version: int
    label: str
    scope: Scope
    site: str | None
    end_rule: EndRule
    ends_on: date | None
    review_on: date | None
    note: str
    placed_by: str
    placed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    decision_note: str | None
    evidence_on: date | None


@dataclass(frozen=True, slots=True)
class HoldSheet:
    """A hold as it stands: "on hold until ``until``, ask ``ask``".

    ``until`` is the last blocked clinic date as plans take it today, ``None`` for good. ``revision`` is the patient's,
    under which holds change. ``why`` is ``None`` for a reader who may not see reasons.
    """

    id: UUID
    patient_id: UUID
    patient: str
    state: HoldState
    starts_on: date
    until: date | None
    ask: str
    expired: bool
    overdue: bool
    revision: int
    why: HoldReasons | None


def list_holds(
    context: Context,
    *,
    states: Sequence[HoldFilter] = (),
    patient_id: UUID | None = None,
    after: UUID | None = None,
    limit: int = 25,
) -> Page[HoldSheet]:
    """Holds in any of these states (all without any), newest first; a patient sees only their own."""
    if require(context.actor, Action.SEE_PATIENTS) is Allowance.OWN:
        patient_id = context.actor.patient_id or NOBODY
    query = _query(context).order_by(H.id.desc()).limit(limit + 1)
    if states:
        today = earliest_today(context)
        query = query.where(or_(*(_test(state, today) for state in states)))
    if patient_id is not None:
        query = query.where(H.patient_id == patient_id)
    if after is not None:
        query = query.where(H.id < after)
    return page_of(list(_sheets(context, query)), limit, lambda sheet: sheet.id)


def get_hold(context: Context, *, hold_id: UUID) -> HoldSheet:
    """One hold as its reader may see it. Raises ``NotFound``, ``NotAllowed``."""
    query = _query(context).where(H.id == hold_id)
    if require(context.actor, Action.SEE_PATIENTS) is Allowance.OWN:
        query = query.where(H.patient_id == context.actor.patient_id)
    found = next(_sheets(context, query), None)
    if found is None:
        raise NotFound("There is no such hold.", hold_id=str(hold_id))
    return found


def hold_sheet(context: Context, hold_id: UUID) -> HoldSheet:
    """One hold that is known to be there."""
    (sheet,) = _sheets(context, _query(context).where(H.id == hold_id))
    return sheet


COLUMNS: tuple[Any, ...] = (H, PatientRow.name, PatientRow.revision, PLACED_BY, DECIDED_BY)


def _query(context: Context) -> Select[Any]:
    return (
        select(*COLUMNS)
        .join(PatientRow, PatientRow.id == H.patient_id)
        .join(PLACED_BY, PLACED_BY.id == H.placed_by)
        .outerjoin(DECIDED_BY, DECIDED_BY.id == H.decided_by)
        .where(H.organisation_id == context.organisation_id)
    )


def _test(state: HoldFilter, today: date) -> ColumnElement[bool]:
    active = H.state == HoldState.ACTIVE
    expired = and_(H.end_rule.in_(EXPIRING), H.ends_on.is_not(None), H.ends_on < today)
    match state:
        case HoldFilter.EXPIRED:
            return and_(active, expired)
        case HoldFilter.ACTIVE:
            return and_(active, not_(expired))
        case HoldFilter.OVERDUE:
            open_end = and_(H.end_rule.not_in(EXPIRING), H.review_on.is_(None), H.ends_on <= today)
            return and_(active, not_(expired), or_(H.review_on <= today, open_end))
    return H.state == HoldState(state.value)


def _sheets(context: Context, query: Select[Any]) -> Iterator[HoldSheet]:
    today = earliest_today(context)
    sees_why = allowance(context.actor.roles, Action.SEE_REASONS) is not None
    for row, patient, revision, placed_by, decided_by in context.tx.execute(query):
        hold = hold_of(context.tx, row)
        until = hold.blocks_until(today)
        yield HoldSheet(
            id=row.id,
            patient_id=row.patient_id,
            patient=patient,
            state=row.state,
            starts_on=row.starts_on,
            until=None if until == date.max else until,
            ask=_whom_to_ask(placed_by, decided_by),
            expired=hold.expired(today),
            overdue=hold.overdue(today),
            revision=revision,
            why=_reasons(context, row, placed_by, decided_by) if sees_why else None,
        )


def _whom_to_ask(placed_by: UserRow, decided_by: UserRow | None) -> str:
    """The practitioner who decided about it last, or who placed it; anybody where reception proposed it."""
    named = decided_by or placed_by
    return named.name if named.resource_id else ANYBODY


def _reasons(context: Context, row: HoldRow, placed_by: UserRow, decided_by: UserRow | None) -> HoldReasons:
    rule = entries.contraindication(context.tx, row.rule_id)
    return HoldReasons(
        code=rule.code,
        rule_version=rule.version,
        label=rule.label,
        scope=row.scope,
        site=row.site,
        end_rule=row.end_rule,
        ends_on=row.ends_on,
        review_on=row.review_on,
        note=row.note,
        placed_by=placed_by.name,
        placed_at=row.placed_at,
        decided_by=decided_by.name if decided_by else None,
        decided_at=row.decided_at,
        decision_note=row.decision_note,
        evidence_on=row.evidence_on,
    )
