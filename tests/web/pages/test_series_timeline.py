"""The drawing of a series: dates in their places, names that do not lie on each other, nothing outside the paper."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from scheduler.domain.access import Role
from scheduler.operations.places.resource_names import resource_names
from scheduler.web.pages.series_bands import Block, bands_of, lanes_of
from scheduler.web.pages.series_scale import LEFT, RIGHT, WIDTH, Scale, scale_of
from tests.support.api import Api
from tests.support.clinic import open_clinic

FIRST = date(2026, 3, 1)


@pytest.fixture(autouse=True)
def speaking(shared_api: Api) -> Iterator[None]:
    """Names of months and bands are words, and words belong to a request."""
    with shared_api.app.test_request_context():
        yield


def test_the_days_fill_the_paper_from_the_names_of_the_rows_to_the_margin() -> None:
    scale = Scale(FIRST, FIRST + timedelta(99))
    assert (scale.left(FIRST), scale.right(FIRST + timedelta(99))) == (LEFT, WIDTH - RIGHT)
    assert scale.middle(FIRST) == round(LEFT + scale.day / 2, 1)


@pytest.mark.parametrize("off", [-400, -1, 100, 400])
def test_what_lies_outside_is_put_on_the_edge(off: int) -> None:
    scale = Scale(FIRST, FIRST + timedelta(99))
    assert LEFT <= scale.left(FIRST + timedelta(off)) <= WIDTH - RIGHT


def test_a_short_series_is_drawn_over_three_months_and_begins_with_one() -> None:
    scale = scale_of([date(2026, 3, 20), date(2026, 3, 24)])
    assert (scale.first, scale.last) == (date(2026, 3, 1), date(2026, 5, 24))


def test_a_month_is_named_where_there_is_room_and_its_year_once() -> None:
    half = [(month.name, month.year) for month in Scale(date(2026, 11, 1), date(2027, 2, 28)).months()]
    assert half == [("November", "2026"), ("December", ""), ("January", "2027"), ("February", "")]
    years = [month.name for month in Scale(date(2026, 1, 1), date(2028, 12, 31)).months()]
    assert years[:7] == ["January", "", "", "April", "", "", "July"]


def test_a_month_at_the_edge_has_no_room_for_its_name() -> None:
    names = [month.name for month in Scale(date(2026, 9, 1), date(2026, 12, 2)).months()]
    assert names == ["September", "October", "November", ""]


def test_weeks_are_marked_while_there_is_room() -> None:
    assert len(list(Scale(FIRST, FIRST + timedelta(99)).mondays())) == 15
    assert list(Scale(FIRST, FIRST + timedelta(999)).mondays()) == []


def test_a_hold_without_end_reaches_the_edge_and_one_elsewhere_is_not_drawn() -> None:
    scale = Scale(FIRST, FIRST + timedelta(99))
    blocks = [Block("for good", FIRST + timedelta(50), None), Block("past", FIRST - timedelta(9), FIRST - timedelta(1))]
    (band,) = bands_of(scale, blocks, ())
    assert round(band.x + band.width, 1) == WIDTH - RIGHT
    assert band.title == "for good, from Monday 20 April 2026 for good"


def test_a_closed_day_is_drawn_without_words_above_it_and_a_closed_week_with() -> None:
    scale = Scale(FIRST, FIRST + timedelta(99))
    closures = [(FIRST, FIRST, "Fair"), (FIRST + timedelta(30), FIRST + timedelta(36), "Spring break")]
    assert [(band.label, band.title) for band in bands_of(scale, (), closures)] == [
        ("", "Closed, Sun 1 Mar: Fair"),
        ("Closed", "Closed, Tue 31 Mar to Mon 6 Apr: Spring break"),
    ]


def test_names_that_would_lie_on_each_other_take_lanes() -> None:
    scale = Scale(FIRST, FIRST + timedelta(99))
    near = [Block("A long reason to wait", FIRST + timedelta(40 + n), FIRST + timedelta(44 + n)) for n in (0, 2, 4)]
    labels, lanes = lanes_of(bands_of(scale, near, ()))
    assert ([label.lane for label in labels], lanes) == ([0, 1, 2], 2)
    apart = [Block("Wait", FIRST + timedelta(n), FIRST + timedelta(n + 4)) for n in (10, 40, 70)]
    labels, lanes = lanes_of(bands_of(scale, apart, ()))
    assert ([label.lane for label in labels], lanes) == ([0, 0, 0], 0)


def test_a_name_never_leaves_the_paper() -> None:
    scale = Scale(FIRST, FIRST + timedelta(99))
    edge = [Block("A very long reason indeed", FIRST + timedelta(98), FIRST + timedelta(99))]
    ((label,), _) = lanes_of(bands_of(scale, edge, ()))
    assert label.x + len(label.text) * 3.7 <= WIDTH


def test_only_the_organisation_s_own_resources_have_names(shared_api: Api) -> None:
    clinic = shared_api.clinic
    other = open_clinic(clinic.database)
    asked = [clinic.practitioner_id, clinic.room_id, other.room_id]
    named = clinic.do(lambda context: resource_names(context, asked), Role.RECEPTION)
    assert named == {clinic.practitioner_id: "Ada", clinic.room_id: "Room 1"}
