"""Feeds as they are stored: who a link belongs to, and the bytes that were rendered last."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, delete, insert, select
from sqlalchemy.orm import Session as Transaction

from scheduler.calendars.privacy import PrivacyLevel
from scheduler.storage.rows import FeedRow, LinkRow, PatientRow


def hash_of(token: str) -> str:
    """What the database keeps of a link's token."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class FeedTags:
    """Whose feed a link opens, and the tags of what was rendered last. Without tags nothing has been rendered yet.

    ``changed_at`` is when the bytes last became different, ``valid_until`` when an event leaves by itself.
    """

    organisation_id: UUID
    patient_id: UUID
    privacy: PrivacyLevel
    etag: str | None
    zipped_etag: str | None
    changed_at: datetime | None
    valid_until: datetime | None
    stale: bool | None

    def fresh(self, now: datetime) -> bool:
        """Whether what was rendered last is still what the feed shows."""
        return self.etag is not None and not self.stale and (self.valid_until is None or now < self.valid_until)


_TAGS = (
    select(
        PatientRow.organisation_id,
        PatientRow.id,
        PatientRow.privacy,
        FeedRow.etag,
        FeedRow.zipped_etag,
        FeedRow.changed_at,
        FeedRow.valid_until,
        FeedRow.stale,
    )
    .select_from(LinkRow)
    .join(PatientRow, PatientRow.id == LinkRow.patient_id)
    .outerjoin(FeedRow, and_(FeedRow.patient_id == PatientRow.id, FeedRow.privacy == PatientRow.privacy))
)


def find_feed(tx: Transaction, token_hash: str) -> FeedTags | None:
    """The feed that a link opens; ``None`` for one that is unknown or revoked, which nobody can tell apart."""
    found = tx.execute(_TAGS.where(LinkRow.token_hash == token_hash, LinkRow.revoked_at.is_(None))).one_or_none()
    return None if found is None else FeedTags(*found)


@dataclass(frozen=True, slots=True)
class KeptFeed:
    """The bytes that were rendered last, plain or zipped, with their own tag."""

    body: bytes
    etag: str
    changed_at: datetime


def read_feed(tx: Transaction, patient_id: UUID, privacy: PrivacyLevel, *, zipped: bool) -> KeptFeed | None:
    """What was rendered last: bytes and tag from one look, so that they belong together."""
    columns = (FeedRow.zipped, FeedRow.zipped_etag) if zipped else (FeedRow.body, FeedRow.etag)
    query = select(*columns, FeedRow.changed_at).where(FeedRow.patient_id == patient_id, FeedRow.privacy == privacy)
    found = tx.execute(query).one_or_none()
    return None if found is None else KeptFeed(*found)


def store_feed(tx: Transaction, row: dict[str, object]) -> None:
    """Replace what was rendered last. The caller holds the patient's lock."""
    tx.execute(delete(FeedRow).where(FeedRow.patient_id == row["patient_id"], FeedRow.privacy == row["privacy"]))
    tx.execute(insert(FeedRow).values(**row))
