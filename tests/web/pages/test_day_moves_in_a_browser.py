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


def opened(
    chrome: Browser, on_stage: Stage, number: int, width: int = 1440, keys: str = "on", *, has_touch: bool = False
) -> AbstractContextManager[Page]:
    path, session = f"/day/{day(tuesday(number))}", (("keys", keys),)
    scene = Scene("moves", lambda house: path, house=lambda stage: stage.quiet, session=session)
    return shown(chrome, on_stage, scene, width, has_touch=has_touch)


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
        expect(page).to_have_url(f"{on_stage.usual.base}/day/{day(tuesday(3))}")
        page.keyboard.press("Enter")
        expect(card(page, one)).to_contain_text("11:00")


def test_a_finger_that_rests_lifts_an_appointment_and_one_that_moves_scrolls(
    chrome: Browser, on_stage: Stage, desk: Desk
) -> None:
    one = visit(desk, 6)
    with opened(chrome, on_stage, 6, 390, has_touch=True) as page:
        card(page, one).scroll_into_view_if_needed()
        box = card(page, one).bounding_box()
        hour = page.locator("#grid").evaluate("one => parseFloat(getComputedStyle(one).getPropertyValue('--hour'))")
        assert box
        finger = page.context.new_cdp_session(page)

        def touch(kind: str, *to: float) -> None:
            points = [{"x": to[0], "y": to[1]}] if to else []
            finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        x, y = box["x"] + 40, box["y"] + 12
        touch("touchStart", x, y)
        touch("touchMove", x, y - 40)
        page.wait_for_timeout(600)
        touch("touchEnd")
        expect(page.locator(".ghost")).to_have_count(0)

        box = card(page, one).bounding_box()
        assert box
        y = box["y"] + 12
        touch("touchStart", x, y)
        expect(page.locator(".ghost")).to_be_visible()
        touch("touchMove", x, y - hour / 2)
        touch("touchMove", x, y - hour)
        expect(page.locator(".ghost")).to_contain_text("11:00")
        touch("touchEnd")
        page.locator("#save-move").tap()
        expect(card(page, one)).to_contain_text("11:00")


def test_move_is_two_taps_away_on_a_phone(chrome: Browser, on_stage: Stage, desk: Desk) -> None:
    one = visit(desk, 7)
    with opened(chrome, on_stage, 7, 390, has_touch=True) as page:
        card(page, one).tap()
        page.locator("#move").tap()
        expect(page.locator("#move-at")).to_be_in_viewport()


def test_keys_move_an_appointment_on_a_phone_as_well(chrome: Browser, on_stage: Stage, desk: Desk) -> None:
    one = visit(desk, 8)
    with opened(chrome, on_stage, 8, 390) as page:
        card(page, one).focus()
        page.keyboard.press("m")
        page.keyboard.press("ArrowDown")
        expect(page.locator("#would")).to_be_visible()
        expect(page.locator(".ghost")).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(card(page, one)).to_contain_text("12:15")


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
