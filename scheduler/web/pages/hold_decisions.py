"""What a practitioner decides about a hold: confirm, dismiss, extend, lift, entered in error.

Somebody comes from the page of a patient, or of a series, and goes back there.
"""

from datetime import date
from typing import Literal
from urllib.parse import urlencode
from uuid import UUID

from scheduler.domain.access import Action
from scheduler.domain.hold_effects import HoldChoice
from scheduler.domain.holds import EndRule, HoldState
from scheduler.domain.refusals import Refusal
from scheduler.operations.booking.deciding import Choice as SeriesChoice
from scheduler.operations.booking.deciding import Decision, Occasion, decide
from scheduler.operations.holds.hold_decisions import confirm_hold, extend_hold, preview_confirmation, preview_extension
from scheduler.operations.holds.hold_deeds import Tell
from scheduler.operations.holds.hold_endings import HoldEnded, LeftClearance, dismiss_hold, lift_hold, mark_hold_wrong
from scheduler.operations.holds.hold_previews import HoldPreview
from scheduler.operations.holds.hold_sheets import HoldSheet, get_hold
from scheduler.web.api.fields import Prose
from scheduler.web.pages import series_hold_form as options
from scheduler.web.pages.hold_subject import FromSeries, HoldTold, Subject, subject_of
from scheduler.web.pages.notices import tell_done, tell_refused
from scheduler.web.pages.registry import Answer, Form, Page, PageCall, Pages, See
from scheduler.web.pages.series import Number
from scheduler.web.pages.series_decision import RUNNING
from scheduler.web.pages.series_effects import Told, told
from scheduler.web.pages.series_hold_form import Digest
from scheduler.web.pages.series_hold_rows import ends_words, hold_line, is_open
from scheduler.web.pages.series_refusals import in_words
from scheduler.web.pages.visitor import identifier

pages = Pages("hold-decisions")


class Looked(FromSeries):
    """What becomes of released sessions, and the later dates of an extension; both change what the preview shows."""

    choose: HoldChoice = HoldChoice.DEFER
    ends_on: date | None = None
    review_on: date | None = None


class EndForm(FromSeries, Form):
    """Why a hold ends. ``seen`` is the patient's revision."""

    reason: Prose
    seen: int


class LiftForm(EndForm):
    """The evidence, its clinic date, and whether it is to count when the same is answered again: for the series that
    somebody comes from, else for the patient."""

    on: date | None = None
    clear: Literal["yes"] | None = None
    until: date | None = None


class MeanwhileForm(Form):
    """What becomes of a session that waits while a hold stands, and why. ``seen`` is the series' revision."""

    session: Number | None = None
    choose: HoldChoice
    reason: Prose
    seen: int


class DecideForm(Looked, Form):
    """A confirmation or an extension that was previewed."""

    tell: Tell = Tell.MESSAGE
    note: Prose | None = None
    digest: Digest | None = None
    seen: int


@pages.get("/holds/{hold_id}", Action.DECIDE_HOLD)
def show(call: PageCall, hold_id: UUID, query: Looked) -> Answer:
    """One hold and what can be decided about it."""
    hold = get_hold(call.context, hold_id=hold_id)
    subject = subject_of(call, hold.patient_id, query.series)
    extends = bool(query.ends_on or query.review_on)
    shown, refusal = _previewed(call, hold, query, extends)
    values = {
        "subject": subject,
        "hold": hold,
        "line": hold_line(hold, subject.zone),
        "ends": ends_words(hold.why.end_rule) if hold.why else "",
        "is_open": is_open(hold),
        "waiting": _waiting(subject, hold),
        "is_proposed": hold.state is HoldState.PROPOSED,
        "is_permanent": hold.why is not None and hold.why.end_rule is EndRule.PERMANENT,
        "query": query,
        "extends": extends,
        "told": shown,
        "refusal": refusal,
        "choices": options.choices(),
        "meanwhile": options.meanwhile(),
        "tellings": options.tellings(),
    }
    return Page("hold.html", values)


def _waiting(subject: Subject, hold: HoldSheet) -> int | None:
    """The session that waits for a date while the hold stands; ``None`` where there is nothing to decide."""
    series = subject.series
    if series is None or hold.state is not HoldState.ACTIVE or series.state not in RUNNING:
        return None
    if hold.id not in {one.id for one in subject.concerned}:
        return None
    return next((one.number for one in series.sessions if one.open and one.booking is None), None)


def _previewed(call: PageCall, hold: HoldSheet, query: Looked, extends: bool) -> tuple[Told | None, Refusal | None]:
    """What a confirmation or an extension would change, or why it cannot be."""
    try:
        found = _preview(call, hold, query, extends)
    except Refusal as refusal:
        return None, in_words(refusal)
    return (told(found), None) if found else (None, None)


