"""What a hold would change, in words: a line for each appointment and series, in every clinic."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from scheduler.domain.changes import (
    AppointmentCancelled,
    Change,
    RiskChanged,
    SeriesStateChanged,
    SessionChanged,
)
from scheduler.domain.series import SeriesState, SessionState
from scheduler.operations.holds.hold_previews import Effect, HoldPreview
from scheduler.web.pages.words import clock, day_with_year, long_day, say, words


@dataclass(frozen=True, slots=True)
class Told:
    """A preview of a hold. ``lines`` say what changes, treatment by treatment."""

    first: date
    until: str
    lines: tuple[str, ...]
    digest: str
    releases: bool


def told(preview: HoldPreview) -> Told:
    """The preview in words."""
    until = day_with_year(preview.until) if preview.until else say("for good")
    lines = tuple(line for effect in preview.effects for line in _of_effect(effect))
    return Told(preview.hold.starts_on, until, lines, preview.digest, bool(preview.released))


def _of_effect(effect: Effect) -> Iterator[str]:
    series = effect.snapshot.series
    treatment = words().translated(series.protocol.name)
    for change in effect.changes:
        if text := _of_change(change, series.zone):
            yield f"{treatment}: {text}"


def _of_change(change: Change, zone: str) -> str:
    match change:
        case AppointmentCancelled():
            at = clock(change.slot.starts_at, zone)
            return say(
                "%(what)s on %(day)s at %(at)s is cancelled and its time is free again.",
                what=_what(change.session),
                day=long_day(change.on),
                at=at,
            )
        case RiskChanged(reason=None):
            return say("%(what)s on %(day)s is safe again.", what=_what(change.session), day=long_day(change.on))
        case RiskChanged():
            return say(
                "%(what)s on %(day)s stays booked, but can no longer keep its gap.",
                what=_what(change.session),
                day=long_day(change.on),
            )
        case SessionChanged(after=SessionState.OMITTED):
            return say("%(what)s is left out.", what=_what(change.session))
        case SeriesStateChanged(after=SeriesState.REVOKED):
            return say("The series ends.")
        case SeriesStateChanged(after=SeriesState.COMPLETED):
            return say("The series is complete then.")
    return ""


def _what(session: int | None) -> str:
    return say("The visit") if session is None else say("Session %(number)d", number=session)
