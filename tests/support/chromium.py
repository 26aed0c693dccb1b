"""The system's Chromium, driven by Playwright, and what axe finds on its pages."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from tests.support.browse import signed_cookie
from tests.support.scene import Scene
from tests.support.stage import House, Stage

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
NAMES = ("chromium", "chromium-browser", "google-chrome")
WIDTHS = {390: 844, 1024: 768, 1440: 900}
THEMES = ("light", "dark")
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


class NoBrowser(Exception):
    """There is no Chromium on this machine."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser. Raises ``NoBrowser``."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        raise NoBrowser("no Chromium on this machine: install the package chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def chromium_or_skip() -> Iterator[Browser]:
    """A browser; without one the tests that ask for it are skipped, and the run says so."""
    try:
        with chromium() as browser:
            yield browser
    except NoBrowser as reason:
        pytest.skip(str(reason))


@contextmanager
def signed_in(
    browser: Browser, house: House, scene: Scene, width: int = 1440, **options: Any
) -> Iterator[BrowserContext]:
    """A window of this width in which the scene's role is logged in."""
    size = ViewportSize(width=width, height=WIDTHS[width])
    context = browser.new_context(base_url=house.base, viewport=size, locale="en-GB", **options)
    if scene.role is not None:
        cookie = signed_cookie(house.api, scene.role, **dict(scene.session))
        context.add_cookies([{"name": "interval", "value": cookie, "url": house.base}])
    yield context
    context.close()


@contextmanager
def shown(browser: Browser, stage: Stage, scene: Scene, width: int = 1440, **options: Any) -> Iterator[Page]:
    """The scene's page, with everything loaded and done."""
    house = scene.house(stage)
    with signed_in(browser, house, scene, width, **options) as context:
        page = context.new_page()
        page.goto(scene.path(house), wait_until="load")
        page.evaluate("document.fonts.ready")
        scene.act(page)
        yield page


def found_by_axe(page: Page, only: str | None = None) -> list[str]:
    """What axe finds wrong with a page as it stands, by all rules or one: the rule and the place of each."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    run = {"type": "rule", "values": [only]} if only else {"type": "tag", "values": list(RULES)}
    told = page.evaluate("run => axe.run(document, { runOnly: run, resultTypes: ['violations'] })", run)
    return [f"{one['id']}: {node['html'][:160]}" for one in told["violations"] for node in one["nodes"]]