def _preview(call: PageCall, hold: HoldSheet, query: Looked, extends: bool) -> HoldPreview | None:
    if extends:
        ends_on, review_on = query.ends_on, query.review_on
        return preview_extension(
            call.context, hold_id=hold.id, ends_on=ends_on, review_on=review_on, choose=query.choose
        )
    if hold.state is HoldState.PROPOSED:
        return preview_confirmation(call.context, hold_id=hold.id, choose=query.choose)
    return None


def look_again(call: PageCall, refusal: Refusal, hold_id: UUID, series_id: UUID | None = None) -> See:
    """Back to the hold, with a fresh preview of the same wish, and what has come between. Raises ``NotFound``."""
    came_from = series_id or identifier(call.typed.get("series"))
    subject = _subject(call, hold_id, came_from)
    tell_refused(in_words(refusal))
    kept = {name: value for name in ("choose", "ends_on", "review_on") if (value := call.typed.get(name))}
    if subject.series:
        kept["series"] = str(subject.series.id)
    path = f"/holds/{hold_id}"
    return See(f"{path}?{urlencode(kept)}" if kept else path)


def _subject(call: PageCall, hold_id: UUID, series_id: UUID | None) -> Subject:
    """Whom the hold concerns. Raises ``NotFound``."""
    return subject_of(call, get_hold(call.context, hold_id=hold_id).patient_id, series_id)


@pages.post("/holds/{hold_id}/confirm", Action.DECIDE_HOLD, on_refusal=look_again)
def confirm(call: PageCall, hold_id: UUID, form: DecideForm) -> See:
    """A proposed hold stands from now on."""
    subject = _subject(call, hold_id, form.series)
    confirm_hold(
        call.context,
        hold_id=hold_id,
        choose=form.choose,
        tell=form.tell,
        digest=form.digest,
        note=form.note,
        seen=form.seen,
    )
    return subject.after("placed")


@pages.post("/holds/{hold_id}/extend", Action.DECIDE_HOLD, on_refusal=look_again)
def extend(call: PageCall, hold_id: UUID, form: DecideForm) -> See:
    """A hold lasts longer, or is looked at again later."""
    subject = _subject(call, hold_id, form.series)
    extend_hold(
        call.context,
        hold_id=hold_id,
        ends_on=form.ends_on,
        review_on=form.review_on,
        choose=form.choose,
        tell=form.tell,
        digest=form.digest,
        note=form.note,
        seen=form.seen,
    )
    return subject.after("extended")


@pages.post("/holds/{hold_id}/dismiss", Action.DECIDE_HOLD, on_refusal=look_again)
def dismiss(call: PageCall, hold_id: UUID, form: EndForm) -> See:
    """A proposed hold is none."""
    subject = _subject(call, hold_id, form.series)
    dismiss_hold(call.context, hold_id=hold_id, reason=form.reason, seen=form.seen)
    return subject.after("dismissed")


@pages.post("/holds/{hold_id}/lift", Action.DECIDE_HOLD, on_refusal=look_again)
def lift(call: PageCall, hold_id: UUID, form: LiftForm) -> See:
    """The hold is over, on evidence. What it took away is offered anew at once."""
    subject = _subject(call, hold_id, form.series)
    leave = LeftClearance(form.series, form.until) if form.clear else None
    ended = lift_hold(
        call.context, hold_id=hold_id, evidence=form.reason, evidence_on=form.on, leave=leave, seen=form.seen
    )
    return _to_plan_anew(subject, ended, "lifted")


@pages.post("/holds/{hold_id}/wrong", Action.DECIDE_HOLD, on_refusal=look_again)
def mark_wrong(call: PageCall, hold_id: UUID, form: EndForm) -> See:
    """The hold should never have been."""
    subject = _subject(call, hold_id, form.series)
    ended = mark_hold_wrong(call.context, hold_id=hold_id, reason=form.reason, seen=form.seen)
    return _to_plan_anew(subject, ended, "wrong")


def _to_plan_anew(subject: Subject, ended: HoldEnded, what: HoldTold) -> See:
    """Where the hold took something away: the series that somebody comes from, else the first; planned anew."""
    series = [one.series_id for one in ended.replan if subject.series is None or one.series_id == subject.series.id]
    return See(f"/series/{series[0]}?told={what}&replan=1") if series else subject.after(what)


@pages.post("/series/{series_id}/holds/{hold_id}/decide", Action.DECIDE_HOLD, on_refusal=look_again)
def decide_meanwhile(call: PageCall, series_id: UUID, hold_id: UUID, form: MeanwhileForm) -> See:
    """While a hold stands: the session that waits gets a date later, is left out, or the series ends."""
    _subject(call, hold_id, series_id)
    decision = Decision(Occasion.HOLD, SeriesChoice(form.choose.value), form.reason, form.session)
    done = decide(call.context, series_id=series_id, decision=decision, seen=form.seen)
    tell_done(form.choose.value, done.deed)
    return See(f"/series/{series_id}")
