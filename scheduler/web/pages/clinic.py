"""The clinic that is shown: who and what can be booked there, when it is open, and what is closed or away soon."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from scheduler.domain.access import Action, Allowance, allowance
from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.protocol import ResourceKind
from scheduler.operations.places.absences import Absence, next_absences
from scheduler.operations.places.clinics import Clinic, get_clinic
from scheduler.operations.places.closures import list_closures
from scheduler.operations.places.resources import Resource, ResourceFilter, list_resources
from scheduler.web.pages.hours_text import week_words
from scheduler.web.pages.places import chosen_clinic
from scheduler.web.pages.registry import Page, PageCall, Pages
from scheduler.web.pages.resource_words import AbsenceLine, absence_line, in_short, kinds_words

pages = Pages("clinic")

ALL = 200
SOON = 5


@dataclass(frozen=True, slots=True)
class ResourceLine:
    """One resource as the list shows it: its usual week, and the absence that is on or comes next."""

    resource: Resource
    week: tuple[tuple[str, str], ...]
    away: AbsenceLine | None
    ends: tuple[date, ...]


@pages.get("/clinic", Action.SEE_CATALOGUE)
def show(call: PageCall) -> Page:
    """The clinic with its practitioners, rooms and devices."""
    clinic = get_clinic(call.context, clinic_id=chosen_clinic(call).id)
    found = list_resources(call.context, ResourceFilter(clinic_id=clinic.id), limit=ALL).items
    values = {
        "clinic": clinic,
        "opening": in_short(week_words(clinic.opening)),
        "groups": _groups(call, clinic, found),
        "ended": [one for one in found if not one.active],
        "closures": list_closures(call.context, clinic_id=clinic.id, limit=SOON).items,
        "manages": allowance(call.somebody.roles, Action.MANAGE_RESOURCES) is Allowance.YES,
    }
    return Page("clinic.html", values)


def _groups(
    call: PageCall, clinic: Clinic, found: Sequence[Resource]
) -> tuple[tuple[ResourceKind, str, list[ResourceLine]], ...]:
    """The resources in use, by kind."""
    today = clinic_date(call.now, clinic.zone)
    away = next_absences(call.context, [one.id for one in found])
    lines = [_line(one, away.get(one.id), clinic.zone, today) for one in found if one.active]
    return tuple(
        (kind, word, [line for line in lines if line.resource.kind is kind]) for kind, word in kinds_words().items()
    )


def _line(one: Resource, away: Absence | None, zone: str, today: date) -> ResourceLine:
    ends = (held.valid_until for held in one.qualifications if held.valid_until and not held.renewal_expected)
    here = week_words(shift.hours for shift in one.week if shift.clinic_id == one.clinic_id)
    shown = absence_line(away, zone, today) if away else None
    return ResourceLine(one, in_short(here), shown, tuple(sorted(ends))[:1])
