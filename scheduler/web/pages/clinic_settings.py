"""Settings of a clinic: its name, address and phone, its opening hours, and the links to its calendar."""

from uuid import UUID

from scheduler.domain.access import Action
from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.refusals import Refusal
from scheduler.domain.rosters import WeeklyHours
from scheduler.operations.calendars.links import LinkOwner, issue_staff_link, list_links
from scheduler.operations.places.clinics import edit_clinic, get_clinic, set_opening_hours
from scheduler.storage.feeds import OwnerKind
from scheduler.web.api.clinics import Address
from scheduler.web.api.fields import Name, Phone
from scheduler.web.pages.effects import effects_page, expect_seen
from scheduler.web.pages.faults import typed_in
from scheduler.web.pages.hours_text import DAYS, read_week, week_words, weekday_words
from scheduler.web.pages.patient_links import CalendarLink
from scheduler.web.pages.places import chosen_clinic
from scheduler.web.pages.registry import Choice, Form, Page, PageCall, Pages, See
from scheduler.web.pages.resource_calendar import StaffLinkForm
from scheduler.web.pages.resource_hours import KnownForm
from scheduler.web.pages.resource_words import country_words
from scheduler.web.pages.words import clock, day_with_year, say
from scheduler.web.problems import status_of

pages = Pages("clinic_settings")

HOME = "/clinic/settings"
HOURS = "/clinic/hours"


class SettingsChoice(Choice):
    """Whether something has just been saved, and which link has just been made."""

    saved: str = ""
    shown: UUID | None = None


class ClinicForm(Form):
    """What calendars and messages say of the place. What is left empty is cleared."""

    seen: int
    name: Name
    address: Address | None = None
    phone: Phone | None = None


@pages.get(HOME, Action.MANAGE_RESOURCES)
def show(call: PageCall, query: SettingsChoice) -> Page:
    """What is on file of the clinic that is shown."""
    return Page("clinic_settings.html", _values(call) | {"saved": query.saved, "shown": query.shown})


def _values(call: PageCall) -> dict[str, object]:
    clinic = get_clinic(call.context, clinic_id=chosen_clinic(call).id)
    owner = LinkOwner(OwnerKind.CLINIC, clinic.id)
    found = list_links(call.context, call.service.link_key, owner=owner)
    now = f"{day_with_year(clinic_date(call.now, clinic.zone))}, {clock(call.now, clinic.zone)}"
    links = [(CalendarLink.of(one, call.service), one.privacy) for one in found if one.revoked_at is None]
    country = country_words(clinic.country, clinic.region)
    return {"clinic": clinic, "country": country, "now": now, "links": links}


def _again(call: PageCall, refusal: Refusal) -> Page:
    typed = typed_in("clinic", call.typed, refusal)
    return Page("clinic_settings.html", _values(call) | {"typed": typed}, status_of(refusal))


@pages.post(HOME, Action.MANAGE_RESOURCES, on_refusal=_again)
def save(call: PageCall, form: ClinicForm) -> See:
    """Change what is on file. Calendars follow."""
    clinic_id = chosen_clinic(call).id
    given = form.model_dump(exclude={"seen"})
    edit_clinic(call.context, clinic_id=clinic_id, seen=form.seen, given=given)
    return See(f"{HOME}?saved=1")


@pages.post(f"{HOME}/links", Action.MANAGE_RESOURCES, on_refusal=_again)
def issue(call: PageCall, form: StaffLinkForm) -> See:
    """A link to the calendar of the whole clinic."""
    owner, key = LinkOwner(OwnerKind.CLINIC, chosen_clinic(call).id), call.service.link_key
    link = issue_staff_link(call.context, key, owner=owner, device=form.device, privacy=form.privacy)
    return See(f"{HOME}?shown={link.id}#l-{link.id}")


@pages.get(HOURS, Action.MANAGE_RESOURCES)
def hours(call: PageCall) -> Page:
    """The hours at which the clinic is usually open."""
    return Page("clinic_hours.html", _hours(call))


def _hours(call: PageCall) -> dict[str, object]:
    clinic = get_clinic(call.context, clinic_id=chosen_clinic(call).id)
    weekdays = tuple(zip(DAYS, weekday_words(), strict=True))
    return {"clinic": clinic, "weekdays": weekdays, "days": week_words(clinic.opening)}


def _hours_again(call: PageCall, refusal: Refusal) -> Page:
    if shown := effects_page(call, refusal, say("New opening hours"), HOURS):
        return shown
    typed = typed_in("hours", call.typed, refusal)
    return Page("clinic_hours.html", _hours(call) | {"typed": typed}, status_of(refusal))


@pages.post(HOURS, Action.MANAGE_RESOURCES, on_refusal=_hours_again)
def open_at(call: PageCall, form: KnownForm) -> See:
    """Replace the opening hours."""
    opening = [WeeklyHours(day, minutes) for day, minutes in read_week(call.typed)]
    clinic_id = chosen_clinic(call).id
    changed = set_opening_hours(call.context, clinic_id=clinic_id, opening=opening, seen=form.seen)
    expect_seen(changed.affected, form.known)
    return See("/affected" if changed.affected else "/clinic")
