"""Clerks: clients who book, move, cancel, rebook and undo at random, and remember all that was acknowledged."""

import random
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from tests.support.crowded_clinic import GAP, SESSIONS, STARTS, CrowdedClinic, day
from tests.support.live_line import Journal, Line, Reply

NUMBERS = range(1, SESSIONS + 1)
FIRST_DAY, DAYS = 3, 5
REFUSED = 409

Bookings = dict[int, tuple[str, datetime]]
"""Appointment and start by the number of the session."""


@dataclass
class Course:
    """One series as its clerk believes it to be: the revision, and appointment and start of each booked session.

    ``history`` has ``booked`` after each acknowledged deed, the newest last.
    """

    series_id: UUID
    revision: int = 1
    booked: Bookings = field(default_factory=dict)
    planned: dict[int, date] = field(default_factory=dict)
    undoable: str | None = None
    history: list[Bookings] = field(default_factory=lambda: [{}])

    def learn(self, deed: dict[str, Any]) -> None:
        """Take over what an answer says has been done."""
        self.revision = deed["revision"]
        for change in deed["changes"]:
            if change["type"] == "AppointmentCancelled":
                del self.booked[change["session"]]
            elif change["type"] in ("AppointmentBooked", "AppointmentMoved"):
                slot = change["slot" if change["type"] == "AppointmentBooked" else "after"]
                starts_at = datetime.fromisoformat(slot["starts_at"])
                self.booked[change["session"]] = (change["appointment_id"], starts_at)
                self.planned[change["session"]] = date.fromisoformat(change["on"])
            elif change["type"] == "AppointmentStatusChanged":  # an undone booking is entered in error
                gone = change["appointment_id"]
                self.booked = {number: kept for number, kept in self.booked.items() if kept[0] != gone}
        self.history.append(dict(self.booked))


class Clerk:
    """One client with some series that nobody else touches; times and things are what clerks fight for."""

    def __init__(self, clinic: CrowdedClinic, line: Line, courses: Sequence[Course], seed: int) -> None:
        self._clinic, self.line, self.courses = clinic, line, courses
        self._chance = random.Random(seed)
        self.deeds = 0

    def work(self, deeds: int) -> None:
        """Do so many deeds, refused ones among them."""
        while self.deeds < deeds:
            self.do_something()
        self.line.close()

    def work_until(self, enough: threading.Event) -> None:
        """Do deeds until it is enough."""
        while not enough.is_set():
            self.do_something()
        self.line.close()

    def do_something(self) -> None:
        """One deed in one of the series, whatever makes sense there."""
        course = self._chance.choice(self.courses)
        missing = [number for number in NUMBERS if number not in course.booked]
        if course.undoable and self._chance.random() < 0.1:
            self._undo(course)
        elif len(missing) == SESSIONS:
            self._book_all(course)
        elif missing and self._chance.random() < 0.7:
            self._rebook(course, missing[0])
        elif self._chance.random() < 0.7:
            self._move(course, self._chance.choice(list(course.booked)))
        else:
            self._cancel(course, self._chance.choice(list(course.booked)))

    def _book_all(self, course: Course) -> None:
        """Four sessions at random; when somebody was faster, one of the plans that the refusal offers."""
        first = day(FIRST_DAY + self._chance.randrange(DAYS))
        wanted = [self._placement(number, first + timedelta(GAP * (number - 1))) for number in NUMBERS]
        refused = self._book(course, wanted)
        if refused is not None and refused.json.get("plans"):
            self._book(course, self._chance.choice(refused.json["plans"])["appointments"])

    def _book(self, course: Course, wanted: list[dict[str, Any]]) -> Reply | None:
        start = date.fromisoformat(wanted[0]["starts_at"][:10]).isoformat()
        body = {"appointments": wanted, "wishes": {"start_on": start, "limit": 2}}
        return self._deed(course, f"/series/{course.series_id}/bookings", body)

    def _rebook(self, course: Course, number: int) -> None:
        wanted = [self._placement(number, course.planned[number])]
        path = f"/series/{course.series_id}/bookings"
        self._deed(course, path, {"appointments": wanted, "wishes": {"limit": 1}}, course.revision)

    def _move(self, course: Course, number: int) -> None:
        on = course.planned[number] + timedelta(self._chance.choice((-1, 0, 1)))
        wanted = {"appointments": [self._placement(number, on)]}
        self._deed(course, f"/series/{course.series_id}/changes", wanted, course.revision)

    def _cancel(self, course: Course, number: int) -> None:
        appointment_id, _ = course.booked[number]
        body = {"action": "cancel", "cancel_reason": "patient"}
        self._deed(course, f"/appointments/{appointment_id}/actions", body, course.revision)

    def _undo(self, course: Course) -> None:
        self._deed(course, f"/changes/{course.undoable}/undo")
        course.undoable = None

    def _deed(self, course: Course, path: str, body: Any = None, seen: int | None = None) -> Reply | None:
        """Insist until it is answered. Gives the refusal back; ``None`` when it was done."""
        self.deeds += 1
        reply = self.line.insist(path, body, seen=seen)
        if reply.status == REFUSED:
            return reply
        assert reply.status in (200, 201), f"{path}: {reply.status} {reply.body!r}"
        course.learn(reply.json)
        course.undoable = reply.json["id"]
        return None

    def _placement(self, number: int, on: date) -> dict[str, Any]:
        at, which = self._chance.choice(STARTS), self._chance.randrange(1000)
        room = self._clinic.placement(number, on, at, self._chance.randrange(1000))["room_id"]
        return self._clinic.placement(number, on, at, which) | {"room_id": room}


def clerks_of(clinic: CrowdedClinic, port: int, count: int, courses: int = 2) -> tuple[list[Clerk], Journal]:
    """So many clerks, each with draft series of its own, and the journal that they share."""
    journal = Journal()
    made = [
        Clerk(clinic, Line(port, clinic.token, journal), [Course(clinic.series()) for _ in range(courses)], seed)
        for seed in range(count)
    ]
    return made, journal


@contextmanager
def working(clerks: Sequence[Clerk]) -> Iterator[None]:
    """All of them work for as long as this is open. Raises what went wrong with one."""
    enough = threading.Event()
    with ThreadPoolExecutor(len(clerks)) as threads:
        futures: list[Future[None]] = [threads.submit(clerk.work_until, enough) for clerk in clerks]
        try:
            yield
        finally:
            enough.set()
    for future in futures:
        future.result()
