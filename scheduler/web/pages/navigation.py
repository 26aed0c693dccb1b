"""The way around: which pages a visitor finds at the top. An entry appears as soon as its page is there."""

from collections.abc import Collection
from dataclasses import dataclass

from flask import current_app, request

from scheduler.domain.access import Action, Role, allowance
from scheduler.web.pages.words import say


@dataclass(frozen=True, slots=True)
class Entry:
    """One place to go. ``is_here`` marks the page that is shown, or one below it."""

    label: str
    path: str
    is_here: bool


def entries(roles: Collection[Role]) -> tuple[Entry, ...]:
    """The pages that are there and that these roles may see, in their order."""
    places = (
        (say("Day"), "/day", Action.SEE_SCHEDULE),
        (say("Tasks"), "/tasks", Action.SEE_PATIENTS),
        (say("Waitlist"), "/waitlist", Action.BOOK),
        (say("Holds"), "/holds", Action.SEE_PATIENTS),
        (say("Patients"), "/patients", Action.SEE_PATIENTS),
        (say("Clinic"), "/clinic", Action.MANAGE_RESOURCES),
        (say("Treatments"), "/protocols", Action.SEE_CATALOGUE),
        (say("Staff"), "/staff", Action.MANAGE_STAFF),
        (say("Reports"), "/reports", Action.SEE_AUDIT),
        (say("Audit"), "/audit", Action.SEE_AUDIT),
    )
    return tuple(
        Entry(label, path, is_here(path))
        for label, path, action in places
        if has_page(path) and allowance(roles, action) is not None
    )


def has_page(path: str) -> bool:
    """Whether there is a page to look at. Links to what is not there are left out."""
    return current_app.url_map.bind("").test(path, "GET")


def is_here(path: str) -> bool:
    """Whether the page that is shown is this one or lies below it."""
    return request.path == path or request.path.startswith(f"{path}/")
