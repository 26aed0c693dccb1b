"""Attempts to double-book the crowd, each by itself and each undone."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Executable, insert, update
from sqlalchemy.exc import IntegrityError

from scheduler.storage.rows import ClaimRow
from scheduler.storage.violations import constraint_of
from tests.support.crowd import BEGIN, HERE, KEEP, one

SUBJECT = one(10)
"""Claimed from the crowd's beginning for an hour, and again eight hours later."""
LATER = BEGIN + timedelta(hours=8, microseconds=4)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)

REFUSED = {
    "one second of overlap": "ex_claims_no_overlap",
    "a claim inside another": "ex_claims_no_overlap",
    "a claim around another": "ex_claims_no_overlap",
    "an update into another": "ex_claims_no_overlap",
    "an update around another": "ex_claims_no_overlap",
    "a claim of no length": "ck_claims_instants",
    "a claim that ends before it begins": "ck_claims_instants",
    "an update to no length": "ck_claims_instants",
    "an endless claim": "ck_claims_longest",
    "an update to an endless claim": "ck_claims_longest",
    "back to back": "",
    "another subject at the same time": "",
}
"""Which constraint refuses what; two stand for what must stay allowed."""


def outcomes(connection: Connection) -> dict[str, str]:
    """What refused each attempt; an empty word where nothing did."""
    return {what: _outcome(connection, statement) for what, statement in _attempts().items()}


def _outcome(connection: Connection, statement: Executable) -> str:
    savepoint = connection.begin_nested()
    try:
        connection.execute(statement)
    except IntegrityError as error:
        return constraint_of(error)
    finally:
        savepoint.rollback()
    return ""


def _attempts() -> Mapping[str, Executable]:
    first = update(ClaimRow).where(ClaimRow.subject_id == SUBJECT, ClaimRow.starts_at == BEGIN)
    second = update(ClaimRow).where(ClaimRow.subject_id == SUBJECT, ClaimRow.starts_at == LATER)
    return {
        "one second of overlap": _claim(BEGIN + HOUR - SECOND, HOUR),
        "a claim inside another": _claim(BEGIN + HOUR / 4, HOUR / 4),
        "a claim around another": _claim(BEGIN - HOUR, 4 * HOUR),
        "an update into another": second.values(starts_at=BEGIN + HOUR / 2, ends_at=BEGIN + 2 * HOUR),
        "an update around another": first.values(ends_at=BEGIN + 10 * HOUR),
        "a claim of no length": _claim(BEGIN - HOUR, timedelta(0)),
        "a claim that ends before it begins": _claim(BEGIN - HOUR, -HOUR),
        "an update to no length": first.values(ends_at=BEGIN),
        "an endless claim": _claim(BEGIN - 30 * HOUR, 12 * HOUR + SECOND),
        "an update to an endless claim": first.values(starts_at=BEGIN - 12 * HOUR),
        "back to back": _claim(BEGIN + HOUR, HOUR),
        "another subject at the same time": _claim(BEGIN, HOUR, subject_id=one(99)),
    }


def _claim(starts_at: Any, length: timedelta, **values: Any) -> Executable:
    owner = {**HERE, "subject_id": SUBJECT, "keep_id": KEEP}
    return insert(ClaimRow).values(**{**owner, **values}, starts_at=starts_at, ends_at=starts_at + length)
