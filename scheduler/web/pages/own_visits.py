"""A patient's own page: the next session, the calendar, what to do before, and all sessions."""

from typing import Literal
from uuid import UUID

from scheduler.domain.contact import CalendarBy
from scheduler.domain.patient_links import LinkScope
from scheduler.domain.refusals import NotFound
from scheduler.operations.calendars.links import Link, LinkOwner, issue_link, list_links, revoke_link
from scheduler.operations.messages.link_messages import send_fresh_link
from scheduler.operations.patients.own_page import OwnPage, own_page
from scheduler.operations.patients.patient_links import renewable
from scheduler.operations.staff.operators import make_patients_user
from scheduler.storage.feeds import OwnerKind
from scheduler.web.pages.own_link import Own, follow, follow_confirmed, hide
from scheduler.web.pages.own_words import afterwards, before_you_come, next_visit, steps_of
from scheduler.web.pages.patient_links import CalendarLink
from scheduler.web.pages.registry import ANYBODY, Answer, Choice, Form, Page, PageCall, Pages, See
from scheduler.web.pages.words import say

pages = Pages("own_visits")


class Told(Choice):
    """What has just been done."""

    done: Literal["asked", "declined", "saved", "calendar"] | None = None


class CalendarForm(Form):
    """``one`` takes the next session as a file, ``all`` makes the link of this page, ``new`` another instead of it."""

    what: Literal["all", "one", "new"]


@pages.get("/p/{token}", ANYBODY)
def show(call: PageCall, token: str, query: Told) -> Answer:
    """The page. A link that has run out by itself offers to ask for a fresh one."""
    try:
        own = follow(call, token)
    except NotFound:
        asked = query.done == "asked"
        if not asked and renewable(call.tx, token, call.now) is None:
            raise
        return Page("own_expired.html", {"token": token, "asked": asked})
    if own.follower.scope is LinkScope.CARE and not own.sees_all:
        return See(f"{own.home}/confirm")
    found = own_page(own.context)
    return Page("own.html", values_of(call, own, found) | {"done": query.done})


def values_of(call: PageCall, own: Own, found: OwnPage) -> dict[str, object]:
    """What the page shows. Until the date of birth was given that is times, and no name and no treatment."""
    return {
        "own": own,
        "page": found,
        "clinic": found.clinic,
        "next": next_visit(found, call.now),
        "steps": tuple(steps_of(found)),
        "before": tuple(before_you_come(found)) if own.sees_all else (),
        "after": tuple(afterwards(found, call.now)) if own.sees_all else (),
        "has_feed": found.patient.calendar_by is CalendarBy.FEED,
        "calendar": _calendar(call, own),
    }


def _calendar(call: PageCall, own: Own) -> CalendarLink | None:
    link = _own_link(call, own)
    return CalendarLink.of(link, call.service) if link else None


def _own_link(call: PageCall, own: Own) -> Link | None:
    """The calendar link that was made on this page, if it still works."""
    found = list_links(own.context, call.service.link_key, owner=_owner(own))
    return next((one for one in reversed(found) if one.revoked_at is None and one.device == device()), None)


def _owner(own: Own) -> LinkOwner:
    return LinkOwner(OwnerKind.PATIENT, own.follower.actor.patient_id or UUID(int=0))


def device() -> str:
    """What the link of this page is called where links are listed."""
    return "Personal page"


@pages.post("/p/{token}/calendar", ANYBODY)
def add_to_calendar(call: PageCall, token: str, form: CalendarForm) -> See:
    """Make the link that a calendar follows, or take the next session as a file."""
    own = follow_confirmed(call, token)
    link = _own_link(call, own)
    make_patients_user(call.tx, own.context.organisation_id)
    if link and form.what == "new":
        revoke_link(own.context, link_id=link.id)
        link = None
    link = link or issue_link(own.context, call.service.link_key, patient_id=_owner(own).id, device=device())
    if form.what == "one":
        return See(f"/feeds/{link.token}/{_uid(own)}.ics")
    return See(f"{own.home}?done=calendar#calendar")


def _uid(own: Own) -> str:
    found = own_page(own.context)
    if found.next is None:
        raise NotFound(say("There is no session to come."), code="no_session_to_come")
    return found.visits[found.next.id].view.uid


@pages.post("/p/{token}/renew", ANYBODY)
def renew(call: PageCall, token: str) -> See:
    """Have a fresh link sent to the contact on file. Whatever the link, the answer is the same."""
    hide()
    send_fresh_link(call.tx, call.service.link_key, token=token, now=call.now)
    return See(f"/p/{token}?done=asked")
