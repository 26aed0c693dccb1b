"""Two browsers see one slot and both press: one gets it, the other is offered the next five and keeps its words."""

import gc
import warnings
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.support.journeys.house import House, next_door, street
from tests.support.journeys.people import WAYS, Way
from tests.support.journeys.staff import Reception, reception

NEEDLING, TUESDAY, AFTER_FOUR = "Microneedling, rejuvenation", 1, "16:00"
PAIRS = ((WAYS[0], WAYS[3]), (WAYS[1], WAYS[2]))
"""A mouse and a keyboard on a narrow screen; a keyboard on a wide one and a thumb."""


@pytest.fixture(scope="module")
def engine_s_house(module_database_url: str) -> Iterator[House]:
    with street(module_database_url) as made:
        yield made
    with warnings.catch_warnings(action="ignore"):
        gc.collect()


@pytest.fixture
def house(engine_s_house: House) -> House:
    return next_door(engine_s_house)


def at_the_plans(desk: Reception, name: str) -> str:
    desk.answers_a_call_of(name.split()[0].lower(), name)
    desk.chooses(NEEDLING, site="Face", sessions=3)
    desk.asks_for(TUESDAY, since=AFTER_FOUR)
    return desk.reads_out()


def press_at_once(*desks: Reception) -> None:
    """Neither waits for the other's answer: the page itself presses, without waiting for what comes of it."""
    for desk in desks:
        desk.page.evaluate("() => setTimeout(() => document.getElementById('book-all').click())")


def was_faster(desk: Reception) -> bool:
    """Whether this one got it, once there is an answer."""
    expect(desk.page.locator(".booked-days, #refused").first).to_be_visible()
    return desk.page.locator(".booked-days").count() == 1


@pytest.mark.parametrize("ways", PAIRS, ids=lambda ways: "-and-".join(map(str, ways)))
def test_one_gets_it_and_the_other_is_offered_the_next_five(
    chrome: Browser, house: House, ways: tuple[Way, Way]
) -> None:
    names = ("Quirina Vale", "Marlowe Finch")
    patients = [house.patient(name) for name in names]
    with reception(chrome, house, ways[0]) as one, reception(chrome, house, ways[1]) as other:
        assert at_the_plans(one, names[0]) == at_the_plans(other, names[1])
        press_at_once(one, other)
        got_it = [was_faster(desk) for desk in (one, other)]
        assert sorted(got_it) == [False, True]
        slower, late = (one, patients[0]) if got_it[1] else (other, patients[1])
        taken = house.booked(patients[1] if got_it[1] else patients[0])
        assert (len(taken), house.booked(late), house.series_of(late)) == (3, [], [])

        expect(slower.page.locator("#refused")).to_contain_text("Just taken, here are the next five.")
        expect(slower.page.locator(".plan")).to_have_count(5)
        expect(slower.page.locator(f"#day-{TUESDAY}")).to_be_checked()
        expect(slower.page.locator("#since")).to_have_value(AFTER_FOUR)
        expect(slower.page.locator("#sessions")).to_have_value("3")
        expect(slower.page.locator("#site-1")).to_have_value("face")
        slower.waits()
        slower.books_all()
        slower.sees("The patient is told in three minutes.")
    later = house.booked(late)
    assert (len(later), set(later) & set(taken)) == (3, set())
