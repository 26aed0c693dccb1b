"""Answers kept by Idempotency-Key, so that a request sent twice is one deed.

The key's row is the first thing that its transaction writes. A twin that comes meanwhile waits for it: on SQLite for
the one writer, on PostgreSQL for the unique row. If the first commits, the twin reads its answer; if the first is
rolled back, the twin's own insert goes through and it does the deed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from scheduler.domain.refusals import Invalid
from scheduler.storage.rows import IdempotencyRow

KEPT = timedelta(hours=24)
UNANSWERED = 0


@dataclass(frozen=True, slots=True)
class OwnedKey:
    """An Idempotency-Key as one token used it; another token's equal key is another key."""

    organisation_id: UUID
    token_id: UUID
    key: str


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """A whole answer: what was given once and is given again."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def claim_key(tx: Session, key: OwnedKey, fingerprint: str, now: datetime) -> KeptAnswer | None:
    """The answer that this key was given in the last day, or ``None`` and the key is yours to answer.

    Raises ``Invalid`` when the key was used for another request.
    """
    if _claimed(tx, key, fingerprint, now):
        return None
    known = tx.execute(
        select(IdempotencyRow.fingerprint, IdempotencyRow.status, IdempotencyRow.headers, IdempotencyRow.body).where(
            _is(key)
        )
    ).one()
    if known.fingerprint != fingerprint:
        raise Invalid(
            "This Idempotency-Key was used for another request.",
            code="idempotency_key_reused",
            remedy="Take a fresh key for each deed.",
        )
    return KeptAnswer(known.status, known.headers, known.body)


def keep_answer(tx: Session, key: OwnedKey, answer: KeptAnswer) -> None:
    """Keep the answer of a key that this transaction has claimed."""
    values = {"status": answer.status, "headers": dict(answer.headers), "body": answer.body}
    tx.execute(update(IdempotencyRow).where(_is(key)).values(values))


def forget_answers(tx: Session, now: datetime) -> int:
    """Delete the answers that are older than a day, and say how many there were."""
    gone = tx.execute(delete(IdempotencyRow).where(IdempotencyRow.made_at <= now - KEPT).returning(IdempotencyRow.key))
    return len(gone.all())


def _claimed(tx: Session, key: OwnedKey, fingerprint: str, now: datetime) -> bool:
    """Write the key's row, or take over one that is older than a day."""
    insert = postgresql.insert if tx.get_bind().dialect.name == "postgresql" else sqlite.insert
    fresh = {"fingerprint": fingerprint, "status": UNANSWERED, "headers": {}, "body": b"", "made_at": now}
    ours = {"organisation_id": key.organisation_id, "token_id": key.token_id, "key": key.key}
    statement = (
        insert(IdempotencyRow)
        .values(**ours, **fresh)
        .on_conflict_do_update(
            index_elements=["token_id", "key"], set_=fresh, where=IdempotencyRow.made_at <= now - KEPT
        )
        .returning(IdempotencyRow.key)
    )
    return tx.execute(statement).first() is not None


def _is(key: OwnedKey) -> ColumnElement[bool]:
    return (IdempotencyRow.token_id == key.token_id) & (IdempotencyRow.key == key.key)
