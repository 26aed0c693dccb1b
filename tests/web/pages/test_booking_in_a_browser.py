"""Booking in a real browser: a few keys, the mouse, no scripts, a rival who is faster, a call that comes in between."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.chromium import shown
from tests.support.desk import NEEDLING, Desk, desk_of
from tests.support.scene import Scene
from tests.support.scenes import SCENES
from tests.support.stage import NOW, Stage

MOST_PRESSES = 8
DAY = SCENES[0]
FOCUSED = "() => document.activeElement.id"
QUIET = Scene("day-to-book-on", lambda house: "/day/2026-11-25", house=lambda stage: stage.quiet)
NEW = f"what=protocol:{NEEDLING}&site=face&sessions=3"


@pytest.fixture
def desk(on_stage: Stage) -> Desk:
    return desk_of(on_stage.quiet.api.clinic)


@pytest.fixture
def page(chrome: Browser, on_stage: Stage) -> Iterator[Page]:
    with shown(chrome, on_stage, QUIET) as page:
        yield page


def returning(desk: Desk, name: str) -> UUID:
    """A series of somebody, of which nothing is booked yet."""
    return desk.series(desk.patient(name), 3, now=NOW)


def at_plans(desk: Desk, name: str) -> Scene:
    patient = desk.patient(name)
    return Scene("plans", lambda house: f"/book?patient={patient}&{NEW}", house=lambda stage: stage.quiet)


def opened(page: Page, name: str) -> None:
    """The panel of a patient, by mouse."""
    page.locator("#book").click()
    page.locator("#caller").fill(name)
    page.locator(".hit").click()
    expect(page.locator("#plan-1")).to_be_focused()


def test_a_returning_patient_takes_the_best_plan_with_a_few_keys(page: Page, desk: Desk) -> None:
    series = returning(desk, "Quirina Vale")
    presses = 0

    def press(key: str) -> None:
        nonlocal presses
        presses += 1
        page.keyboard.press(key)

    press("b")
    expect(page.locator("#caller")).to_be_focused()
    page.keyboard.type("quirina")
    press("Enter")
    expect(page.locator("#plan-1")).to_be_focused()
    press("Enter")
    expect(page.locator(".booked-days li")).to_have_count(3)
    expect(page.locator("#toast")).to_contain_text("Booked for Quirina Vale")
    assert (sorted(desk.dates(series, NOW)), presses <= MOST_PRESSES) == ([1, 2, 3], True)


def test_what_is_typed_before_the_panel_and_the_patients_are_here_is_not_lost(page: Page, desk: Desk) -> None:
    returning(desk, "Zephyrine Stone")
    page.keyboard.press("b")
    page.keyboard.type("zephyr")
    page.keyboard.press("Enter")
    expect(page.locator("#booking-title")).to_have_text("Zephyrine Stone")


def test_by_mouse_another_plan_is_booked_and_undone(page: Page, desk: Desk) -> None:
    series = returning(desk, "Marlowe Finch")
    opened(page, "finch marl")
    page.locator(".plan").nth(1).click()
    expect(page.locator(".line-2")).to_be_visible()
    expect(page.locator(".line-1")).to_be_hidden()
    page.locator("#book-all").click()
    expect(page.locator(".booked-days li")).to_have_count(3)
    page.locator("#undo").click()
    expect(page.locator("#toast")).to_contain_text("Undone.")
    assert desk.dates(series, NOW) == {}


def test_each_change_of_a_wish_shows_new_plans_without_a_reload_and_keeps_the_focus(page: Page, desk: Desk) -> None:
    returning(desk, "Odalys Brook")
    page.evaluate("window.sameDocument = true")
    opened(page, "odalys")
    page.locator("#day-3").focus()
    page.keyboard.press("Space")
    expect(page.locator(".plan strong").first).to_contain_text("Thursdays")
    assert (page.evaluate(FOCUSED), page.evaluate("window.sameDocument")) == ("day-3", True)
    page.locator("#since").select_option("14:00")
    expect(page.locator(".plan strong").first).to_contain_text("Thursdays, 14:00")


def test_enter_in_a_field_books_nothing(page: Page, desk: Desk) -> None:
    series = returning(desk, "Hyacinth Rowe")
    opened(page, "hyacinth")
    for field in ("#start", "#since", "#day-1"):
        page.locator(field).focus()
        page.keyboard.press("Enter")
    expect(page.locator(".plan")).to_have_count(5)
    assert desk.dates(series, NOW) == {}


def test_digits_choose_a_plan_unless_single_keys_are_off(page: Page, desk: Desk) -> None:
    returning(desk, "Tamsin Pryce")
    opened(page, "tamsin")
    page.keyboard.press("3")
    expect(page.locator("#plan-3")).to_be_checked()
    page.evaluate("document.body.dataset.keys = 'off'")
    page.keyboard.press("2")
    expect(page.locator("#plan-3")).to_be_checked()


def test_a_rival_who_is_faster_leaves_five_others_and_all_choices(chrome: Browser, on_stage: Stage, desk: Desk) -> None:
    with (
        shown(chrome, on_stage, at_plans(desk, "First Caller")) as one,
        shown(chrome, on_stage, at_plans(desk, "Second Caller")) as other,
    ):
        for page in (one, other):
            page.locator("#day-2").check(force=True)
            expect(page.locator(".plan strong").first).to_contain_text("Wednesdays")
        one.locator("#book-all").click()
        expect(one.locator(".booked-days li")).to_have_count(3)
        other.locator("#book-all").click()
        expect(other.locator("#refused")).to_contain_text("Just taken, here are the next five.")
        expect(other.locator(".plan")).to_have_count(5)
        expect(other.locator("#day-2")).to_be_checked()
        expect(other.locator("#plan-1")).to_be_focused()
        other.keyboard.press("Enter")
        expect(other.locator(".booked-days li")).to_have_count(3)


def test_a_free_time_that_is_clicked_in_the_day_is_pinned(page: Page, desk: Desk) -> None:
    returning(desk, "Isolde Kerr")
    ada = page.locator(f"#grid [aria-labelledby='c-{desk.clinic.practitioner_id}']")
    hour = page.evaluate("parseFloat(getComputedStyle(document.getElementById('grid')).getPropertyValue('--hour'))")
    first = page.locator("#grid .times span").first.inner_text()
    ada.click(position={"x": 20, "y": (15 - int(first[:2])) * hour + 4})
    page.locator("#caller").fill("isolde")
    page.locator(".hit").click()
    expect(page.locator(".pin")).to_contain_text("Only Wednesday 25 November at 15:00")
    expect(page.locator(".plan .dates span").first).to_have_text("25 Nov")
    page.locator("#book-next").click()
    expect(ada).to_contain_text("Isolde Kerr", timeout=2000)


def test_a_pinned_time_can_be_let_go_again(page: Page, desk: Desk) -> None:
    patient = desk.patient("Rosamund Pike")
    page.goto(f"/book?patient={patient}&{NEW}&pin=2026-11-26T15:00")
    expect(page.locator(".pin")).to_contain_text("Only Thursday 26 November at 15:00")
    page.locator(".pin input").click()
    expect(page.locator(".pin")).to_have_count(0)


def test_a_time_is_pinned_by_keyboard_alone_and_the_plans_follow_it(page: Page, desk: Desk) -> None:
    patient = desk.patient("Ottoline Grey")
    page.goto(f"/book?patient={patient}&{NEW}")
    page.locator("#more-wishes > summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#pin-at")).to_be_focused()
    page.locator("#pin-at").fill("2026-11-26T15:00")
    expect(page.locator(".pin")).to_contain_text("Only Thursday 26 November at 15:00")
    expect(page.locator(".plan .dates span").first).to_contain_text("26 Nov")


def test_a_plan_is_kept_and_the_focus_stays_with_it(page: Page, desk: Desk) -> None:
    returning(desk, "Jocasta Bell")
    opened(page, "jocasta")
    page.keyboard.press("2")
    page.locator("#keep").click()
    expect(page.locator("#kept")).to_contain_text("Kept until 11:49.")
    expect(page.locator("#plan-2")).to_be_focused()
    page.get_by_role("button", name="Give back").click()
    expect(page.locator("#kept")).to_have_count(0)


def test_a_booking_that_is_half_made_is_put_aside_when_the_next_call_comes(page: Page, desk: Desk) -> None:
    returning(desk, "Perpetua Lane")
    opened(page, "perpetua")
    page.locator("#day-4").check(force=True)
    expect(page.locator(".plan strong").first).to_contain_text("Fridays")
    page.locator("#booking-title").focus()
    page.keyboard.press("b")
    expect(page.locator(".parked")).to_contain_text("Perpetua Lane")
    expect(page.locator("#caller")).to_be_focused()
    page.locator(".parked .btn").first.click()
    expect(page.locator("#day-4")).to_be_checked()


def test_a_single_visit_takes_a_few_keys_too(page: Page, desk: Desk) -> None:
    desk.patient("Lucasta Moor")
    page.keyboard.press("b")
    expect(page.locator("#caller")).to_be_focused()
    page.keyboard.type("lucasta")
    page.keyboard.press("Enter")
    expect(page.locator("#what")).to_be_focused()
    page.keyboard.type("Consult")
    expect(page.locator("#plan-1")).to_be_visible()
    page.keyboard.press("1")
    page.locator("#plan-1").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".booked-days li")).to_have_count(1)


def test_without_scripts_forms_do_all_of_it(chrome: Browser, on_stage: Stage, desk: Desk) -> None:
    scene = Scene("plain-booking", lambda house: "/book", house=lambda stage: stage.quiet)
    with shown(chrome, on_stage, scene, 390, java_script_enabled=False) as page:
        page.locator("#caller").fill("nobody of this name")
        page.get_by_role("button", name="Search").click()
        page.locator("#new-name").fill("Cosima Wells")
        page.locator("#new-phone").fill("030 5550777")
        page.get_by_role("button", name="Add and go on").click()
        page.locator("#what").select_option(f"protocol:{NEEDLING}")
        page.get_by_role("button", name="Show what fits").click()
        page.locator("#site-1").select_option("face")
        page.get_by_role("button", name="Show what fits").click()
        page.locator("#book-all").click()
        expect(page.locator(".booked-days li")).to_have_count(3)
        page.locator("#undo").click()
        expect(page.locator("#toast")).to_contain_text("Undone.")
