"""Every page in every state, in three widths and both themes: axe finds nothing, and the browser has no complaint."""

import pytest
from playwright.sync_api import Browser

from tests.support.chromium import THEMES, WIDTHS, found_by_axe, shown
from tests.support.scenes import SCENES, Scene
from tests.support.stage import Stage

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_axe_finds_nothing(chrome: Browser, on_stage: Stage, scene: Scene, width: int) -> None:
    with shown(chrome, on_stage, scene, width) as page:
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        found = []
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            found += [(theme, fault) for fault in found_by_axe(page)]
        assert (found, complaints, page.evaluate(SIDEWAYS)) == ([], [], 0)


def test_axe_finds_a_fault_that_was_planted(chrome: Browser, on_stage: Stage) -> None:
    with shown(chrome, on_stage, SCENES[0]) as page:
        page.evaluate("document.querySelector('#find').removeAttribute('aria-label')")
        page.evaluate("document.querySelector('#find').removeAttribute('placeholder')")
        assert [fault.split(":")[0] for fault in found_by_axe(page)] == ["label"]
