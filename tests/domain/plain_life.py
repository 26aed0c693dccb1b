"""The life of one series, kept by hand: what each deed does to it, said as simply as possible."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from scheduler.domain.series import Session
from tests.domain import plain_rules
from tests.domain.courses import number_of
from tests.domain.plain_rules import PlainCourse, PlainWindow

MINIMUM = 3  # sessions
AFTER = {
    ("booked", "arrive"): "arrived",
    ("arrived", "check_in"): "checked_in",
    ("booked", "no_show"): "noshow",
    ("arrived", "no_show"): "noshow",
}
Told = tuple[str, int | None, int | None, str | None, bool, tuple[int, int] | None]


def some(index: int, numbers: Sequence[int]) -> int:
    """One of them, counted round and round."""
    return numbers[index % len(numbers)]


@dataclass
class PlainLife:
    """``status`` is what each booked session's appointment has come to, by number."""

    course: PlainCourse
    status: dict[int, str] = field(default_factory=dict)

    def windows(self) -> list[PlainWindow | None]:
        return plain_rules.windows(self.course)

    def due(self, *, booked: bool | None = None) -> list[int]:
        """The numbers of the sessions that are due, or of those with or without a date."""
        return [
            number
            for number, session in enumerate(self.course.sessions, 1)
            if session.done is None and not session.omitted
            if booked is None or booked == (session.date is not None)
        ]

    def closed(self) -> list[int]:
        return [number for number in range(1, len(self.course.sessions) + 1) if number not in self.due()]

    def undecided(self) -> list[int]:
        """Lapsed sessions, and those that still have no window."""
        found = enumerate(self.windows(), 1)
        return [number for number, window in found if window is None or window.forecast is None]

    def begun(self) -> list[int]:
        """The booked sessions whose day has come."""
        dates = {number: self.course.sessions[number - 1].date for number in self.due(booked=True)}
        return [number for number, day in dates.items() if day is not None and day <= self.course.today]

    def day_near(self, number: int, place: str, off: int) -> int:
        """A day at or beside an edge of the session's window; today where it has none."""
        window = self.windows()[number - 1]
        day = None if window is None or place == "today" else getattr(window, place)
        return (self.course.today if day is None else int(day)) + off

    def place(self, number: int, day: int, reason: bool) -> bool:
        """Give the session this date if the rules allow it."""
        session = self.course.sessions[number - 1]
        before = session.date, session.override
        if session.override and session.override[0] != day:
            session.override = None
        session.date = day
        if not plain_rules.may_take(self.course, number, reason):
            session.date, session.override = before
            return False
        window = self.windows()[number - 1]
        assert window is not None
        if reason and session.override is None and not window.first <= day <= window.last:
            session.override = (day, window.reference)
        self.status[number] = "booked"
        return True

    def release(self, number: int) -> None:
        session = self.course.sessions[number - 1]
        session.date, session.override, session.at_risk = None, None, False
        self.status.pop(number, None)

    def attend(self, number: int, action: str) -> str | None:
        after = AFTER.get((self.status[number], action))
        if after is None or (action == "check_in" and self.check_in_is_barred()):
            return None
        self.status[number] = after
        if after == "noshow":
            self.release(number)
        return after

    def check_in_is_barred(self) -> bool:
        today = self.course.today
        return any(plain_rules.held(hold, today, today) for hold in self.course.holds)

    def perform(self, number: int, day: int) -> None:
        self.release(number)
        self.course.sessions[number - 1].done = day

    def correct(self, number: int) -> None:
        self.course.sessions[number - 1].done = None
        self.course.sessions[number - 1].omitted = False

    def omit(self, number: int) -> bool:
        if sum(not session.omitted for session in self.course.sessions) <= MINIMUM:
            return False
        self.release(number)
        self.course.sessions[number - 1].omitted = True
        return True

    def decide_to_continue(self, number: int) -> tuple[int, int] | None:
        """From the first free day, today or when the window would open, as long as the rule's window."""
        window = self.windows()[number - 1]
        if number not in self.due() or window is None or window.forecast is not None:
            return None
        _, least, _, most = self.course.rule_before(number)
        begin = max(self.course.today, window.first)
        opens = next(day for day in range(begin, begin + 731) if plain_rules.free(self.course, day))
        self.course.sessions[number - 1].continued = (opens, opens + most - least)
        return opens, opens + most - least

    def confirm_hold(self, index: int, *, omit: bool) -> bool:
        hold, today = self.course.holds[index], self.course.today
        hit = [
            number
            for number, session in enumerate(self.course.sessions, 1)
            if session.date is not None
            and session.date >= today
            and self.status[number] in ("booked", "arrived")
            and plain_rules.held(hold, session.date, today)
        ]
        if omit and sum(not session.omitted for session in self.course.sessions) - len(hit) < MINIMUM and hit:
            return False
        hold.active = True
        for number in hit:
            self.release(number)
            self.course.sessions[number - 1].omitted = omit
        return True

    def settle(self) -> None:
        """After each deed: a series with nothing due is over, and what is at risk is flagged."""
        self.course.running = bool(self.due())
        for number, flag in plain_rules.at_risk(self.course).items():
            self.course.sessions[number - 1].at_risk = flag

    def inside_an_active_hold(self) -> list[int]:
        """Sessions ahead that an active hold covers by dates of its own.

        Left out: whoever is being treated, and today's visits under a hold whose review is overdue, which staff see
        as a task.
        """
        return [
            number
            for number, session in enumerate(self.course.sessions, 1)
            for hold in self.course.holds
            if hold.active and session.date is not None and session.date >= self.course.today
            if self.status[number] != "checked_in" and plain_rules.held(hold, session.date, -1000)
        ]

    def told(self) -> list[Told]:
        return [
            (
                "satisfied" if session.done is not None else "omitted" if session.omitted else "due",
                session.done,
                session.date,
                self.status.get(number),
                session.at_risk,
                session.override,
            )
            for number, session in enumerate(self.course.sessions, 1)
        ]

    @staticmethod
    def seen(session: Session) -> Told:
        """The product's session in the same words."""
        done = None if session.performed_on is None else number_of(session.performed_on)
        if session.booking is None:
            return session.state.value, done, None, None, False, None
        booking = session.booking
        made = booking.override
        override = (number_of(made.on), number_of(made.reference)) if made else None
        return session.state.value, done, number_of(booking.on), booking.status.value, booking.at_risk, override
