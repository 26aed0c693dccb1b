"""Guessing: each attempt is counted before its secret is looked at, for all processes together."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from scheduler.domain.throttling import PACES, Guarded, Guesses, TooSoon, after_one_more
from scheduler.operations.staff.hashes import keyed
from scheduler.storage.rows import GuessRow

FORGOTTEN = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Guess:
    """An attempt at what is guarded. ``key`` tells nothing of the name or address that it is about."""

    guarded: Guarded
    key: str


def guess_at(guarded: Guarded, about: str, secret_key: str) -> Guess:
    """An attempt at the secret of a name, an address, a user or a link."""
    return Guess(guarded, keyed(secret_key, f"guess:{guarded}", about).hex())


def count_guesses(tx: Session, guesses: Collection[Guess], now: datetime) -> None:
    """Count one attempt at each. Raises ``TooSoon`` while one of them has to wait; then none is counted."""
    rows = _locked(tx, guesses, now)
    if waits := [row.wait_until - now for row in rows.values() if row.wait_until > now]:
        raise TooSoon(ceil(max(waits).total_seconds()))
    for guess in guesses:
        row = rows[guess.key]
        counted = after_one_more(Guesses(row.count, row.since, row.wait_until), PACES[guess.guarded], now)
        row.count, row.since, row.wait_until = counted.count, counted.since, counted.wait_until
    tx.flush()


def take_back(tx: Session, guesses: Collection[Guess], counted_at: datetime) -> None:
    """The attempt was right, so it does not count. Others that were made meanwhile still do."""
    for row in _locked(tx, guesses, counted_at).values():
        row.count = max(0, row.count - 1)
        if row.since == counted_at:
            row.wait_until = counted_at
    tx.flush()


def forget_guesses(tx: Session, now: datetime) -> int:
    """Delete what has long stopped to count, and say how much there was."""
    gone = tx.execute(delete(GuessRow).where(GuessRow.since <= now - FORGOTTEN).returning(GuessRow.key))
    return len(gone.all())


def _locked(tx: Session, guesses: Collection[Guess], now: datetime) -> dict[str, GuessRow]:
    """The counts by key, made where missing, and held in one order until the transaction ends."""
    insert = postgresql.insert if tx.get_bind().dialect.name == "postgresql" else sqlite.insert
    keys = sorted(guess.key for guess in guesses)
    fresh = [{"key": key, "count": 0, "since": now, "wait_until": now} for key in keys]
    tx.execute(insert(GuessRow).values(fresh).on_conflict_do_nothing())
    query = select(GuessRow).where(GuessRow.key.in_(keys)).order_by(GuessRow.key).with_for_update()
    return {row.key: row for row in tx.scalars(query)}
