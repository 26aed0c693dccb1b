"""Busy time: the claims of appointments and of keeps that have not run out, bounded so that history costs nothing."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session as Transaction

from scheduler.domain.slots import Stretch
from scheduler.storage.overlap import LONGEST_CLAIM
from scheduler.storage.rows import ClaimRow, ClinicRow, KeepRow

COLUMNS = (ClaimRow.subject_id, ClaimRow.starts_at, ClaimRow.ends_at)

BySubject = Mapping[UUID, list[Stretch]]


@dataclass(frozen=True, slots=True)
class Overlay:
    """What one request must add to or take from the claims of appointments: time that keeps hold, and time that is
    free for the sake of this request, because what claims it is to be moved or is the caller's own keep.
    """

    kept: BySubject
    released: BySubject


def load_overlay(tx: Transaction, clinic_id: UUID, now: datetime, ignoring: Collection[UUID] = ()) -> Overlay:
    """What keeps hold at ``now`` in the clinic's organisation. ``ignoring`` are appointments and keeps to leave out."""
    return Overlay(by_subject(_kept_time(tx, clinic_id, now, ignoring)), by_subject(_own_time(tx, ignoring)))


def claimed_time(tx: Transaction, subject_ids: Collection[UUID], begin: datetime, end: datetime) -> list[Stretch]:
    """What appointments claim of these resources and patients between two UTC instants.

    No claim is longer than the longest, so one that began earlier than that is over.
    """
    query = select(*COLUMNS).where(
        ClaimRow.subject_id.in_(subject_ids),
        ClaimRow.starts_at > begin - LONGEST_CLAIM,
        ClaimRow.starts_at < end,
        ClaimRow.ends_at > begin,
        ClaimRow.appointment_id.is_not(None),
    )
    return [Stretch(*row) for row in tx.execute(query)]


def by_subject(stretches: Iterable[Stretch]) -> dict[UUID, list[Stretch]]:
    """Stretches by the resource or patient that they occupy."""
    found: dict[UUID, list[Stretch]] = {}
    for stretch in stretches:
        found.setdefault(stretch.subject_id, []).append(stretch)
    return found


def _kept_time(tx: Transaction, clinic_id: UUID, now: datetime, ignoring: Collection[UUID]) -> list[Stretch]:
    """Starts from the keeps, of which there are few: asked for subjects, a database would start from the claims."""
    organisation = select(ClinicRow.organisation_id).where(ClinicRow.id == clinic_id).scalar_subquery()
    clinics = select(ClinicRow.id).where(ClinicRow.organisation_id == organisation)
    query = (
        select(*COLUMNS, KeepRow.id)
        .join(KeepRow, KeepRow.id == ClaimRow.keep_id)
        .where(KeepRow.clinic_id.in_(clinics), KeepRow.kept_until > now)
    )
    rows = tx.execute(query)
    return [Stretch(subject_id, start, end) for subject_id, start, end, keep_id in rows if keep_id not in ignoring]


def _own_time(tx: Transaction, appointment_ids: Collection[UUID]) -> list[Stretch]:
    if not appointment_ids:
        return []
    query = select(*COLUMNS).where(ClaimRow.appointment_id.in_(appointment_ids))
    return [Stretch(*row) for row in tx.execute(query)]
