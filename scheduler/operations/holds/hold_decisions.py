"""Hold decisions: a proposed hold is confirmed, an active one extended. Both show first what they change."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from scheduler.domain.access import Action, require_fully
from scheduler.domain.hold_effects import HoldChoice
from scheduler.domain.hold_terms import extended
from scheduler.domain.holds import Hold, HoldState
from scheduler.domain.lifecycle import HOLD, next_state
from scheduler.domain.refusals import NotFound
from scheduler.operations.booking.deeds import Deed
from scheduler.operations.context import Context, expect_revision
from scheduler.operations.holds.hold_deeds import Tell, carry_out_hold, record_hold
from scheduler.operations.holds.hold_previews import HoldPreview, preview_of, refuse_unseen
from scheduler.operations.holds.hold_sheets import HoldSheet, hold_sheet
from scheduler.operations.patients.patients import patient_row
from scheduler.storage.locking import lock_patients
from scheduler.storage.rows import HoldRow, PatientRow
from scheduler.storage.surroundings import hold_of


@dataclass(frozen=True, slots=True)
class HoldDecided:
    """A hold as it stands after a decision, what was done to series and visits, and the patient's revision."""

    hold: HoldSheet
    deeds: tuple[Deed, ...]
    revision: int


@dataclass(frozen=True, slots=True)
class LockedHold:
    """A hold under its patient's lock, as its row and as its value."""

    row: HoldRow
    hold: Hold
    patient: PatientRow


def preview_confirmation(
    context: Context, *, hold_id: UUID, choose: HoldChoice = HoldChoice.DEFER, seen: int | None = None
) -> HoldPreview:
    """What confirming a proposed hold would change. Raises as ``confirm_hold`` does."""
    row = _looked_at(context, hold_id, seen)
    return preview_of(context, row.patient_id, _confirmed(hold_of(context.tx, row)), choose)


def preview_extension(
    context: Context,
    *,
    hold_id: UUID,
    ends_on: date | None = None,
    review_on: date | None = None,
    choose: HoldChoice = HoldChoice.DEFER,
    seen: int | None = None,
) -> HoldPreview:
    """What a later last day or review would change. Raises as ``extend_hold`` does."""
    row = _looked_at(context, hold_id, seen)
    return preview_of(context, row.patient_id, _extended(hold_of(context.tx, row), ends_on, review_on), choose)


def confirm_hold(
    context: Context,
    *,
    hold_id: UUID,
    choose: HoldChoice = HoldChoice.DEFER,
    tell: Tell = Tell.MESSAGE,
    digest: str | None = None,
    note: str | None = None,
    seen: int | None = None,
) -> HoldDecided:
    """Make a proposed hold active. ``seen`` is the patient's revision, ``digest`` the preview's.

    Raises ``RuleBroken`` (``wrong_state``, ``effects_changed``, ``effects_unseen``, ``too_few_sessions``), ``Stale``,
    ``NotFound``, ``NotAllowed``.
    """
    at = locked_hold(context, hold_id, seen)
    preview = preview_of(context, at.patient.id, _confirmed(at.hold), choose)
    refuse_unseen(preview, digest)
    return _decide(context, at, preview, "hold_confirmed", note, tell)


def extend_hold(
    context: Context,
    *,
    hold_id: UUID,
    ends_on: date | None = None,
    review_on: date | None = None,
    choose: HoldChoice = HoldChoice.DEFER,
    tell: Tell = Tell.MESSAGE,
    digest: str | None = None,
    note: str | None = None,
    seen: int | None = None,
) -> HoldDecided:
    """Give a hold a later last day, a later review, or both; it may then hit more appointments.

    Raises as ``confirm_hold`` does, and ``Invalid`` (``extension_missing``, ``not_an_extension``,
    ``permanent_without_end``).
    """
    at = locked_hold(context, hold_id, seen)
    preview = preview_of(context, at.patient.id, _extended(at.hold, ends_on, review_on), choose)
    if preview.hold.state is HoldState.ACTIVE:
        refuse_unseen(preview, digest)
    return _decide(context, at, preview, "hold_extended", note, tell)


def _confirmed(hold: Hold) -> Hold:
    return replace(hold, state=next_state(HOLD, hold.state, "confirm"))


def _extended(hold: Hold, ends_on: date | None, review_on: date | None) -> Hold:
    return extended(replace(hold, state=next_state(HOLD, hold.state, "extend")), ends_on, review_on)


def _row(context: Context, hold_id: UUID) -> HoldRow:
    query = select(HoldRow).where(HoldRow.id == hold_id, HoldRow.organisation_id == context.organisation_id)
    row = context.tx.scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise NotFound("There is no such hold.", hold_id=str(hold_id))
    return row


def _looked_at(context: Context, hold_id: UUID, seen: int | None) -> HoldRow:
    require_fully(context.actor, Action.DECIDE_HOLD)
    row = _row(context, hold_id)
    expect_revision("patient", patient_row(context, row.patient_id).revision, seen)
    return row


def locked_hold(context: Context, hold_id: UUID, seen: int | None) -> LockedHold:
    """Lock the patient of a hold and read it. Raises ``NotAllowed``, ``NotFound``, ``Stale``."""
    require_fully(context.actor, Action.DECIDE_HOLD)
    lock_patients(context.tx, [_row(context, hold_id).patient_id])
    row = _row(context, hold_id)
    patient = patient_row(context, row.patient_id)
    expect_revision("patient", patient.revision, seen)
    return LockedHold(row, hold_of(context.tx, row), patient)


def _decide(
    context: Context, at: LockedHold, preview: HoldPreview, action: str, note: str | None, tell: Tell
) -> HoldDecided:
    hold = preview.hold
    write_decision(context, at, state=hold.state, ends_on=hold.ends_on, review_on=hold.review_on, decision_note=note)
    deeds = carry_out_hold(context, at.patient.id, preview, tell)
    said = {"note": note} if note else None
    record_hold(context, action, at.row, hold, deeds=deeds, personal=said, choice=preview.choice.value)
    return HoldDecided(hold_sheet(context, hold.id), deeds, at.patient.revision)


def write_decision(context: Context, at: LockedHold, **values: Any) -> None:
    """Write what was decided, by whom and when, and move the patient's revision."""
    decided = {"decided_by": context.actor.user_id, "decided_at": context.now}
    for name, value in {**values, **decided}.items():
        setattr(at.row, name, value)
    at.patient.revision += 1
    context.tx.flush()
