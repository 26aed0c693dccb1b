"""Every page in every state, in three widths and both themes: axe finds nothing, and the browser has no complaint.

A theme changes nothing but colours, so in the dark only contrast is looked at again.
"""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Response

from scheduler.web.pages import ENDPOINTS
from tests.support.chromium import WIDTHS, found_by_axe, shown, signed_in
from tests.support.scene import Scene
from tests.support.scenes import SCENES
from tests.support.stage import Stage

WITHOUT_A_SCENE = {
    "pages.day_live": "a part of the day",
    "pages.week_live": "a part of the week",
    "pages.week_own": "leads to the week",
    "pages.affected_plans_show": "a part of the list of the affected",
    "pages.reports_save": "a file",
    "pages.audit_file": "a file",
    "pages.login_ask_code": "the scene of the code comes there by the log-in",
    "pages.switch_show": "the scene of switching comes there by the log-in",
    "pages.own_changes_look_at_choices": "the scene of the choices comes there once the date of birth is given",
    "pages.second_factor_show": "the scene of the second factor comes there from the account",
    "pages.second_factor_show_on_the_way": "the test of the way in comes there where a second factor is demanded",
}
"""Addresses that no scene begins with, each with the reason."""


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_axe_finds_nothing(chrome: Browser, on_stage: Stage, scene: Scene) -> None:
    with shown(chrome, on_stage, scene) as page:
        found = []
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme="light")
            found += [(width, fault) for fault in (*found_by_axe(page), *too_wide(page))]
            page.emulate_media(color_scheme="dark")
            found += [(width, "dark", fault) for fault in found_by_axe(page, "color-contrast")]
        assert found == []


def too_wide(page: Page) -> list[str]:
    """What would have to be scrolled sideways: nothing, ever."""
    beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{beyond} pixels too wide"] if beyond else []


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_the_browser_has_no_complaint(chrome: Browser, on_stage: Stage, scene: Scene) -> None:
    """A browser complains of each status that is no success: of the scene's own, and of a form that is refused."""
    complaints: list[str] = []
    refused: set[str] = set()
    house = scene.house(on_stage)
    with signed_in(chrome, house, scene) as context:
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("response", lambda answer: refused.update(["422"] if is_refused_form(answer) else []))
        answer = page.goto(scene.path(house), wait_until="load")
        scene.act(page)
    assert answer is not None
    expected = {str(answer.status), *refused}
    assert [text for text in complaints if not any(status in text for status in expected)] == []


def is_refused_form(answer: Response) -> bool:
    """Whether the whole page is a form that came back with what is wrong."""
    asked = answer.request
    return answer.status == 422 and asked.method == "POST" and asked.is_navigation_request()


def test_every_page_has_a_scene(on_stage: Stage) -> None:
    pages = on_stage.usual.api.app.url_map.bind("")
    paths = (urlsplit(scene.path(scene.house(on_stage))).path for scene in SCENES)
    drawn = {pages.match(path, method="GET")[0] for path in paths if pages.test(path, "GET")}
    names = {f"pages.{one.name}" for one in ENDPOINTS if one.method == "GET"}
    assert sorted(names - drawn - WITHOUT_A_SCENE.keys()) == []
    assert sorted(WITHOUT_A_SCENE.keys() - (names - drawn)) == []


def test_axe_finds_a_fault_that_was_planted(chrome: Browser, on_stage: Stage) -> None:
    with shown(chrome, on_stage, SCENES[0]) as page:
        page.evaluate("document.querySelector('#find').removeAttribute('aria-label')")
        page.evaluate("document.querySelector('#find').removeAttribute('placeholder')")
        assert [fault.split(":")[0] for fault in found_by_axe(page)] == ["label"]
