from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.clinic_days import day_bounds, wall_time
from scheduler.domain.day_grid import (
    STRIDE,
    WALL_SLOTS,
    DayGrid,
    all_cells,
    day_cells,
    day_grid,
    days_with_any,
    mask_of,
    starts_mask,
    weekly_mask,
)
from scheduler.domain.slots import Stretch

ROOM = UUID(int=1)
BERLIN = day_grid("Europe/Berlin", date(2026, 3, 27), 4)  # Friday; the clock springs forward on Sunday
SUNDAY = 2
NINE = 9 * 12  # the wall slot


def utc(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, second, tzinfo=UTC)


def mask(*stretches: tuple[datetime, datetime], outwards: bool = True, grid: DayGrid = BERLIN) -> list[tuple[int, int]]:
    """The cells of a mask as pairs of day and cell."""
    found = mask_of(grid, [Stretch(ROOM, first, last) for first, last in stretches], outwards=outwards)
    return cells(found, grid)


def cells(mask: int, grid: DayGrid = BERLIN) -> list[tuple[int, int]]:
    return [(n, cell) for n in range(grid.days) for cell in range(STRIDE) if day_cells(mask, n) >> cell & 1]


@pytest.mark.parametrize(
    ("zone", "first_day", "cells"),
    [
        ("Europe/Berlin", date(2026, 3, 28), [288, 276, 288]),
        ("Europe/Berlin", date(2026, 10, 24), [288, 300, 288]),
        ("Australia/Lord_Howe", date(2026, 4, 4), [288, 294, 288]),
        ("Australia/Lord_Howe", date(2026, 10, 3), [288, 282, 288]),
        ("Pacific/Apia", date(2011, 12, 29), [288, 0, 288]),
        ("Antarctica/Casey", date(2010, 3, 4), [288, 324, 288]),
    ],
)
def test_a_day_has_as_many_cells_as_it_lasts(zone: str, first_day: date, cells: list[int]) -> None:
    grid = day_grid(zone, first_day, 3)
    assert [grid.cells(n) for n in range(3)] == cells
    assert days_with_any(grid, all_cells(grid)) == sum(1 << n for n in range(3) if cells[n])


def test_every_zone_fits_into_the_stride_of_a_day() -> None:
    years = [DayGrid(zone, date(2026, 1, 1), 366) for zone in sorted(available_timezones())[::3]]
    longest = max(grid.midnights[n + 1] - grid.midnights[n] for grid in years for n in range(366))
    assert longest <= (STRIDE - 1) * 300


def test_cells_begin_at_the_local_midnight() -> None:
    assert BERLIN.instant(0, 0) == utc(26, 23)
    assert BERLIN.instant(3, 0) == utc(29, 22)
    assert BERLIN.instant(1, NINE) == utc(28, 8)


def test_the_place_of_an_instant_is_the_cell_that_begins_then() -> None:
    assert BERLIN.place(utc(28, 8, 5)) == (1, NINE + 1)
    assert BERLIN.place(utc(26, 23)) == (0, 0)


@pytest.mark.parametrize("outside", [utc(26, 22, 55), utc(30, 22), utc(28, 8, 1), utc(28, 8, 0, 30)])
def test_an_instant_outside_or_between_cells_has_no_place(outside: datetime) -> None:
    assert BERLIN.place(outside) is None


def test_dates_and_indexes_are_told_from_one_another() -> None:
    assert [BERLIN.index(BERLIN.day(n)) for n in (-1, 0, 3)] == [-1, 0, 3]


def test_on_the_day_when_clocks_spring_forward_nine_oclock_comes_an_hour_earlier() -> None:
    assert BERLIN.cell_at(SUNDAY, NINE) == NINE - 12
    assert BERLIN.cell_at(0, NINE) == NINE


def test_a_skipped_wall_slot_has_no_cell() -> None:
    half_past_two = 2 * 12 + 6
    with pytest.raises(KeyError):
        BERLIN.cell_at(SUNDAY, half_past_two)
    assert BERLIN.cell_bits(SUNDAY, 1 << half_past_two) == 0


