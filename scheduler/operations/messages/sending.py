"""Sending: a message is leased and written in one transaction, sent outside of any, and finished in another one.

A lease that ran out means that the message may have gone out. It is then sent again with the very same content as long
as what was said still stands; else it is written anew for somebody who may have had the earlier one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session as Transaction

from scheduler.domain.contact import Contact
from scheduler.domain.delivery import MOST_ATTEMPTS, WaitingNews, gathered, next_attempt
from scheduler.domain.news import Known, differs
from scheduler.operations.messages.care_messages import say_aftercare, say_reminder
from scheduler.operations.messages.closing_messages import close, supersede
from scheduler.operations.messages.composing import Composed, Composer, Later, Post, compose, matter_of
from scheduler.operations.messages.link_messages import say_link
from scheduler.operations.messages.news_messages import say_news
from scheduler.operations.messages.patient_visits import patient_visits
from scheduler.operations.messages.withdrawing import say_withdrawal
from scheduler.storage.database import Unavailable
from scheduler.storage.locking import lock_patients
from scheduler.storage.outbox import due_patients, leased_row, lock_free_patients, waiting_rows
from scheduler.storage.rows import MessageKind, OutboxRow, OutboxState
from scheduler.storage.told import known_from_json, write_told
from scheduler.storage.types import new_id

LEASE = timedelta(minutes=5)
"""So long a message belongs to the worker that took it."""

COMPOSERS: Mapping[MessageKind, Composer] = {
    MessageKind.NEWS: say_news,
    MessageKind.REMINDER: say_reminder,
    MessageKind.AFTERCARE: say_aftercare,
    MessageKind.LINK: say_link,
    MessageKind.WITHDRAWAL: say_withdrawal,
}
"""What each kind of message says. A kind that is not here is never waiting."""


class Outcome(StrEnum):
    """What became of an attempt.

    ``AWAY``: the way out is closed for every message. ``REFUSED`` is for good; ``IN_DOUBT``: nobody knows whether it
    went out.
    """

    SENT = "sent"
    AWAY = "away"
    NOT_SENT = "not_sent"
    REFUSED = "refused"
    IN_DOUBT = "in_doubt"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of an attempt to send, and why it failed."""

    outcome: Outcome
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Leased:
    """A message to send now: ``content`` goes ``by`` this way, and not after ``until`` (UTC)."""

    id: UUID
    lease_id: UUID
    patient_id: UUID
    by: Contact
    content: Mapping[str, Any]
    until: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """What a worker has to send. ``settled`` messages needed no sending: nothing to tell, or somebody to call."""

    leased: tuple[Leased, ...]
    settled: int


def take_due(tx: Transaction, post: Post, now: datetime, most: int) -> Taken:
    """Lease the messages that are due, of so many patients at most, one of each, and write them."""
    lease_id, leased, settled = new_id(), [], 0
    for patient_id in lock_free_patients(tx, due_patients(tx, now, most)):
        row, dropped = _next_of(waiting_rows(tx, patient_id), now)
        settled += dropped
        if row is None:
            continue
        _write(tx, row, post, now)
        if row.state is OutboxState.WAITING and row.due_at <= now:
            leased.append(_lease(row, lease_id, now + LEASE))
        else:
            settled += 1
    tx.flush()
    return Taken(tuple(leased), settled)


def finish(tx: Transaction, leased: Leased, attempt: Attempt, now: datetime) -> bool:
    """Note what became of an attempt. False when the lease has passed to somebody else, who will note it."""
    lock_patients(tx, [leased.patient_id])
    row = leased_row(tx, leased.id, leased.lease_id)
    if row is None:
        return False
    row.lease_id = row.leased_until = None
    row.error = attempt.error
    if attempt.outcome is Outcome.SENT:
        _arrived(tx, row, now)
    else:
        row.in_doubt = row.in_doubt or attempt.outcome is Outcome.IN_DOUBT
        _put_off(row, now, for_good=attempt.outcome is Outcome.REFUSED)
    tx.flush()
    return True


def release(tx: Transaction, leased: Sequence[Leased]) -> None:
    """Give back messages that were not tried, as if they had never been taken."""
    lock_patients(tx, [one.patient_id for one in leased])
    for one in leased:
        if row := leased_row(tx, one.id, one.lease_id):
            row.lease_id = row.leased_until = None
            row.attempts -= 1
    tx.flush()


