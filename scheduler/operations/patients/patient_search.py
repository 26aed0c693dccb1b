"""Finding patients by parts of a name, a phone number or a date of birth, in any order and spelling."""

import re
from collections.abc import Callable, Iterator
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, or_, select, tuple_

from scheduler.domain.access import Action, Allowance, require
from scheduler.domain.birth_dates import DATE_WITH_MONTH_NAME, dates_meant
from scheduler.domain.folding import words_of
from scheduler.domain.phones import digits_to_find
from scheduler.operations.context import Context
from scheduler.operations.pages import Page, page_of
from scheduler.operations.patients.patients import Patient
from scheduler.storage.rows import PatientRow

Test = ColumnElement[bool]

_EMAIL = re.compile(r"\S+@\S*")
_NUMBER = re.compile(r"[+(]?\d[\d\s()./-]*\d")


def find_patients(context: Context, *, q: str = "", after: UUID | None = None, limit: int = 25) -> Page[Patient]:
    """The patients in whom everything that was typed is found; without ``q``, all of them.

    Words are parts of the name without accents and case, in any order; digits are part of the phone number, however
    either is written, or a date of birth. Those whose words begin with what was typed come first, then by name.
    """
    tests, rest = _taken_out(q)
    words = words_of(rest)
    keys = (_rank(words), PatientRow.search_text, PatientRow.id)
    query = select(PatientRow).where(*_visible(context), *tests, *map(_contains, words))
    if after is not None:
        last = select(*keys).where(PatientRow.id == after).scalar_subquery()
        query = query.where(tuple_(*keys) > last)
    found = context.tx.scalars(query.order_by(*keys).limit(limit + 1)).all()
    return page_of([Patient.of(row) for row in found], limit, lambda patient: patient.id)


def _visible(context: Context) -> Iterator[Test]:
    yield PatientRow.organisation_id == context.organisation_id
    yield PatientRow.merged_into_id.is_(None)
    if require(context.actor, Action.SEE_PATIENTS) is Allowance.OWN:
        yield PatientRow.id == context.actor.patient_id


def _taken_out(q: str) -> tuple[list[Test], str]:
    """The tests for e-mail addresses, dates and numbers in ``q``, and the rest, which is words."""
    tests: list[Test] = []
    kinds: tuple[tuple[re.Pattern[str], Callable[[str], Test]], ...] = (
        (_EMAIL, _written_to),
        (DATE_WITH_MONTH_NAME, _born),
        (_NUMBER, _numbered),
    )
    for spelling, test in kinds:
        tests.extend(test(found[0]) for found in spelling.finditer(q))
        q = spelling.sub(" ", q)
    return tests, q


def _written_to(address: str) -> Test:
    return PatientRow.email.startswith(address.lower(), autoescape=True)


def _born(typed: str) -> Test:
    return PatientRow.date_of_birth.in_(dates_meant(typed))


def _numbered(typed: str) -> Test:
    """A number is part of a phone number, a date of birth, or stands in the name."""
    phones = [PatientRow.phone_digits.contains(digits) for digits in sorted(digits_to_find(typed))]
    names = and_(*map(_contains, words_of(typed)))
    return or_(_born(typed), *phones, names)


def _contains(word: str) -> Test:
    return PatientRow.search_text.contains(word)


def _rank(words: tuple[str, ...]) -> ColumnElement[int]:
    begun = and_(True, *(PatientRow.search_text.contains(f" {word}") for word in words))
    return case((begun, 0), else_=1)
