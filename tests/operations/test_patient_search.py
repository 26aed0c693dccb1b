"""Patients are found by parts of what is known of them, in any spelling."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from scheduler.domain.access import Actor, Role
from scheduler.operations.context import Context
from scheduler.operations.patients.patient_search import find_patients
from scheduler.operations.patients.patients import add_patient
from scheduler.storage.database import Database
from tests.support.clinic import Clinic, open_clinic
from tests.support.queries import counted
from tests.support.rows import NOW

PEOPLE: list[dict[str, Any]] = [
    {"name": "Anna Kowalska", "phone": "+44 20 7946 0958", "date_of_birth": date(1984, 3, 12)},
    {"name": "Johanna Łuczak", "phone": "07700 900123", "date_of_birth": date(1984, 12, 3)},
    {"name": "Seán O’Brien", "email": "Sean_O@Example.ie"},
    {"name": "Müller-Lüdenscheidt, Bärbel", "phone": "+49 (0)30 1234567"},
    {"name": "山田 太郎", "phone": "+81 3-1234-5678"},
    {"name": "Anna 2nd", "phone": "030 5550199"},
]


@pytest.fixture(scope="module")
def peopled(module_database_url: str) -> Iterator[Clinic]:
    database = Database(module_database_url)
    clinic = open_clinic(database)
    for person in PEOPLE:
        clinic.do(lambda context, person=person: add_patient(context, **person))
    other = open_clinic(database)
    other.do(lambda context: add_patient(context, name="Anna Elsewhere", phone="0300000"))
    yield clinic
    database.dispose()


def found(clinic: Clinic, q: str, **values: Any) -> list[str]:
    page = clinic.do(lambda context: find_patients(context, q=q, **values))
    return [patient.name.split()[0].strip(",") for patient in page.items]


@pytest.mark.parametrize(
    ("q", "names"),
    [
        ("kowalska", ["Anna"]),
        ("KOW ann", ["Anna"]),
        ("ann", ["Anna", "Anna", "Johanna"]),
        ("luczak", ["Johanna"]),
        ("czak joh", ["Johanna"]),
        ("obrien", ["Seán"]),
        ("o'brien sean", ["Seán"]),
        ("o brien", ["Seán"]),
        ("lüden mul", ["Müller-Lüdenscheidt"]),
        ("太郎", ["山田"]),
        ("2nd", ["Anna"]),
        ("%", ["Anna", "Anna", "Johanna", "Müller-Lüdenscheidt", "Seán", "山田"]),
        ("nobody", []),
        ("anna nobody", []),
    ],
)
def test_by_parts_of_the_name(peopled: Clinic, q: str, names: list[str]) -> None:
    assert found(peopled, q) == names


@pytest.mark.parametrize(
    ("q", "names"),
    [
        ("020 7946 0958", ["Anna"]),
        ("+44 (0)20 7946 0958", ["Anna"]),
        ("0044 20 79460958", ["Anna"]),
        ("442079460958", ["Anna"]),
        ("0958", ["Anna"]),
        ("anna 7946", ["Anna"]),
        ("+44 7700 900", ["Johanna"]),
        ("030 1234567", ["Müller-Lüdenscheidt"]),
        ("1234-5678", ["山田"]),
        ("1234", ["Müller-Lüdenscheidt", "山田"]),
        ("johanna 7946", []),
    ],
)
def test_by_part_of_the_phone_number(peopled: Clinic, q: str, names: list[str]) -> None:
    assert found(peopled, q) == names


@pytest.mark.parametrize(
    ("q", "names"),
    [
        ("1984-03-12", ["Anna"]),
        ("12.03.1984", ["Anna", "Johanna"]),
        ("12 March 1984", ["Anna"]),
        ("3 Dec 1984", ["Johanna"]),
        ("kowalska 12/3/1984", ["Anna"]),
        ("12031984 ann", ["Anna", "Johanna"]),
        ("12.03.1985", []),
    ],
)
def test_by_the_date_of_birth(peopled: Clinic, q: str, names: list[str]) -> None:
    assert found(peopled, q) == names


@pytest.mark.parametrize(
    ("q", "names"), [("sean_o@example.ie", ["Seán"]), ("SEAN_O@", ["Seán"]), ("seanxo@", []), ("%@", [])]
)
def test_by_the_beginning_of_the_e_mail_address(peopled: Clinic, q: str, names: list[str]) -> None:
    assert found(peopled, q) == names


def test_pages_follow_one_another_without_gap_or_repeat(peopled: Clinic) -> None:
    for q in ("", "ann"):
        names: list[str] = []
        after = None
        while True:
            page = peopled.do(lambda context, q=q, after=after: find_patients(context, q=q, after=after, limit=1))
            names.extend(patient.name for patient in page.items)
            after = page.last
            if after is None:
                break
        whole = peopled.do(lambda context, q=q: find_patients(context, q=q))
        assert names == [patient.name for patient in whole.items]


def test_a_patient_finds_themselves_alone(peopled: Clinic) -> None:
    (mine,) = peopled.do(lambda context: find_patients(context, q="kowalska")).items
    me = Actor(uuid4(), peopled.organisation_id, "me", frozenset({Role.PATIENT}), patient_id=mine.id)
    with peopled.database.read() as tx:
        assert find_patients(Context(tx, me, NOW)).items == (mine,)


def test_one_query_finds_all(peopled: Clinic) -> None:
    for limit in (1, 3):
        with counted(peopled.database.engine) as sent:
            found(peopled, "ann", limit=limit)
        assert len(sent) == 1
