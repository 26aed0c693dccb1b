"""Move reasons: why a session moves in a change set, as a stable code and a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from scheduler.domain.chain import Chain, Gap, Step
from scheduler.domain.phrases import Phrase

LONGEST_GAP = 3650
"""No rule asks for a gap of more than ten years, in days."""


@dataclass(frozen=True, slots=True)
class Why:
    """``code`` is stable: ``requested``, ``must_move``, ``gap_before``, ``gap_after`` or ``alternative``."""

    code: str
    detail: str


def why(chain: Chain, step: Step, dates: Mapping[int, date], must_move: Mapping[int, str], requested: bool) -> Why:
    """Why a step moves in a change set that leads to these dates."""
    if requested:
        return Why("requested", Phrase("Session %(step)s was asked to move.", step=step.number))
    if step.number in must_move:
        return Why("must_move", must_move[step.number])
    if step.booked is None:
        return Why("must_move", Phrase("Session %(step)s has no appointment.", step=step.number))
    return _kept_gap(chain, step, step.booked.on, dates) or Why("alternative", "This choice moves it as well.")


def _kept_gap(chain: Chain, step: Step, stayed_on: date, dates: Mapping[int, date]) -> Why | None:
    """The gap that would be wrong if this session had stayed where it was."""
    known = [chain.reference, *(dates[one.number] for one in chain.steps)]
    place = chain.steps.index(step)
    if (before := known[place]) and not _allows(step, stayed_on, (stayed_on - before).days):
        return Why(
            "gap_before",
            Phrase(
                "Session %(step)s cannot stay: it %(gap)s", step=step.number, gap=_gap(step, (stayed_on - before).days)
            ),
        )
    for after in chain.steps[place + 1 : place + 2]:
        gap = (dates[after.number] - stayed_on).days
        if not _allows(after, dates[after.number], gap):
            return Why(
                "gap_after",
                Phrase(
                    "Session %(step)s cannot stay: session %(after)s %(gap)s",
                    step=step.number,
                    after=after.number,
                    gap=_gap(after, gap),
                ),
            )
    return None


def _allows(step: Step, on: date, gap: int) -> bool:
    if step.gap is None:
        return gap > 0
    given = step.override_gap if step.override and step.override.on == on else None
    least, most = step.gap.min_days, step.gap.max_days
    return min(least, least if given is None else given) <= gap <= max(most, most if given is None else given)


def _gap(step: Step, gap: int) -> str:
    return Phrase("would come after %(days)s days; %(allowed)s.", days=gap, allowed=_allowed(step.gap))


def _allowed(gap: Gap | None) -> str:
    """In words; where only a last date binds, the most days are without meaning."""
    if gap is None:
        return "it needs a later date"
    if gap.max_days > LONGEST_GAP:
        return Phrase("it needs %(least)s days at least", least=gap.min_days)
    return Phrase("%(least)s to %(most)s days are allowed", least=gap.min_days, most=gap.max_days)
