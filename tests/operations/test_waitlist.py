"""The waitlist, from joining it to the slot that somebody gives back."""

from collections.abc import Sequence
from datetime import time
from typing import Any
from uuid import UUID

import pytest

from scheduler.domain.access import Role
from scheduler.domain.changes import CancelReason
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.refusals import Invalid, NotAllowed, NotFound, RuleBroken
from scheduler.domain.wishes import Preference
from scheduler.operations.booking.appointments import appointments_of_series
from scheduler.operations.booking.attending import cancel
from scheduler.operations.booking.visiting import move_visit
from scheduler.operations.tasks.task_kinds import Task, TaskKind
from scheduler.operations.tasks.tasks import list_tasks
from scheduler.operations.waitlist.freed_slots import freed_slots, who_could_come
from scheduler.operations.waitlist.joining import WaitlistWish, join_waitlist, leave_waitlist
from scheduler.operations.waitlist.waiting import WaitlistEntry, list_waitlist
from scheduler.storage.free_time import FreeTime
from tests.support.desk import Desk, at, day
from tests.support.queries import counted

TUESDAYS = (Preference(1, time(9), time(12)),)


def join(desk: Desk, patient_id: UUID, **wish: Any) -> UUID:
    return desk.do(lambda context: join_waitlist(context, patient_id=patient_id, wish=WaitlistWish(**wish)))


def join_for_visit(desk: Desk, name: str = "Ines Duarte", **wish: Any) -> UUID:
    asked = {"visit_type": "consultation", "clinic_id": desk.place.clinic_id, **wish}
    return join(desk, desk.patient(name), **asked)


def listed(desk: Desk) -> tuple[WaitlistEntry, ...]:
    return desk.do(lambda context: list_waitlist(context, clinic_id=desk.place.clinic_id))


def could_come(desk: Desk, number: int, hour: int = 10) -> list[str]:
    slot = desk.place.slot(number, hour)
    asked = {
        "clinic_id": desk.place.clinic_id,
        "starts_at": slot.starts_at,
        "practitioner_id": slot.resources[ResourceKind.PRACTITIONER],
    }
    return [one.patient for one in desk.do(lambda context: who_could_come(context, FreeTime(), **asked))]


def appointment_of(desk: Desk, series_id: UUID, number: int) -> UUID:
    found = desk.do(lambda context: appointments_of_series(context, series_id))
    return next(one.id for one in found if one.session == number)


def give_back(desk: Desk, appointment_id: UUID) -> None:
    desk.do(lambda context: cancel(context, appointment_id=appointment_id, cancel_reason=CancelReason.PATIENT))


def tasks(desk: Desk, *kinds: TaskKind) -> Sequence[Task]:
    return desk.do(lambda context: list_tasks(context, kinds=kinds)).items


def test_a_session_without_a_date_waits_with_its_window(desk: Desk) -> None:
    patient_id = desk.patient()
    series_id = desk.course({1: 7}, patient_id=patient_id)
    join(desk, patient_id, series_id=series_id, note="Works late.")
    (entry,) = listed(desk)
    assert (entry.patient, entry.session, entry.note) == ("Nadia Okonjo", 2, "Works late.")
    assert entry.waiting is not None
    assert (entry.waiting.first, entry.waiting.last) == (day(35), day(49))


def test_who_is_booked_has_left_the_list(desk: Desk) -> None:
    patient_id = desk.patient()
    series_id = desk.course({1: 7}, sessions=3, patient_id=patient_id)
    join(desk, patient_id, series_id=series_id)
    desk.book(series_id, {2: 42})
    assert [entry.session for entry in listed(desk)] == [3]
    desk.book(series_id, {3: 77})
    assert listed(desk) == ()


def test_who_has_had_the_visit_booked_has_left_the_list(desk: Desk) -> None:
    patient_id = desk.patient()
    join(desk, patient_id, visit_type="consultation", clinic_id=desk.place.clinic_id)
    desk.visit(patient_id, 5, "review")
    assert [entry.visit_type for entry in listed(desk)] == ["consultation"]
    desk.visit(patient_id, 6, "consultation")
    assert listed(desk) == ()


def test_who_moved_to_an_earlier_time_has_left_the_list_and_who_moved_later_has_not(desk: Desk) -> None:
    patient_id = desk.patient()
    visit_id = desk.visit(patient_id, 20, "consultation")
    join(desk, patient_id, appointment_id=visit_id)
    for number, waits in ((22, [day(22)]), (9, [])):
        slot = desk.place.slot(number)
        desk.do(lambda context, slot=slot: move_visit(context, appointment_id=visit_id, slot=slot))  # type: ignore[misc]
        assert [entry.waiting.last for entry in listed(desk) if entry.waiting] == waits


def test_the_window_that_closes_first_stands_on_top(desk: Desk) -> None:
    join_for_visit(desk, "Whenever")
    join_for_visit(desk, "Until Friday", until=day(4))
    patient_id = desk.patient("Session 2")
    join(desk, patient_id, series_id=desk.course({1: 7}, patient_id=patient_id))
    assert [entry.patient for entry in listed(desk)] == ["Until Friday", "Session 2", "Whenever"]


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({}, "one_wish"),
        ({"visit_type": "consultation"}, "clinic_missing"),
        ({"visit_type": "consultation", "series_id": UUID(int=1)}, "one_wish"),
    ],
)
def test_a_wish_names_one_thing(desk: Desk, wish: dict[str, Any], code: str) -> None:
    patient_id = desk.patient()
    with pytest.raises(Invalid) as refused:
        join(desk, patient_id, **wish)
    assert refused.value.code == code


