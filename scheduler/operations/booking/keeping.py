"""Keeping: slots reserved for a few minutes while a caller decides. Claims, but no appointment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select

from scheduler.domain.access import Action, require_fully
from scheduler.domain.clinic_days import day_bounds
from scheduler.domain.refusals import NotFound
from scheduler.domain.series import Series
from scheduler.domain.slots import claims_of
from scheduler.operations.booking.deeds import locked_snapshot
from scheduler.operations.booking.placing import Placed, Placement, placing_changes, slot_after
from scheduler.operations.context import Context, record
from scheduler.storage.locking import lock_patients
from scheduler.storage.rows import ClaimRow, KeepKind, KeepRow
from scheduler.storage.snapshots import Snapshot, keeps_of
from scheduler.storage.steps import steps_of
from scheduler.storage.types import new_id

KEEP_TIME = timedelta(minutes=10)


class KeepUntil(StrEnum):
    """How long a keep lasts."""

    TEN_MINUTES = "ten_minutes"
    END_OF_DAY = "end_of_day"


@dataclass(frozen=True, slots=True)
class Keep:
    """Slots of a series that nobody else can take before ``kept_until`` (UTC instant)."""

    id: UUID
    series_id: UUID
    kept_until: datetime
    placements: tuple[Placement, ...]


def keep_slots(
    context: Context, *, series_id: UUID, placements: Sequence[Placement], until: KeepUntil = KeepUntil.TEN_MINUTES
) -> Keep:
    """Reserve the slots of these sessions, instead of what was kept for the series before.

    They obey every rule that a booking obeys, and raise the same refusals.
    """
    snapshot = locked_snapshot(context, series_id)
    end_keeps(context, series_id)
    changes = placing_changes(context, snapshot, placements)
    ends = context.now + KEEP_TIME
    if until is KeepUntil.END_OF_DAY:
        ends = day_bounds(snapshot.around.today, snapshot.series.zone)[1]
    keep = Keep(new_id(), series_id, ends, tuple(placements))
    store_keep(context, snapshot, keep, changes, KeepKind.KEEP)
    return keep


def store_keep(
    context: Context,
    snapshot: Snapshot,
    keep: Keep,
    changes: Sequence[Placed],
    kind: KeepKind,
    reason: str | None = None,
) -> None:
    """Write a keep's row, its claims and its audit row."""
    series = snapshot.series
    owner = {"organisation_id": snapshot.organisation_id, "clinic_id": series.clinic_id}
    values = {
        "id": keep.id,
        "kind": kind,
        "patient_id": series.patient_id,
        "series_id": series.id,
        "kept_until": keep.kept_until,
        "placements": steps_of(changes),
        "reason": reason,
        "kept_by": context.actor.user_id,
        "created_at": context.now,
    }
    context.tx.execute(insert(KeepRow).values(**owner, **values))
    kept_here = {**owner, "keep_id": keep.id}
    context.tx.execute(insert(ClaimRow), [kept_here | claim for change in changes for claim in _claims(series, change)])
    record(
        context,
        f"{kind.value}_stored",
        "keep",
        keep.id,
        clinic_id=series.clinic_id,
        patient_id=series.patient_id,
        reason=reason,
        kept_until=keep.kept_until.isoformat(),
    )


def _claims(series: Series, change: Placed) -> Iterator[dict[str, Any]]:
    """What a kept slot takes, phase by phase."""
    phases = series.protocol.phases_for(series.sites, series.addons, change.treatment_extra)
    for claim in claims_of(slot_after(change), phases, series.patient_id):
        yield {"subject_id": claim.subject_id, "starts_at": claim.starts_at, "ends_at": claim.ends_at}


def end_keeps(context: Context, series_id: UUID) -> None:
    """Give back what is kept for a series: it is being booked, or kept anew. The caller holds the patient's lock."""
    for keep_id in keeps_of(context.tx, series_id):
        drop_keep(context, keep_id)


def release_keep(context: Context, *, keep_id: UUID) -> None:
    """Give kept slots back before their time, those of an override request too. Raises ``NotFound``."""
    require_fully(context.actor, Action.BOOK)
    query = select(KeepRow.patient_id, KeepRow.clinic_id).where(
        KeepRow.id == keep_id, KeepRow.organisation_id == context.organisation_id
    )
    found = context.tx.execute(query).one_or_none()
    if found is None:
        raise NotFound("There is no such keep.", keep_id=str(keep_id))
    lock_patients(context.tx, [found.patient_id])
    drop_keep(context, keep_id)
    record(context, "keep_released", "keep", keep_id, clinic_id=found.clinic_id, patient_id=found.patient_id)


def drop_keep(context: Context, keep_id: UUID) -> None:
    """Delete a keep and its claims. The caller holds the patient's lock."""
    context.tx.execute(delete(ClaimRow).where(ClaimRow.keep_id == keep_id))
    context.tx.execute(delete(KeepRow).where(KeepRow.id == keep_id))
