"""Visiting: single appointments outside a series, booked and moved under the same checks as sessions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.phrases import Phrase
from scheduler.domain.refusals import Invalid
from scheduler.domain.slots import Slot
from scheduler.operations.booking.deeds import Deed, carry_out, locked_visit
from scheduler.operations.booking.placing import Placement, placing_changes
from scheduler.operations.context import Context, clinic_of
from scheduler.operations.patients.patients import patient_row
from scheduler.storage import entries
from scheduler.storage.locking import lock_patients
from scheduler.storage.rows import EntryKind
from scheduler.storage.snapshots import Snapshot
from scheduler.storage.types import new_id
from scheduler.storage.visits import new_visit


@dataclass(frozen=True, slots=True)
class BookedVisit:
    """A booked visit and the deed that booked it."""

    appointment_id: UUID
    deed: Deed


def book_visit(
    context: Context,
    *,
    clinic_id: UUID,
    patient_id: UUID,
    visit_type: str,
    slot: Slot,
    sites: Sequence[str] = (),
    tell_patient: bool = True,
) -> BookedVisit:
    """Book one appointment outside a series.

    ``visit_type`` is a code of the catalogue, ``sites`` the body sites of one that treats. Raises ``RuleBroken`` with
    all conflicts, ``NotFound``, ``NotAllowed``, ``Invalid``.
    """
    clinic = clinic_of(context, clinic_id)
    _check_sites(sites)
    patient_row(context, patient_id)
    lock_patients(context.tx, [patient_id])
    entry = entries.current_entry(context.tx, context.organisation_id, EntryKind.VISIT_TYPE, visit_type)
    on = clinic_date(slot.starts_at, clinic.zone)
    snapshot = new_visit(context.tx, clinic, patient_id, entry, sites, new_id(), on, context.now)
    changes = placing_changes(context, snapshot, [Placement(1, slot)])
    booked = replace(snapshot, series=replace(snapshot.series, id=changes[0].appointment_id))
    return BookedVisit(
        changes[0].appointment_id, carry_out(context, booked, changes, "visit_booked", tell_patient=tell_patient)
    )


def _check_sites(sites: Sequence[str]) -> None:
    unknown = [site for site in sites if site not in entries.shipped().sites]
    if unknown:
        raise Invalid(
            Phrase("There is no body site called “%(unknown)s”.", unknown=unknown[0]),
            code="unknown_site",
            sites=unknown,
        )


def move_visit(
    context: Context, *, appointment_id: UUID, slot: Slot, seen: int | None = None, tell_patient: bool = True
) -> Deed:
    """Move a visit to another slot; it keeps its UID. ``seen`` is the revision that the caller looked at."""
    snapshot = _opening_at(locked_visit(context, appointment_id, seen), slot)
    changes = placing_changes(context, snapshot, [Placement(1, slot)])
    return carry_out(context, snapshot, changes, "visit_moved", tell_patient=tell_patient)


def _opening_at(snapshot: Snapshot, slot: Slot) -> Snapshot:
    """A visit has no window of its own: it may go wherever it is wanted."""
    on = clinic_date(slot.starts_at, snapshot.series.zone)
    return replace(snapshot, series=replace(snapshot.series, start_on=on))
