"""The books compared: what clients believe is booked, what appointments say, and what is claimed."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, text

from scheduler.storage.overlap import overlaps
from scheduler.storage.rows import AppointmentRow, ClaimRow, SessionRow
from tests.support.clerks import Clerk
from tests.support.crowded_clinic import CrowdedClinic

ROOM_TWICE = """
    SELECT count(*) FROM appointments AS one JOIN appointments AS other ON one.room_id = other.room_id
    WHERE one.id < other.id AND one.starts_at < other.ends_at AND other.starts_at < one.ends_at
      AND one.status = 'booked' AND other.status = 'booked'
"""
OCCUPIED = {"patient_id": (0, 75), "room_id": (0, 90), "practitioner_id": (30, 75), "device_id": (30, 90)}
"""Minutes of the needling of a face during which each is occupied, counted from the start."""

Claimed = tuple[UUID, datetime, datetime]


def double_bookings(clinic: CrowdedClinic) -> int:
    """Claims that overlap an earlier one, and pairs of appointments in one room at one time, counted in SQL."""
    with clinic.database.read() as tx:
        return overlaps(clinic.database) + int(tx.execute(text(ROOM_TWICE)).scalar_one())


def claims_amiss(clinic: CrowdedClinic) -> Counter[Claimed]:
    """What is claimed without an appointment, and what appointments occupy without a claim. Empty when all is well."""
    columns = [getattr(AppointmentRow, name) for name in OCCUPIED]
    ours = ClaimRow.organisation_id == clinic.clinic.organisation_id
    live = select(AppointmentRow.starts_at, *columns).where(*_live(clinic))
    with clinic.database.read() as tx:
        due = Counter(claim for row in tx.execute(live) for claim in _claims(row))
        made = Counter(
            _plain(tx.execute(select(ClaimRow.subject_id, ClaimRow.starts_at, ClaimRow.ends_at).where(ours)))
        )
    return (due - made) + (made - due)


def _live(clinic: CrowdedClinic) -> tuple[ColumnElement[bool], ...]:
    return AppointmentRow.organisation_id == clinic.clinic.organisation_id, AppointmentRow.status == "booked"


def _claims(row: Any) -> Iterator[Claimed]:
    for name, (first, last) in OCCUPIED.items():
        yield getattr(row, name), row.starts_at + timedelta(minutes=first), row.starts_at + timedelta(minutes=last)


def _plain(rows: Iterable[Any]) -> Iterator[Claimed]:
    return (tuple(row) for row in rows)


Booked = tuple[UUID, int, UUID, datetime]
"""Series, session, appointment, start."""


def stored_bookings(clinic: CrowdedClinic) -> set[Booked]:
    """Every live appointment of a series."""
    columns = (SessionRow.series_id, SessionRow.number, AppointmentRow.id, AppointmentRow.starts_at)
    query = select(*columns).join(SessionRow, SessionRow.id == AppointmentRow.session_id).where(*_live(clinic))
    with clinic.database.read() as tx:
        return {(series, number, one, at) for series, number, one, at in tx.execute(query)}


def acknowledged(clerks: Iterable[Clerk]) -> set[Booked]:
    """What the clerks were told is booked."""
    return {
        (course.series_id, number, UUID(appointment), starts_at)
        for clerk in clerks
        for course in clerk.courses
        for number, (appointment, starts_at) in course.booked.items()
    }


def gaps(clinic: CrowdedClinic) -> list[int]:
    """Days between each two sessions that follow one another in a series and are both booked."""
    query = (
        select(AppointmentRow.series_id, SessionRow.number, AppointmentRow.on_date)
        .join(SessionRow, SessionRow.id == AppointmentRow.session_id)
        .where(*_live(clinic))
    )
    with clinic.database.read() as tx:
        dates = {(series, number): on for series, number, on in tx.execute(query)}
    return [(on - before).days for (series, number), on in dates.items() if (before := dates.get((series, number - 1)))]


def disagreements(clinic: CrowdedClinic, clerks: Iterable[Clerk]) -> dict[str, Any]:
    """What is wrong in the books, by kind: booked twice, acknowledged and lost, booked and unknown, wrong gaps."""
    stored, told = stored_bookings(clinic), acknowledged(clerks)
    found = {
        "booked twice": double_bookings(clinic),
        "claims amiss": claims_amiss(clinic),
        "lost": told - stored,
        "unknown": stored - told,
        "gaps": [gap for gap in gaps(clinic) if not 28 <= gap <= 42],
    }
    return {kind: wrong for kind, wrong in found.items() if wrong}
