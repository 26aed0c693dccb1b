"""Exclusions: when there are fewer plans than asked for, which rules and wishes exclude the rest.

Each is relaxed alone and the plans are counted again, so what is said to help does help.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from scheduler.domain.availability import Diaries, FreeStarts, Supply, starts_by_step
from scheduler.domain.blocked import Blocked, BlockedBy
from scheduler.domain.chain import Chain, Gap, Step
from scheduler.domain.day_grid import DayGrid
from scheduler.domain.phrases import Phrase, together
from scheduler.domain.plan_search import is_fixed
from scheduler.domain.planning import PLANS, count_plans
from scheduler.domain.protocol import Phase
from scheduler.domain.refusals import JsonValue
from scheduler.domain.wishes import Wishes


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A rule or a wish that is in force. ``would_help``: without it alone there would be more plans."""

    code: str
    detail: str
    facts: Mapping[str, JsonValue]
    would_help: bool


@dataclass(frozen=True, slots=True)
class PlanQuestion:
    """What plans are asked for. ``phases`` has the phases of each session without a fixed date, by number."""

    chain: Chain
    phases: Mapping[int, tuple[Phase, ...]]
    supply: Supply
    wishes: Wishes
    grid: DayGrid

    def starts(self) -> dict[int, FreeStarts]:
        return starts_by_step(self.grid, self.phases, self.supply)


@dataclass(frozen=True, slots=True)
class _Relaxed:
    """The question without one rule or wish."""

    code: str
    detail: str
    question: PlanQuestion
    facts: Mapping[str, JsonValue] = field(default_factory=dict)


def what_excludes(
    question: PlanQuestion, found: int, *, limit: int = PLANS, unqualified: Diaries | None = None
) -> tuple[Exclusion, ...]:
    """Every rule and wish in force, each with whether relaxing it alone gives more plans than the ``found``.

    Empty when as many as ``limit`` were found. ``unqualified`` are practitioners who would do but for a qualification.
    """
    if found >= limit:
        return ()
    starts = question.starts()
    return tuple(
        Exclusion(one.code, one.detail, one.facts, _count(one.question, question, starts, found) > found)
        for one in (*_rules(question, unqualified or {}), *_wishes(question))
    )


def _count(relaxed: PlanQuestion, question: PlanQuestion, starts: Mapping[int, FreeStarts], found: int) -> int:
    new = starts if relaxed.supply is question.supply else relaxed.starts()
    return count_plans(relaxed.chain, new, relaxed.wishes, relaxed.grid, limit=found + 1)


def _rules(question: PlanQuestion, unqualified: Diaries) -> Iterator[_Relaxed]:
    for by in BlockedBy:
        if ranges := _ranges(question.chain, by):
            details = list(dict.fromkeys(blocked.detail for blocked in ranges))
            yield _Relaxed(by.value, _some(details), _without_blocks(question, by), {"ranges": _facts(ranges)})
    supply = question.supply
    idle = replace(question, supply=supply.without_claims())
    yield _Relaxed("no_free_time", "Other appointments take the free time.", idle)
    around_the_clock = replace(question, supply=supply.without_hours(question.grid))
    yield _Relaxed("not_working", "Nobody who could treat works at other times.", around_the_clock)
    if unqualified:
        everybody = replace(question, supply=supply.with_practitioners(unqualified))
        detail = "Other practitioners lack the qualification."
        yield _Relaxed("not_qualified", detail, everybody, {"practitioners": [str(who) for who in unqualified]})
    yield _Relaxed("spacing", "The intervals between sessions leave no other day.", _unspaced(question))


def _wishes(question: PlanQuestion) -> Iterator[_Relaxed]:
    wishes = question.wishes

    def without(code: str, detail: str, facts: Mapping[str, JsonValue], rest: Wishes) -> _Relaxed:
        return _Relaxed(code, detail, replace(question, wishes=rest), facts)

    if wishes.start_on is not None:
        on = wishes.start_on
        detail = Phrase("The sessions are to start on %(on)s at the earliest.", on=on)
        yield without("wish_start", detail, {"start_on": on.isoformat()}, replace(wishes, start_on=None))
    if wishes.avoid:
        ranges = [{"from": first.isoformat(), "to": last.isoformat()} for first, last in wishes.avoid]
        yield without("wish_avoid", "Some dates are to be avoided.", {"ranges": ranges}, replace(wishes, avoid=()))
    for number, at in wishes.pinned.items():
        others = {other: instant for other, instant in wishes.pinned.items() if other != number}
        facts: dict[str, JsonValue] = {"session": number, "starts_at": at.isoformat()}
        detail = Phrase("Session %(number)s is pinned to its start.", number=number)
        yield without("wish_pinned", detail, facts, replace(wishes, pinned=others))
    if wishes.practitioner_id is not None:
        facts = {"practitioner_id": str(wishes.practitioner_id)}
        anybody = replace(wishes, practitioner_id=None)
        yield without("wish_practitioner", "One practitioner is wished for.", facts, anybody)
    if wishes.same_practitioner:
        anybody = replace(wishes, same_practitioner=False)
        yield without("wish_same_practitioner", "One practitioner is to do all sessions.", {}, anybody)


def _ranges(chain: Chain, by: BlockedBy) -> list[Blocked]:
    """What blocks dates that a step could take but for this, each once."""
    return list(
        dict.fromkeys(
            blocked
            for step in chain.steps
            for blocked in step.blocked
            if not is_fixed(step)
            and blocked.by is by
            and blocked.first <= step.latest
            and blocked.last >= step.earliest
        )
    )


def _without_blocks(question: PlanQuestion, by: BlockedBy) -> PlanQuestion:
    shared = {id(s.blocked): tuple(b for b in s.blocked if b.by is not by) for s in question.chain.steps}
    return _with_steps(question, [replace(s, blocked=shared[id(s.blocked)]) for s in question.chain.steps])


def _unspaced(question: PlanQuestion) -> PlanQuestion:
    """Any gap from one day on, and any date of the horizon."""
    grid = question.grid
    last = grid.day(grid.days - 1)

    def loose(step: Step) -> Step:
        gap = Gap(1, step.gap.target_days, grid.days) if step.gap else None
        return replace(step, gap=gap, latest=max(step.latest, last))

    return _with_steps(question, [step if is_fixed(step) else loose(step) for step in question.chain.steps])


def _with_steps(question: PlanQuestion, steps: Sequence[Step]) -> PlanQuestion:
    return replace(question, chain=replace(question.chain, steps=tuple(steps)))


def _facts(ranges: Sequence[Blocked]) -> list[dict[str, JsonValue]]:
    return [{"from": blocked.first.isoformat(), "to": _end(blocked)} for blocked in ranges]


def _end(blocked: Blocked) -> str | None:
    """No end for what blocks for good."""
    return None if blocked.last == date.max else blocked.last.isoformat()


def _some(details: Sequence[str], most: int = 3) -> str:
    more = [Phrase("And %(number)s more.", number=len(details) - most)] if len(details) > most else []
    return together((*details[:most], *more))
