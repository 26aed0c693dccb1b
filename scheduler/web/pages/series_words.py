"""Words of the series page: windows, gaps, states and refusals as sentences, made from facts in any language."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from scheduler.domain.evaluation import Evaluation, Verdict
from scheduler.domain.refusals import Conflict
from scheduler.domain.series import AppointmentStatus, SeriesState, Session, SessionState
from scheduler.domain.spacing import OPENING_MONTHS, Edge, ReferenceKind, Window, months_after
from scheduler.web.pages.telling import told
from scheduler.web.pages.words import counted, day_with_year, long_day, say, short_day


def days(number: int) -> str:
    """“35 days”."""
    return counted("%(number)d day", "%(number)d days", number)


def span(first: date, last: date) -> str:
    """“Tue 8 Dec to Tue 22 Dec”."""
    return say("%(first)s to %(last)s", first=short_day(first), last=short_day(last))


def edge_words(window: Window, edge: Edge) -> str:
    """Why an end of a window lies there."""
    if window.reference_kind is ReferenceKind.DECISION:
        return _decided(window, edge)
    if window.reference_kind is ReferenceKind.START:
        return _opening(window, edge)
    number = days((edge.on - window.reference).days)
    if edge is window.latest:
        return say("%(days)s after it", days=number)
    on = long_day(window.reference)
    return {
        ReferenceKind.PERFORMED: say("%(days)s after the session of %(day)s", days=number, day=on),
        ReferenceKind.BOOKED: say("%(days)s after the session booked on %(day)s", days=number, day=on),
        ReferenceKind.FORECAST: say("%(days)s after the session expected on %(day)s", days=number, day=on),
    }[window.reference_kind]


def _decided(window: Window, edge: Edge) -> str:
    if edge is window.latest:
        return say("the decision to continue ends here")
    if edge.on == window.floor:
        return say("the least that the treatment allows after the session before")
    return say("a practitioner decided to continue from here")


def _opening(window: Window, edge: Edge) -> str:
    if edge is window.earliest:
        return say("the requested start")
    if edge.on == months_after(window.reference, OPENING_MONTHS):
        return say("the first session is planned within six months of the start")
    return say("counted from the latest day of the omitted session before")


def window_words(window: Window) -> str:
    """A window with the reason for each of its ends."""
    return say(
        "Allowed from %(first)s (%(why_first)s) to %(last)s (%(why_last)s).",
        first=short_day(window.earliest.on),
        why_first=edge_words(window, window.earliest),
        last=short_day(window.latest.on),
        why_last=edge_words(window, window.latest),
    )


def state_words(session: Session, today: date) -> str:
    """What a session is, in a word or two. What should have been and nobody has closed is to be recorded."""
    if session.performed_on is not None:
        return say("Done in part") if session.partial else say("Done")
    if session.state is SessionState.OMITTED:
        return say("Omitted")
    if session.booking is None:
        return say("No date yet")
    if session.booking.on < today:
        return say("To be recorded")
    if session.booking.at_risk:
        return say("At risk")
    return status_words(session.booking.status)


def status_words(status: AppointmentStatus) -> str:
    """What an appointment is."""
    return {
        AppointmentStatus.BOOKED: say("Booked"),
        AppointmentStatus.ARRIVED: say("Waiting"),
        AppointmentStatus.CHECKED_IN: say("In session"),
        AppointmentStatus.FULFILLED: say("Done"),
        AppointmentStatus.NOSHOW: say("Did not attend"),
        AppointmentStatus.CANCELLED: say("Cancelled"),
        AppointmentStatus.ENTERED_IN_ERROR: say("Entered in error"),
    }[status]


def ended_words(state: SeriesState) -> str:
    """What a series is that runs no more."""
    return {
        SeriesState.COMPLETED: say("Complete"),
        SeriesState.REVOKED: say("Ended early"),
        SeriesState.ENTERED_IN_ERROR: say("Entered in error"),
    }[state]


def verdict_words(found: Evaluation) -> str:
    """“Early: after 25 days”."""
    gap = days(found.gap_days or 0)
    if found.verdict is Verdict.EARLY:
        return say("Early, after %(days)s", days=gap)
    if found.verdict is Verdict.LATE:
        return say("Late, after %(days)s", days=gap)
    return say("In its window")


SUCCESSOR = "successor_"


def conflict_words(conflict: Conflict, window: Window | None) -> str:
    """Why something cannot be done. ``window`` is that of the session that was asked to move."""
    facts = conflict.facts
    if conflict.code.startswith(SUCCESSOR):
        number, gap = facts["session"], days(facts["gap_days"])
        return say("Session %(number)d would then come after %(days)s, and cannot follow.", number=number, days=gap)
    if conflict.code in ("gap_too_short", "gap_too_long") and window is not None:
        return _gap_words(facts, window)
    resource = {"resource": facts.get("resource", "")}
    known = {
        "before_requested_start": say("This is before the requested start."),
        "too_long_after_start": say("This is more than six months after the requested start."),
        "below_absolute_minimum": say("This is below the least that anybody may allow."),
        "on_hold": _hold_words(facts),
        "closed_day": say("The clinic is closed on that day."),
        "other_procedure_too_near": say("Another treatment of an overlapping site is too near."),
        "in_the_past": say("This day has passed."),
        "no_window": say("An earlier session has no date yet."),
        "patient_taken": say("The patient has another appointment at that time."),
        "practitioner_taken": say("%(resource)s is taken at that time.", **resource),
        "room_taken": say("%(resource)s is taken at that time.", **resource),
        "device_taken": say("%(resource)s is taken at that time.", **resource),
        "not_available": say("%(resource)s is not available at that time.", **resource),
        "no_change_fits": say("No change that keeps every rule was found."),
    }
    return known.get(conflict.code) or told(conflict.detail)


def _gap_words(facts: Mapping[str, Any], window: Window) -> str:
    return say(
        "This would be day %(day)d; day %(first)d to %(last)d is allowed, %(window)s.",
        day=facts["gap_days"],
        first=(window.earliest.on - window.reference).days,
        last=(window.latest.on - window.reference).days,
        window=span(window.earliest.on, window.latest.on),
    )


def _hold_words(facts: Mapping[str, Any]) -> str:
    until = facts.get("blocked_to")
    if until is None:
        return say("A hold blocks treatment for good.")
    return say("A hold blocks treatment until %(day)s.", day=day_with_year(date.fromisoformat(until)))
