"""The day in a real browser: by mouse, by keyboard alone, without scripts, and while others work."""

import re
from functools import partial
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from scheduler.domain.access import Role
from scheduler.operations.booking.attending import arrive, perform
from tests.support.chromium import shown, signed_in
from tests.support.scene import Scene
from tests.support.scenes import SCENES
from tests.support.stage import NOW, Stage

DAY = SCENES[0]
MOST_REQUESTS = 8
SHIFTS = """() => new Promise(done => {
  let moved = 0;
  new PerformanceObserver(list => { for (const entry of list.getEntries()) moved += entry.value; })
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(moved), 300);
})"""
REACHABLE = """closed => {
  const all = document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']");
  return [...all].filter(one => one.checkVisibility({ visibilityProperty: true }) && !one.closest(closed))
    .map(one => one.id || one.className || one.textContent.trim());
}"""
CLOSED = "details:not([open]) > :not(summary)"
FOCUSED = (
    "() => document.activeElement.id || document.activeElement.className || document.activeElement.textContent.trim()"
)


@pytest.fixture
def day(chrome: Browser, on_stage: Stage) -> Page:
    with shown(chrome, on_stage, DAY) as page:
        yield page


def test_who_comes_is_marked_with_one_tap_and_back_with_another(day: Page) -> None:
    name = day.locator(".rail section:nth-child(2) li a").first.inner_text()
    day.locator(".rail .act").first.click()
    expect(day.locator("#toast")).to_contain_text("has arrived.")
    expect(day.locator(".rail section").first).to_contain_text(name)
    day.locator("#undo").click()
    expect(day.locator("#toast")).to_contain_text("Undone. Everything is as it was.")
    expect(day.locator(".rail section").first).not_to_contain_text(name)


def test_the_same_by_keyboard_alone(day: Page) -> None:
    button = day.locator(".rail .act").first
    for _ in range(60):
        day.keyboard.press("Tab")
        if day.evaluate(FOCUSED) == button.get_attribute("id"):
            break
    day.keyboard.press("Enter")
    expect(day.locator("#toast")).to_contain_text("has arrived.")
    day.locator("#undo").focus()
    day.keyboard.press("Enter")
    expect(day.locator("#toast")).to_contain_text("Undone.")


def test_every_action_is_reached_without_a_mouse(day: Page) -> None:
    wanted = set(day.evaluate(REACHABLE, CLOSED))
    reached: set[str] = set()
    for _ in range(4 * len(wanted)):
        day.keyboard.press("Tab")
        reached.add(day.evaluate(FOCUSED))
    assert wanted - reached == set()


def test_an_appointment_opens_beside_the_day_and_gives_the_focus_back(day: Page) -> None:
    card = day.locator(".appt").nth(4)
    card.focus()
    day.keyboard.press("Enter")
    expect(day.locator("#panel-title")).to_be_focused()
    expect(day).to_have_url(re.compile("open="))
    day.wait_for_function("document.getElementById('close-panel')['htmx-internal-data']")
    day.keyboard.press("Escape")
    expect(day.locator("#panel")).to_be_hidden()
    expect(card).to_be_focused()
    day.go_back()
    expect(day.locator("#panel-title")).to_be_visible()


def test_keys_lead_around_and_can_be_switched_off(day: Page) -> None:
    expect(day.locator(".dayhead h1")).to_have_text("Tuesday 24 November")
    day.keyboard.press("ArrowRight")
    expect(day.locator(".dayhead h1")).to_have_text("Wednesday 25 November")
    day.keyboard.press("t")
    expect(day.locator(".dayhead h1")).to_have_text("Tuesday 24 November")
    day.keyboard.press("/")
    expect(day.locator("#find")).to_be_focused()
    day.keyboard.type("t?")
    expect(day.locator("#find")).to_have_value("t?")
    day.locator("#find").blur()
    day.keyboard.press("?")
    expect(day.locator("#keys")).to_be_visible()
    day.keyboard.press("Escape")
    expect(day.locator("#keys")).to_be_hidden()
    day.locator("#who > summary").click()
    day.locator("#who button[name=keys][value=off]").click()
    day.wait_for_load_state()
    day.keyboard.press("ArrowRight")
    expect(day.locator(".dayhead h1")).to_have_text("Tuesday 24 November")


