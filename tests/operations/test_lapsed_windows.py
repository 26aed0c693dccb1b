"""Lapsed windows as tasks: which series wait for a decision, page by page, in as many queries for many as for one."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from scheduler.operations.booking.attending import perform
from scheduler.operations.pages import Page
from scheduler.operations.tasks.task_kinds import Task, TaskKind
from scheduler.operations.tasks.tasks import list_tasks
from scheduler.storage.rows import ClosureRow
from tests.support.desk import Desk, at, day
from tests.support.hold_orders import propose, wish
from tests.support.queries import counted

LAST, LATE = at(42), at(43)
"""The window of a second session is day 28 to 42 after a first on day 0."""


def begun(desk: Desk, on: int = 0, hour: int = 10, patient_id: UUID | None = None) -> UUID:
    """A series whose first session was performed on a day and whose second has no date."""
    series = desk.series(patient_id or desk.patient(), sessions=3)
    desk.book(series, {1: on}, hour)
    booking = desk.sheet(series).snapshot.series.session(1).booking
    assert booking is not None
    desk.do(lambda c: perform(c, appointment_id=booking.appointment_id, on=day(on)), now=at(on, 17))
    return series


def tasks(desk: Desk, now: datetime = LATE) -> list[Task]:
    return list(desk.do(lambda c: list_tasks(c, kinds=[TaskKind.LAPSED_WINDOW]), now=now).items)


def waiting(desk: Desk, now: datetime = LATE) -> list[UUID | None]:
    return [task.series_id for task in tasks(desk, now)]


def test_a_window_that_has_passed_is_a_task_from_the_day_after(desk: Desk) -> None:
    series = begun(desk)
    assert waiting(desk, LAST) == []
    (task,) = tasks(desk)
    assert (task.id, task.series_id, task.session) == (series, series, 2)
    assert (task.patient, task.phone) == ("Nadia Okonjo", "+49 30 5550142")
    assert (task.on, task.until) == (day(28), day(42))


def test_a_session_with_an_appointment_waits_for_no_decision(desk: Desk) -> None:
    desk.book(begun(desk), {2: 40})
    assert waiting(desk) == []


def test_a_window_that_a_hold_covers_to_its_end_has_lapsed(desk: Desk) -> None:
    patient = desk.patient()
    series = begun(desk, patient_id=patient)
    propose(desk, patient, wish(30, 42), now=at(29))
    assert (waiting(desk, at(29)), waiting(desk, at(30))) == ([], [series])


def test_a_window_that_closures_cover_to_its_end_has_lapsed(desk: Desk) -> None:
    series = begun(desk)

    def close(tx: Session) -> None:
        here = {"organisation_id": desk.clinic.organisation_id, "clinic_id": desk.clinic.clinic_id}
        tx.add(ClosureRow(**here, starts_on=day(30), ends_on=day(50), label="Renovation"))

    desk.clinic.database.write(close)
    assert (waiting(desk, at(29)), waiting(desk, at(30))) == ([], [series])


@pytest.fixture
def several(desk: Desk) -> list[UUID]:
    """Seven series of as many patients, by age: every other one has a date for its second session."""
    slots = [(on, hour) for on in (0, 1) for hour in (9, 11, 13, 15)][:7]
    made = [begun(desk, *slot) for slot in slots]
    for series, (on, hour) in list(zip(made, slots, strict=True))[1::2]:
        desk.book(series, {2: on + 30}, hour)
    return made


@pytest.mark.parametrize("limit", [1, 3, 4])
@pytest.mark.parametrize("at_once", [1, 3, 200])
def test_pages_are_exact_however_many_are_read_at_once(
    desk: Desk, several: list[UUID], monkeypatch: pytest.MonkeyPatch, limit: int, at_once: int
) -> None:
    monkeypatch.setattr("scheduler.operations.booking.lapsed_windows.AT_ONCE", at_once)
    read: list[UUID | None] = []
    after: int | None = None
    while after is not None or not read:
        page = desk.do(_page(after, limit), now=at(44))
        assert len(page.items) <= limit
        read += [task.series_id for task in page.items]
        after = None if page.last is None else int(page.last)
    assert read == several[::2]


def _page(after: int | None, limit: int) -> Callable[..., Page[Task]]:
    return lambda c: list_tasks(c, kinds=[TaskKind.LAPSED_WINDOW], after=after, limit=limit)


@pytest.mark.parametrize("how_many", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_series(desk: Desk, how_many: int) -> None:
    for number in range(how_many):
        begun(desk, hour=10 + 2 * number)
    tasks(desk)
    with counted(desk.clinic.database.engine) as sent:
        assert len(tasks(desk)) == how_many
    assert len(sent) == 14
