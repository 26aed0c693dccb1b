"""The whole life of one series, step by step, beside a plain model that is kept by the plainly written rules."""

from dataclasses import replace
from datetime import datetime, time
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from scheduler.domain.applied import applied
from scheduler.domain.changes import (
    AppointmentBooked,
    AppointmentMoved,
    AppointmentStatusChanged,
    CancelReason,
    Change,
    SeriesStateChanged,
    SessionChanged,
    WindowStored,
    cancellation,
)
from scheduler.domain.dating import date_conflicts, override_for, risk_changes
from scheduler.domain.decisions import continued_window
from scheduler.domain.endings import completion, omission
from scheduler.domain.hold_effects import HoldChoice, hold_effects
from scheduler.domain.holds import Hold, HoldState, covers_check_in
from scheduler.domain.lifecycle import APPOINTMENT, HOLD, SERIES, SESSION, next_state
from scheduler.domain.refusals import RuleBroken
from scheduler.domain.series import (
    AppointmentStatus,
    Booking,
    Override,
    Series,
    SeriesState,
    SessionState,
    Surroundings,
)
from scheduler.domain.spacing import windows
from tests.domain import plain_rules
from tests.domain.courses import number_of, on, slot
from tests.domain.plain_courses import as_hold, as_series, as_surroundings
from tests.domain.plain_life import PlainLife, some
from tests.domain.plain_rules import PlainCourse, PlainHold, PlainSession

INDEX = st.integers(0, 59)  # of a session, counted round and round
NEAR = st.tuples(st.sampled_from(["first", "last", "forecast", "today"]), st.sampled_from([0, 0, 1, -1, 3, -3]))
EVENING = 18  # every appointment is in the evening, every deed at noon


