"""Feeds as they are stored: whose feed a link opens, the bytes that were rendered last, and what makes them stale.

Whoever changes what a feed shows marks it stale and holds its row, shared, until the transaction ends; whoever renders
takes the row for itself first. So a rendering waits for the changes that are under way, sees them, and no change slips
in between reading and keeping. That needs a row: a feed gets one before it is rendered for the first time.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, case, func, select, text, union, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session as Transaction

from scheduler.calendars.privacy import PrivacyLevel
from scheduler.storage.rows import AppointmentRow, ClinicRow, FeedRow, LinkRow, PatientRow, ResourceRow, table

FEEDS = table(FeedRow)
LINKS = table(LinkRow)
PATIENTS = table(PatientRow)


def hash_of(token: str) -> str:
    """What the database keeps of a link's token."""
    return hashlib.sha256(token.encode()).hexdigest()


class OwnerKind(StrEnum):
    """Whose appointments a feed shows."""

    PATIENT = "patient"
    RESOURCE = "resource"
    CLINIC = "clinic"


@dataclass(frozen=True, slots=True)
class FeedOwner:
    """Whose feed a link opens, and at which level."""

    organisation_id: UUID
    kind: OwnerKind
    id: UUID
    privacy: PrivacyLevel


OWNER_ID = func.coalesce(LINKS.c.patient_id, LINKS.c.resource_id, LINKS.c.clinic_id)
LEVEL = func.coalesce(PATIENTS.c.privacy, LINKS.c.privacy)
"""A patient's link follows the patient's choice, so that it holds for all devices at once."""
_KIND = case(
    (LINKS.c.patient_id.is_not(None), OwnerKind.PATIENT.value),
    (LINKS.c.resource_id.is_not(None), OwnerKind.RESOURCE.value),
    else_=OwnerKind.CLINIC.value,
)
_OWNER = (
    select(LINKS.c.organisation_id, _KIND, OWNER_ID, LEVEL)
    .select_from(LINKS)
    .outerjoin(PATIENTS, PATIENTS.c.id == LINKS.c.patient_id)
    .where(LINKS.c.token_hash == bindparam("token_hash"), LINKS.c.revoked_at.is_(None))
)


def find_owner(tx: Transaction, token_hash: str) -> FeedOwner | None:
    """Whose feed a link opens; ``None`` for one that is unknown or revoked, which nobody can tell apart."""
    found = tx.execute(_OWNER, {"token_hash": token_hash}).one_or_none()
    if found is None:
        return None
    organisation_id, kind, owner_id, level = found
    return FeedOwner(organisation_id, OwnerKind(kind), owner_id, PrivacyLevel(level))


def place_feed(tx: Transaction, owner: FeedOwner, now: datetime) -> None:
    """Give a feed its row, to be rendered in a later transaction; one that has a row keeps it.

    On PostgreSQL waits for the transactions that have looked for rows to mark and did not find this one.
    """
    is_postgresql = tx.get_bind().dialect.name == "postgresql"
    if is_postgresql:
        tx.execute(text("LOCK TABLE feeds IN SHARE ROW EXCLUSIVE MODE"))
    insert = postgresql.insert if is_postgresql else sqlite.insert
    owned = {"organisation_id": owner.organisation_id, "owner_id": owner.id, "privacy": owner.privacy}
    nothing = {"body": b"", "zipped": b"", "etag": "", "zipped_etag": "", "changed_at": now, "stale": True}
    tx.execute(insert(FEEDS).values(**owned, **nothing).on_conflict_do_nothing())


def lock_feed(tx: Transaction, owner: FeedOwner) -> tuple[str, datetime] | None:
    """Take a feed's row, and give its tag and when the bytes last changed; ``None`` when it has no row.

    Waits for the transactions that have marked it; later ones wait until this one ends.
    """
    query = select(FEEDS.c.etag, FEEDS.c.changed_at).where(*_is(owner)).with_for_update()
    found = tx.execute(query).one_or_none()
    return None if found is None else (found.etag, found.changed_at)


def keep_feed(tx: Transaction, owner: FeedOwner, values: dict[str, Any]) -> None:
    """Replace what was rendered last. The caller has locked the feed."""
    tx.execute(update(FEEDS).where(*_is(owner)).values(**values, stale=False))


def _is(owner: FeedOwner) -> tuple[Any, Any]:
    return FEEDS.c.owner_id == owner.id, FEEDS.c.privacy == owner.privacy


def _marking(owners: Any) -> Any:
    """The statement that marks the feeds of these owners: holds every row, writes only those that are fresh.

    A clinic's feed is touched by everyone there, and writing its row each time would make them queue.
    """
    columns = (FEEDS.c.owner_id, FEEDS.c.privacy, FEEDS.c.stale)
    held = select(*columns).where(owners).with_for_update(read=True, key_share=True).cte("held")
    same = (FEEDS.c.owner_id == held.c.owner_id, FEEDS.c.privacy == held.c.privacy)
    return (
        update(FEEDS)
        .where(*same, held.c.stale.is_(False))
        .values(stale=True)
        .execution_options(synchronize_session=False)
    )


_OF_THESE = _marking(FEEDS.c.owner_id.in_(bindparam("owners", expanding=True)))


def mark_feeds(tx: Transaction, owners: Collection[UUID]) -> None:
    """The feeds of these patients, resources and clinics no longer show what is."""
    tx.execute(_OF_THESE, {"owners": list(owners)})


def _of_appointments(patient_id: UUID) -> Select[Any]:
    row = AppointmentRow
    places = (row.practitioner_id, row.room_id, row.device_id, row.clinic_id)
    parts = [select(place).where(row.patient_id == patient_id, place.is_not(None)) for place in places]
    return select(union(*parts).subquery().c[0])


def mark_feeds_that_name(tx: Transaction, patient_id: UUID) -> None:
    """The staff's feeds that show a patient's name no longer show what is."""
    tx.execute(_marking(FEEDS.c.owner_id.in_(_of_appointments(patient_id))))


def mark_staff_feeds(tx: Transaction, organisation_id: UUID) -> None:
    """The feeds of an organisation's resources and clinics no longer show what is: they name one another."""
    owners = [select(row.id).where(row.organisation_id == organisation_id) for row in (ResourceRow, ClinicRow)]
    tx.execute(_marking(FEEDS.c.owner_id.in_(select(union(*owners).subquery().c.id))))


def mark_all_feeds(tx: Transaction, organisation_id: UUID) -> None:
    """None of an organisation's feeds shows what is."""
    tx.execute(_marking(FEEDS.c.organisation_id == organisation_id))
