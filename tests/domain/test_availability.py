from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.availability import Diary, FreeStarts, Supply, free_starts, starts_by_step
from scheduler.domain.clinic_days import clinic_date, wall_time
from scheduler.domain.day_grid import DayGrid, all_cells, day_cells, day_grid
from scheduler.domain.protocol import Phase, ResourceKind
from tests.domain.plain_clinic import (
    ANA,
    BEATRIZ,
    CLEAN_UP,
    EVERYTHING,
    LASER,
    NEEDLING,
    NUMBING,
    PATIENT,
    PEN,
    ROOM_1,
    ROOM_2,
    TREATMENT,
    PlainClinic,
    hours,
)

ZONE = "Europe/Berlin"
MONDAY = date(2026, 3, 23)
ALL = (ANA, BEATRIZ, ROOM_1, ROOM_2, LASER, PEN)
SHORT = (Phase("talk", 20, frozenset({ResourceKind.PRACTITIONER}), True),)


def grid(days: int = 1) -> DayGrid:
    return day_grid(ZONE, MONDAY, days)


def span(first: str, last: str) -> tuple[datetime, datetime]:
    """A stretch of that Monday, by the wall clock."""
    return hours(ZONE, [MONDAY], time.fromisoformat(first), time.fromisoformat(last))[0]


def everybody(first: str, last: str) -> dict[UUID, list[tuple[datetime, datetime]]]:
    """All work between these hours."""
    return {one: [span(first, last)] for one in ALL}


def clinic(
    busy: Mapping[UUID, Sequence[tuple[datetime, datetime]]] | None = None, opens: tuple[str, str] = ("09:00", "12:00")
) -> PlainClinic:
    return PlainClinic(ZONE, everybody(*opens), busy or {})


def starts_on(plain: PlainClinic, phases: Sequence[Phase], who: UUID | None = ANA) -> list[str]:
    return times(free_starts(grid(), phases, plain.supply(grid())), grid(), who)


def times(starts: FreeStarts, of: DayGrid, who: UUID | None) -> list[str]:
    found = [
        of.instant(index, cell)
        for index in range(of.days)
        for cell in range(of.cells(index))
        if day_cells(starts.by_practitioner[who], index) >> cell & 1
    ]
    return [f"{wall_time(at, of.zone):%H:%M}" for at in found]


def test_an_appointment_starts_on_the_quarter_hours_that_leave_room_for_all_its_phases() -> None:
    assert starts_on(clinic(), NEEDLING) == ["09:00", "09:15", "09:30", "09:45", "10:00", "10:15", "10:30"]


def test_the_practitioner_may_treat_another_patient_during_the_numbing() -> None:
    treating_another = {ANA: [span("09:00", "09:30")]}
    assert starts_on(clinic(treating_another), NEEDLING)[0] == "09:00"


def test_the_practitioner_must_be_free_for_the_whole_treatment() -> None:
    assert starts_on(clinic({ANA: [span("09:00", "09:35")]}), NEEDLING)[0] == "09:15"


def test_the_room_is_needed_until_it_is_clean() -> None:
    assert starts_on(clinic({ROOM_1: [span("10:30", "12:00")]}), NEEDLING) == ["09:00"]


def test_the_patient_may_leave_before_the_clean_up() -> None:
    assert starts_on(clinic({PATIENT: [span("10:15", "12:00")]}), NEEDLING) == ["09:00"]


def test_the_device_is_not_needed_while_the_cream_takes_effect() -> None:
    assert starts_on(clinic({LASER: [span("09:00", "09:30")]}), NEEDLING)[0] == "09:00"


def test_one_room_serves_all_spans_and_two_halves_do_not_make_one() -> None:
    plain = PlainClinic(
        ZONE,
        everybody("09:00", "10:30"),
        {ROOM_1: [span("09:00", "09:30")], ROOM_2: [span("10:00", "10:30")]},
        rooms=(ROOM_1, ROOM_2),
    )
    assert starts_on(plain, NEEDLING) == []


def test_any_room_will_do() -> None:
    plain = PlainClinic(
        ZONE,
        everybody("09:00", "10:30"),
        {ROOM_1: [span("09:00", "09:30")]},
        rooms=(ROOM_1, ROOM_2),
    )
    assert starts_on(plain, NEEDLING) == ["09:00"]


def test_what_is_needed_and_does_not_exist_leaves_no_start() -> None:
    plain = PlainClinic(ZONE, everybody("09:00", "12:00"), devices=())
    assert starts_on(plain, NEEDLING) == []


def test_a_visit_without_a_room_asks_for_none() -> None:
    plain = PlainClinic(ZONE, everybody("09:00", "10:00"), rooms=(), devices=())
    starts = free_starts(grid(), SHORT, plain.supply(grid()))
    assert times(starts, grid(), ANA) == ["09:00", "09:15", "09:30"]
    assert starts.free_at(0, 9 * 12) == {}


def test_a_visit_without_a_practitioner_is_offered_under_nobody() -> None:
    phases = (Phase("photographs", 30, frozenset({ResourceKind.ROOM}), True),)
    starts = free_starts(grid(), phases, clinic(opens=("09:00", "10:00")).supply(grid()))
    assert list(starts.by_practitioner) == [None]
    assert times(starts, grid(), None) == ["09:00", "09:15", "09:30"]


def test_nothing_crosses_the_end_of_the_day() -> None:
    around_the_clock = [(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))]
    plain = PlainClinic(ZONE, dict.fromkeys(ALL, around_the_clock))
    assert starts_on(plain, NEEDLING)[-1] == "22:30"


