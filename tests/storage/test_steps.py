"""Changes survive the way into an audit row and back."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from scheduler.domain.changes import Change, RiskChanged, digest
from scheduler.storage.database import Database
from scheduler.storage.rows import ChangeSetRow
from scheduler.storage.steps import changes_of, steps_of
from tests.support.any_change import KINDS, any_change, of_type
from tests.support.rows import NOW, Ground
from tests.support.stored_course import NINE, StoredCourse, moved


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_every_type_of_change_comes_back_equal(kind: type[Change], data: st.DataObject) -> None:
    change = data.draw(of_type(kind))
    steps = json.loads(json.dumps(steps_of([change])))
    assert steps[0]["type"] == kind.__name__
    assert changes_of(steps) == (change,)
    assert digest(changes_of(steps)) == digest([change])


@given(st.lists(any_change))
def test_changes_come_back_in_their_order(changes: list[Change]) -> None:
    assert changes_of(json.loads(json.dumps(steps_of(changes)))) == tuple(changes)


@pytest.fixture(scope="module")
def shared_database(module_database_url: str) -> Iterator[Database]:
    database = Database(module_database_url)
    yield database
    database.dispose()


@settings(max_examples=30)
@given(changes=st.lists(any_change.filter(lambda change: "\\u0000" not in json.dumps(steps_of([change]))), max_size=4))
def test_changes_survive_a_row(shared_database: Database, changes: list[Change]) -> None:
    """A text from people holds no NUL, which PostgreSQL cannot keep."""

    def keep(tx: Any) -> UUID:
        ground = Ground(tx)
        owner = {"organisation_id": ground.organisation_id, "clinic_id": ground.clinic_id, "made_by": ground.user_id}
        when = {"made_at": NOW, "undo_until": NOW, "revision": 1}
        row = ChangeSetRow(**owner, patient_id=ground.patient(), **when, steps=steps_of(changes))
        return ground.add(row)

    kept = shared_database.write(keep)
    with shared_database.read() as tx:
        steps = tx.scalars(select(ChangeSetRow.steps).where(ChangeSetRow.id == kept)).one()
    assert changes_of(steps) == tuple(changes)


@pytest.mark.parametrize(
    "step",
    [
        {},
        {"type": "Nothing"},
        {"appointment_id": str(UUID(int=1))},
        {"type": "RiskChanged", "appointment_id": "1", "session": 1, "on": "2026-03-02", "reason": None},
        {"type": "RiskChanged", "appointment_id": str(UUID(int=1)), "session": 1, "on": "2026-02-30", "reason": None},
        {"type": "WindowStored", "session": 1, "window": ["2026-03-02"]},
        {"type": "SeriesStateChanged", "before": "draft", "after": "asleep"},
    ],
)
def test_what_is_no_change_is_not_read_as_one(step: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        changes_of([step])


def test_reading_steps_leaves_them_as_they_are() -> None:
    steps = steps_of([RiskChanged(UUID(int=1), 1, NOW.date(), None)])
    assert changes_of(steps) == changes_of(steps)


def test_a_stored_move_can_be_applied_again(database_url: str) -> None:
    course = StoredCourse(Database(database_url))
    booked = course.booked(1)
    course.apply(booked)
    move = moved(booked, course.slot(NINE, 2))
    course.apply(*changes_of(json.loads(json.dumps(steps_of([move])))))
    assert course.row(booked.appointment_id, "room_id") == {"room_id": course.ids["room2"]}
    course.database.dispose()
