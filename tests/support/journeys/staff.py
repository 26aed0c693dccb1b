"""Reception and practitioners: what they do on their pages, named as they would name it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from uuid import UUID

from playwright.sync_api import Browser, Locator, expect

from scheduler.domain.access import Role
from tests.support.browse import signed_cookie
from tests.support.journeys.hands import Keys, Mouse
from tests.support.journeys.house import House
from tests.support.journeys.people import Person, Way, before_a_screen


class Colleague(Person):
    """Somebody of the staff."""

    def undoes(self) -> None:
        self.hands.press(self.page.locator("#undo"))
        self.sees("Undone.", inside="#toast")

    def opens_series(self, series_id: UUID) -> None:
        self.opens(f"/series/{series_id}")

    def saves(self) -> None:
        """Do what a preview shows."""
        self.hands.press(self.page.locator("#save"))


class Reception(Colleague):
    """Somebody at the desk, with the phone at the ear."""

    def answers_a_call_of(self, typed: str, name: str) -> None:
        """Opens a booking and finds the caller."""
        self.hands.press(self.page.locator("#book"))
        self.hands.write(self.page.locator("#caller"), typed)
        if not self.way.scripted:
            self.presses("Search")
        self.hands.press(self.page.locator(".hit", has_text=name))
        expect(self.page.locator("#booking-title")).to_have_text(name)
        self.waits()

    def chooses(self, treatment: str, site: str | None = None, sessions: int | None = None) -> None:
        """What the caller wants to have done."""
        self._picks("#what", treatment)
        if site:
            self._picks("#site-1", site)
        if sessions:
            self._picks("#sessions", str(sessions))

    def asks_for(self, day: int, since: str) -> None:
        """When it suits the caller: a weekday, Monday being 0, from an hour on."""
        self.hands.tick(self.page.locator(f"#day-{day}"))
        self._shows()
        self._picks("#since", since)

    def reads_out(self) -> str:
        """The line to read to the caller for the plan that is chosen."""
        return self.page.locator(".say .line").filter(visible=True).first.inner_text()

    def books_all(self) -> None:
        """With Enter on the best plan, or with the button below."""
        by_enter = isinstance(self.hands, Keys) and self.way.scripted
        self.hands.press(self.page.locator("#plan-1" if by_enter else "#book-all"))
        expect(self.page.locator("#booking-title + p, .booked-days").first).to_be_visible()

    def books_visit(self) -> None:
        """Take the first time that is offered for a single visit."""
        self.hands.press(self.page.locator("#book-all"))
        expect(self.page.locator(".booked-days li")).to_have_count(1)

    def adds_a_newcomer(self, name: str, phone: str) -> None:
        """Somebody calls whom nobody knows."""
        self.hands.press(self.page.locator("#book"))
        self.hands.write(self.page.locator("#caller"), name)
        if not self.way.scripted:
            self.presses("Search")
        expect(self.page.locator("#newcomer")).to_have_attribute("open", "")
        self.waits()
        self.hands.write(self.page.locator("#new-name"), name)
        self.hands.write(self.page.locator("#new-phone"), phone)
        self.presses("Add and go on")
        expect(self.page.locator("#booking-title")).to_have_text(name)
        self.waits()

    def opens_appointment_of(self, name: str) -> None:
        """Open it beside the day."""
        self.hands.press(self.page.locator(".appt", has_text=name).first)
        expect(self.page.locator("#panel-title")).to_have_text(name)
        self.waits()

    def proposes_hold(self, reason: str, site: str, said: str) -> None:
        """Write down what a patient has told, and look at what it would do."""
        self.presses("Propose hold", inside=".headrow")
        self.hands.pick(self.page.locator("#code"), reason)
        self.hands.pick(self.page.locator("#site"), site)
        self.hands.write(self.page.locator("#note"), said)
        self.presses("Show what it would do")
        self.presses("Propose this hold")
        self.sees("The hold is proposed.")

    def opens_column_of(self, name: str) -> None:
        """Open somebody's column beside the day."""
        self.hands.press(self.page.locator('a[id^="head-"]', has_text=name))
        expect(self.page.locator("#panel-title")).to_have_text(name)
        self.waits()

    def takes_out(self, start: str, end: str, label: str) -> None:
        """Somebody is away for a while: look whom that affects, then store it."""
        for field, value in (("start", start), ("end", end), ("label", label)):
            self.hands.write(self.page.locator(f"#away-{field}"), value)
        self.presses("See who is affected", inside="#panel")
        self.sees("cannot take place as booked", inside="#panel")
        self.waits()
        self.hands.press(self.page.locator("#take-out"))
        self.sees("Affected patients", inside="h1")

    def notes_call_with(self, name: str, outcome: str) -> None:
        """What came of calling somebody on the list of the affected."""
        self.hands.press(self._affected(name).get_by_role("button", name=f"{outcome} {name}"))
        expect(self._affected(name).locator(".tag")).to_have_text(outcome)

    def moves_visit_of(self, name: str) -> None:
        """Take what moves least for somebody on the list; who is moved leaves it."""
        if not self.way.scripted:
            self.hands.press(self._affected(name).get_by_role("link", name=f"What moves least {name}"))
            self.hands.press(self.page.get_by_role("button", name="Move it here"))
        else:
            self.hands.press(self._affected(name).get_by_role("button", name="Move it here"))
        expect(self._affected(name)).to_have_count(0)

    def _affected(self, name: str) -> Locator:
        return self.page.locator(".affected-list > li", has_text=name)

    def _picks(self, field: str, label: str) -> None:
        self.hands.pick(self.page.locator(field), label)
        self._shows()

    def _shows(self) -> None:
        """With scripts new plans come by themselves."""
        if self.way.scripted:
            self.waits()
            return
        with self.page.expect_navigation():
            self.presses("Show what fits")


