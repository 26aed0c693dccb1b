"""Whatever is asked, no plan and no change set breaks a rule: checked with instants and stretches, without any grid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from scheduler.domain.availability import FreeStarts, starts_by_step
from scheduler.domain.blocked import Blocked, BlockedBy, blocking
from scheduler.domain.chain import Chain, Gap, Step
from scheduler.domain.clinic_days import clinic_date, day_bounds, instant_of, wall_time
from scheduler.domain.day_grid import DayGrid, day_grid
from scheduler.domain.planning import Plan, best_plans
from scheduler.domain.protocol import Phase, ResourceKind
from scheduler.domain.replanning import ChangeSet, best_changes
from scheduler.domain.series import Booking
from scheduler.domain.slots import Slot, needed_spans, total_minutes
from scheduler.domain.wishes import Preference, Wishes
from tests.domain.plain_clinic import ANA, BEATRIZ, CLEAN_UP, LASER, NEEDLING, PATIENT, PEN, ROOM_1, ROOM_2, PlainClinic

DAYS = 24
WHERE = (
    ("Europe/Berlin", date(2026, 3, 20)),
    ("Europe/Berlin", date(2026, 10, 16)),
    ("Australia/Lord_Howe", date(2026, 3, 27)),
    ("Australia/Lord_Howe", date(2026, 9, 25)),
    ("Pacific/Apia", date(2011, 12, 20)),
    ("America/Santiago", date(2026, 8, 28)),
    ("Asia/Kathmandu", date(2026, 5, 1)),
)
PHASES = (
    NEEDLING,
    (Phase("peel", 40, frozenset({ResourceKind.PRACTITIONER, ResourceKind.ROOM}), True), CLEAN_UP),
    (Phase("none", 0, frozenset(ResourceKind), True), Phase("short", 5, frozenset({ResourceKind.PRACTITIONER}), True)),
)
RESOURCES = (ANA, BEATRIZ, ROOM_1, ROOM_2, LASER, PEN)


@dataclass(frozen=True)
class Question:
    clinic: PlainClinic
    grid: DayGrid
    phases: tuple[Phase, ...]
    chain: Chain
    wishes: Wishes

    def starts(self) -> dict[int, FreeStarts]:
        return starts_by_step(
            self.grid, {step.number: self.phases for step in self.chain.steps}, self.clinic.supply(self.grid)
        )

    def plans(self) -> tuple[Plan, ...]:
        return best_plans(self.chain, self.starts(), self.wishes, self.grid)


@st.composite
def questions(draw: st.DrawFn) -> Question:
    zone, first_day = draw(st.sampled_from(WHERE))
    random = Random(draw(st.integers(0, 10**9)))
    grid = day_grid(zone, first_day, DAYS)
    least, below, above = draw(st.integers(1, 5)), draw(st.integers(0, 3)), draw(st.integers(0, 4))
    gap = Gap(least, least + below, least + below + above)
    blocked = tuple(
        Blocked(first_day + timedelta(n), first_day + timedelta(n + 1), BlockedBy.HOLD, "Held.")
        for n in draw(st.lists(st.integers(0, DAYS - 1), max_size=2))
    )
    steps = [
        Step(n, first_day, first_day + timedelta(8 if n == 1 else DAYS), None if n == 1 else gap, blocked)
        for n in range(1, draw(st.integers(1, 4)) + 1)
    ]
    clinic = random_clinic(random, grid, nightly=draw(st.booleans()))
    return Question(clinic, grid, draw(st.sampled_from(PHASES)), Chain(None, tuple(steps)), draw(wishes(first_day)))


@st.composite
def wishes(draw: st.DrawFn, first_day: date) -> Wishes:
    days = st.integers(0, DAYS - 1).map(lambda n: first_day + timedelta(n))
    morning = st.integers(0, 6).map(lambda weekday: Preference(weekday, time(8), time(12)))
    return Wishes(
        start_on=draw(st.none() | st.integers(0, 6).map(lambda n: first_day + timedelta(n))),
        prefer=tuple(draw(st.lists(morning, max_size=3))),
        avoid=tuple((on, on + timedelta(1)) for on in draw(st.lists(days, max_size=2))),
        practitioner_id=draw(st.sampled_from((None, None, ANA))),
        same_practitioner=draw(st.booleans()),
    )


def random_clinic(random: Random, grid: DayGrid, nightly: bool) -> PlainClinic:
    """Days of odd hours, some through the night, with claims at odd minutes."""

    def stretches(chance: float, longest: int, opens: int, closes: int) -> list[tuple[datetime, datetime]]:
        found = []
        for index in range(grid.days):
            if random.random() < chance:
                first = instant_of(
                    grid.day(index), time(random.randrange(opens, closes), random.randrange(60)), grid.zone
                )
                found.append((first, first + timedelta(minutes=random.randint(1, longest))))
        return found

    opens, closes = (0, 4) if nightly else (8, 12)
    working = {one: [*stretches(0.9, 500, opens, closes), *stretches(0.3, 700, 0, 24)] for one in RESOURCES}
    busy = {one: stretches(0.5, 120, opens, 16) for one in (*RESOURCES, PATIENT)}
    return PlainClinic(grid.zone, working, busy, (ANA, BEATRIZ), (ROOM_1, ROOM_2), (LASER, PEN))


def check_slot(question: Question, slot: Slot) -> None:
    zone, phases = question.grid.zone, question.phases
    wall = wall_time(slot.starts_at, zone)
    assert set(slot.resources) == {kind for kind in needed_spans(phases) if kind}
    assert question.clinic.fits(slot, phases)
    assert wall.minute % 15 == 0
    assert instant_of(wall.date(), wall.time(), zone) == slot.starts_at
    assert slot.starts_at + timedelta(minutes=total_minutes(phases)) <= day_bounds(wall.date(), zone)[1]


def check_dates(steps: Sequence[Step], dates: Mapping[int, date], wishes: Wishes, placed: Sequence[int]) -> None:
    before: date | None = None
    for step in steps:
        on = dates[step.number]
        if step.number in placed:
            assert step.earliest <= on <= step.latest
            assert blocking(step.blocked, on) == ()
            assert not any(first <= on <= last for first, last in wishes.avoid)
        if step.gap and before:
            assert step.gap.min_days <= (on - before).days <= step.gap.max_days
        before = on


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(question=questions())
def test_no_plan_breaks_a_rule_or_a_hard_wish(question: Question) -> None:
    for plan in question.plans():
        assert [one.number for one in plan.placements] == [step.number for step in question.chain.steps]
        for one in plan.placements:
            assert one.on == clinic_date(one.slot.starts_at, question.grid.zone)
            check_slot(question, one.slot)
        dates = {one.number: one.on for one in plan.placements}
        check_dates(question.chain.steps, dates, question.wishes, list(dates))
        people = {one.slot.practitioner_id for one in plan.placements}
        assert len(people) == 1 or not question.wishes.same_practitioner
        assert question.wishes.practitioner_id is None or people == {question.wishes.practitioner_id}
        assert question.wishes.start_on is None or plan.placements[0].on >= question.wishes.start_on


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(question=questions())
def test_five_plans_are_five_and_come_out_the_same_again(question: Question) -> None:
    plans = question.plans()
    openings = {(plan.placements[0].on, plan.placements[0].slot.practitioner_id) for plan in plans}
    assert len(openings) == len(plans) <= 5
    assert [plan.cost for plan in plans] == sorted(plan.cost for plan in plans)
    assert question.plans() == plans


def booked(chain: Chain, plan: Plan) -> Chain:
    placed = {one.number: one for one in plan.placements}
    return replace(
        chain, steps=tuple(_booked(step, placed[step.number].slot, placed[step.number].on) for step in chain.steps)
    )


def _booked(step: Step, slot: Slot, on: date) -> Step:
    booking = Booking(UUID(int=step.number), on, slot)
    return replace(step, booked=booking, anchor=on, anchor_slot=slot)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(question=questions(), seed=st.integers(0, 10**6))
def test_no_change_set_breaks_a_rule_and_what_it_leaves_stays(question: Question, seed: int) -> None:
    plans = question.plans()
    assume(plans)
    chain, random = booked(question.chain, plans[0]), Random(seed)
    requested, must_move = disturbance(question, chain, random)
    wishes = replace(question.wishes, avoid=())
    found = best_changes(chain, question.starts(), wishes, question.grid, requested=requested, must_move=must_move)
    for changes in found:
        check_changes(question, chain, changes, wishes)
        assert set(must_move) | set(requested) <= {move.number for move in changes.moves}
    assert found == best_changes(
        chain, question.starts(), wishes, question.grid, requested=requested, must_move=must_move
    )


def disturbance(question: Question, chain: Chain, random: Random) -> tuple[dict[int, Slot], dict[int, str]]:
    """A session is dragged to where it fits on another day, or loses its place."""
    step = random.choice(chain.steps)
    day = question.grid.day(random.randrange(question.grid.days))
    others = [slot for slot in question.clinic.slots(day, question.phases) if slot != step.anchor_slot]
    if others and random.random() < 0.6:
        return {step.number: random.choice(others)}, {}
    return {}, {step.number: "A hold."}


def check_changes(question: Question, chain: Chain, changes: ChangeSet, wishes: Wishes) -> None:
    moved = {move.number: move for move in changes.moves}
    for move in changes.moves:
        check_slot(question, move.after)
        assert move.after_on == clinic_date(move.after.starts_at, question.grid.zone)
    dates = {step.number: moved[step.number].after_on if step.number in moved else step.anchor for step in chain.steps}
    check_dates(chain.steps, {number: on for number, on in dates.items() if on}, wishes, list(moved))


@pytest.mark.parametrize("gap", [27, 28, 42, 43])
def test_a_gap_of_27_or_43_days_is_never_planned(gap: int) -> None:
    """Only two days are free, so many days apart that they are, or just are not, allowed."""
    grid = day_grid("Europe/Berlin", date(2026, 3, 1), 60)
    hours = [
        (instant_of(on, time(9), grid.zone), instant_of(on, time(11), grid.zone))
        for on in (grid.day(5), grid.day(5 + gap))
    ]
    clinic = PlainClinic(grid.zone, dict.fromkeys(RESOURCES, hours))
    first, last = grid.day(0), grid.day(59)
    chain = Chain(None, (Step(1, first, last, None), Step(2, first, last, Gap(28, 35, 42))))
    plans = Question(clinic, grid, NEEDLING, chain, Wishes()).plans()
    assert [one.gap for plan in plans for one in plan.placements] == ([None, gap] if gap in (28, 42) else [])
