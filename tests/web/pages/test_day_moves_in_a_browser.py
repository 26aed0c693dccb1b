"""Moving an appointment in the grid of a real browser: by keys, by pointer, and while a rival is at work."""

from contextlib import AbstractContextManager
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.chromium import shown
from tests.support.desk import Desk, day, desk_of
from tests.support.scenes import Scene
from tests.support.stage import Stage

FIRST, WEEK = 274, 7
"""So many days after the desk's first one lies a Tuesday, on which the stage's practitioner works from ten to four."""


def tuesday(number: int) -> int:
    return FIRST + WEEK * number


@pytest.fixture
def desk(on_stage: Stage) -> Desk:
    """The front desk of the house in which nothing else is booked."""
    return desk_of(on_stage.quiet.api.clinic)


def opened(chrome: Browser, on_stage: Stage, number: int, **session: str) -> AbstractContextManager[Page]:
    path = f"/day/{day(tuesday(number))}"
    told = tuple(session.items())
    return shown(chrome, on_stage, Scene("moves", lambda house: path, house=lambda stage: stage.quiet, session=told))


def visit(desk: Desk, number: int, hour: int = 12, name: str = "Nadia Okonjo") -> UUID:
    return desk.visit(desk.patient(name), tuesday(number), "consultation", hour)


def card(page: Page, one: UUID) -> Locator:
    return page.locator(f"#a-{one}")


def test_m_arrows_and_enter_move_an_appointment_and_undo_takes_it_back(
    chrome: Browser, on_stage: Stage, desk: Desk
) -> None:
    one = visit(desk, 0)
    with opened(chrome, on_stage, 0) as page:
        card(page, one).focus()
        page.keyboard.press("m")
        for _ in range(2):
            page.keyboard.press("ArrowDown")
        expect(page.locator(".ghost")).to_contain_text("12:30")
        expect(page.locator("#would")).to_have_text("This would move")
        expect(card(page, one)).to_contain_text("12:00")
        page.keyboard.press("Enter")
        expect(page.locator("#toast")).to_contain_text("Nadia Okonjo")
        expect(card(page, one)).to_contain_text("12:30")
        page.locator("#undo").click()
        expect(card(page, one)).to_contain_text("12:00")


def test_escape_leaves_it_where_it_is_and_gives_the_focus_back(chrome: Browser, on_stage: Stage, desk: Desk) -> None:
    one = visit(desk, 1)
    with opened(chrome, on_stage, 1) as page:
        card(page, one).focus()
        page.keyboard.press("m")
        page.keyboard.press("ArrowUp")
        expect(page.locator("#would")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator(".ghost")).to_have_count(0)
        expect(page.locator("#panel")).to_be_hidden()
        expect(card(page, one)).to_be_focused()
        expect(card(page, one)).to_contain_text("12:00")


def test_what_is_taken_is_told_before_it_is_saved(chrome: Browser, on_stage: Stage, desk: Desk) -> None:
    one, _ = visit(desk, 2), visit(desk, 2, 13, "Zoë Ångström")
    with opened(chrome, on_stage, 2) as page:
        card(page, one).focus()
        page.keyboard.press("m")
        for _ in range(4):
            page.keyboard.press("ArrowDown")
        expect(page.locator(".ghost.bad")).to_contain_text("not free")
        expect(page.locator("#cannot")).to_have_text("Not free at 13:00")
        page.keyboard.press("Enter")
        expect(card(page, one)).to_contain_text("12:00")


def test_a_drag_shows_what_would_be_and_saves_with_one_more_press(chrome: Browser, on_stage: Stage, desk: Desk) -> None:
    one = visit(desk, 3)
    with opened(chrome, on_stage, 3) as page:
        card(page, one).scroll_into_view_if_needed()
        box = card(page, one).bounding_box()
        assert box
        x, y = box["x"] + 40, box["y"] + 12
        hour = page.locator("#grid").evaluate("one => parseFloat(getComputedStyle(one).getPropertyValue('--hour'))")
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x, y - hour / 2, steps=4)
        page.mouse.move(x, y - hour, steps=4)
        expect(page.locator(".ghost")).to_contain_text("11:00")
        page.mouse.up()
        expect(page.locator("#save-move")).to_be_focused()
        expect(page).to_have_url(f"{on_stage.base}/day/{day(tuesday(3))}")
        page.keyboard.press("Enter")
        expect(card(page, one)).to_contain_text("11:00")


def test_a_rival_s_booking_is_seen_while_somebody_moves(chrome: Browser, on_stage: Stage, desk: Desk) -> None:
    one = visit(desk, 4)
    with opened(chrome, on_stage, 4) as page:
        card(page, one).focus()
        page.keyboard.press("m")
        for _ in range(4):
            page.keyboard.press("ArrowDown")
        expect(page.locator("#would")).to_be_visible()
        visit(desk, 4, 13, "Zoë Ångström")
        expect(page.locator(".ghost.bad")).to_be_visible(timeout=9000)
        expect(page.locator("#cannot")).to_be_visible()


def test_single_keys_that_are_switched_off_move_nothing(chrome: Browser, on_stage: Stage, desk: Desk) -> None:
    one = visit(desk, 5)
    with opened(chrome, on_stage, 5, keys="off") as page:
        card(page, one).focus()
        page.keyboard.press("m")
        page.wait_for_timeout(300)
        expect(page.locator(".ghost")).to_have_count(0)
