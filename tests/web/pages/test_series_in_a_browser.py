"""The page of a series in a real browser: dragged, moved by keys, and by forms where no script runs."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from scheduler.domain.access import Role
from tests.support.chromium import shown
from tests.support.desk import day
from tests.support.scene import Scene
from tests.support.series_scenes import OUTSIDE, SERIES_SCENES, TODAY, series_of
from tests.support.stage import Stage

FIRST = SERIES_SCENES[0]
BOOKED = day(TODAY + 22)
"""When session 3 of the series at rest is booked."""


@pytest.fixture
def page(chrome: Browser, on_stage: Stage) -> Iterator[Page]:
    with shown(chrome, on_stage, FIRST) as opened:
        yield opened


def asked(page: Page, on: date) -> None:
    """The page shows what moving session 3 to this day would change."""
    expect(page.locator("#handle-3")).to_have_attribute("data-on", on.isoformat())
    expect(page.locator("#preview")).to_be_visible()


def drag(page: Page, days: int) -> None:
    """Take session 3 by mouse, and let go so many days later."""
    box = page.locator("#handle-3 .dot").bounding_box()
    chart = page.locator("#chart > svg")
    width = chart.bounding_box()["width"] / 1340 * float(chart.get_attribute("data-day") or 0)  # type: ignore[index]
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + days * width, y, steps=5)
    page.mouse.up()


def press(page: Page, days: int) -> None:
    """The same by arrow keys, weeks first."""
    page.locator("#handle-3").focus()
    for _ in range(days // 7):
        page.keyboard.press("Shift+ArrowRight")
    for _ in range(days % 7):
        page.keyboard.press("ArrowRight")


@pytest.mark.parametrize("carry", [drag, press])
def test_carried_outside_its_window_it_is_booked_with_a_reason(page: Page, carry: Callable[[Page, int], None]) -> None:
    carry(page, 17)
    asked(page, OUTSIDE)
    expect(page.locator(".chart .number.bad")).to_have_css("fill", "rgb(255, 255, 255)")
    expect(page.locator("#preview")).to_contain_text("Outside the window.")
    expect(page.locator("#save")).to_have_count(0)
    page.locator("#override-reason").fill("Away until then.")
    page.keyboard.press("Enter")
    expect(page.locator("#toast")).to_contain_text("Leila Haddad")
    expect(page.locator("#preview")).to_have_count(0)
    expect(page.locator("#handle-3")).to_have_attribute("data-on", OUTSIDE.isoformat())
    expect(page.locator(".tbl tbody tr").nth(2)).to_contain_text("Override")
    page.locator("#undo").click()
    expect(page.locator("#toast")).to_contain_text("Undone.")
    expect(page.locator("#handle-3")).to_have_attribute("data-on", BOOKED.isoformat())


def test_a_dragged_session_follows_the_pointer_and_nothing_is_saved(page: Page, on_stage: Stage) -> None:
    box = page.locator("#handle-3 .dot").bounding_box()
    chart = page.locator("#chart > svg")
    width = chart.bounding_box()["width"] / 1340 * float(chart.get_attribute("data-day") or 0)  # type: ignore[index]
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 3 * width, y, steps=3)
    asked(page, BOOKED + timedelta(3))
    page.mouse.move(x + 6 * width, y, steps=3)
    asked(page, BOOKED + timedelta(6))
    page.mouse.up()
    expect(page.locator("#preview")).to_contain_text("Nothing is saved yet.")
    page.locator("#discard").click()
    expect(page.locator("#preview")).to_have_count(0)
    expect(page.locator("#handle-3")).to_have_attribute("data-on", BOOKED.isoformat())


def test_by_keyboard_alone_it_is_moved_and_moved_back(page: Page) -> None:
    page.locator("#handle-3").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    asked(page, BOOKED + timedelta(2))
    page.keyboard.press("Shift+ArrowLeft")
    asked(page, BOOKED - timedelta(5))
    page.keyboard.press("Escape")
    expect(page.locator("#preview")).to_have_count(0)
    expect(page.locator("#handle-3")).to_be_focused()
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    asked(page, BOOKED + timedelta(6))
    page.keyboard.press("Enter")
    expect(page.locator("#save")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#toast")).to_contain_text("Leila Haddad")
    expect(page.locator("#handle-3")).to_have_attribute("data-on", (BOOKED + timedelta(6)).isoformat())
    page.locator("#undo").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#handle-3")).to_have_attribute("data-on", BOOKED.isoformat())


def test_a_handle_that_is_only_pressed_opens_its_session(page: Page) -> None:
    page.locator("#handle-3 .dot").click()
    expect(page.locator("#session-title")).to_contain_text("Session 3")
    expect(page.locator("#session-title")).to_be_focused()


@pytest.mark.parametrize("width", [390, 1440])
def test_without_scripts_it_is_moved_by_forms(chrome: Browser, on_stage: Stage, width: int) -> None:
    with shown(chrome, on_stage, FIRST, width, java_script_enabled=False) as page:
        page.get_by_role("link", name="Move… session 3").click()
        page.locator("#move-to").fill((BOOKED + timedelta(6)).isoformat())
        page.get_by_role("button", name="Show what would change").click()
        expect(page.locator("#preview")).to_contain_text("Nothing is saved yet.")
        page.locator("#save").click()
        expect(page.locator("#toast")).to_contain_text("Leila Haddad")
        page.locator("#undo").click()
        expect(page.locator("#toast")).to_contain_text("Undone.")


def test_two_browsers_want_the_same_and_the_second_is_shown_what_came_between(
    chrome: Browser, on_stage: Stage, page: Page
) -> None:
    wish = f"/series/{series_of(on_stage.quiet, 'rest')}?move=3&to={BOOKED + timedelta(6)}"
    page.goto(wish)
    reception = Scene("rival", lambda _: wish, Role.RECEPTION, lambda stage: stage.quiet)
    with shown(chrome, on_stage, reception) as rival:
        rival.locator("#save").click()
        expect(rival.locator("#toast")).to_contain_text("Leila Haddad")
        page.locator("#save").click()
        expect(page.get_by_role("alert")).to_contain_text("Somebody has changed this meanwhile.")
        expect(page.locator("#handle-3")).to_have_attribute("data-on", (BOOKED + timedelta(6)).isoformat())
        rival.locator("#undo").click()