def test_nobody_waits_twice_for_one_thing_nor_for_what_is_booked_or_past(desk: Desk) -> None:
    patient_id = desk.patient()
    series_id = desk.course({1: 7, 2: 42, 3: 77}, sessions=3, patient_id=patient_id)
    codes = []
    for wish in ({"series_id": series_id}, {"visit_type": "consultation", "clinic_id": desk.place.clinic_id}):
        for _ in range(2):
            try:
                join(desk, patient_id, **wish)
            except RuleBroken as refusal:
                codes.append(refusal.code)
    assert codes == ["nothing_to_wait_for", "nothing_to_wait_for", "already_waiting"]
    with pytest.raises(Invalid, match="past"):
        join_for_visit(desk, until=day(-1))


def test_others_things_are_not_found_and_managers_do_not_book(desk: Desk) -> None:
    series_id, stranger = desk.course({1: 7}), desk.patient("Somebody else")
    with pytest.raises(NotFound):
        join(desk, stranger, series_id=series_id)
    with pytest.raises(NotFound):
        desk.do(lambda context: leave_waitlist(context, entry_id=UUID(int=9)))
    with pytest.raises(NotAllowed):
        desk.do(lambda context: list_waitlist(context, clinic_id=desk.place.clinic_id), Role.MANAGER)
    with pytest.raises(Invalid, match="no such practitioner"):
        join_for_visit(desk, practitioner_id=desk.place.resources[ResourceKind.ROOM])


def test_whoever_is_taken_off_is_gone_and_once_more_changes_nothing(desk: Desk) -> None:
    entry_id = join_for_visit(desk)
    for _ in range(2):
        desk.do(lambda context: leave_waitlist(context, entry_id=entry_id))
        assert listed(desk) == ()


def test_a_cancelled_appointment_frees_its_slot_until_somebody_takes_it(desk: Desk) -> None:
    visit_id = desk.visit(desk.patient(), 3, "consultation")
    give_back(desk, visit_id)
    (slot,) = desk.do(lambda context: freed_slots(context, clinic_id=desk.place.clinic_id))
    assert (slot.id, slot.starts_at) == (visit_id, desk.place.slot(3, 15).starts_at)
    desk.visit(desk.patient("Quicker"), 3, "review")
    assert desk.do(lambda context: freed_slots(context, clinic_id=desk.place.clinic_id)) == ()


def test_those_can_come_whose_window_hours_and_rules_allow_it(desk: Desk) -> None:
    early, late = desk.patient("Early"), desk.patient("Late")
    join(desk, early, series_id=desk.course({1: 1}, patient_id=early))
    join(desk, late, series_id=desk.course({1: 14}, patient_id=late))
    join_for_visit(desk, "Tuesdays", prefer=TUESDAYS)
    join_for_visit(desk, "Whenever")
    assert could_come(desk, 29) == ["Early", "Tuesdays", "Whenever"]
    assert could_come(desk, 30) == ["Early", "Whenever"]
    assert could_come(desk, 43) == ["Early", "Late", "Tuesdays", "Whenever"]


def test_nobody_can_have_a_time_that_is_taken(desk: Desk) -> None:
    join_for_visit(desk, "Whenever")
    desk.visit(desk.patient(), 3, "review", hour=10)
    assert could_come(desk, 3) == []


def test_an_appointment_can_come_earlier_when_nothing_else_has_to_move(desk: Desk) -> None:
    patient_id = desk.patient()
    series_id = desk.course({1: 7, 2: 49}, patient_id=patient_id)
    join(desk, patient_id, appointment_id=appointment_of(desk, series_id, 2))
    assert could_come(desk, 42) == ["Nadia Okonjo"]
    assert could_come(desk, 34) == []
    assert could_come(desk, 50) == []


def test_a_visit_can_come_earlier(desk: Desk) -> None:
    patient_id = desk.patient()
    join(desk, patient_id, appointment_id=desk.visit(patient_id, 20, "consultation"))
    assert could_come(desk, 9, 15) == ["Nadia Okonjo"]


def test_a_freed_slot_that_somebody_wants_is_a_task(desk: Desk) -> None:
    visit_id = desk.visit(desk.patient(), 3, "consultation")
    give_back(desk, visit_id)
    assert tasks(desk, TaskKind.FREED_SLOT) == ()
    join_for_visit(desk, "Tuesdays", prefer=TUESDAYS)
    assert tasks(desk, TaskKind.FREED_SLOT) == ()
    join_for_visit(desk, "Whenever")
    (task,) = tasks(desk, TaskKind.FREED_SLOT)
    assert (task.id, task.on, task.resource_id) == (visit_id, day(3), desk.place.resources[ResourceKind.PRACTITIONER])


def test_a_window_that_closes_within_a_week_is_a_task(desk: Desk) -> None:
    patient_id = desk.patient()
    series_id = desk.course({1: 7}, patient_id=patient_id)
    join(desk, patient_id, series_id=series_id)
    assert tasks(desk, TaskKind.CLOSING_WINDOW) == ()
    later = at(43)
    found = desk.do(lambda context: list_tasks(context, kinds=(TaskKind.CLOSING_WINDOW,)), now=later).items
    assert [(task.session, task.until) for task in found] == [(2, day(49))]


def test_the_number_of_queries_does_not_grow_with_the_list(desk: Desk) -> None:
    def queries() -> int:
        with counted(desk.clinic.database.engine) as sent:
            listed(desk)
        return len(sent)

    def one_more(number: int) -> None:
        patient_id = desk.patient(f"Patient {number}")
        join(desk, patient_id, series_id=desk.series(patient_id))

    one_more(1)
    few = queries()
    for number in range(2, 8):
        one_more(number)
    assert queries() == few
    assert len(listed(desk)) == 7
