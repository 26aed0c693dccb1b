"""Every page in every state, in three widths and both themes: axe finds nothing, and the browser has no complaint.

A theme changes nothing but colours, so in the dark only contrast is looked at again.
"""

import pytest
from playwright.sync_api import Browser, Page, Response

from tests.support.chromium import WIDTHS, found_by_axe, shown, signed_in
from tests.support.scene import Scene
from tests.support.scenes import SCENES
from tests.support.stage import Stage


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
    complaints: list[str] = []
    statuses: set[str] = set()
    with signed_in(chrome, on_stage.base, scene.house(on_stage), scene) as context:
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("response", lambda answer: statuses.update(of_page(answer)))
        page.goto(scene.path(scene.house(on_stage)), wait_until="load")
        scene.act(page)
    assert statuses
    assert [text for text in complaints if not any(status in text for status in statuses)] == []


def of_page(answer: Response) -> set[str]:
    """The status of a whole page; a refused form is one, and the browser says so."""
    return {str(answer.status)} if answer.request.is_navigation_request() else set()


def test_axe_finds_a_fault_that_was_planted(chrome: Browser, on_stage: Stage) -> None:
    with shown(chrome, on_stage, SCENES[0]) as page:
        page.evaluate("document.querySelector('#find').removeAttribute('aria-label')")
        page.evaluate("document.querySelector('#find').removeAttribute('placeholder')")
        assert [fault.split(":")[0] for fault in found_by_axe(page)] == ["label"]
