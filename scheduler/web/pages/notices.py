"""Notices: what a page says of the deed before it. The session keeps codes and ids; names are looked up."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import session

from scheduler.domain.access import Action, allowance
from scheduler.domain.refusals import Refusal
from scheduler.operations.booking.deeds import Deed
from scheduler.operations.booking.recent_deeds import RecentDeed, recent_deed
from scheduler.web.pages.registry import PageCall
from scheduler.web.pages.series_notices import series_deed_words
from scheduler.web.pages.visitor import identifier
from scheduler.web.pages.words import say

DONE, REFUSED = "done", "refused"


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, and the path that takes it back; no path for what cannot be undone."""

    text: str
    undo_path: str | None
    seconds: int


@dataclass(frozen=True, slots=True)
class Refused:
    """What could not be done, and what would work."""

    detail: str
    remedy: str


def tell_done(what: str, deed: Deed) -> None:
    """Let the pages that follow say what was done, for as long as it can be undone."""
    session[DONE] = {"what": what, "deed": str(deed.id)}


def tell_undone() -> None:
    """Let the next page say that the last deed is taken back."""
    session[DONE] = {"what": "undone"}


def tell_refused(refusal: Refusal) -> None:
    """Let the next page say what could not be done."""
    session[REFUSED] = {"detail": refusal.detail, "remedy": refusal.remedy}


def forget_done() -> None:
    """Say no more of the last deed."""
    session.pop(DONE, None)


def done(call: PageCall) -> Done | None:
    """What the last deed was, while it can be undone."""
    told = session.get(DONE)
    if not isinstance(told, Mapping):
        return None
    if told.get("what") == "undone":
        forget_done()
        return Done(say("Undone. Everything is as it was."), None, 10)
    found = _undoable(call, identifier(told.get("deed")))
    if found is None:
        forget_done()
        return None
    left = int((found.undo_until - call.now).total_seconds())
    return Done(_told(str(told.get("what")), found), f"/changes/{found.id}/undo", left)


def refused() -> Refused | None:
    """What could not be done; said once."""
    told = session.pop(REFUSED, None)
    return Refused(told["detail"], told["remedy"]) if isinstance(told, Mapping) else None


def _undoable(call: PageCall, deed_id: UUID | None) -> RecentDeed | None:
    if deed_id is None or allowance(call.somebody.roles, Action.BOOK) is None:
        return None
    return recent_deed(call.context, deed_id=deed_id)


def _told(what: str, found: RecentDeed) -> str:
    return series_deed_words(what, found) or _sentence(what, found.patient)


def _sentence(what: str, patient: str) -> str:
    sentences = {
        "booked": say("Booked for %(patient)s, who will be told in three minutes.", patient=patient),
        "arrived": say("%(patient)s has arrived.", patient=patient),
        "checked_in": say("The treatment of %(patient)s has begun.", patient=patient),
        "performed": say("The treatment of %(patient)s is done.", patient=patient),
        "no_show": say("%(patient)s did not attend.", patient=patient),
        "moved": say("Moved. %(patient)s will be told in three minutes.", patient=patient),
        "cancelled": say("Cancelled. %(patient)s will be told in three minutes.", patient=patient),
        "cancelled_untold": say("Cancelled. %(patient)s knows already.", patient=patient),
    }
    return sentences.get(what) or say("Saved for %(patient)s.", patient=patient)
