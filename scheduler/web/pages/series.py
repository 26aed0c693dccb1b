"""A series: looked at as it stands or as it would be, and what is done with its sessions.

A preview is an address: it can be loaded again, sent to a colleague, and asked for by a script while somebody drags.
"""

from datetime import date, time
from typing import Annotated, Literal
from urllib.parse import urlencode
from uuid import UUID

from flask import request
from pydantic import Field

from scheduler.domain.access import Action
from scheduler.domain.clinic_days import wall_time
from scheduler.domain.refusals import Invalid, Refusal, RuleBroken
from scheduler.operations.booking.moving import change_sessions
from scheduler.operations.booking.series import show_series
from scheduler.web.pages.notices import tell_done, tell_refused
from scheduler.web.pages.registry import Answer, Choice, Form, Page, PageCall, Pages, See
from scheduler.web.pages.series_course import Course, blocks_of, course_of
from scheduler.web.pages.series_decision import lapse_question
from scheduler.web.pages.series_facts import facts_of, sign_of
from scheduler.web.pages.series_hold_rows import hold_lines
from scheduler.web.pages.series_moves import (
    MoveWish,
    Preview,
    movable_booking,
    preview_move,
    preview_replan,
    read_placement,
)
from scheduler.web.pages.series_notes import deed_notes, notes_of
from scheduler.web.pages.series_refusals import in_words
from scheduler.web.pages.series_sentences import sentence
from scheduler.web.pages.series_session import heading, opened
from scheduler.web.pages.series_table import lines_of
from scheduler.web.pages.series_timeline import Shown, timeline_of
from scheduler.web.pages.series_versions import newer_version

pages = Pages("series")

LIVE = "series-live"
Told = Literal["placed", "proposed", "logged", "extended", "dismissed", "lifted", "wrong", "asked", "adopted"]
Number = Annotated[int, Field(ge=1, le=99)]


class SeriesChoice(Choice):
    """What to show: a session opened, a session moved to a clinic date and time, or everything planned anew."""

    session: Number | None = None
    move: Number | None = None
    to: date | None = None
    at: time | None = None
    replan: Literal["1"] | None = None
    choice: Number = 1
    told: Told | None = None


class MoveForm(Form):
    """The placements of a preview, the revision that it was made for, and the wish behind it."""

    place: tuple[str, ...] = ()
    seen: int


@pages.get("/series/{series_id}", Action.SEE_SCHEDULE)
def show(call: PageCall, series_id: UUID, query: SeriesChoice) -> Answer:
    """One series: whole, or only the timeline and the table where a script asks for just that."""
    course = course_of(call, series_id)
    preview = _preview(call, course, query)
    values = live_values(course, preview)
    if request.headers.get("HX-Target") == LIVE:
        return Page("series_live.html", values)
    session = opened(course, query.session) if query.session and preview is None else None
    around = {
        "facts": facts_of(course),
        "sign": sign_of(course),
        "notes": (*deed_notes(query.told), *notes_of(course, preview is not None)),
        "session": session,
        "heading": heading(session) if session else "",
        "record": _to_record(course),
        "decision": lapse_question(course),
        "newer": newer_version(call, course),
    }
    return Page("series.html", values | around)


def live_values(course: Course, preview: Preview | None) -> dict[str, object]:
    """What the timeline and the table are made from."""
    snapshot = course.sheet.snapshot
    movable = {one.number for one in snapshot.series.sessions if movable_booking(course.sheet, one.number)}
    shown = Shown(
        series=preview.series if preview else snapshot.series,
        windows=preview.windows if preview else course.sheet.windows,
        before=snapshot.series,
        today=course.today,
        movable=frozenset(movable if course.may(Action.BOOK) else ()),
        preview=preview,
    )
    return {
        "course": course,
        "series": snapshot.series,
        "preview": preview,
        "sentence": sentence(course, preview) if preview else "",
        "timeline": timeline_of(shown, tuple(blocks_of(course)), snapshot.around.closures),
        "lines": tuple(lines_of(course, preview)),
        "holds": tuple(hold_lines(course)),
        "books": course.may(Action.BOOK),
        "places": Action.PLACE_HOLD in course.rights,
        "decides": course.may(Action.DECIDE_HOLD),
    }


def _preview(call: PageCall, course: Course, query: SeriesChoice) -> Preview | None:
    """What would be, for those who may book. Where nothing is left to plan there is nothing to show."""
    if not course.may(Action.BOOK):
        return None
    try:
        if query.replan:
            return preview_replan(call, course.sheet, query.choice)
        wish = _wish(course, query)
        return preview_move(call, course.sheet, wish) if wish else None
    except RuleBroken as refusal:
        tell_refused(in_words(refusal))
        return None


def _wish(course: Course, query: SeriesChoice) -> MoveWish | None:
    """The time stays where only a date is asked for."""
    if query.move is None or query.to is None:
        return None
    booking = movable_booking(course.sheet, query.move)
    if booking is None:
        return None
    zone = course.sheet.snapshot.series.zone
    return MoveWish(query.move, query.to, query.at or wall_time(booking.slot.starts_at, zone).time())


def _to_record(course: Course) -> int | None:
    """The session that is likeliest to be recorded: the one of today or before, else the next that is booked."""
    sessions = course.sheet.snapshot.series.sessions
    booked = [one.number for one in sessions if one.booking]
    return booked[0] if booked and course.may(Action.RECORD) else None


def preview_again(call: PageCall, refusal: Refusal, series_id: UUID) -> See:
    """The same wish, looked at as things stand now; the page says what has come between. Raises ``NotFound``."""
    show_series(call.context, series_id)
    tell_refused(in_words(refusal))
    kept = {name: value for name in ("move", "to", "at", "replan") if (value := call.typed.get(name))}
    return See(f"/series/{series_id}?{urlencode(kept)}" if kept else f"/series/{series_id}")


@pages.post("/series/{series_id}/move", Action.BOOK, on_refusal=preview_again)
def move(call: PageCall, series_id: UUID, form: MoveForm) -> See:
    """Do what the preview shows, all of it or nothing."""
    if not form.place:
        raise Invalid("This preview changes nothing.", code="invalid_form")
    placements = [read_placement(text) for text in form.place]
    deed = change_sessions(call.context, series_id=series_id, placements=placements, seen=form.seen)
    tell_done("sessions_moved", deed)
    return See(f"/series/{series_id}")