class Practitioner(Colleague):
    """Somebody who treats, before the page of a series."""

    def lifts_hold(self, evidence: str) -> None:
        """Say that what stood in the way is over."""
        self.presses("Lift…")
        self.hands.write(self.page.locator("#evidence"), evidence)
        self.presses("Lift the hold")
        self.sees("The hold is lifted.")

    def moves(self, session: int, weeks: int) -> None:
        """Carry a session some weeks on along its timeline, or say so in a form; nothing is saved by that."""
        handle = self.page.locator(f"#handle-{session}")
        wanted = date.fromisoformat(handle.get_attribute("data-on") or "") + timedelta(weeks=weeks)
        if not self.way.scripted:
            self.presses(f"Move… session {session}")
            self.hands.write(self.page.locator("#move-to"), wanted.isoformat())
            self.presses("Show what would change")
        elif isinstance(self.hands, Keys):
            self.hands.reach(handle)
            for _ in range(weeks):
                self.hands.key("Shift+ArrowRight")
        elif isinstance(self.hands, Mouse):
            self.hands.carry(handle, self._day_width() * 7 * weeks)
        expect(handle).to_have_attribute("data-on", wanted.isoformat())
        expect(self.page.locator("#preview")).to_contain_text("Nothing is saved yet.")

    def discards(self) -> None:
        self.presses("Discard")
        expect(self.page.locator("#preview")).to_have_count(0)

    def _day_width(self) -> float:
        """Pixels of one day on the timeline."""
        chart = "one => one.getBoundingClientRect().width / one.viewBox.baseVal.width * one.dataset.day"
        return float(self.page.locator("#chart > svg").evaluate(chart))


@contextmanager
def reception(chrome: Browser, house: House, way: Way) -> Iterator[Reception]:
    """Somebody at the desk, who is logged in."""
    with before_a_screen(chrome, house.base, way, Reception) as person:
        _log_in(person, house, Role.RECEPTION)
        yield person


@contextmanager
def practitioner(chrome: Browser, house: House, way: Way) -> Iterator[Practitioner]:
    """Ada, who treats, and who is logged in."""
    with before_a_screen(chrome, house.base, way, Practitioner) as person:
        _log_in(person, house, Role.PRACTITIONER)
        yield person


def _log_in(person: Person, house: House, role: Role) -> None:
    cookie = {"name": "interval", "value": signed_cookie(house.api, role), "url": house.base}
    person.page.context.add_cookies([cookie])  # type: ignore[list-item]  # a plain dictionary will do
    person.opens("/day")
