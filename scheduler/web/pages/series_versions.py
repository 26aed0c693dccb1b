"""A newer version of its treatment: told on the page of a series, looked at, and adopted by a practitioner."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from scheduler.catalogue import protocol_differences
from scheduler.domain.access import Action
from scheduler.domain.refusals import Refusal, RuleBroken
from scheduler.domain.spacing import Window
from scheduler.operations.booking.adopting import Adoption, adopt_protocol, newest_version, preview_adoption
from scheduler.storage.treatments import RUNNING
from scheduler.web.api.fields import Prose
from scheduler.web.pages.notices import tell_refused
from scheduler.web.pages.protocol_words import changed
from scheduler.web.pages.registry import Answer, Form, Page, PageCall, Pages, See
from scheduler.web.pages.series_course import Course, course_of
from scheduler.web.pages.series_refusals import in_words
from scheduler.web.pages.series_words import span
from scheduler.web.pages.words import long_day, say

pages = Pages("series-versions")


class AdoptForm(Form):
    """Why, the series' revision, and the preview that was looked at."""

    reason: Prose
    seen: int
    digest: str


@dataclass(frozen=True, slots=True)
class WindowLine:
    """The window of one session under either version."""

    session: int
    before: str
    after: str
    differs: bool


def newer_version(call: PageCall, course: Course) -> int | None:
    """The number of a newer version that the reader could take a running series over to."""
    series = course.sheet.snapshot.series
    if series.state not in RUNNING or not course.may(Action.DECIDE_LAPSE):
        return None
    newest = newest_version(call.context, series.protocol.code)
    return newest if newest > series.protocol.version else None


@pages.get("/series/{series_id}/version", Action.DECIDE_LAPSE)
def look(call: PageCall, series_id: UUID) -> Answer:
    """What the newest version would change. Where there is none, back to the series. Raises ``NotFound``."""
    course = course_of(call, series_id)
    try:
        adoption = preview_adoption(call.context, series_id=series_id)
    except RuleBroken as refusal:
        tell_refused(in_words(refusal))
        return See(f"/series/{series_id}")
    before, after = course.sheet.snapshot.series, adoption.sheet.snapshot.series
    values = {
        "course": course,
        "series": before,
        "adoption": adoption,
        "differences": changed(protocol_differences(before.protocol, after.protocol)),
        "windows": tuple(_windows(course, adoption)),
        "risks": tuple(_risks(adoption)),
        "decides": course.may(Action.DECIDE_LAPSE),
    }
    return Page("series_version.html", values)


def _windows(course: Course, adoption: Adoption) -> Iterator[WindowLine]:
    """The sessions to come."""
    old, new = course.sheet.windows, adoption.sheet.windows
    for session in course.sheet.snapshot.series.sessions:
        if session.open:
            before, after = (_span(found.get(session.number)) for found in (old, new))
            yield WindowLine(session.number, before, after, before != after)


def _span(window: Window | None) -> str:
    return span(window.earliest.on, window.latest.on) if window else "–"


def _risks(adoption: Adoption) -> Iterator[str]:
    for one in adoption.changes:
        day = long_day(one.on)
        if one.reason:
            yield say("Session %(number)d on %(day)s would be at risk.", number=one.session, day=day)
        else:
            yield say("Session %(number)d on %(day)s would be safe again.", number=one.session, day=day)


def look_again(call: PageCall, refusal: Refusal, series_id: UUID) -> See:
    """A fresh preview, and what has come between. Raises ``NotFound``."""
    course_of(call, series_id)
    tell_refused(in_words(refusal))
    return See(f"/series/{series_id}/version")


@pages.post("/series/{series_id}/version", Action.DECIDE_LAPSE, on_refusal=look_again)
def adopt(call: PageCall, series_id: UUID, form: AdoptForm) -> See:
    """Take the series over, as the preview showed it."""
    adopt_protocol(call.context, series_id=series_id, digest=form.digest, reason=form.reason, seen=form.seen)
    return See(f"/series/{series_id}?told=adopted")
