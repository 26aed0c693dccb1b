"""Two time zones: an instant becomes the date on its own clinic's wall once, and dates are what is counted."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from scheduler.domain.clinic_days import clinic_date, instant_of
from scheduler.domain.dating import date_conflicts
from scheduler.domain.protocol import SpacingRule
from scheduler.domain.series import OtherProcedure, Series, Surroundings
from scheduler.domain.slots import Slot
from tests.domain.courses import around, booking, course, due, on, other, performed, protocol, with_date

BERLIN, AUCKLAND = "Europe/Berlin", "Pacific/Auckland"
DAY_27_IN_BERLIN = datetime(2026, 2, 1, 22, 30, tzinfo=UTC)


def booked_at(zone: str, instant: datetime) -> Series:
    series = replace(course(performed(0), due()), zone=zone)
    made = replace(booking(27), on=clinic_date(instant, zone), slot=Slot(instant, {}))
    return with_date(series, 2, made)


@pytest.mark.parametrize(
    ("zone", "instant", "codes"),
    [
        (BERLIN, DAY_27_IN_BERLIN, ["gap_too_short"]),
        (BERLIN, datetime(2026, 2, 1, 23, 30, tzinfo=UTC), []),
        (AUCKLAND, DAY_27_IN_BERLIN, []),
        (AUCKLAND, datetime(2026, 2, 1, 10, 30, tzinfo=UTC), ["gap_too_short"]),
    ],
)
def test_half_past_midnight_counts_as_the_clinics_own_day(zone: str, instant: datetime, codes: list[str]) -> None:
    assert [c.code for c in date_conflicts(booked_at(zone, instant), around(1), {2})] == codes


@pytest.mark.parametrize(("first", "hours"), [(date(2026, 3, 2), 671), (date(2026, 10, 5), 673)])
def test_28_days_across_a_clock_change_are_28_days(first: date, hours: int) -> None:
    nine = time(9)
    begins, ends = instant_of(first, nine, BERLIN), instant_of(first + timedelta(28), nine, BERLIN)
    assert (ends - begins) == timedelta(hours=hours)
    series = course(performed((clinic_date(begins, BERLIN) - on(0)).days), due())
    made = replace(booking(0), on=clinic_date(ends, BERLIN), slot=Slot(ends, {}))
    assert date_conflicts(with_date(series, 2, made), Surroundings(first), {2}) == ()


def test_a_procedure_in_another_clinic_counts_by_the_date_on_that_clinics_wall() -> None:
    series = course(performed(0), due(), under=protocol(SpacingRule(21, 28, 35, 42, 3)))
    there = OtherProcedure(clinic_date(DAY_27_IN_BERLIN, AUCKLAND), 0, "Peel", other(0, 0).source_id)
    assert there.on == on(28)
    near = [
        bool(date_conflicts(with_date(series, 2, booking(day)), around(1, others=[there]), {2})) for day in (30, 31)
    ]
    assert near == [True, False]
