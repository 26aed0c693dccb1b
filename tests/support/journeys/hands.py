"""Hands: how somebody reaches the things on a page. All three reach the same ones, and count what they press."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from playwright.sync_api import Locator, Page

FAR = 250
"""Presses of Tab after which a thing counts as out of reach."""
IS_FOCUSED = "one => one === document.activeElement"
IS_IN_FOCUSED_GROUP = """one => document.activeElement.type === "radio" && document.activeElement.name === one.name
  && document.activeElement.form === one.form"""
GAP = 3
"""Stops of a finger or pointer on its way."""


@dataclass
class Hands(ABC):
    """What any hands can do. ``presses`` are clicks, taps or keys; letters that are written are not counted."""

    page: Page
    presses: int = 0

    @abstractmethod
    def press(self, target: Locator) -> None:
        """Follow a link, press a button, open what can be opened."""

    @abstractmethod
    def write(self, target: Locator, text: str) -> None:
        """Fill in a field. Dates and times are written as computers do: 2026-03-05, 16:00."""

    @abstractmethod
    def pick(self, target: Locator, label: str) -> None:
        """Pick from a list by its words."""

    @abstractmethod
    def tick(self, target: Locator) -> None:
        """Tick a box, or choose one of several."""


class Mouse(Hands):
    """A mouse, or whatever points."""

    def press(self, target: Locator) -> None:
        self.presses += 1
        target.click()

    def write(self, target: Locator, text: str) -> None:
        self.press(target)
        target.fill(text)

    def pick(self, target: Locator, label: str) -> None:
        self.presses += 1
        target.select_option(label=label)

    def tick(self, target: Locator) -> None:
        name = target.get_attribute("id")
        self.press(self.page.locator(f'label[for="{name}"], label:has(#{name})').first)

    def carry(self, target: Locator, right: float) -> None:
        """Drag something so many pixels to the right, and let go."""
        x, y = middle(target)
        self.presses += 1
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + right, y, steps=GAP)
        self.page.mouse.up()


class Thumb(Mouse):
    """A finger on glass. It has no pointer that hovers, and what scrolls by touch cannot be dragged."""

    def press(self, target: Locator) -> None:
        self.presses += 1
        target.tap()

    def carry(self, target: Locator, right: float) -> None:
        target.scroll_into_view_if_needed()
        x, y = middle(target)
        self.presses += 1
        glass = self.page.context.new_cdp_session(self.page)
        touches = [[{"x": x + right * step / GAP, "y": y}] for step in range(GAP + 1)]
        for kind, points in zip(["touchStart", *["touchMove"] * GAP, "touchEnd"], [*touches, []], strict=True):
            glass.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        glass.detach()


class Keys(Hands):
    """A keyboard and nothing else. What Tab does not reach is not there."""

    def key(self, key: str) -> None:
        self.presses += 1
        self.page.keyboard.press(key)

    def reach(self, target: Locator, there: str = IS_FOCUSED) -> None:
        """Go there with Tab. Raises ``AssertionError`` for what is out of reach."""
        target.wait_for(state="attached")
        for _ in range(FAR):
            if target.evaluate(there):
                return
            self.key("Tab")
        raise AssertionError(f"Tab does not lead to {target}")

    def press(self, target: Locator) -> None:
        self.reach(target)
        self.key("Enter")

    def write(self, target: Locator, text: str) -> None:
        self.reach(target)
        kind = target.get_attribute("type")
        if kind == "date":
            self._write_date(target, *text.split("-"))
        elif kind == "time":
            self.page.keyboard.type(text.replace(":", ""))
        else:
            self.page.keyboard.press("Control+A")
            self.page.keyboard.type(text)

    def _write_date(self, target: Locator, year: str, month: str, day: str) -> None:
        """In the order that this machine's browser wants; whoever sees that it is wrong goes back and tries again."""
        for parts in (month + day + year, day + month + year):
            self.page.keyboard.type(parts)
            if target.input_value() == f"{year}-{month}-{day}":
                return
            self.page.keyboard.press("ArrowLeft")
            self.page.keyboard.press("ArrowLeft")

    def pick(self, target: Locator, label: str) -> None:
        self.reach(target)
        self.page.keyboard.type(label)

    def tick(self, target: Locator) -> None:
        if target.get_attribute("type") != "radio":
            self.reach(target)
            self.key("Space")
            return
        self.reach(target, IS_IN_FOCUSED_GROUP)
        for _ in range(FAR):
            if target.evaluate(IS_FOCUSED):
                break
            self.key("ArrowDown")
        if not target.is_checked():
            self.key("Space")


def middle(target: Locator) -> tuple[float, float]:
    """The middle of something on the screen."""
    box = target.bounding_box()
    assert box, f"not on the screen: {target}"
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
