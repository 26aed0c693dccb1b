"""What practitioners decide about holds: confirm, dismiss, extend, lift, entered in error."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from scheduler.domain.access import Action
from scheduler.domain.hold_effects import HoldChoice
from scheduler.domain.refusals import Invalid
from scheduler.operations.holds.hold_decisions import (
    HoldDecided,
    confirm_hold,
    extend_hold,
    preview_confirmation,
    preview_extension,
)
from scheduler.operations.holds.hold_deeds import Tell
from scheduler.operations.holds.hold_endings import HoldEnded, LeftClearance, dismiss_hold, lift_hold, mark_hold_wrong
from scheduler.operations.holds.hold_previews import HoldPreview
from scheduler.web.api.changes import DeedView
from scheduler.web.api.fields import Day, Id, Prose
from scheduler.web.api.hold_views import HoldPreviewView, HoldView
from scheduler.web.api.holds import Digest, DryRun
from scheduler.web.api.registry import Answer, Body, Call, IfMatch, Routes, View

routes = Routes("hold-actions")


class ClearanceToLeave(Body):
    """A clearance that a lift leaves: for one series or the whole patient, until its last clinic date."""

    series_id: Id | None = None
    valid_until: Day | None = None


class HoldAction(Body):
    """A decision. ``dismiss``, ``lift`` and ``entered_in_error`` need a ``reason``; that of a lift is its evidence.

    ``confirm`` and ``extend`` have a dry run, take its ``digest``, and say what becomes of released sessions and how
    the patient learns of it. ``extend`` names a later ``ends_on`` or ``review_on``. ``evidence_on`` and ``clearance``
    go with ``lift``.
    """

    action: Literal["confirm", "dismiss", "extend", "lift", "entered_in_error"]
    reason: Prose | None = None
    choose: HoldChoice = HoldChoice.DEFER
    tell: Tell = Tell.MESSAGE
    digest: Digest | None = None
    ends_on: Day | None = None
    review_on: Day | None = None
    evidence_on: Day | None = None
    clearance: ClearanceToLeave | None = None


class ReplannableView(View):
    """A series that can be planned anew: its sessions that are at risk or have lost their date."""

    series_id: Id
    clinic_id: Id
    revision: int
    sessions: list[int]


class HoldDecisionView(View):
    """The hold after the decision, or the preview of a dry run. ``revision`` is the patient's."""

    hold: HoldView | None = None
    preview: HoldPreviewView | None = None
    changes: list[DeedView] = Field(default_factory=list)
    replan: list[ReplannableView] = Field(default_factory=list)
    clearance_id: Id | None = None
    revision: int | None


@routes.post("/holds/{hold_id}/actions", Action.DECIDE_HOLD, "Decide about a hold", revision=IfMatch.REQUIRED)
def act(call: Call, hold_id: UUID, query: DryRun, body: HoldAction) -> Answer[HoldDecisionView]:
    if query.dry_run:
        preview = HoldPreviewView.of_preview(_preview(call, hold_id, body))
        return Answer(HoldDecisionView(preview=preview, revision=call.seen), revision=call.seen)
    match body.action:
        case "confirm" | "extend":
            view = _decided(_confirm(call, hold_id, body) if body.action == "confirm" else _extend(call, hold_id, body))
        case _:
            view = _ended(_end(call, hold_id, body, _reason(body)))
    return Answer(view, revision=view.revision)


def _preview(call: Call, hold_id: UUID, body: HoldAction) -> HoldPreview:
    match body.action:
        case "confirm":
            return preview_confirmation(call.context, hold_id=hold_id, choose=body.choose, seen=call.seen)
        case "extend":
            dates = {"ends_on": body.ends_on, "review_on": body.review_on}
            return preview_extension(call.context, hold_id=hold_id, choose=body.choose, seen=call.seen, **dates)
    raise Invalid("This action takes no appointment away, so it has no dry run.", code="no_preview")


def _confirm(call: Call, hold_id: UUID, body: HoldAction) -> HoldDecided:
    return confirm_hold(
        call.context,
        hold_id=hold_id,
        choose=body.choose,
        tell=body.tell,
        digest=body.digest,
        note=body.reason,
        seen=call.seen,
    )


def _extend(call: Call, hold_id: UUID, body: HoldAction) -> HoldDecided:
    return extend_hold(
        call.context,
        hold_id=hold_id,
        ends_on=body.ends_on,
        review_on=body.review_on,
        choose=body.choose,
        tell=body.tell,
        digest=body.digest,
        note=body.reason,
        seen=call.seen,
    )


def _reason(body: HoldAction) -> str:
    if body.reason is None:
        raise Invalid("This action needs “reason”.", code="reason_missing", field="reason")
    return body.reason


def _end(call: Call, hold_id: UUID, body: HoldAction, reason: str) -> HoldEnded:
    context, seen = call.context, call.seen
    match body.action:
        case "dismiss":
            return dismiss_hold(context, hold_id=hold_id, reason=reason, seen=seen)
        case "lift":
            on, leave = body.evidence_on, _left(body.clearance)
            return lift_hold(context, hold_id=hold_id, evidence=reason, evidence_on=on, leave=leave, seen=seen)
    return mark_hold_wrong(context, hold_id=hold_id, reason=reason, seen=seen)


def _left(clearance: ClearanceToLeave | None) -> LeftClearance | None:
    return LeftClearance(clearance.series_id, clearance.valid_until) if clearance else None


def _decided(done: HoldDecided) -> HoldDecisionView:
    changes = [DeedView.of_deed(deed) for deed in done.deeds]
    return HoldDecisionView(hold=HoldView.of_sheet(done.hold), changes=changes, revision=done.revision)


def _ended(done: HoldEnded) -> HoldDecisionView:
    return HoldDecisionView(
        hold=HoldView.of_sheet(done.hold),
        replan=[
            ReplannableView(
                series_id=one.series_id, clinic_id=one.clinic_id, revision=one.revision, sessions=list(one.sessions)
            )
            for one in done.replan
        ],
        clearance_id=done.clearance_id,
        revision=done.revision,
    )
