"""What the desk is offered while a caller waits: courses that go on, slots for a visit, and who is on file."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import time, timedelta

import pytest

from scheduler.domain.clinic_days import instant_of, wall_time
from scheduler.domain.wishes import Preference, Wishes
from scheduler.operations.booking.courses import courses_of
from scheduler.operations.booking.slots import FreeSlot, SlotQuestion, free_slots
from scheduler.operations.booking.visit_offers import offer_visits
from scheduler.operations.patients.quick_adding import PerhapsOnFile, add_caller
from scheduler.storage.database import Database
from scheduler.storage.free_time import FreeTime
from scheduler.storage.rows import PatientRow
from tests.support.clinic import open_clinic
from tests.support.desk import PEEL, Desk, day, desk_of
from tests.support.full_day import full_day
from tests.support.rows import BERLIN, NOW


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    database = Database(database_url)
    yield desk_of(open_clinic(database))
    database.dispose()


def offers(desk: Desk, wishes: Wishes) -> tuple[FreeSlot, ...]:
    question = SlotQuestion(desk.place.clinic_id, "consultation", desk.patient())
    return desk.do(lambda context: offer_visits(context, FreeTime(), question, wishes)).slots


def test_courses_say_how_many_sessions_wait(desk: Desk) -> None:
    patient = desk.patient()
    desk.series(patient, 4, PEEL)
    desk.course({1: 7, 2: 42}, patient_id=patient)
    found = desk.do(lambda context: courses_of(context, patient_id=patient))
    told = {(one.protocol, one.sessions, one.waiting, one.next_session) for one in found}
    assert told == {("microneedling-rejuvenation", 4, 2, 3), (PEEL, 4, 4, 1)}


def test_slots_for_a_visit_are_five_different_days(desk: Desk) -> None:
    found = offers(desk, Wishes(start_on=day(1)))
    assert [wall_time(slot.starts_at, BERLIN).date() for slot in found] == [day(number) for number in range(1, 6)]


def test_preferred_hours_come_first(desk: Desk) -> None:
    tuesdays = Wishes(prefer=(Preference(1, time(16), time(0)),))
    walls = [wall_time(slot.starts_at, BERLIN) for slot in offers(desk, tuesdays)]
    assert [(wall.weekday(), wall.hour) for wall in walls[:4]] == [(1, 16)] * 4
    assert walls[4].weekday() != 1


def test_a_pinned_start_is_the_only_offer_and_dates_to_avoid_are_left_out(desk: Desk) -> None:
    pin = instant_of(day(3), time(11), BERLIN)
    assert [slot.starts_at for slot in offers(desk, Wishes(pinned={1: pin}))] == [pin]
    away = (day(0), day(0) + timedelta(60))
    assert offers(desk, Wishes(avoid=(away,))) == ()


@pytest.mark.parametrize("prefer", [(), (Preference(1, time(16), time(0)), Preference(3, time(0), time(9, 30)))])
def test_offers_are_those_that_looking_at_every_start_would_find(desk: Desk, prefer: tuple[Preference, ...]) -> None:
    full_day(desk.clinic, NOW, 3, 12)
    wishes = Wishes(prefer=prefer, avoid=((day(1), day(1)),))
    every = replace(SlotQuestion(desk.place.clinic_id, "consultation", desk.patient()), days=28, limit=9999)
    starts = desk.do(lambda context: free_slots(context, FreeTime(), every)).slots
    walls = [(wall_time(one.starts_at, BERLIN), one) for one in starts]
    fitting = sorted((one for one in walls if one[0].date() != day(1)), key=lambda one: not wishes.fits(one[0]))
    first = {(wall.date(), one.practitioner_id): one for wall, one in reversed(fitting)}
    assert list(offers(desk, wishes)) == [one for _, one in fitting if one in first.values()][:5]


def test_a_caller_who_may_be_on_file_is_named_before_anything_is_added(desk: Desk) -> None:
    known = desk.patient("Nadia Okonjo")
    caller = {"name": "Okonjo Nadia", "phone": "030 5550142"}
    with pytest.raises(PerhapsOnFile) as refusal:
        desk.do(lambda context: add_caller(context, **caller))
    assert [one.id for one in refusal.value.known] == [known]
    assert desk.read(lambda tx: tx.query(PatientRow).count()) == 1
    added = desk.do(lambda context: add_caller(context, **caller, is_new=True))
    assert added.id != known
