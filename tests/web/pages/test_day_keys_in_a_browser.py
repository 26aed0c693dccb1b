"""The keys of the day in a real browser, wide and narrow: arriving, booking, and walking the free times."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.chromium import shown
from tests.support.desk import NEEDLING, Desk, desk_of
from tests.support.scene import Scene
from tests.support.stage import Stage

BOTH = pytest.mark.parametrize("width", [1440, 390])
TODAY = Scene("today", lambda house: "/day")
FREE = Scene("free", lambda house: "/day/2026-11-25", house=lambda stage: stage.quiet)
NEW = f"what=protocol:{NEEDLING}&site=face&sessions=3"


@pytest.fixture
def desk(on_stage: Stage) -> Desk:
    return desk_of(on_stage.quiet.api.clinic)


@pytest.fixture
def free(chrome: Browser, on_stage: Stage) -> Iterator[Page]:
    with shown(chrome, on_stage, FREE) as page:
        yield page


def walked(page: Page, *keys: str) -> str:
    """The free time that has the focus after these keys in the grid."""
    page.locator("#scroll").focus()
    for key in ("Enter", *keys):
        page.keyboard.press(key)
    expect(page.locator("#slot")).to_be_focused()
    return page.locator("#slot").inner_text()


@BOTH
def test_a_lets_in_whose_card_has_the_focus(chrome: Browser, on_stage: Stage, width: int) -> None:
    with shown(chrome, on_stage, TODAY, width) as page:
        button = str(page.locator(".rail .act").first.get_attribute("id"))
        card = page.locator(f"#{button.replace('arrive-', 'a-')}")
        card.focus()
        page.keyboard.press("a")
        expect(page.locator("#toast")).to_contain_text("has arrived.")
        expect(card).to_contain_text("Waiting")


@BOTH
def test_a_lets_in_whose_panel_is_open(chrome: Browser, on_stage: Stage, width: int) -> None:
    with shown(chrome, on_stage, TODAY, width) as page:
        button = str(page.locator(".rail .act").first.get_attribute("id"))
        page.locator(f"#{button.replace('arrive-', 'n-')}").press("Enter")
        expect(page.locator("#panel-title")).to_be_focused()
        page.keyboard.press("A")
        expect(page.locator("#toast")).to_contain_text("has arrived.")


@BOTH
def test_b_opens_the_booking_and_a_number_chooses_a_plan(
    chrome: Browser, on_stage: Stage, desk: Desk, width: int
) -> None:
    patient = desk.patient(f"Numbers {width}")
    with shown(chrome, on_stage, FREE, width) as page:
        page.keyboard.press("b")
        expect(page.locator("#caller")).to_be_focused()
        page.goto(f"/book?patient={patient}&{NEW}")
        for number in "35124":
            page.keyboard.press(number)
            expect(page.locator(f"#plan-{number}")).to_be_checked()
            expect(page.locator(f"#plan-{number}")).to_be_focused()


def test_arrow_keys_walk_the_free_times_and_leave_out_what_is_taken(free: Page, desk: Desk) -> None:
    first = walked(free)
    assert walked(free, "ArrowDown", "ArrowDown", "ArrowUp") == quarter_after(first)
    free.keyboard.press("Escape")
    expect(free.locator("#scroll")).to_be_focused()
    expect(free.locator("#slot")).to_have_count(0)


def quarter_after(time: str) -> str:
    hours, minutes = map(int, time.split(":"))
    later = hours * 60 + minutes + 15
    return f"{later // 60:02}:{later % 60:02}"


def test_enter_on_a_free_time_books_there(free: Page) -> None:
    time = walked(free, "ArrowDown")
    free.keyboard.press("Enter")
    expect(free.locator("#caller")).to_be_focused()
    expect(free.locator("#caller-form [name=pin]")).to_have_value(f"2026-11-25T{time}")


def test_enter_on_a_free_time_pins_it_to_the_booking_that_is_open(free: Page, desk: Desk) -> None:
    desk.patient("Slotta Vale")
    free.locator("#book").click()
    free.locator("#caller").fill("Slotta Vale")
    free.locator(".hit").click()
    expect(free.locator("#wishes")).to_be_visible()
    time = walked(free, "ArrowDown", "ArrowDown")
    free.keyboard.press("Enter")
    expect(free.locator(".pin")).to_contain_text(f"Only Wednesday 25 November at {time}")


def test_a_free_time_keeps_the_focus_while_the_day_comes_anew(free: Page, desk: Desk) -> None:
    time = walked(free, "ArrowDown")
    with free.expect_response(re.compile("/live"), timeout=9000):
        desk.patient("Somebody Else")
    free.wait_for_timeout(500)
    expect(free.locator("#slot")).to_be_focused()
    assert free.locator("#slot").inner_text() == time
