"""`python -m tests.support.readme_pictures`: the pictures that README shows, drawn anew into `docs/pictures`.

They show a freshly loaded demo at a fixed instant, so that they change only when the pages do.
"""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize

from config import Settings
from scheduler import create_app
from tests.support.api import Clock, database_of
from tests.support.chromium import WIDTHS, chromium
from tests.support.databases import Databases
from tests.support.serving import served
from tests.support.whole_demo import WEDNESDAY, whole_demo

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
COLOURS = 256


def _day(page: Page) -> None:
    page.goto("/day")


def _booking(page: Page) -> None:
    """A caller who is known, and the best plans for what suits."""
    page.locator("#book").click()
    page.locator("#caller").fill("anais")
    page.locator(".hit").first.click()
    page.locator("#plan-5").wait_for()


def _series(page: Page) -> None:
    """A session is carried two weeks on, and the one after it follows."""
    page.goto("/patients?q=a")
    for path in [str(link.get_attribute("href")) for link in page.locator(".found tbody th a").all()]:
        page.goto(path)
        running = page.locator('.series-list a[href^="/series/"]')
        if running.count():
            page.goto(str(running.first.get_attribute("href")))
            if page.locator('[id^="handle-"]').count() > 1:
                break
    handle = page.locator('[id^="handle-"]').first
    handle.focus()
    for _ in range(2):
        page.keyboard.press("Shift+ArrowRight")
    page.locator("#save").wait_for()


def _tasks(page: Page) -> None:
    page.goto("/tasks")


def _patient(page: Page) -> None:
    """The landing page has led to the patient's own."""
    page.locator("h1").wait_for()


PICTURES: dict[str, tuple[str, int, Callable[[Page], None]]] = {
    "day": ("reception", 1440, _day),
    "booking": ("reception", 1440, _booking),
    "series": ("practitioner", 1440, _series),
    "tasks": ("reception", 1440, _tasks),
    "patient": ("patient", 390, _patient),
}
"""Who looks, how wide the window is, and what is done before the picture is drawn."""


def draw() -> None:
    """Draw all of them, in light colours."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    databases = Databases.begin()
    try:
        settings = Settings(environment="test", database_url=f"sqlite:///{whole_demo(databases)}", log_level="ERROR")
        app = create_app(settings, Clock(WEDNESDAY))
        with chromium() as browser, served(app) as base:
            for name in PICTURES:
                _draw(browser, base, name)
        database_of(app).dispose()
    finally:
        databases.end()


def _draw(browser: Browser, base: str, name: str) -> None:
    role, width, act = PICTURES[name]
    size = ViewportSize(width=width, height=WIDTHS[width])
    context = browser.new_context(base_url=base, viewport=size, color_scheme="light", locale="en-GB")
    page = context.new_page()
    page.goto("/")
    page.locator(f'form[action="/login/as/{role}"] button').click()
    act(page)
    page.wait_for_timeout(300)
    keep_small(page.screenshot(), FOLDER / f"{name}.png")
    context.close()


def keep_small(picture: bytes, path: Path) -> None:
    """Keep a picture with a palette of its own, which is a third of the size and looks the same."""
    with Image.open(BytesIO(picture)) as drawn:
        drawn.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    draw()
