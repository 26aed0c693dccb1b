"""A hold, placed from a series. What it would change is shown first."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import request

from scheduler.domain.access import Action
from scheduler.domain.refusals import Invalid, Refusal
from scheduler.operations.holds.hold_previews import HoldPreview
from scheduler.operations.holds.holding import place_hold, preview_hold
from scheduler.web.pages import series_hold_form as options
from scheduler.web.pages.reading import valid
from scheduler.web.pages.registry import Answer, Page, PageCall, Pages, See
from scheduler.web.pages.series_course import Course, course_of
from scheduler.web.pages.series_effects import told
from scheduler.web.pages.series_hold_form import HoldForm
from scheduler.web.pages.series_refusals import in_words

pages = Pages("series-holds")


@pages.get("/series/{series_id}/hold", Action.PLACE_HOLD)
def new(call: PageCall, series_id: UUID) -> Answer:
    """The form of a new hold."""
    course = course_of(call, series_id)
    return Page("series_hold.html", _values(call, course, {"site": course.sheet.snapshot.series.sites[0]}))


def _values(call: PageCall, course: Course, typed: Mapping[str, str], **more: Any) -> dict[str, Any]:
    """What the form is made from. What was typed is kept; ``told`` and ``refused`` come with a preview or a refusal."""
    holding = options.rules(call)
    return {
        "course": course,
        "series": course.sheet.snapshot.series,
        "typed": typed,
        "reasons": options.reasons(holding),
        "variants": options.variants(holding),
        "sites": options.sites(),
        "choices": options.choices(),
        "tellings": options.tellings(),
        "decides": course.may(Action.DECIDE_HOLD),
        "told": None,
        "refusal": None,
        **more,
    }


def ask_again(call: PageCall, refusal: Refusal, series_id: UUID) -> Page:
    """The form as it was typed, with what was wrong, and a fresh preview where there can be one."""
    course = course_of(call, series_id)
    more: dict[str, Any] = {"refusal": in_words(refusal)}
    if refusal.code in ("effects_changed", "effects_unseen", "stale"):
        preview = _preview(call, course, valid(HoldForm, request.form), course.patient.revision)
        more["told"] = told(preview)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if isinstance(refusal, Invalid) else HTTPStatus.CONFLICT
    return Page("series_hold.html", _values(call, course, call.typed, **more), status=status)


def _preview(call: PageCall, course: Course, form: HoldForm, seen: int) -> HoldPreview:
    patient_id = course.patient.id
    return preview_hold(call.context, patient_id=patient_id, wish=form.wish, choose=form.choose, seen=seen)


@pages.post("/series/{series_id}/hold/preview", Action.PLACE_HOLD, on_refusal=ask_again)
def preview(call: PageCall, series_id: UUID, form: HoldForm) -> Answer:
    """What the hold would change; nothing is stored."""
    course = course_of(call, series_id)
    shown = told(_preview(call, course, form, form.seen))
    return Page("series_hold.html", _values(call, course, call.typed, told=shown))


@pages.post("/series/{series_id}/hold", Action.PLACE_HOLD, on_refusal=ask_again)
def place(call: PageCall, series_id: UUID, form: HoldForm) -> See:
    """Place the hold that was previewed, or propose it to a practitioner."""
    course = course_of(call, series_id)
    placed = place_hold(
        call.context,
        patient_id=course.patient.id,
        wish=form.wish,
        choose=form.choose,
        tell=form.tell,
        digest=form.digest,
        seen=form.seen,
    )
    if placed.logged:
        return See(f"/series/{series_id}?told=logged")
    return See(f"/series/{series_id}?told={'placed' if course.may(Action.DECIDE_HOLD) else 'proposed'}")
