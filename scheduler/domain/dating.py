"""Dating: whether sessions may take the dates that somebody wants to give them, and what is at risk where they stand.

Every path that sets a date comes through here: reception, practitioner, patient, API and replanning.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from scheduler.domain.blocked import Blocked, BlockedBy, first_free
from scheduler.domain.changes import RiskChanged
from scheduler.domain.phrases import Phrase
from scheduler.domain.refusals import Conflict
from scheduler.domain.series import Booking, Override, Series, SeriesState, Session, Surroundings
from scheduler.domain.spacing import ReferenceKind, Window, blocked_ranges, stands, windows


def date_conflicts(
    proposed: Series, around: Surroundings, numbers: Collection[int], override_reasons: Mapping[int, str] | None = None
) -> tuple[Conflict, ...]:
    """Everything that speaks against the dates of the sessions ``numbers`` in a series as it would be.

    ``proposed`` already carries the wanted bookings. The next dated session after a changed one keeps its date unless
    it is in ``numbers`` itself, so its window is checked as well. ``override_reasons`` are a practitioner's reasons for
    dates outside the window, by session; an empty one is none.
    """
    found = windows(proposed, around)
    reasons = override_reasons or {}
    own = [
        c
        for n in sorted(numbers)
        for c in _own_conflicts(proposed, around, proposed.session(n), found[n], reasons.get(n))
    ]
    followers = sorted({s.number for n in numbers if (s := _next_dated(proposed, n)) and s.number not in numbers})
    return (*own, *(c for n in followers for c in _follower_conflicts(proposed.session(n), found[n])))


def _own_conflicts(
    series: Series, around: Surroundings, session: Session, window: Window | None, reason: str | None
) -> Iterator[Conflict]:
    on = session.booking.on if session.booking else None
    if on is None:
        return
    yield from _closed_conflicts(series, session, on)
    if on < around.today:
        yield Conflict(
            "in_the_past", Phrase("%(day)s has passed.", day=on), _facts(session, on), "Choose today or a later date."
        )
    if window is None:
        yield _no_window(session, on)
        return
    yield from _blocked_conflicts(series, around, session, on, window)
    yield from _gap_conflicts(session, on, window, reason)


def _closed_conflicts(series: Series, session: Session, on: date) -> Iterator[Conflict]:
    """Only a due session of a series that still runs can be given a date."""
    facts = _facts(session, on) | {"state": session.state.value, "series_state": series.state.value}
    if series.state not in (SeriesState.DRAFT, SeriesState.ACTIVE):
        word = series.state.value.replace("_", " ")
        yield Conflict("series_closed", Phrase("The series is %(word)s.", word=word), facts, "Begin a new series.")
    elif not session.open:
        detail = Phrase(
            "Session %(session)s is %(state)s and needs no date.", session=session.number, state=session.state.value
        )
        yield Conflict("session_not_due", detail, facts, "Correct the session first.")


def _no_window(session: Session, on: date) -> Conflict:
    detail = Phrase(
        "Session %(session)s has no window yet, because an earlier session has no date.", session=session.number
    )
    return Conflict("no_window", detail, _facts(session, on), "Decide on the earlier session or give it a date first.")


def _blocked_conflicts(
    series: Series, around: Surroundings, session: Session, on: date, window: Window
) -> Iterator[Conflict]:
    for blocked in blocked_ranges(series, around, on, on):
        free = first_free(window.blocked, max(on, around.today, window.earliest.on), window.latest.on)
        remedy = (
            Phrase("The next free day in the window is %(day)s.", day=free)
            if free
            else "No later day in the window is free."
        )
        yield Conflict(blocked.by, blocked.detail, _facts(session, on) | _blocked_facts(blocked), remedy)


def _blocked_facts(blocked: Blocked) -> dict[str, object]:
    until = None if blocked.last == date.max else blocked.last.isoformat()
    facts: dict[str, object] = {"blocked_from": blocked.first.isoformat(), "blocked_to": until}
    return facts | {"hold": str(blocked.source_id)} if blocked.by is BlockedBy.HOLD else facts


def _gap_conflicts(session: Session, on: date, window: Window, reason: str | None) -> Iterator[Conflict]:
    if _fits(session, on, window):
        return
    if reason is None or not reason.strip():
        yield _outside(session, on, window, "")
    elif window.floor is not None and on < window.floor:
        yield _below_floor(session, on, window, window.floor)


def _fits(session: Session, on: date, window: Window) -> bool:
    """Inside the window, or outside by an override that still stands."""
    override = session.booking.override if session.booking else None
    return window.contains(on) or (override is not None and stands(override, on, window))


def _below_floor(session: Session, on: date, window: Window, floor: date) -> Conflict:
    least = (floor - window.reference).days
    gap = (on - window.reference).days
    return Conflict(
        "below_absolute_minimum",
        Phrase(
            "Session %(session)s would be %(gap)s days after the one before; nobody may go below %(least)s.",
            session=session.number,
            gap=gap,
            least=least,
        ),
        _gap_facts(session, on, window) | {"absolute_min_days": least},
        _within(window),
    )


def _outside(session: Session, on: date, window: Window, prefix: str) -> Conflict:
    short = on < window.earliest.on
    where = Phrase("Session %(session)s on %(day)s", session=session.number, day=on)
    if window.reference_kind is ReferenceKind.START:
        code = "before_requested_start" if short else "too_long_after_start"
        detail = Phrase("%(where)s: %(edge)s", where=where, edge=_edge(window, short))
    else:
        code = "gap_too_short" if short else "gap_too_long"
        gap = (on - window.reference).days
        detail = Phrase(
            "%(where)s would be %(gap)s days after %(day)s. %(edge)s",
            where=where,
            gap=gap,
            day=window.reference,
            edge=_edge(window, short),
        )
    return Conflict(prefix + code, detail, _gap_facts(session, on, window), _within(window))


def _edge(window: Window, short: bool) -> str:
    return window.earliest.reason if short else window.latest.reason


def _follower_conflicts(session: Session, window: Window | None) -> Iterator[Conflict]:
    on = session.dated
    if on is not None and window is not None and not _fits(session, on, window):
        yield _outside(session, on, window, "successor_")


def _next_dated(series: Series, number: int) -> Session | None:
    later = (s for s in series.sessions[number:] if s.dated is not None)
    return next(later, None)


def _facts(session: Session, on: date) -> dict[str, object]:
    return {"session": session.number, "date": on.isoformat()}


def _gap_facts(session: Session, on: date, window: Window) -> dict[str, object]:
    span = {"earliest": window.earliest.on.isoformat(), "latest": window.latest.on.isoformat()}
    return _facts(session, on) | {
        "gap_days": (on - window.reference).days,
        "reference": window.reference.isoformat(),
        "window": span,
    }


def _within(window: Window) -> str:
    return Phrase("Any free day from %(first)s to %(last)s would do.", first=window.earliest.on, last=window.latest.on)


def risks(series: Series, around: Surroundings) -> dict[int, str | None]:
    """For each session with a live appointment from today on: why it is at risk, or ``None`` where all is well.

    At risk is what stands outside its window without an override that still covers it, stands too near another
    procedure, has no window because an earlier session has no date, or was imported against a rule and nobody has
    decided about it.
    """
    found = windows(series, around)
    return {
        session.number: _risk(series, around, session, booking, found[session.number])
        for session, booking in _upcoming(series, around)
    }


def risk_changes(series: Series, around: Surroundings) -> tuple[RiskChanged, ...]:
    """What every transaction adds after its own changes: the flags that they set or clear."""
    found = risks(series, around)
    return tuple(
        RiskChanged(booking.appointment_id, session.number, booking.on, found[session.number])
        for session, booking in _upcoming(series, around)
        if booking.at_risk != (found[session.number] is not None)
    )


def _upcoming(series: Series, around: Surroundings) -> Iterator[tuple[Session, Booking]]:
    for session in series.sessions:
        if session.open and session.booking and session.booking.on >= around.today:
            yield session, session.booking


def _risk(
    series: Series, around: Surroundings, session: Session, booking: Booking, window: Window | None
) -> str | None:
    if window is None:
        return "An earlier session has no date."
    if not _fits(session, booking.on, window):
        return _outside(session, booking.on, window, "").detail
    on_the_day = blocked_ranges(series, around, booking.on, booking.on)
    return next((b.detail for b in on_the_day if b.by is BlockedBy.OTHER_PROCEDURE), booking.import_note)


def override_for(window: Window, on: date, reason: str) -> Override | None:
    """The override to store with a date: ``None`` where the date lies in its window and needs none."""
    return None if window.contains(on) else Override(on, window.reference, reason)
