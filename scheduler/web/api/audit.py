"""The audit trail."""

from datetime import datetime
from typing import Any
from uuid import UUID

from scheduler.domain.access import Action
from scheduler.operations.audit_trail import audit_trail
from scheduler.web.api.fields import Id
from scheduler.web.api.paging import PageQuery, PageView, items_of
from scheduler.web.api.registry import Answer, Call, Routes, View

routes = Routes("audit")


class AuditQuery(PageQuery):
    """``about``: the patient, series, appointment, hold or other thing whose history is asked for."""

    about: Id


class AuditEntryView(View):
    """One deed: who, what, when, why, under which rule version."""

    number: int
    at: datetime
    actor_id: UUID
    actor_name: str | None
    action: str
    about: str
    about_id: UUID
    patient_id: UUID | None
    reason: str | None
    rule_version: str | None
    facts: dict[str, Any]
    personal: dict[str, Any]


class AuditPage(PageView[AuditEntryView]):
    """Some deeds, newest first."""


@routes.get("/audit", Action.SEE_AUDIT, "Read what was done to a thing")
def trail(call: Call, query: AuditQuery) -> Answer[AuditPage]:
    page = audit_trail(call.context, about=query.about, after=query.after(int), limit=query.limit)
    return Answer(AuditPage(items=items_of(AuditEntryView, page.items), next=query.next(page)))