def test_what_a_colleague_does_appears_and_nothing_else_moves(day: Page, on_stage: Stage) -> None:
    house = on_stage.usual
    booked = [one for one in house.full.appointments if is_booked_later(house.api, one)]
    card = day.locator(f"#a-{booked[-1]}")
    card.focus()
    before = day.locator("#scroll").evaluate("one => one.scrollTop")
    house.api.clinic.do(lambda context: arrive(context, appointment_id=booked[0]), Role.RECEPTION, NOW)
    expect(day.locator(f"#a-{booked[0]}")).to_contain_text("Waiting", timeout=9000)
    expect(card).to_be_focused()
    assert day.locator("#scroll").evaluate("one => one.scrollTop") == before


def is_booked_later(api: object, appointment_id: UUID) -> bool:
    told = api.get(f"/appointments/{appointment_id}").json  # type: ignore[attr-defined]
    return bool(told["status"] == "booked" and told["starts_at"] > NOW.isoformat())


def test_heads_and_hours_stay_in_view_while_the_grid_is_scrolled(chrome: Browser, on_stage: Stage) -> None:
    with shown(chrome, on_stage, Scene("crowded", lambda house: "/day", house=lambda stage: stage.crowded)) as page:
        page.locator("#scroll").evaluate("one => one.scrollTo(300, 400)")
        corner = page.locator("#scroll").bounding_box()
        heads, hours = page.locator(".colhead").last.bounding_box(), page.locator(".times").bounding_box()
        assert corner
        assert (heads and heads["y"], hours and hours["x"]) == (corner["y"], corner["x"])


def test_without_scripts_forms_and_links_do_the_same(chrome: Browser, on_stage: Stage) -> None:
    with shown(chrome, on_stage, Scene("plain", lambda house: "/day"), java_script_enabled=False) as page:
        page.locator(".appt").nth(6).click()
        expect(page.locator("#panel-title")).to_be_visible()
        page.locator("#close-panel").click()
        page.locator(".rail .act").first.click()
        expect(page.locator("#toast")).to_contain_text("has arrived.")
        page.locator("#undo").click()
        expect(page.locator("#toast")).to_contain_text("Undone.")
        page.locator("#print").click()
        expect(page.locator("table").first).to_be_visible()


def test_a_day_is_at_most_eight_requests_and_nothing_shifts(chrome: Browser, on_stage: Stage) -> None:
    with signed_in(chrome, on_stage.crowded, DAY) as context:
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto("/day", wait_until="networkidle")
        assert len(asked) <= MOST_REQUESTS
        assert page.evaluate(SHIFTS) == 0


def test_nothing_shifts_when_a_colleague_s_deed_is_put_in_place(chrome: Browser, on_stage: Stage) -> None:
    house = on_stage.crowded
    told = {one: house.api.get(f"/appointments/{one}").json["status"] for one in house.full.appointments}
    treated = next(one for one, status in told.items() if status == "checked_in")
    with signed_in(chrome, house, DAY) as context:
        page = context.new_page()
        page.goto("/day", wait_until="networkidle")
        deed = partial(perform, appointment_id=treated, on=NOW.date())
        house.api.clinic.do(deed, Role.RECEPTION, NOW)
        expect(page.locator(f"#a-{treated}.st-done")).to_be_visible(timeout=9000)
        assert page.evaluate(SHIFTS) == 0


def test_nothing_shifts_when_somebody_whom_a_colleague_let_in_leaves_the_list(chrome: Browser, on_stage: Stage) -> None:
    house = on_stage.crowded
    with signed_in(chrome, house, DAY) as context:
        page = context.new_page()
        page.goto("/day", wait_until="networkidle")
        lines = page.locator(".rail .act")
        ids = [str(line.get_attribute("id")).removeprefix("arrive-") for line in lines.all()]
        house.api.clinic.do(partial(arrive, appointment_id=UUID(ids[0])), Role.RECEPTION, NOW)
        expect(page.locator(f"#w-{ids[0]}")).to_be_visible(timeout=9000)
        expect(lines.first).to_have_id(f"arrive-{ids[1]}")
        assert page.evaluate(SHIFTS) == 0


def test_what_is_printed_is_the_day_sheet(day: Page) -> None:
    day.emulate_media(media="print")
    expect(day.locator(".printonly h1")).to_be_visible()
    expect(day.locator(".printonly table").first).to_be_visible()
    for hidden in (".bar", ".dayhead", ".rail", ".sheet", "#toast"):
        expect(day.locator(hidden)).to_be_hidden()
