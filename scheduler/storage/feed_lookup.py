"""The look-up that polling phones wait for: from a link to the tags and bytes of what was rendered last.

One statement for each question, written once in the words of the driver. It asks about nothing that the answer does
not carry, so values are converted where they are looked at, and not before.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, select

from scheduler.storage.database import Database
from scheduler.storage.feeds import FEEDS, LEVEL, LINKS, OWNER_ID, PATIENTS

Stored = datetime | str | None
"""An instant as the driver gives it: text in UTC on SQLite."""


@dataclass(frozen=True, slots=True)
class StoredFeed:
    """What was rendered last for a link. Without a tag nothing has been rendered yet.

    ``changed_at`` is when the bytes last became different. ``body`` are the bytes if they were asked for.
    """

    etag: str | None
    zipped_etag: str | None
    _changed_at: Stored
    _valid_until: Stored
    _stale: bool | None
    body: bytes = b""

    @property
    def changed_at(self) -> datetime | None:
        return _instant(self._changed_at)

    def fresh(self, now: datetime) -> bool:
        """Whether what was rendered last is still what the feed shows."""
        until = _instant(self._valid_until)
        return bool(self.etag) and not self._stale and (until is None or now < until)


class FeedLookup:
    """Looks feeds up by the hash of a link's token."""

    def __init__(self, database: Database) -> None:
        self._database = database
        columns = (None, FEEDS.c.body, FEEDS.c.zipped)
        self._tags, self._plain, self._zipped = (_words(database, column) for column in columns)

    def tags(self, token_hash: str) -> StoredFeed | None:
        """The tags alone; ``None`` for a link that is unknown or revoked. Raises ``Unavailable``."""
        return self._found(self._tags, token_hash)

    def whole(self, token_hash: str, *, zipped: bool) -> StoredFeed | None:
        """The tags with the bytes that belong to them. Raises ``Unavailable``."""
        return self._found(self._zipped if zipped else self._plain, token_hash)

    def _found(self, statement: str, token_hash: str) -> StoredFeed | None:
        row = self._database.look_up(statement, token_hash)
        return None if row is None else StoredFeed(*row)


def _words(database: Database, body: Any) -> str:
    """The statement as the driver takes it, its one value as a place without a name."""
    dialect = database.engine.dialect
    words = str(_query(body).compile(dialect=dialect))
    return words.replace("%(token_hash)s", "%s")


def _query(body: Any) -> Select[Any]:
    tags = (FEEDS.c.etag, FEEDS.c.zipped_etag, FEEDS.c.changed_at, FEEDS.c.valid_until, FEEDS.c.stale)
    return (
        select(*tags, *([] if body is None else [body]))
        .select_from(LINKS)
        .outerjoin(PATIENTS, PATIENTS.c.id == LINKS.c.patient_id)
        .outerjoin(FEEDS, and_(FEEDS.c.owner_id == OWNER_ID, FEEDS.c.privacy == LEVEL))
        .where(LINKS.c.token_hash == bindparam("token_hash"), LINKS.c.revoked_at.is_(None))
    )


def _instant(stored: Stored) -> datetime | None:
    if isinstance(stored, str):
        return datetime.fromisoformat(stored).replace(tzinfo=UTC)
    return stored
