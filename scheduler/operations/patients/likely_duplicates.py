"""Who may be the same person already on file."""

from dataclasses import dataclass
from datetime import date
from itertools import permutations
from uuid import UUID

from sqlalchemy import ColumnElement, select, union

from scheduler.operations.context import Context
from scheduler.storage.rows import PatientRow

MOST = 5
MOST_COMPARED = 100
MOST_WORDS_TO_REORDER = 3


@dataclass(frozen=True, slots=True)
class LikelyDuplicate:
    """A patient on file who may be the new one, and what the two share: ``name``, ``phone`` or ``email``."""

    id: UUID
    name: str
    phone: str | None
    email: str | None
    date_of_birth: date | None
    shared: tuple[str, ...]


def likely_duplicates(context: Context, row: PatientRow) -> tuple[LikelyDuplicate, ...]:
    """At most five, those who share most first.

    The same name in any order of its words, or the same contact and one word of the name in common; never when both
    dates of birth are known and differ.
    """
    ours = PatientRow.organisation_id == context.organisation_id
    ids = union(*(select(PatientRow.id).where(ours, test) for test in _alike(row)))
    others = select(PatientRow).where(PatientRow.id.in_(ids), PatientRow.merged_into_id.is_(None))
    found = context.tx.scalars(others.order_by(PatientRow.id).limit(MOST_COMPARED))
    alike = [_compared(row, other) for other in found if other.id != row.id and _may_be_same(row, other)]
    return tuple(sorted(alike, key=lambda one: (-len(one.shared), one.id))[:MOST])


def _alike(row: PatientRow) -> list[ColumnElement[bool]]:
    """Up to three look-ups, each in an index of its own, which one ``OR`` would not use on every engine."""
    tests: list[ColumnElement[bool]] = [PatientRow.search_text.in_(_orders(row.search_text))]
    if row.phone_digits:
        tests.append(PatientRow.phone_digits == row.phone_digits)
    if row.email:
        tests.append(PatientRow.email == row.email)
    return tests


def _orders(text: str) -> list[str]:
    words = text.split()
    if len(words) > MOST_WORDS_TO_REORDER:
        return [text]
    return sorted({"".join(f" {word}" for word in order) for order in permutations(words)})


def _may_be_same(row: PatientRow, other: PatientRow) -> bool:
    born = {row.date_of_birth, other.date_of_birth} - {None}
    return len(born) < 2 and bool(set(row.search_text.split()) & set(other.search_text.split()))


def _compared(row: PatientRow, other: PatientRow) -> LikelyDuplicate:
    same = {
        "name": sorted(row.search_text.split()) == sorted(other.search_text.split()),
        "phone": bool(row.phone_digits) and row.phone_digits == other.phone_digits,
        "email": bool(row.email) and row.email == other.email,
    }
    shared = tuple(what for what, agrees in same.items() if agrees)
    return LikelyDuplicate(other.id, other.name, other.phone, other.email, other.date_of_birth, shared)
