"""`python -m tests.support.screenshots`: every scene in three widths and two themes, into `var/screenshots`.

With names of scenes as arguments, only those.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser

from tests.support.chromium import THEMES, WIDTHS, chromium, shown
from tests.support.databases import Databases
from tests.support.scene import Scene
from tests.support.scenes import SCENES
from tests.support.stage import Stage, stage

FOLDER = Path(__file__).parents[2] / "var" / "screenshots"


def draw(names: list[str]) -> None:
    """Draw the scenes of these names, or all."""
    wanted = [scene for scene in SCENES if not names or scene.name in names]
    if not names:
        shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    databases = Databases.begin()
    try:
        with stage(databases) as on, chromium() as browser:
            for scene in wanted:
                _draw(browser, on, scene)
    finally:
        databases.end()


def _draw(browser: Browser, on: Stage, scene: Scene) -> None:
    for width in WIDTHS:
        for theme in THEMES:
            with shown(browser, on, scene, width, color_scheme=theme) as page:
                page.wait_for_timeout(150)
                whole = width < 1000
                page.screenshot(path=FOLDER / f"{scene.name}-{width}-{theme}.png", full_page=whole)


if __name__ == "__main__":
    draw(sys.argv[1:])
