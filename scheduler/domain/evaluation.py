"""Evaluation: the verdict on each session as it was delivered.

Always by the protocol's rule, whatever a practitioner decided when a window lapsed. Early and late sessions satisfy
their step all the same, and the next interval counts from them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from scheduler.domain.phrases import Phrase
from scheduler.domain.protocol import Protocol
from scheduler.domain.series import Series, Session, SessionState


class Verdict(StrEnum):
    VALID = "valid"
    EARLY = "early"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One verdict; ``gap_days`` since ``reference``, both ``None`` for a first session."""

    number: int
    performed_on: date
    verdict: Verdict
    reference: date | None
    gap_days: int | None
    reason: str


def evaluate(series: Series) -> tuple[Evaluation, ...]:
    """A verdict for each performed session, in order."""
    found: list[Evaluation] = []
    last: date | None = None
    maximum_from: date | None = None
    for session in series.sessions:
        if session.performed_on is not None:
            found.append(_verdict(series, session, session.performed_on, last, maximum_from))
            last = maximum_from = session.performed_on
        elif session.state is SessionState.OMITTED and maximum_from is not None:
            maximum_from += timedelta(series.protocol.spacing_before(session.number).max_days)
    return tuple(found)


def _verdict(series: Series, session: Session, on: date, last: date | None, maximum_from: date | None) -> Evaluation:
    if last is None or maximum_from is None:
        return Evaluation(session.number, on, Verdict.VALID, None, None, "The first session of the series.")
    rule = series.protocol.spacing_before(session.number)
    gap, longest = (on - last).days, (maximum_from - last).days + rule.max_days
    reason = Phrase(
        "%(gap)s days after the session before; %(least)s to %(most)s are allowed.",
        gap=gap,
        least=rule.min_days,
        most=longest,
    )
    return Evaluation(session.number, on, _judged(gap, rule.min_days, longest), last, gap, reason)


def verdict_on(protocol: Protocol, number: int, gap_days: int, omitted: Iterable[int] = ()) -> Verdict:
    """The verdict on session ``number``, ``gap_days`` after the last one performed; ``omitted`` lie in between."""
    rule = protocol.spacing_before(number)
    longest = rule.max_days + sum(protocol.spacing_before(step).max_days for step in omitted)
    return _judged(gap_days, rule.min_days, longest)


def _judged(gap: int, shortest: int, longest: int) -> Verdict:
    return Verdict.EARLY if gap < shortest else Verdict.LATE if gap > longest else Verdict.VALID
