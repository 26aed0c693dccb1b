"""Holds: the work list of practitioners. Reception sees until when and whom to ask, and never why."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from scheduler.domain.access import Action, allowance
from scheduler.operations.holds.hold_sheets import HoldFilter, HoldSheet, list_holds
from scheduler.operations.holds.overdue_holds import OverdueHold, overdue_holds
from scheduler.operations.pages import Page as Listed
from scheduler.operations.tasks.task_details import running_series
from scheduler.web.pages.hold_subject import decision_path
from scheduler.web.pages.places import chosen_clinic
from scheduler.web.pages.registry import Choice, Page, PageCall, Pages
from scheduler.web.pages.series_hold_rows import HoldLine, hold_line
from scheduler.web.pages.task_lines import touched_words
from scheduler.web.pages.words import say

pages = Pages("holds")

HOME = "/holds"
SHOWN = 25


class HoldChoice(Choice):
    """Holds in one state; ``after`` is the last one of the page before."""

    state: HoldFilter = HoldFilter.ACTIVE
    after: UUID | None = None


@dataclass(frozen=True, slots=True)
class ListedHold:
    """A hold of the list: whose it is, and where it is decided."""

    line: HoldLine
    patient_id: UUID
    patient: str
    waits: tuple[str, ...]
    path: str | None


@pages.get(HOME, Action.SEE_PATIENTS)
def index(call: PageCall, query: HoldChoice) -> Page:
    """The holds in one state, newest first."""
    found = _found(call, query)
    series = running_series(call.context, {one.sheet.patient_id for one in found.items})
    decides = allowance(call.somebody.roles, Action.DECIDE_HOLD) is not None
    zone = chosen_clinic(call).zone
    values = {
        "holds": [_listed(one, zone, series.get(one.sheet.patient_id), decides) for one in found.items],
        "states": _state_words(),
        "choice": query,
        "next": found.last,
    }
    return Page("holds.html", values)


def _found(call: PageCall, query: HoldChoice) -> Listed[OverdueHold]:
    if query.state is HoldFilter.OVERDUE:
        return overdue_holds(call.context, after=query.after, limit=SHOWN)
    page = list_holds(call.context, states=(query.state,), after=query.after, limit=SHOWN)
    return Listed(tuple(OverdueHold(sheet, ()) for sheet in page.items), page.last)


def _listed(one: OverdueHold, zone: str, series_id: UUID | None, decides: bool) -> ListedHold:
    sheet: HoldSheet = one.sheet
    path = decision_path(sheet.id, series_id) if decides else None
    waits = tuple(touched_words(one.appointments))
    return ListedHold(hold_line(sheet, zone), sheet.patient_id, sheet.patient, waits, path)


def _state_words() -> Iterator[tuple[HoldFilter, str]]:
    """Each state and what its list is called, what is to be done first."""
    yield HoldFilter.OVERDUE, say("To be looked at again")
    yield HoldFilter.PROPOSED, say("To be decided")
    yield HoldFilter.ACTIVE, say("In force")
    yield HoldFilter.EXPIRED, say("Expired")
    yield HoldFilter.LIFTED, say("Lifted")
    yield HoldFilter.DISMISSED, say("Dismissed")
    yield HoldFilter.ENTERED_IN_ERROR, say("Entered in error")