def test_phases_without_anybody_in_between_do_not_jump_over_midnight() -> None:
    phases = (TREATMENT, Phase("rest", 300, frozenset(), False), CLEAN_UP)
    around_the_clock = [(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))]
    plain = PlainClinic(ZONE, dict.fromkeys(ALL, around_the_clock))
    assert starts_on(plain, phases)[-1] == "18:00"


def test_the_rooms_and_devices_of_a_start_are_those_that_are_free_then() -> None:
    plain = PlainClinic(
        ZONE,
        everybody("09:00", "12:00"),
        {ROOM_1: [span("09:00", "10:00")], PEN: [span("10:00", "10:15")]},
        rooms=(ROOM_1, ROOM_2),
        devices=(LASER, PEN),
    )
    starts = free_starts(grid(), NEEDLING, plain.supply(grid()))
    assert starts.free_at(0, 9 * 12) == {ResourceKind.ROOM: [ROOM_2], ResourceKind.DEVICE: [LASER]}
    assert starts.free_at(0, 10 * 12) == {ResourceKind.ROOM: [ROOM_1, ROOM_2], ResourceKind.DEVICE: [LASER, PEN]}


def test_sessions_with_equal_phases_share_their_starts() -> None:
    starts = starts_by_step(grid(), {1: NEEDLING, 2: SHORT, 3: (NUMBING, TREATMENT, CLEAN_UP)}, clinic().supply(grid()))
    assert starts[1] is starts[3]
    assert starts[1] is not starts[2]


def test_a_diary_is_free_where_it_works_and_is_not_taken() -> None:
    assert Diary(working=0b0111, busy=0b1010).free == 0b0101


def test_a_supply_without_claims_keeps_the_hours() -> None:
    supply = Supply({ANA: Diary(7, 1)}, {ROOM_1: Diary(6, 2)}, {LASER: Diary(5, 4)}, patient_busy=8)
    expected = Supply({ANA: Diary(7, 0)}, {ROOM_1: Diary(6, 0)}, {LASER: Diary(5, 0)}, patient_busy=0)
    assert supply.without_claims() == expected


def test_a_supply_without_hours_keeps_the_claims() -> None:
    supply = Supply({ANA: Diary(7, 1)}, {ROOM_1: Diary(6, 2)}, {LASER: Diary(5, 4)}, patient_busy=8)
    every = all_cells(grid())
    expected = Supply({ANA: Diary(every, 1)}, {ROOM_1: Diary(every, 2)}, {LASER: Diary(every, 4)}, patient_busy=8)
    assert supply.without_hours(grid()) == expected


def test_more_practitioners_come_after_those_there_are() -> None:
    supply = Supply({BEATRIZ: Diary(7, 1)}, {}, {}).with_practitioners({ANA: Diary(1, 0)})
    assert list(supply.practitioners) == [BEATRIZ, ANA]


ZONES = (
    (ZONE, date(2026, 3, 28)),
    (ZONE, date(2026, 10, 24)),
    ("Australia/Lord_Howe", date(2026, 4, 4)),
    ("Australia/Lord_Howe", date(2026, 10, 3)),
    ("Pacific/Apia", date(2011, 12, 29)),
    ("America/Santiago", date(2026, 9, 5)),
    ("Asia/Kathmandu", date(2026, 5, 1)),
    ("America/Havana", date(2026, 10, 31)),
)
PHASES = (
    NEEDLING,
    SHORT,
    (TREATMENT, Phase("rest", 60, frozenset(), False), CLEAN_UP),
    (Phase("none", 0, EVERYTHING, True), Phase("short", 5, EVERYTHING, True)),
    (Phase("alone", 25, frozenset({ResourceKind.DEVICE}), False),),
)


@pytest.mark.parametrize(("zone", "first_day"), ZONES)
@settings(max_examples=10, deadline=None)
@given(phases=st.sampled_from(PHASES), seed=st.integers(0, 10**9))
def test_free_starts_are_those_that_instants_allow(
    zone: str, first_day: date, phases: tuple[Phase, ...], seed: int
) -> None:
    """On days when clocks change as on others, in zones of odd offsets, and where a whole day is missing."""
    of = day_grid(zone, first_day, 3)
    plain = random_clinic(Random(seed), of)
    starts = free_starts(of, phases, plain.supply(of))
    found = {
        (of.instant(index, cell), who, one)
        for who, mask in starts.by_practitioner.items()
        for index in range(of.days)
        for cell in range(of.cells(index))
        if day_cells(mask, index) >> cell & 1
        for one in starts.free_at(index, cell).get(ResourceKind.ROOM, [None])
    }
    expected = {
        (slot.starts_at, slot.practitioner_id, slot.resources.get(ResourceKind.ROOM))
        for index in range(of.days)
        for slot in plain.slots(of.day(index), phases)
        if clinic_date(slot.starts_at, zone) == of.day(index)
    }
    assert found == expected


def random_clinic(random: Random, of: DayGrid) -> PlainClinic:
    """Long hours, some around midnight, and some claims; all at multiples of five minutes."""
    begin, minutes = of.instant(0, 0), of.days * 24 * 60

    def stretches(count: int, longest: int) -> list[tuple[datetime, datetime]]:
        firsts = [begin + timedelta(minutes=5 * random.randrange(minutes // 5)) for _ in range(count)]
        return [(first, first + timedelta(minutes=5 * random.randint(1, longest))) for first in firsts]

    subjects = (*ALL, PATIENT)
    working = {one: stretches(4, 200) for one in ALL}
    busy = {one: stretches(random.randint(0, 6), 12) for one in subjects}
    return PlainClinic(of.zone, working, busy, (ANA, BEATRIZ), (ROOM_1, ROOM_2), (LASER, PEN))