def test_a_wall_slot_shown_twice_has_its_first_cell_only() -> None:
    grid = day_grid("Europe/Berlin", date(2026, 10, 25), 1)
    half_past_two = 2 * 12 + 6
    assert grid.cell_at(0, half_past_two) == half_past_two
    assert grid.wall_bits(0, 1 << half_past_two) == 1 << half_past_two
    assert grid.wall_bits(0, 1 << half_past_two + 12) == 0


@given(walls=st.integers(0, 2**WALL_SLOTS - 1))
def test_wall_slots_that_exist_survive_the_way_to_cells_and_back(walls: int) -> None:
    skipped = (1 << 36) - (1 << 24)
    assert BERLIN.wall_bits(SUNDAY, BERLIN.cell_bits(SUNDAY, walls)) == walls & ~skipped
    assert BERLIN.wall_bits(0, BERLIN.cell_bits(0, walls)) == walls


def test_busy_time_rounds_outwards_and_working_time_inwards() -> None:
    stretch = (utc(27, 8, 2), utc(27, 8, 13))
    assert mask(stretch) == [(0, NINE), (0, NINE + 1), (0, NINE + 2)]
    assert mask(stretch, outwards=False) == [(0, NINE + 1)]


def test_whole_cells_are_the_same_either_way() -> None:
    stretch = (utc(27, 8, 5), utc(27, 8, 15))
    assert mask(stretch) == mask(stretch, outwards=False) == [(0, NINE + 1), (0, NINE + 2)]


def test_less_than_a_cell_is_busy_but_no_working_time() -> None:
    stretch = (utc(27, 8, 1), utc(27, 8, 4))
    assert mask(stretch) == [(0, NINE)]
    assert mask(stretch, outwards=False) == []


def test_stretches_may_overlap_and_touch_the_same_day_again() -> None:
    assert mask((utc(27, 8), utc(27, 8, 10)), (utc(27, 8, 5), utc(27, 8, 15))) == [(0, NINE + n) for n in range(3)]


def test_a_stretch_over_midnight_is_in_both_days() -> None:
    assert mask((utc(27, 22, 55), utc(27, 23, 5))) == [(0, 287), (1, 0)]


def test_a_stretch_is_cut_to_the_horizon() -> None:
    assert mask((utc(1, 0), utc(26, 23, 10))) == [(0, 0), (0, 1)]
    assert mask((utc(30, 21, 55), datetime(2027, 1, 1, tzinfo=UTC))) == [(3, 287)]
    assert mask((utc(1, 0), utc(2, 0)), (datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 1, 2, tzinfo=UTC))) == []


def test_an_absence_of_many_days_takes_every_cell() -> None:
    found = mask_of(BERLIN, [Stretch(ROOM, utc(1, 0), datetime(2027, 1, 1, tzinfo=UTC))], outwards=True)
    assert found == all_cells(BERLIN)


def test_an_empty_or_reversed_stretch_covers_nothing() -> None:
    assert mask((utc(27, 8), utc(27, 8)), (utc(27, 9), utc(27, 8)), (utc(27, 8, 3), utc(27, 8, 3))) == []


def starts(grid: DayGrid, minutes: int, index: int) -> list[str]:
    found = day_cells(starts_mask(grid, minutes), index)
    return [f"{wall_time(grid.instant(index, c), grid.zone):%H:%M}" for c in range(STRIDE) if found >> c & 1]


def test_starts_are_on_the_quarter_hours_and_over_before_midnight() -> None:
    quarters = [f"{h:02}:{m:02}" for h in range(24) for m in (0, 15, 30, 45)]
    assert starts(BERLIN, 60, 0) == quarters[:-3]
    assert starts(BERLIN, 61, 0) == quarters[:-4]
    assert starts(BERLIN, 5, 0) == quarters


def test_starts_skip_the_hour_that_the_clock_skips() -> None:
    found = starts(BERLIN, 15, SUNDAY)
    assert found[7:9] == ["01:45", "03:00"]
    assert len(found) == 92


def test_starts_take_the_hour_that_the_clock_shows_twice_once() -> None:
    grid = day_grid("Europe/Berlin", date(2026, 10, 25), 1)
    assert len(starts(grid, 15, 0)) == 96
    assert cells(starts_mask(grid, 15), grid)[11:13] == [(0, 33), (0, 48)]


