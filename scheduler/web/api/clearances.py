"""Clearances: given, listed, revoked. A practitioner's only."""

from uuid import UUID

from scheduler.domain.access import Action
from scheduler.operations.holds.clearances import ClearanceTerms, give_clearance, list_clearances, revoke_clearance
from scheduler.web.api.fields import Code, Day, Flag, Id, Instant, Prose
from scheduler.web.api.paging import PageQuery, PageView, items_of
from scheduler.web.api.registry import Answer, Body, Call, Routes, View

routes = Routes("clearances")


class NewClearance(Body):
    """A standing answer to a contraindication, for the patient or one series, until its last clinic date.

    ``answer`` is what the patient had said: while that stays the same, it proposes no hold.
    """

    patient_id: Id
    code: Code
    answer: Prose
    reason: Prose
    series_id: Id | None = None
    valid_until: Day | None = None


class ClearanceQuery(PageQuery):
    """With ``in_force`` only clearances that are neither revoked nor past."""

    patient: Id | None = None
    in_force: Flag = False


class ClearanceView(View):
    """A clearance as it is on file."""

    id: Id
    patient_id: Id
    patient: str
    series_id: Id | None
    code: str
    answer: str
    reason: str
    valid_until: Day | None
    given_by: str
    given_at: Instant
    revoked_at: Instant | None


class ClearancePage(PageView[ClearanceView]):
    """Some clearances, newest first."""


@routes.get("/clearances", Action.DECIDE_HOLD, "Clearances")
def index(call: Call, query: ClearanceQuery) -> Answer[ClearancePage]:
    page = list_clearances(
        call.context, patient_id=query.patient, in_force=query.in_force, after=query.after(UUID), limit=query.limit
    )
    return Answer(ClearancePage(items=items_of(ClearanceView, page.items), next=query.next(page)))


@routes.post("/clearances", Action.DECIDE_HOLD, "Give a clearance", status=201)
def give(call: Call, body: NewClearance) -> Answer[ClearanceView]:
    terms = ClearanceTerms(body.code, body.answer, body.reason, body.series_id, body.valid_until)
    return Answer(ClearanceView.of(give_clearance(call.context, patient_id=body.patient_id, terms=terms)))


@routes.post("/clearances/{clearance_id}/revoke", Action.DECIDE_HOLD, "Revoke a clearance")
def revoke(call: Call, clearance_id: UUID) -> Answer[ClearanceView]:
    return Answer(ClearanceView.of(revoke_clearance(call.context, clearance_id=clearance_id)))
