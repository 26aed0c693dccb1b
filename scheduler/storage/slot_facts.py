"""What is known of the resources and the patient around some slots, read in a constant number of queries."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, or_, select
from sqlalchemy.orm import Session as Transaction

from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.rosters import ClinicHours, Instants, Roster, working_time
from scheduler.domain.slot_conflicts import Qualification, ResourceFacts
from scheduler.domain.slots import Stretch
from scheduler.storage.overlap import LONGEST_CLAIM
from scheduler.storage.rows import ClaimRow, KeepRow, QualificationRow, ResourceRow, table
from scheduler.storage.working_time import clinic_hours, rosters

CLAIMS = table(ClaimRow)
KEEPS = table(KeepRow)
QUALIFICATIONS = table(QualificationRow)
RESOURCES = table(ResourceRow)


@dataclass(frozen=True, slots=True)
class SlotFacts:
    """The resources by id, and what the patient is already busy with."""

    resources: dict[UUID, ResourceFacts]
    patient_busy: tuple[Stretch, ...]


def load_slot_facts(
    tx: Transaction,
    *,
    organisation_id: UUID,
    clinic_id: UUID,
    zone: str,
    patient_id: UUID,
    claims: Sequence[Stretch],
    qualification: str | None,
    now: datetime,
    leave_out: Collection[UUID] = (),
) -> SlotFacts:
    """Read what bears on the wanted ``claims``.

    ``leave_out`` are appointments and keeps whose own claims do not count: those that move, or a keep that is used.
    """
    busy = _busy(tx, claims, now, leave_out)
    ids = {claim.subject_id for claim in claims} - {patient_id}
    rows = tx.execute(_RESOURCES, {"ids": ids, "organisation_id": organisation_id})
    working = _working(tx, clinic_id, zone, ids, {clinic_date(claim.starts_at, zone) for claim in claims})
    qualified = qualifications(tx, ids, qualification) if qualification else {}
    facts = {
        row.id: ResourceFacts(
            row.id,
            row.kind,
            row.name,
            row.type,
            row.active,
            working.get(row.id, []),
            busy.get(row.id, []),
            qualified.get(row.id),
        )
        for row in rows
    }
    return SlotFacts(facts, tuple(busy.get(patient_id, ())))


_RESOURCES = select(RESOURCES.c.id, RESOURCES.c.kind, RESOURCES.c.name, RESOURCES.c.type, RESOURCES.c.active).where(
    RESOURCES.c.id.in_(bindparam("ids", expanding=True)),
    RESOURCES.c.organisation_id == bindparam("organisation_id"),
)
_QUALIFICATIONS = select(
    QUALIFICATIONS.c.resource_id, QUALIFICATIONS.c.valid_until, QUALIFICATIONS.c.renewal_expected
).where(
    QUALIFICATIONS.c.resource_id.in_(bindparam("ids", expanding=True)),
    QUALIFICATIONS.c.protocol_code == bindparam("code"),
)


def _busy(
    tx: Transaction, claims: Sequence[Stretch], now: datetime, leave_out: Collection[UUID]
) -> dict[UUID, list[Stretch]]:
    """What others claim where the wanted claims lie. An expired keep claims nothing."""
    if not claims:
        return {}
    found: dict[UUID, list[Stretch]] = {}
    for row in tx.execute(_overlapping(len(claims)), dict(_bounds(claims))):
        expired = row.kept_until is not None and row.kept_until <= now
        if not expired and (row.appointment_id or row.keep_id) not in leave_out:
            found.setdefault(row.subject_id, []).append(Stretch(row.subject_id, row.starts_at, row.ends_at))
    return found


@lru_cache(maxsize=128)
def _overlapping(count: int) -> Any:
    """The query for what overlaps any of so many claims. Made once: to build it costs more than to run it."""
    columns = (CLAIMS.c.subject_id, CLAIMS.c.starts_at, CLAIMS.c.ends_at, CLAIMS.c.appointment_id, CLAIMS.c.keep_id)
    query = select(*columns, KEEPS.c.kept_until).outerjoin(KEEPS, KEEPS.c.id == CLAIMS.c.keep_id)
    return query.where(or_(*(_overlaps(f"_{n}") for n in range(count))))


def _overlaps(n: str) -> ColumnElement[bool]:
    return and_(
        CLAIMS.c.subject_id == bindparam("subject" + n),
        CLAIMS.c.starts_at < bindparam("ends" + n),
        CLAIMS.c.starts_at > bindparam("since" + n),
        CLAIMS.c.ends_at > bindparam("starts" + n),
    )


def _bounds(claims: Sequence[Stretch]) -> Iterator[tuple[str, Any]]:
    for n, claim in enumerate(claims):
        yield f"subject_{n}", claim.subject_id
        yield f"ends_{n}", claim.ends_at
        yield f"since_{n}", claim.starts_at - LONGEST_CLAIM
        yield f"starts_{n}", claim.starts_at


def _working(
    tx: Transaction, clinic_id: UUID, zone: str, ids: Collection[UUID], days: Collection[date]
) -> dict[UUID, list[Instants]]:
    """Working time on the days in question only; they may lie months apart."""
    if not days or not ids:
        return {}
    first, last = min(days), max(days)
    hours = clinic_hours(tx, clinic_id, first, last)
    found = rosters(tx, clinic_id, zone, ids, first, last)
    return {one: list(_on_days(hours, roster, sorted(days))) for one, roster in found.items()}


def _on_days(hours: ClinicHours, roster: Roster, days: Iterable[date]) -> Iterator[Instants]:
    for on in days:
        yield from working_time(hours, roster, on, on)


def qualifications(tx: Transaction, ids: Collection[UUID], code: str) -> dict[UUID, Qualification]:
    """Which of these practitioners may perform a treatment, and until when."""
    rows = tx.execute(_QUALIFICATIONS, {"ids": list(ids), "code": code})
    return {row.resource_id: Qualification(row.valid_until, row.renewal_expected) for row in rows}