def _next_of(waiting: Sequence[OutboxRow], now: datetime) -> tuple[OutboxRow | None, int]:
    """The message of a patient that is to be sent now, and how many others were dropped for it."""
    if any(row.leased_until and row.leased_until > now for row in waiting):
        return None, 0
    for row in waiting:
        row.in_doubt = row.in_doubt or row.lease_id is not None
        row.lease_id = row.leased_until = None
    due = [row for row in waiting if row.due_at <= now]
    if not due or due[0].kind is not MessageKind.NEWS:
        return (due[0] if due else None), 0
    return _gather([row for row in waiting if row.kind is MessageKind.NEWS], now)


def _gather(rows: Sequence[OutboxRow], now: datetime) -> tuple[OutboxRow | None, int]:
    """One message of those with news tells all."""
    found = gathered([WaitingNews(row.id, row.due_at, row.attempts, row.in_doubt) for row in rows], now)
    by_id = {row.id: row for row in rows}
    for id_ in found.dropped:
        close(by_id[id_], OutboxState.DROPPED, now, outcome="gathered")
    chosen = by_id[found.tells]
    chosen.due_at = found.due_at
    return (chosen if found.due_at <= now else None), len(found.dropped)


def _write(tx: Transaction, row: OutboxRow, post: Post, now: datetime) -> None:
    """Write the message, or settle it when it needs no sending. One that cannot be written stops no other."""
    if row.attempts >= MOST_ATTEMPTS:
        close(row, OutboxState.DEAD, now)
        return
    try:
        composed = _composed(tx, row, post, now)
    except (SQLAlchemyError, Unavailable):
        raise
    except Exception as error:  # whatever a text may hold, the queue goes on
        row.attempts += 1
        row.error = f"could not be written: {type(error).__name__}"
        _put_off(row, now)
        return
    _settle(tx, row, composed, now)


def _composed(tx: Transaction, row: OutboxRow, post: Post, now: datetime) -> Composed | Later | None:
    """The message as it has to be now, and as it was sent before where that may be."""
    composed = compose(matter_of(tx, row, post, now), COMPOSERS)
    if row.facts is None or row.content is None or isinstance(composed, Later):
        return composed
    if composed is not None and composed.facts["basis"] == row.facts["basis"]:
        return replace(composed, content=row.content, facts=row.facts)
    perhaps = _outdated(tx, row, now) if row.in_doubt else {}
    return compose(matter_of(tx, row, post, now, perhaps), COMPOSERS) if perhaps else composed


def _outdated(tx: Transaction, row: OutboxRow, now: datetime) -> dict[UUID, Known]:
    """What the patient has perhaps been told of appointments that have changed since."""
    knows = knows_of(row)
    visits = patient_visits(tx, row.patient_id, knows, now)
    pairs = ((id_, known, visits[id_].known) for id_, known in knows.items() if id_ in visits)
    return {id_: then for id_, then, now_ in pairs if then.cancelled != now_.cancelled or differs(then, now_)}


def _settle(tx: Transaction, row: OutboxRow, composed: Composed | Later | None, now: datetime) -> None:
    if isinstance(composed, Later):
        row.due_at = composed.at
        return
    if composed is None or composed.by is Contact.PHONE:
        supersede(tx, row, now)
    if composed is None:
        close(row, OutboxState.DROPPED, now, outcome="nothing to tell")
        return
    if row.content != composed.content:
        row.writings += 1
    row.by, row.content, row.facts, row.error = composed.by, composed.content, composed.facts, composed.why
    row.useful_until = composed.useful_until
    if composed.by is Contact.PHONE:
        row.state = OutboxState.TO_CALL


def _lease(row: OutboxRow, lease_id: UUID, until: datetime) -> Leased:
    row.lease_id, row.leased_until = lease_id, until
    row.attempts += 1
    return Leased(row.id, lease_id, row.patient_id, row.by or Contact.PHONE, row.content or {}, until)


def _arrived(tx: Transaction, row: OutboxRow, now: datetime) -> None:
    """The patient knows. The content has served its time."""
    remember_told(tx, row, now)
    close(row, OutboxState.SENT, now)
    row.content = None
    supersede(tx, row, now)


def _put_off(row: OutboxRow, now: datetime, *, for_good: bool = False) -> None:
    again = None if for_good else next_attempt(row.attempts, now)
    if again is None:
        close(row, OutboxState.DEAD, now)
    else:
        row.due_at = again


def knows_of(row: OutboxRow) -> dict[UUID, Known]:
    """What the patient knows of appointments once this message has arrived."""
    knows = (row.facts or {}).get("knows", {})
    return {UUID(id_): known_from_json(known) for id_, known in knows.items()}


def remember_told(tx: Transaction, row: OutboxRow, now: datetime) -> None:
    """The patient has been told what this message says. The caller holds the patient's lock."""
    write_told(tx, row.organisation_id, row.patient_id, knows_of(row), now)