def test_starts_on_lord_howe_stay_on_the_marks_of_the_wall() -> None:
    """The clock goes from 2:00 to 2:30: an hourly mark comes half an hour early from there on."""
    grid = day_grid("Australia/Lord_Howe", date(2026, 10, 4), 1, 60)
    hourly = [f"{h:02}:00" for h in range(24) if h != 2]
    assert starts(grid, 60, 0) == hourly


def test_a_day_whose_midnight_is_skipped_begins_at_one() -> None:
    grid = day_grid("America/Santiago", date(2026, 9, 6), 1)
    assert starts(grid, 15, 0)[0] == "01:00"
    assert grid.cells(0) == 276


def test_a_longer_interval_between_starts_is_kept() -> None:
    grid = day_grid("Europe/Berlin", date(2026, 3, 27), 1, 45)
    assert starts(grid, 5, 0)[:4] == ["00:00", "00:45", "01:30", "02:15"]


@pytest.mark.parametrize(("days", "every"), [(0, 15), (1, 0), (1, 7)])
def test_a_grid_of_no_days_or_of_odd_minutes_is_refused(days: int, every: int) -> None:
    with pytest.raises(ValueError, match="a grid needs a day"):
        DayGrid("Europe/Berlin", date(2026, 3, 27), days, every)


def test_a_weekly_pattern_begins_on_the_grids_own_weekday() -> None:
    friday, monday = 1 << NINE, 1 << NINE + 1
    assert cells(weekly_mask(BERLIN, [monday, 0, 0, 0, friday, 0, 0])) == [(0, NINE), (3, NINE + 1)]


def test_a_weekly_pattern_keeps_to_the_wall_when_the_clock_changes() -> None:
    assert cells(weekly_mask(BERLIN, [0, 0, 0, 0, 0, 0, 1 << NINE])) == [(SUNDAY, NINE - 12)]


def test_a_weekly_pattern_covers_more_than_a_week() -> None:
    grid = day_grid("Europe/Berlin", date(2026, 6, 1), 15)
    assert cells(weekly_mask(grid, [1, 0, 0, 0, 0, 0, 2]), grid) == [(0, 0), (6, 1), (7, 0), (13, 1), (14, 0)]


@given(days=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 275)), max_size=6))
def test_days_with_any_cell_are_found(days: list[tuple[int, int]]) -> None:
    found = days_with_any(BERLIN, sum({1 << n * STRIDE + cell for n, cell in days}))
    assert found == sum({1 << n for n, _ in days})


def test_masks_as_bytes_have_a_row_for_each_day() -> None:
    found = BERLIN.as_bytes({ROOM: 1 << STRIDE + 9, UUID(int=2): -1})
    assert found[ROOM] == bytes(STRIDE // 8 + 1) + b"\x02" + bytes(3 * STRIDE // 8 - 2)
    assert int.from_bytes(found[UUID(int=2)], "little") == all_cells(BERLIN)


def test_the_same_grid_is_made_once() -> None:
    again = day_grid("Europe/Berlin", date(2026, 3, 27), 4)
    assert day_grid("Europe/Berlin", date(2026, 3, 27), 4) is again
    assert again == BERLIN


@given(minutes=st.tuples(st.integers(0, 4 * 1440), st.integers(0, 4 * 1440)), outwards=st.booleans())
def test_a_cell_is_covered_exactly_when_the_instants_say_so(minutes: tuple[int, int], outwards: bool) -> None:
    begin = day_bounds(BERLIN.first_day, BERLIN.zone)[0]
    first, last = (begin + timedelta(minutes=each) for each in sorted(minutes))
    expected = []
    for n in range(BERLIN.days):
        for cell in range(BERLIN.cells(n)):
            starts_at = BERLIN.instant(n, cell)
            ends_at = starts_at + timedelta(minutes=5)
            touched = first < last and first < ends_at and starts_at < last
            if touched if outwards else first <= starts_at and ends_at <= last:
                expected.append((n, cell))
    assert mask((first, last), outwards=outwards) == expected


def test_marks_of_the_wall_are_where_the_clock_shows_them() -> None:
    for n in range(BERLIN.days):
        for slot in range(0, WALL_SLOTS, 3):
            if n != SUNDAY or not 24 <= slot < 36:
                shown = wall_time(BERLIN.instant(n, BERLIN.cell_at(n, slot)), BERLIN.zone)
                assert shown == datetime.combine(BERLIN.day(n), time(*divmod(slot * 5, 60)))
