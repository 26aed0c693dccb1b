"""Evaluation: the verdict on each session as it was delivered.

Always by the protocol's rule, whatever a practitioner decided when a window lapsed. Early and late sessions satisfy
their step all the same, and the next interval counts from them.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

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
    verdict = Verdict.EARLY if gap < rule.min_days else Verdict.LATE if gap > longest else Verdict.VALID
    reason = f"{gap} days after the session before; {rule.min_days} to {longest} are allowed."
    return Evaluation(session.number, on, verdict, last, gap, reason)
