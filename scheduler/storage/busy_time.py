"""Busy time: the claims of appointments and of keeps that have not run out, bounded so that history costs nothing."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, BindParameter, ColumnElement, String, bindparam, cast, extract, select, type_coerce
from sqlalchemy.orm import Session as Transaction

from scheduler.domain.slots import Stretch
from scheduler.storage.overlap import LONGEST_CLAIM
from scheduler.storage.rows import ClaimRow, ClinicRow, KeepRow

Span = tuple[int, int]  # epoch seconds


def _seconds(instant: Any) -> ColumnElement[int]:
    """An instant as whole seconds since 1970."""
    return cast(extract("epoch", instant), BigInteger)


# Statements of the hot path are built once: to build one costs more than to run it.
COLUMNS = (ClaimRow.subject_id, ClaimRow.starts_at, ClaimRow.ends_at)
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_CLAIMED = select(
    type_coerce(ClaimRow.subject_id, String), _seconds(ClaimRow.starts_at), _seconds(ClaimRow.ends_at)
).where(
    ClaimRow.subject_id.in_(_IDS),
    ClaimRow.starts_at > bindparam("earliest"),
    ClaimRow.starts_at < bindparam("end"),
    ClaimRow.ends_at > bindparam("begin"),
    ClaimRow.appointment_id.is_not(None),
)
# Starts from the keeps, of which there are few: asked for subjects, a database would start from the claims.
_ORGANISATION = select(ClinicRow.organisation_id).where(ClinicRow.id == bindparam("clinic")).scalar_subquery()
_KEPT = (
    select(*COLUMNS, KeepRow.id)
    .join(KeepRow, KeepRow.id == ClaimRow.keep_id)
    .where(KeepRow.clinic_id.in_(select(ClinicRow.id).where(ClinicRow.organisation_id == _ORGANISATION)))
    .where(KeepRow.kept_until > bindparam("now"))
)

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


def claimed_spans(
    tx: Transaction, subject_ids: Collection[UUID], begin: datetime, end: datetime
) -> dict[UUID, list[Span]]:
    """What appointments claim between two UTC instants, by the resource or patient that they occupy.

    No claim is longer than the longest, so one that began earlier than that is over. A year of a busy clinic is ten
    thousand claims, so the database counts the seconds and no value is made for each.
    """
    times = {"earliest": begin - LONGEST_CLAIM, "begin": begin, "end": end}
    found: dict[Any, list[Span]] = {}
    for subject, start, finish in tx.connection().execute(_CLAIMED, {"ids": list(subject_ids), **times}):
        found.setdefault(subject, []).append((start, finish))
    return {UUID(str(subject)): spans for subject, spans in found.items()}


def by_subject(stretches: Iterable[Stretch]) -> dict[UUID, list[Stretch]]:
    """Stretches by the resource or patient that they occupy."""
    found: dict[UUID, list[Stretch]] = {}
    for stretch in stretches:
        found.setdefault(stretch.subject_id, []).append(stretch)
    return found


def _kept_time(tx: Transaction, clinic_id: UUID, now: datetime, ignoring: Collection[UUID]) -> list[Stretch]:
    rows = tx.connection().execute(_KEPT, {"clinic": clinic_id, "now": now})
    return [Stretch(subject_id, start, end) for subject_id, start, end, keep_id in rows if keep_id not in ignoring]


def _own_time(tx: Transaction, appointment_ids: Collection[UUID]) -> list[Stretch]:
    if not appointment_ids:
        return []
    query = select(*COLUMNS).where(ClaimRow.appointment_id.in_(appointment_ids))
    return [Stretch(*row) for row in tx.execute(query)]
