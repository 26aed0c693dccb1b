"""Patients before their own page, which a personal link opens."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from playwright.sync_api import Browser, expect

from scheduler.domain.patient_links import LinkScope
from scheduler.operations.patients.patient_links import issue_patient_link
from scheduler.web.service import NAME
from tests.support.journeys.house import BORN, House
from tests.support.journeys.people import Person, Way, before_a_screen


class Patient(Person):
    """Somebody at home or on the bus."""

    def says_who_it_is(self) -> None:
        """Give the date of birth, which opens more than times."""
        self.presses("Show everything")
        self.hands.write(self.page.locator("#confirm-born"), BORN.isoformat())
        self.presses("Show everything")
        self.sees("All your sessions")

    def adds_all_to_the_calendar(self) -> str:
        """Make the calendar's link; its address."""
        self.presses("Add all sessions to my calendar")
        self.sees("Your calendar link is ready.")
        return self.page.locator("#address").input_value()

    def asks_to_move(self, words: str) -> None:
        self.presses("Ask to move a session")
        self.hands.write(self.page.locator("#move-words"), words)
        self.presses("Ask for another time")
        self.sees("We have your request")

    def cannot_come(self) -> None:
        self.presses("Ask to move a session")
        self.presses("I cannot come that day")
        self.sees("Thank you for telling us.")

    def chooses(self, **choices: str) -> None:
        """Pick how to be told, by the names of the fields and the words of what is picked."""
        self.presses("Reminders and messages")
        for name, label in choices.items():
            self.hands.pick(self.page.locator(f"#choices-{name}"), label)
        self.presses("Save")
        expect(self.page.get_by_role("status")).to_be_visible()


@contextmanager
def patient_at_home(chrome: Browser, house: House, way: Way, patient_id: UUID) -> Iterator[Patient]:
    """The patient has followed a fresh link of the clinic's."""
    key, scope = house.api.app.extensions[NAME].link_key, LinkScope.VISITS
    link = house.desk.do(lambda c: issue_patient_link(c, key, patient_id=patient_id, scope=scope), now=house.now)
    with before_a_screen(chrome, house.base, way, Patient) as person:
        person.opens(f"/p/{link.token}")
        yield person