class LifeOfASeries(RuleBasedStateMachine):
    @initialize(
        sessions=st.integers(3, 5),
        closures=st.lists(st.tuples(st.integers(0, 80), st.integers(0, 10)), max_size=2),
        others=st.lists(st.tuples(st.integers(0, 80), st.integers(0, 3)), max_size=1),
    )
    def begin(self, sessions: int, closures: list[tuple[int, int]], others: list[tuple[int, int]]) -> None:
        course = PlainCourse(
            today=0,
            start=2,
            sessions=[PlainSession() for _ in range(sessions)],
            rule=(4, 6, 8, 11),
            step_rules={3: (2, 3, 5, 9)},
            ours=2,
            others=others,
            closures=[(first, first + length) for first, length in closures],
            closed_weekdays={6},
        )
        self.model = PlainLife(course)
        self.series: Series = as_series(course)
        self.holds: list[Hold] = []
        self.made = 0

    @property
    def around(self) -> Surroundings:
        return replace(as_surroundings(self.model.course), holds=tuple(self.holds))

    @property
    def now(self) -> datetime:
        return datetime.combine(self.around.today, time(12), slot(0).starts_at.tzinfo)

    def do(self, *changes: Change) -> None:
        """Apply what a deed comes to, the end of the series when nothing is due, and the risks set or cleared."""
        done = applied(self.series, changes)
        after = applied(done, completion(done))
        self.series = applied(after, risk_changes(after, self.around))
        self.model.settle()

    def booking(self, number: int) -> Booking:
        booking = self.series.session(number).booking
        assert booking is not None
        return booking

    def override(self, proposed: Series, number: int, reason: bool, kept: Override | None) -> Override | None:
        window, made = windows(proposed, self.around)[number], proposed.session(number).booking
        assert window is not None
        assert made is not None
        return kept if kept or not reason else override_for(window, made.on, "Why.")

    def new_booking(self, number: int, day: int) -> AppointmentBooked:
        self.made += 1
        return AppointmentBooked(UUID(int=self.made), number, slot(day, EVENING), on(day))

    @precondition(lambda self: self.model.due(booked=False))
    @rule(index=INDEX, near=NEAR, reason=st.booleans())
    def book(self, index: int, near: tuple[str, int], reason: bool) -> None:
        number = some(index, self.model.due(booked=False))
        day = self.model.day_near(number, *near)
        self.place(number, day, self.new_booking(number, day), reason)

    @precondition(lambda self: self.model.due(booked=False))
    @rule(off=st.sampled_from([0, 0, 0, 1, -1]))
    def book_the_rest(self, off: int) -> None:
        for number in self.model.due(booked=False):
            day = self.model.day_near(number, "forecast", off)
            self.place(number, day, self.new_booking(number, day), False)

    @precondition(lambda self: self.model.due(booked=True))
    @rule(index=INDEX, near=NEAR, reason=st.booleans())
    def move(self, index: int, near: tuple[str, int], reason: bool) -> None:
        number = some(index, self.model.due(booked=True))
        booking = self.booking(number)
        if not booking.movable:
            return
        day = self.model.day_near(number, *near)
        kept = booking.override if booking.override and booking.override.on == on(day) else None
        after = slot(day, EVENING)
        change = AppointmentMoved(
            booking.appointment_id, number, booking.slot, after, booking.on, on(day), override=kept
        )
        self.place(number, day, change, reason)

    def place(self, number: int, day: int, change: AppointmentBooked | AppointmentMoved, reason: bool) -> None:
        proposed = applied(self.series, [change])
        refused = date_conflicts(proposed, self.around, {number}, {number: "Why."} if reason else {})
        allowed = self.model.place(number, day, reason)
        assert allowed == (not refused)
        if allowed:
            self.do(replace(change, override=self.override(proposed, number, reason, change.override)))

    @precondition(lambda self: self.model.due(booked=True))
    @rule(index=INDEX)
    def cancel(self, index: int) -> None:
        number = some(index, self.model.due(booked=True))
        booking = self.booking(number)
        assert next_state(APPOINTMENT, booking.status, "cancel") is AppointmentStatus.CANCELLED
        self.model.release(number)
        self.do(cancellation(self.series.session(number), booking, CancelReason.PATIENT))

    @precondition(lambda self: self.model.begun())
    @rule(index=INDEX, action=st.sampled_from(["arrive", "arrive", "check_in", "no_show"]))
    def attend(self, index: int, action: str) -> None:
        number = some(index, self.model.begun())
        booking, today = self.booking(number), self.around.today
        assert any(covers_check_in(hold, today) for hold in self.holds) == self.model.check_in_is_barred()
        after = self.model.attend(number, action)
        if after is not None:
            assert next_state(APPOINTMENT, booking.status, action) == after
            status = AppointmentStatus(after)
            self.do(AppointmentStatusChanged(booking.appointment_id, booking.status, status))

    @precondition(lambda self: self.model.due())
    @rule(index=INDEX, ago=st.sampled_from([0, 0, 0, 1, 2, 5, 20]))
    def perform(self, index: int, ago: int) -> None:
        number = some(index, self.model.due())
        day, session = self.model.course.today - ago, self.series.session(number)
        changes: list[Change] = [
            SessionChanged(number, session.state, next_state(SESSION, session.state, "satisfy"), on(day))
        ]
        if (made := session.booking) is not None:
            fulfilled = next_state(APPOINTMENT, made.status, "performed")
            changes.append(AppointmentStatusChanged(made.appointment_id, made.status, fulfilled))
        self.model.perform(number, day)
        self.do(*changes)

    @precondition(lambda self: len(self.model.closed()) > 1)
    @rule(index=INDEX)
    def correct(self, index: int) -> None:
        number = some(index, self.model.closed())
        state = self.series.session(number).state
        changes: list[Change] = [SessionChanged(number, state, next_state(SESSION, state, "correct"))]
        if self.series.state is SeriesState.COMPLETED:
            active = next_state(SERIES, self.series.state, "correct")
            changes.append(SeriesStateChanged(self.series.state, active))
        self.model.correct(number)
        self.do(*changes)

    @precondition(lambda self: self.model.due())
    @rule(index=INDEX)
    def omit(self, index: int) -> None:
        number = some(index, self.model.due())
        session, allowed = self.series.session(number), self.model.omit(number)
        try:
            omitted = omission(self.series, number)
        except RuleBroken:
            assert not allowed
            return
        assert allowed
        released = [cancellation(session, session.booking, CancelReason.CLINIC)] if session.booking else []
        self.do(*released, omitted)

    @precondition(lambda self: self.model.undecided())
    @rule(index=INDEX)
    def decide_to_continue(self, index: int) -> None:
        number = some(index, self.model.undecided())
        decided = self.model.decide_to_continue(number)
        try:
            opens, closes = continued_window(self.series, self.around, number)
        except RuleBroken:
            assert decided is None
            return
        assert decided == (number_of(opens), number_of(closes))
        self.do(WindowStored(number, (opens, closes)))

    @rule(
        first=st.integers(-5, 20),
        length=st.none() | st.integers(0, 15),
        review=st.integers(0, 20),
        ends_by_date=st.booleans(),
    )
    def propose_hold(self, first: int, length: int | None, review: int, ends_by_date: bool) -> None:
        start = self.model.course.today + first
        last = None if length is None else start + length
        held = PlainHold(start, last, self.model.course.today + review, ends_by_date, active=False)
        self.holds.append(as_hold(held, len(self.model.course.holds)))
        self.model.course.holds.append(held)
        self.do()

    @precondition(lambda self: any(hold.state is HoldState.PROPOSED for hold in self.holds))
    @rule(data=st.data(), choice=st.sampled_from([HoldChoice.DEFER, HoldChoice.OMIT]))
    def confirm_hold(self, data: st.DataObject, choice: HoldChoice) -> None:
        hold = data.draw(st.sampled_from([hold for hold in self.holds if hold.state is HoldState.PROPOSED]))
        active = replace(hold, state=next_state(HOLD, hold.state, "confirm"))
        around = replace(self.around, holds=tuple(active if one is hold else one for one in self.holds))
        allowed = self.model.confirm_hold(hold.id.int - 500, omit=choice is HoldChoice.OMIT)
        try:
            changes = hold_effects(self.series, around, active, choice, self.now)
        except RuleBroken:
            assert not allowed
            return
        assert allowed
        self.holds = list(around.holds)
        self.do(*changes)

    @precondition(lambda self: self.holds)
    @rule(data=st.data())
    def end_hold(self, data: st.DataObject) -> None:
        """Dismissed while it is proposed, lifted once it is active: either way it blocks no more, and books nothing."""
        hold = data.draw(st.sampled_from(self.holds))
        next_state(HOLD, hold.state, "lift" if hold.state is HoldState.ACTIVE else "dismiss")
        self.holds.remove(hold)
        self.model.course.holds[hold.id.int - 500].closed = True
        self.do()

    @rule(days=st.integers(1, 9))
    def nights_pass(self, days: int) -> None:
        self.model.course.today += days
        self.do()

    @precondition(lambda self: self.model.due(booked=True))
    @rule(action=st.sampled_from(["arrive", "no_show", "nothing"]))
    def the_day_of_the_next_visit_comes(self, action: str) -> None:
        visit = min(self.booking(number).on for number in self.model.due(booked=True))
        self.model.course.today = max(self.model.course.today, number_of(visit))
        self.do()
        self.attend(0, action)

    @invariant()
    def windows_are_the_models(self) -> None:
        found = windows(self.series, self.around).values()
        spans = [w and (number_of(w.earliest.on), number_of(w.latest.on), w.recommended) for w in found]
        plain = [w and (w.first, w.last, None if w.forecast is None else on(w.forecast)) for w in self.model.windows()]
        assert spans == plain

    @invariant()
    def sessions_are_the_models(self) -> None:
        assert [self.model.seen(session) for session in self.series.sessions] == self.model.told()
        assert self.series.state is (SeriesState.ACTIVE if self.model.due() else SeriesState.COMPLETED)

    @invariant()
    def nothing_stands_outside_its_window_unmarked(self) -> None:
        for session, window in zip(self.model.course.sessions, self.model.windows(), strict=True):
            if session.date is not None and session.date >= self.model.course.today and not session.at_risk:
                assert window is not None
                assert plain_rules.fits(window, session.date, session.override)

    @invariant()
    def nothing_ahead_stands_inside_an_active_hold(self) -> None:
        assert self.model.inside_an_active_hold() == []

    @invariant()
    def only_due_sessions_are_booked(self) -> None:
        assert all(s.booking is None for s in self.series.sessions if s.state is not SessionState.DUE)


TestLifeOfASeries = LifeOfASeries.TestCase
TestLifeOfASeries.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
