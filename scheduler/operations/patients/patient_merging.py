"""Merging: two records of one person become one."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Table, delete, select, update
from sqlalchemy.orm import aliased

from scheduler.domain.access import Action, require_fully
from scheduler.domain.deposits import after_merge
from scheduler.domain.refusals import Conflict, Invalid, refuse_all
from scheduler.operations.booking.deeds import mend_risks
from scheduler.operations.context import Context, expect_revision, record
from scheduler.operations.messages.announcing import announce_to
from scheduler.operations.patients.patients import Patient, patient_row
from scheduler.storage.feeds import mark_feeds_that_name
from scheduler.storage.locking import lock_patients
from scheduler.storage.rows import AuditRow, ClaimRow, FeedRow, KeepRow, PatientRow, Row

STAYS = frozenset({AuditRow.__tablename__})
"""Tables that name a patient and do not move: the trail is append-only."""


def merge_patients(context: Context, *, patient_id: UUID, other_id: UUID, seen: int | None) -> Patient:
    """Move all that belongs to ``other_id`` to ``patient_id``, which stays; the other record answers with its name.

    What the surviving record lacks is filled in from the other, and both notes are kept. Series and holds that now meet
    may put appointments at risk; nothing is cancelled. The survivor's way of being told holds for all, so calendars are
    brought up to date. ``seen`` is the survivor's revision. Raises ``NotFound``, ``Stale``, and ``RuleBroken`` when the
    two have appointments at the same time.
    """
    require_fully(context.actor, Action.EDIT_PATIENTS)
    if patient_id == other_id:
        raise Invalid("A record cannot be merged into itself.", code="merged_into_itself")
    lock_patients(context.tx, [patient_id, other_id])
    survivor, other = patient_row(context, patient_id), patient_row(context, other_id)
    expect_revision("patient", survivor.revision, seen)
    _end_passed_keeps(context, (patient_id, other_id))
    refuse_all(overlaps(context, patient_id, other_id))
    _move(context, patient_id, other_id)
    _fill_in(survivor, other)
    _close(survivor, other)
    context.tx.flush()
    mend_risks(context, patient_id)
    announce_to(context, patient_id, f"merge:{other_id}")
    record(context, "patients_merged", "patient", patient_id, patient_id=patient_id, merged_id=str(other_id))
    return Patient.of(survivor)


def _end_passed_keeps(context: Context, patients: Sequence[UUID]) -> None:
    """A keep whose time has passed claims nothing any more."""
    passed = select(KeepRow.id).where(KeepRow.patient_id.in_(patients), KeepRow.kept_until <= context.now)
    ids = context.tx.scalars(passed).all()
    context.tx.execute(delete(ClaimRow).where(ClaimRow.keep_id.in_(ids)))
    context.tx.execute(delete(KeepRow).where(KeepRow.id.in_(ids)))


def overlaps(context: Context, patient_id: UUID, other_id: UUID) -> list[Conflict]:
    """Appointments of the two records at the same time, which stand in the way of merging them."""
    mine, theirs = aliased(ClaimRow), aliased(ClaimRow)
    found = context.tx.execute(
        select(theirs.starts_at, theirs.ends_at, mine.appointment_id, theirs.appointment_id)
        .where(mine.subject_id == patient_id, theirs.subject_id == other_id)
        .where(mine.starts_at < theirs.ends_at, theirs.starts_at < mine.ends_at)
        .order_by(theirs.starts_at)
    )
    return [_conflict(*one) for one in found]


def _conflict(starts_at: object, ends_at: object, mine: UUID | None, theirs: UUID | None) -> Conflict:
    return Conflict(
        "appointments_overlap",
        "The two records have appointments at the same time.",
        {
            "starts_at": str(starts_at),
            "ends_at": str(ends_at),
            "appointments": [str(one) for one in (mine, theirs) if one],
        },
        "Move or cancel one of them, then merge.",
    )


def _move(context: Context, patient_id: UUID, other_id: UUID) -> None:
    for table in _tables_of_patients():
        context.tx.execute(update(table).where(table.c.patient_id == other_id).values(patient_id=patient_id))
    context.tx.execute(update(ClaimRow).where(ClaimRow.subject_id == other_id).values(subject_id=patient_id))
    context.tx.execute(delete(FeedRow).where(FeedRow.owner_id.in_((patient_id, other_id))))
    mark_feeds_that_name(context.tx, patient_id)
    earlier = update(PatientRow).where(PatientRow.merged_into_id == other_id)
    context.tx.execute(earlier.values(merged_into_id=patient_id))


def _tables_of_patients() -> list[Table]:
    """Every table that has a patient's things, those to come included."""
    return [table for table in Row.metadata.sorted_tables if "patient_id" in table.c and table.name not in STAYS]


def _fill_in(survivor: PatientRow, other: PatientRow) -> None:
    for fields in (("phone", "phone_digits"), ("email",), ("date_of_birth",)):
        if getattr(survivor, fields[0]) is None:
            for field in fields:
                setattr(survivor, field, getattr(other, field))
    survivor.deposit = after_merge(survivor.deposit, other.deposit)
    survivor.note = "\n".join(dict.fromkeys(note for note in (survivor.note, other.note) if note))


def _close(survivor: PatientRow, other: PatientRow) -> None:
    other.merged_into_id = survivor.id
    for row in (survivor, other):
        row.revision += 1
