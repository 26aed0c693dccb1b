"""Patients, tasks and patients' own pages in a real browser: axe, the keyboard alone, and no script at all."""

from playwright.sync_api import Browser, expect

from tests.support.chromium import shown, signed_in
from tests.support.people_scenes import PEOPLE_SCENES, own_path, patient_of
from tests.support.stage import Stage

BY_NAME = {scene.name: scene for scene in PEOPLE_SCENES}
THUMB = 48
TARGETS = (
    "a, button, select, summary, input:not([type=checkbox], [type=radio], [type=hidden]), .opt label, .check label"
)


def test_patients_are_found_while_somebody_types_and_opened_by_keys_alone(chrome: Browser, on_stage: Stage) -> None:
    with shown(chrome, on_stage, BY_NAME["patients"]) as page:
        page.keyboard.type("raman")
        expect(page.locator("#found-title")).to_contain_text("raman")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        focused = page.evaluate("document.activeElement.textContent")
        assert "Raman" in focused
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text(focused)


def test_a_thumb_hits_every_button_of_a_patient_s_own_page(chrome: Browser, on_stage: Stage) -> None:
    for name in (name for name in BY_NAME if name.startswith("own-")):
        with shown(chrome, on_stage, BY_NAME[name], 390) as page:
            heights = page.evaluate(
                "targets => [...document.querySelectorAll(targets)].filter(one => !one.matches('.skip'))"
                ".map(one => [one.textContent.trim(), one.getBoundingClientRect().height]).filter(one => one[1] > 0)",
                TARGETS,
            )
            assert heights
            assert [(name, *one) for one in heights if one[1] < THUMB] == []


def test_another_time_is_asked_for_without_any_script(chrome: Browser, on_stage: Stage) -> None:
    house = on_stage.quiet
    scene = BY_NAME["own-times"]
    with signed_in(chrome, house, scene, 390, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(own_path(house, "rest"))
        page.get_by_text("Ask to move a session").click()
        page.locator("#move-words").fill("Tuesdays after four")
        page.get_by_role("button", name="Ask for another time").click()
        expect(page.get_by_role("status")).to_contain_text("We have your request")
        expect(page.locator(".steps")).to_contain_text("Asked to move")


def test_a_patient_is_corrected_by_keys_alone(chrome: Browser, on_stage: Stage) -> None:
    house = on_stage.quiet
    with shown(chrome, on_stage, BY_NAME["patient"]) as page:
        page.locator("summary", has_text="Change the note").or_(
            page.locator("summary", has_text="Write a note")
        ).focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.type("Rings twice")
        page.keyboard.press("Tab")
        page.keyboard.press("d")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator(".prose")).to_have_text("Rings twice")
        expect(page.locator(".headrow .tag.warn")).to_have_text("Deposit asked for")
        assert page.url.startswith(f"{on_stage.usual.base}/patients/{patient_of(house, 'rest')}")
