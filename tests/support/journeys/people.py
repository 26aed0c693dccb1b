"""The people of a journey, each in a browser of their own: what they look at, say and do."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from tests.support.chromium import WIDTHS
from tests.support.journeys.hands import Hands, Keys, Mouse, Thumb

NARROW = 390
PATIENCE = 10_000
"""Milliseconds after which something that is looked for counts as missing."""
AT_REST = "() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling, [aria-busy=true]')"


@dataclass(frozen=True)
class Way:
    """How somebody works: with which hands, on how wide a screen, and whether scripts run."""

    hands: type[Hands]
    width: int
    scripted: bool = True

    def __str__(self) -> str:
        return f"{self.hands.__name__.lower()}-{self.width}{'' if self.scripted else '-unscripted'}"


WAYS = (Way(Mouse, 1440), Way(Keys, 1440), Way(Thumb, NARROW), Way(Keys, NARROW))
PLAIN_WAYS = (Way(Keys, 1440, scripted=False), Way(Thumb, NARROW, scripted=False))


@dataclass
class Person:
    """Somebody before a page."""

    page: Page
    hands: Hands
    way: Way

    def opens(self, path: str) -> None:
        self.page.goto(path)

    def presses(self, name: str, *, inside: str = "body") -> None:
        """Press what is called so, a button or a link."""
        self.hands.press(self.named(name, inside))

    def named(self, name: str, inside: str = "body") -> Locator:
        """The button, the link or what can be opened that is called so."""
        place = self.page.locator(inside)
        found = place.get_by_role("button", name=name).or_(place.get_by_role("link", name=name))
        return found.or_(place.locator("summary", has_text=name)).filter(visible=True).first

    def sees(self, *texts: str, inside: str = "body") -> None:
        for text in texts:
            expect(self.page.locator(inside).filter(visible=True).first).to_contain_text(text)

    def waits(self) -> None:
        """Until the page has taken in what was changed last."""
        self.page.wait_for_function(AT_REST)


P = TypeVar("P", bound=Person)


@contextmanager
def before_a_screen(chrome: Browser, base: str, way: Way, who: type[P], **options: Any) -> Iterator[P]:
    """Somebody with a fresh browser in which nobody is logged in."""
    size = ViewportSize(width=way.width, height=WIDTHS[way.width])
    is_phone = way.hands is Thumb
    context = chrome.new_context(
        base_url=base,
        viewport=size,
        locale="en-GB",
        has_touch=is_phone,
        is_mobile=is_phone,
        java_script_enabled=way.scripted,
        **options,
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    yield who(page, way.hands(page), way)
    context.close()
