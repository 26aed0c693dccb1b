"""A patient's links: to the calendar, one for each device, and to the patient's own page."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from scheduler.domain.access import Action
from scheduler.domain.contact import CalendarBy
from scheduler.domain.patient_links import LinkScope, is_open
from scheduler.domain.refusals import Refusal
from scheduler.operations.calendars.links import Link, LinkOwner, get_link, issue_link, list_links, revoke_link
from scheduler.operations.messages.link_messages import send_patient_link
from scheduler.operations.patients.patient_links import (
    PatientLink,
    issue_patient_link,
    list_patient_links,
    revoke_patient_link,
)
from scheduler.operations.patients.patients import Patient
from scheduler.storage.feeds import OwnerKind
from scheduler.web.api.fields import Name
from scheduler.web.pages.notices import tell_refused
from scheduler.web.pages.qr import QrCode, qr_code
from scheduler.web.pages.registry import Form, PageCall, Pages, See
from scheduler.web.service import Service

pages = Pages("patient_links")


class NewCalendarLink(Form):
    """``device`` is the patient's word for it: "Mum's phone"."""

    device: Name


class NewPersonalLink(Form):
    """What the link opens: times for three months, or all that is the patient's for two weeks."""

    scope: LinkScope = LinkScope.VISITS
    send: bool = False


class WhoseForm(Form):
    """The patient to come back to."""

    patient: UUID


@dataclass(frozen=True)
class CalendarLink:
    """A calendar link as staff hand it over: for a camera, for a button, or to be copied."""

    id: UUID
    device: str
    made_at: datetime
    https: str

    @property
    def webcal(self) -> str:
        return "webcal" + self.https[self.https.index(":") :]

    @cached_property
    def qr(self) -> QrCode:
        return qr_code(self.webcal)

    @classmethod
    def of(cls, link: Link, service: Service) -> "CalendarLink":
        return cls(link.id, link.device, link.created_at, service.url(f"/feeds/{link.token}.ics"))


@dataclass(frozen=True)
class PersonalLink:
    """A link to the patient's own page."""

    id: UUID
    scope: LinkScope
    made_at: datetime
    expires_at: datetime
    address: str

    @cached_property
    def qr(self) -> QrCode:
        return qr_code(self.address)

    @classmethod
    def of(cls, link: PatientLink, service: Service) -> "PersonalLink":
        return cls(link.id, link.scope, link.made_at, link.expires_at, service.url(f"/p/{link.token}"))


@dataclass(frozen=True, slots=True)
class Links:
    """The links that work now. Without ``has_feed`` the patient gets invitations, and there is no calendar link."""

    has_feed: bool
    calendar: tuple[CalendarLink, ...]
    personal: tuple[PersonalLink, ...]


def links_of(call: PageCall, patient: Patient) -> Links:
    """All links of a patient that work now."""
    key, service = call.service.link_key, call.service
    calendar = list_links(call.context, key, owner=LinkOwner(OwnerKind.PATIENT, patient.id))
    personal = list_patient_links(call.context, key, patient_id=patient.id)
    return Links(
        patient.calendar_by is CalendarBy.FEED,
        tuple(CalendarLink.of(one, service) for one in calendar if one.revoked_at is None),
        tuple(PersonalLink.of(one, service) for one in personal if is_open(one.expires_at, one.revoked_at, call.now)),
    )


def back_with_the_reason(call: PageCall, refusal: Refusal, **path: UUID) -> See:
    """Back to the patient, whose page says why it could not be done."""
    tell_refused(refusal)
    patient_id = path.get("patient_id") or call.typed.get("patient", "")
    return See(f"/patients/{patient_id}#links")


@pages.post("/patients/{patient_id}/calendar-links", Action.ISSUE_PATIENT_LINKS, on_refusal=back_with_the_reason)
def issue(call: PageCall, patient_id: UUID, form: NewCalendarLink) -> See:
    """A calendar link for another device."""
    link = issue_link(call.context, call.service.link_key, patient_id=patient_id, device=form.device)
    return See(f"/patients/{patient_id}?shown={link.id}#l-{link.id}")


@pages.post("/calendar-links/{link_id}/revoke", Action.ISSUE_PATIENT_LINKS, on_refusal=back_with_the_reason)
def revoke(call: PageCall, link_id: UUID) -> See:
    """End a calendar link."""
    owner = get_link(call.context, call.service.link_key, link_id=link_id).owner
    revoke_link(call.context, link_id=link_id)
    return See(f"/patients/{owner.id}#links")


@pages.post("/patients/{patient_id}/personal-links", Action.ISSUE_PATIENT_LINKS, on_refusal=back_with_the_reason)
def give(call: PageCall, patient_id: UUID, form: NewPersonalLink) -> See:
    """A link to the patient's own page, to be handed over or sent to the contact on file."""
    make = send_patient_link if form.send else issue_patient_link
    link = make(call.context, call.service.link_key, patient_id=patient_id, scope=form.scope)
    return See(f"/patients/{patient_id}?shown={link.id}#l-{link.id}")


@pages.post("/personal-links/{link_id}/revoke", Action.ISSUE_PATIENT_LINKS, on_refusal=back_with_the_reason)
def end(call: PageCall, link_id: UUID, form: WhoseForm) -> See:
    """End a link to the patient's own page."""
    revoke_patient_link(call.context, link_id=link_id)
    return See(f"/patients/{form.patient}#links")
