"""The audit trail as people read it: filtered by who, what, whose and when; and the same as a file."""

import csv
from collections.abc import Iterable
from datetime import date, time, timedelta
from io import StringIO
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from pydantic import Field

from scheduler.domain.access import Action, Allowance, allowance
from scheduler.domain.clinic_days import instant_of
from scheduler.operations.audit_names import audit_actors, patient_names
from scheduler.operations.audit_trail import AuditEntry, AuditFilter, search_audit
from scheduler.operations.patients.patient_search import find_patients
from scheduler.web.api.fields import Code, Name
from scheduler.web.pages.audit_deeds import deeds_in_words
from scheduler.web.pages.audit_lines import AuditLine, line_of
from scheduler.web.pages.audit_words import Names
from scheduler.web.pages.places import chosen_clinic
from scheduler.web.pages.registry import Choice, Download, Page, PageCall, Pages
from scheduler.web.pages.words import say

pages = Pages("audit")

SHOWN, EXPORTED, FOUND = 50, 10_000, 50
OnDay = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2199, 12, 31))]
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would reckon with, at the beginning of a cell."""


class Asked(Choice):
    """Whose deeds, of what kind, about whom, on which days of the clinic; ``after`` is the last entry before."""

    who: UUID | None = None
    what: Code | None = None
    patient: Name | None = None
    about: UUID | None = None
    first: OnDay | None = None
    last: OnDay | None = None
    after: Annotated[int, Field(ge=1, le=2**62)] | None = None


@pages.get("/audit", Action.SEE_AUDIT)
def index(call: PageCall, query: Asked) -> Page:
    """The newest deeds that fit."""
    found = search_audit(call.context, wanted=_wanted(call, query), after=query.after, limit=SHOWN)
    asked = query.model_dump(mode="json", exclude_none=True, exclude={"after"})
    values = {
        "lines": _lines(call, found.items),
        "query": query,
        "actors": audit_actors(call.context),
        "deeds": sorted(deeds_in_words().items(), key=lambda deed: deed[1]),
        "more": urlencode({**asked, "after": found.last}) if found.last else "",
        "export": urlencode(asked),
        "is_own": allowance(call.somebody.roles, Action.SEE_AUDIT) is Allowance.OWN,
    }
    return Page("audit.html", values)


@pages.get("/audit/file", Action.SEE_AUDIT)
def file(call: PageCall, query: Asked) -> Download:
    """What fits as a table, at most the newest ten thousand."""
    found = search_audit(call.context, wanted=_wanted(call, query), limit=EXPORTED)
    text = StringIO()
    table = csv.writer(text)
    table.writerow([say("When"), say("Who"), say("What"), say("Patient"), say("Details"), say("Why"), say("Facts")])
    for line in _lines(call, found.items):
        table.writerow([_harmless(cell) for cell in line.cells])
    return Download("audit.csv", "text/csv; charset=utf-8", text.getvalue().encode("utf-8-sig"))


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _wanted(call: PageCall, query: Asked) -> AuditFilter:
    zone = chosen_clinic(call).zone
    return AuditFilter(
        actor_id=query.who,
        actions=(query.what,) if query.what else (),
        about=query.about,
        patient_ids=_found(call, query.patient) if query.patient else None,
        since=instant_of(query.first, time(), zone) if query.first else None,
        until=instant_of(query.last + timedelta(days=1), time(), zone) if query.last else None,
    )


def _found(call: PageCall, words: str) -> tuple[UUID, ...]:
    return tuple(one.id for one in find_patients(call.context, q=words, limit=FOUND).items)


def _lines(call: PageCall, found: Iterable[AuditEntry]) -> list[AuditLine]:
    entries, zone = tuple(found), chosen_clinic(call).zone
    known = patient_names(call.context, {one.patient_id for one in entries if one.patient_id})

    def names(one: AuditEntry) -> Names:
        patient = known.get(one.patient_id, "") if one.patient_id else ""
        return Names(one.actor_name or say("The system"), patient, zone)

    return [line_of(one, names(one)) for one in entries]
