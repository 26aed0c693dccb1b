"""Endings: a session that will not take place, and a series that has nothing left to do."""

from scheduler.domain.changes import SeriesStateChanged, SessionChanged
from scheduler.domain.decisions import refuse_omission
from scheduler.domain.lifecycle import SERIES, SESSION, next_state
from scheduler.domain.series import Series, SeriesState


def omission(series: Series, number: int) -> SessionChanged:
    """The session will not take place.

    Raises ``RuleBroken`` (``too_few_sessions``) when fewer than the protocol's minimum would remain, and
    (``wrong_state``) when it is not due.
    """
    session = series.session(number)
    refuse_omission(series, number)
    return SessionChanged(number, session.state, next_state(SESSION, session.state, "omit"))


def completion(series: Series) -> tuple[SeriesStateChanged, ...]:
    """A running series in which nothing is due any more is complete."""
    if series.state is not SeriesState.ACTIVE or any(session.open for session in series.sessions):
        return ()
    return (SeriesStateChanged(series.state, next_state(SERIES, series.state, "complete")),)
