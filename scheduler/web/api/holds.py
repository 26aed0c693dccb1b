"""Holds: looked at before they are placed, placed, listed."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from scheduler.domain.access import Action
from scheduler.domain.hold_effects import HoldChoice
from scheduler.domain.hold_terms import HoldWish
from scheduler.operations.holds.hold_deeds import Tell
from scheduler.operations.holds.hold_sheets import HoldFilter, list_holds
from scheduler.operations.holds.holding import place_hold, preview_hold
from scheduler.operations.holds.overdue_holds import overdue_holds
from scheduler.web.api.changes import DeedView
from scheduler.web.api.fields import Code, Day, Flag, Id, Prose
from scheduler.web.api.hold_views import HoldPreviewView, HoldView
from scheduler.web.api.paging import PageQuery, PageView
from scheduler.web.api.registry import Answer, Body, Call, IfMatch, Query, Routes, View

routes = Routes("holds")

Digest = Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
"""The digest of a preview."""


class DryRun(Query):
    """With ``dry_run`` the answer is a preview and nothing is stored."""

    dry_run: Flag = False


class NewHold(Body):
    """What is not given comes from the catalogue's rule. ``answered_on`` is the date that the answer names.

    ``choose`` and ``tell`` are a practitioner's: what becomes of released sessions, and how the patient learns of it.
    ``digest`` is the preview's.
    """

    code: Code
    body_site: Code | None = None
    answered_on: Day | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    review_on: Day | None = None
    variant: Code | None = None
    note: Prose | None = None
    choose: HoldChoice = HoldChoice.DEFER
    tell: Tell = Tell.MESSAGE
    digest: Digest | None = None

    @property
    def wish(self) -> HoldWish:
        """What operations call it."""
        return HoldWish(
            code=self.code,
            site=self.body_site,
            answered_on=self.answered_on,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            review_on=self.review_on,
            variant=self.variant,
            note=self.note or "",
        )


class PlacedHoldView(View):
    """The hold, or the preview of a dry run, or why the answer was only logged. ``revision`` is the patient's."""

    hold: HoldView | None = None
    preview: HoldPreviewView | None = None
    logged: str | None = None
    changes: list[DeedView] = Field(default_factory=list)
    revision: int | None


class HoldQuery(PageQuery):
    """Which holds. *Expired* and *overdue* are worked out from dates, and an expired hold is not active."""

    state: HoldFilter | None = None
    patient: Id | None = None


class HoldPage(PageView[HoldView]):
    """Some holds, newest first."""


@routes.post("/patients/{patient_id}/holds", Action.PLACE_HOLD, "Place or propose a hold", revision=IfMatch.REQUIRED)
def place(call: Call, patient_id: UUID, query: DryRun, body: NewHold) -> Answer[PlacedHoldView]:
    if query.dry_run:
        return _preview(call, patient_id, body)
    placed = place_hold(
        call.context,
        patient_id=patient_id,
        wish=body.wish,
        choose=body.choose,
        tell=body.tell,
        digest=body.digest,
        seen=call.seen,
    )
    view = PlacedHoldView(
        hold=HoldView.of_sheet(placed.hold) if placed.hold else None,
        logged=placed.logged,
        changes=[DeedView.of_deed(deed) for deed in placed.deeds],
        revision=placed.revision,
    )
    return Answer(view, revision=placed.revision)


def _preview(call: Call, patient_id: UUID, body: NewHold) -> Answer[PlacedHoldView]:
    seen = call.seen
    preview = preview_hold(call.context, patient_id=patient_id, wish=body.wish, choose=body.choose, seen=seen)
    return Answer(PlacedHoldView(preview=HoldPreviewView.of_preview(preview), revision=seen), revision=seen)


@routes.get("/holds", Action.SEE_PATIENTS, "Holds by state")
def index(call: Call, query: HoldQuery) -> Answer[HoldPage]:
    after, limit = query.after(UUID), query.limit
    if query.state is HoldFilter.OVERDUE:
        overdue = overdue_holds(call.context, patient_id=query.patient, after=after, limit=limit)
        views = [HoldView.of_sheet(one.sheet, one.appointments) for one in overdue.items]
        return Answer(HoldPage(items=views, next=query.next(overdue)))
    states = () if query.state is None else (query.state,)
    page = list_holds(call.context, states=states, patient_id=query.patient, after=after, limit=limit)
    return Answer(HoldPage(items=[HoldView.of_sheet(sheet) for sheet in page.items], next=query.next(page)))
