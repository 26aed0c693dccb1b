"""Booking by somebody who may only ask for an override: what keeps the rules is booked, the rest is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from scheduler.domain.access import Action, Allowance, allowance
from scheduler.operations.booking.booking import book, unbooked
from scheduler.operations.booking.deeds import Deed, lock_slots
from scheduler.operations.booking.override_requests import OverrideRequest, ask_for
from scheduler.operations.booking.placing import Placement, check_sessions
from scheduler.operations.context import Context
from scheduler.storage.snapshots import Snapshot
from scheduler.storage.treatments import loaded_anew


@dataclass(frozen=True, slots=True)
class Booked:
    """What was booked, ``None`` for nothing, and what a practitioner was asked for."""

    deed: Deed | None
    requests: tuple[OverrideRequest, ...] = ()


def book_or_ask(
    context: Context,
    *,
    series_id: UUID,
    placements: Sequence[Placement],
    seen: int | None = None,
    start_on: date | None = None,
) -> Booked:
    """Book these sessions of a series; an override that is not the actor's to give is asked for. All of it, or nothing.

    The sessions that are booked keep the rules as if the others had no date yet. Raises as ``book_sessions`` and
    ``request_override`` do.
    """
    snapshot = unbooked(context, series_id, placements, seen, start_on)
    asked = [one for one in placements if one.override_reason] if _may_only_ask(context) else []
    if not asked:
        return Booked(book(context, snapshot, placements))
    check_sessions(context, snapshot.series, placements)
    lock_slots(context, [one.slot for one in placements], snapshot.series.patient_id)
    sure = [one for one in placements if not one.override_reason]
    deed = book(context, snapshot, sure) if sure else None
    return Booked(deed, tuple(_ask(context, snapshot, one) for one in asked))


def _may_only_ask(context: Context) -> bool:
    return allowance(context.actor.roles, Action.OVERRIDE) is Allowance.REQUEST


def _ask(context: Context, before: Snapshot, wanted: Placement) -> OverrideRequest:
    snapshot = loaded_anew(context.tx, before, context.now)
    return ask_for(context, snapshot, wanted, wanted.override_reason or "")
