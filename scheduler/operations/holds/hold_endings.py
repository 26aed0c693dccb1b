"""Hold endings: a proposal dismissed, a hold lifted, a hold that was never right. Nothing is booked for it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from scheduler.domain.holds import HoldState, refuse_lifting
from scheduler.domain.lifecycle import HOLD, next_state
from scheduler.domain.refusals import Invalid
from scheduler.domain.series import Series
from scheduler.operations.booking.deeds import mend_risks
from scheduler.operations.context import Context
from scheduler.operations.holds.clearances import ClearanceTerms, store_clearance
from scheduler.operations.holds.hold_decisions import LockedHold, locked_hold, write_decision
from scheduler.operations.holds.hold_deeds import record_hold
from scheduler.operations.holds.hold_sheets import HoldSheet, hold_sheet
from scheduler.operations.places.organisation_days import earliest_today, latest_today
from scheduler.storage.treatments import running_treatments, under_hold


@dataclass(frozen=True, slots=True)
class Replannable:
    """A series that the hold concerned and that can be planned anew: its sessions at risk or without their date."""

    series_id: UUID
    clinic_id: UUID
    revision: int
    sessions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class HoldEnded:
    """A hold that blocks nothing any more. ``revision`` is the patient's, ``clearance_id`` what a lift has left."""

    hold: HoldSheet
    revision: int
    replan: tuple[Replannable, ...]
    clearance_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class LeftClearance:
    """A clearance that a lift leaves, for the patient or one series, until its last clinic date."""

    series_id: UUID | None = None
    valid_until: date | None = None


def dismiss_hold(context: Context, *, hold_id: UUID, reason: str, seen: int | None = None) -> HoldEnded:
    """A proposed hold is none. Raises ``RuleBroken`` (``wrong_state``), ``Stale``, ``NotFound``, ``NotAllowed``."""
    at = locked_hold(context, hold_id, seen)
    return _end(context, at, "dismiss", "hold_dismissed", reason)


def mark_hold_wrong(context: Context, *, hold_id: UUID, reason: str, seen: int | None = None) -> HoldEnded:
    """The hold was entered in error, whatever its state: the only way out of an absolute contraindication.

    What it released stays released; a replan offers the old slots first while they are free.
    """
    at = locked_hold(context, hold_id, seen)
    return _end(context, at, "enter_in_error", "hold_entered_in_error", reason)


def lift_hold(
    context: Context,
    *,
    hold_id: UUID,
    evidence: str,
    evidence_on: date | None = None,
    leave: LeftClearance | None = None,
    seen: int | None = None,
) -> HoldEnded:
    """End an active hold on evidence of a clinic date (today when not given). The practitioner who acts is named.

    Raises ``RuleBroken`` (``permanent_hold``, ``wrong_state``), ``Invalid`` (``in_the_future``, ``validity_passed``),
    ``Stale``, ``NotFound``, ``NotAllowed``.
    """
    at = locked_hold(context, hold_id, seen)
    refuse_lifting(at.hold)
    found_on = evidence_on or earliest_today(context)
    if found_on > latest_today(context):
        raise Invalid("Evidence cannot lie in the future.", code="in_the_future", date=found_on.isoformat())
    ended = _end(context, at, "lift", "hold_lifted", evidence, evidence_on=found_on)
    if leave is None:
        return ended
    terms = ClearanceTerms(at.hold.code, at.row.note, evidence, leave.series_id, leave.valid_until)
    return replace(ended, clearance_id=store_clearance(context, at.patient.id, terms))


def _end(context: Context, at: LockedHold, step: str, action: str, note: str, **values: Any) -> HoldEnded:
    ended = replace(at.hold, state=next_state(HOLD, at.hold.state, step))
    write_decision(context, at, state=ended.state, decision_note=note, **values)
    mend_risks(context, at.patient.id)
    facts = {name: value.isoformat() for name, value in values.items()}
    record_hold(context, action, at.row, ended, personal={"note": note}, **facts)
    return HoldEnded(hold_sheet(context, ended.id), at.patient.revision, tuple(_replannable(context, at)))


def _replannable(context: Context, at: LockedHold) -> Iterator[Replannable]:
    """The running series that the hold concerned and in which something is to be mended."""
    as_it_was = replace(at.hold, state=HoldState.ACTIVE)
    for snapshot in running_treatments(context.tx, context.organisation_id, at.patient.id, context.now):
        series = snapshot.series
        sessions = tuple(_to_mend(series))
        concerned = as_it_was in under_hold(snapshot, as_it_was).around.holds
        if concerned and sessions and snapshot.visit_type_id is None:
            yield Replannable(series.id, series.clinic_id, series.revision, sessions)


def _to_mend(series: Series) -> Iterator[int]:
    for session in series.sessions:
        released = session.booking is None and session.last_slot is not None
        if session.open and (released or (session.booking is not None and session.booking.at_risk)):
            yield session.number
