"""A hold, placed from the page of a patient or of one of their series. What it would change is shown first."""

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
from scheduler.web.pages.hold_subject import FromSeries, Subject, decides, subject_of
from scheduler.web.pages.reading import valid
from scheduler.web.pages.registry import Answer, Page, PageCall, Pages, See
from scheduler.web.pages.series_effects import told
from scheduler.web.pages.series_hold_form import HoldForm
from scheduler.web.pages.series_refusals import in_words
from scheduler.web.pages.visitor import identifier

pages = Pages("hold-placing")


class NewHold(FromSeries, HoldForm):
    """A hold, and the series from whose page it is placed."""


@pages.get("/patients/{patient_id}/hold", Action.PLACE_HOLD)
def new(call: PageCall, patient_id: UUID, query: FromSeries) -> Answer:
    """The form of a new hold."""
    subject = subject_of(call, patient_id, query.series)
    typed = {"site": subject.series.sites[0]} if subject.series else {}
    return Page("hold_new.html", _values(call, subject, typed))


def _values(call: PageCall, subject: Subject, typed: Mapping[str, str], **more: Any) -> dict[str, Any]:
    """What the form is made from. What was typed is kept; ``told`` and ``refused`` come with a preview or a refusal."""
    holding = options.rules(call)
    return {
        "subject": subject,
        "typed": typed,
        "reasons": options.reasons(holding),
        "variants": options.variants(holding),
        "sites": options.sites(),
        "choices": options.choices(),
        "tellings": options.tellings(),
        "decides": decides(call),
        "told": None,
        "refusal": None,
        **more,
    }


def ask_again(call: PageCall, refusal: Refusal, patient_id: UUID) -> Page:
    """The form as it was typed, with what was wrong, and a fresh preview where there can be one."""
    subject = subject_of(call, patient_id, identifier(call.typed.get("series")))
    more: dict[str, Any] = {"refusal": in_words(refusal)}
    if refusal.code in ("effects_changed", "effects_unseen", "stale"):
        preview = _preview(call, patient_id, valid(NewHold, request.form), subject.patient.revision)
        more["told"] = told(preview)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if isinstance(refusal, Invalid) else HTTPStatus.CONFLICT
    return Page("hold_new.html", _values(call, subject, call.typed, **more), status=status)


def _preview(call: PageCall, patient_id: UUID, form: NewHold, seen: int) -> HoldPreview:
    return preview_hold(call.context, patient_id=patient_id, wish=form.wish, choose=form.choose, seen=seen)


@pages.post("/patients/{patient_id}/hold/preview", Action.PLACE_HOLD, on_refusal=ask_again)
def preview(call: PageCall, patient_id: UUID, form: NewHold) -> Answer:
    """What the hold would change; nothing is stored."""
    subject = subject_of(call, patient_id, form.series)
    shown = told(_preview(call, patient_id, form, form.seen))
    return Page("hold_new.html", _values(call, subject, call.typed, told=shown))


@pages.post("/patients/{patient_id}/hold", Action.PLACE_HOLD, on_refusal=ask_again)
def place(call: PageCall, patient_id: UUID, form: NewHold) -> See:
    """Place the hold that was previewed, or propose it to a practitioner."""
    subject = subject_of(call, patient_id, form.series)
    placed = place_hold(
        call.context,
        patient_id=patient_id,
        wish=form.wish,
        choose=form.choose,
        tell=form.tell,
        digest=form.digest,
        seen=form.seen,
    )
    if placed.logged:
        return subject.after("logged")
    return subject.after("placed" if decides(call) else "proposed")
