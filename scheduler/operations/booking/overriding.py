"""Overriding: a practitioner grants what reception has asked for, or declines it."""

from typing import Any
from uuid import UUID

from scheduler.domain.access import Action, require_fully
from scheduler.domain.changes import AppointmentMoved
from scheduler.domain.phrases import Phrase
from scheduler.domain.refusals import RuleBroken
from scheduler.operations.booking.booking import begun_by
from scheduler.operations.booking.deeds import Deed, carry_out, locked_snapshot
from scheduler.operations.booking.keeping import drop_keep, end_keeps
from scheduler.operations.booking.override_requests import request_row, wanted_by
from scheduler.operations.booking.placing import Placed, Placement, placing_changes, slot_after
from scheduler.operations.context import Context, record
from scheduler.operations.messages.calls import ask_for_answer
from scheduler.storage.rows import KeepRow
from scheduler.storage.snapshots import Snapshot


def grant_override(context: Context, *, request_id: UUID, reason: str | None = None, tell_patient: bool = True) -> Deed:
    """Book what was asked for, with the practitioner's override; ``reason`` replaces the one in the request.

    Raises ``RuleBroken`` (``request_expired``, ``session_changed`` and whatever speaks against the slot by now),
    ``NotFound``, ``NotAllowed``.
    """
    require_fully(context.actor, Action.OVERRIDE)
    snapshot = locked_snapshot(context, request_row(context, request_id).series_id)
    row = request_row(context, request_id)
    _refuse_expired(context, row)
    wanted = wanted_by(row.placements)
    _refuse_changed(snapshot, wanted)
    drop_keep(context, row.id)
    end_keeps(context, row.series_id)
    why = reason or row.reason or ""
    placement = Placement(wanted.session or 0, slot_after(wanted), wanted.treatment_extra, why)
    changes = placing_changes(context, snapshot, [placement])
    whole = [*changes, *begun_by(snapshot, changes)]
    asked = str(row.id)
    return carry_out(
        context, snapshot, whole, "override_granted", reason=why, tell_patient=tell_patient, request_id=asked
    )


def decline_override(context: Context, *, request_id: UUID, reason: str) -> None:
    """Give the slot back. Somebody has to call the patient. Raises ``NotFound``, ``NotAllowed``."""
    require_fully(context.actor, Action.OVERRIDE)
    locked_snapshot(context, request_row(context, request_id).series_id)
    row = request_row(context, request_id)
    drop_keep(context, row.id)
    about: dict[str, Any] = {"series_id": str(row.series_id), "session": wanted_by(row.placements).session}
    owner = (row.clinic_id, row.patient_id)
    record(
        context, "override_declined", "keep", row.id, clinic_id=owner[0], patient_id=owner[1], reason=reason, **about
    )
    ask_for_answer(context, *owner, about_id=row.id, payload=about)


def _refuse_expired(context: Context, row: KeepRow) -> None:
    if row.kept_until <= context.now:
        remedy = "Book it with an override of your own, if the slot is still free."
        ended = row.kept_until.isoformat()
        raise RuleBroken("The slot is no longer kept.", code="request_expired", remedy=remedy, kept_until=ended)


def _refuse_changed(snapshot: Snapshot, wanted: Placed) -> None:
    """What was asked for was a first appointment, or a move of the one that the session had then."""
    booking = snapshot.series.session(wanted.session or 0).booking
    moves = wanted.appointment_id if isinstance(wanted, AppointmentMoved) else None
    if moves != (booking.appointment_id if booking else None):
        detail = Phrase("The appointment of session %(session)s has changed since.", session=wanted.session)
        raise RuleBroken(detail, code="session_changed", remedy="Decline it, and ask again.", session=wanted.session)
