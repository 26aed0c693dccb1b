"""Calendar links of a patient, a resource or a clinic: one per device."""

import io
from typing import Literal, Self
from uuid import UUID

import segno

from scheduler.calendars.privacy import PrivacyLevel
from scheduler.domain.access import Action
from scheduler.operations.calendars.links import (
    Link,
    LinkOwner,
    get_link,
    issue_link,
    issue_staff_link,
    list_links,
    revoke_link,
)
from scheduler.storage.feeds import OwnerKind
from scheduler.web.api.fields import Id, Instant, Name
from scheduler.web.api.files import PngView, SvgView
from scheduler.web.api.registry import Answer, Body, Call, Query, Routes, View
from scheduler.web.service import Service

routes = Routes("links")

QUIET_ZONE = 4
"""Modules of white around a QR code, as its standard asks."""
SCALE = 8


class NewLink(Body):
    """``device`` is the patient's word for it: "Mum's phone"."""

    device: Name


class NewStaffLink(Body):
    """``privacy`` says whether patients are shown by two initials or, ``detailed``, by name."""

    device: Name
    privacy: PrivacyLevel = PrivacyLevel.DISCREET


class LinkView(View):
    """A calendar link. Both addresses open the same feed: some phones want the one, some the other.

    ``owner_id`` is the patient's, the resource's or the clinic's. A patient's link has no ``privacy`` of its own.
    """

    id: Id
    owner: OwnerKind
    owner_id: Id
    privacy: PrivacyLevel | None
    device: str
    https_url: str
    webcal_url: str
    created_at: Instant
    revoked_at: Instant | None

    @classmethod
    def of_link(cls, link: Link, service: Service) -> Self:
        """The view of a link."""
        url = service.url(f"/feeds/{link.token}.ics")
        return cls(
            id=link.id,
            owner=link.owner.kind,
            owner_id=link.owner.id,
            privacy=link.privacy,
            device=link.device,
            https_url=url,
            webcal_url="webcal" + url[url.index(":") :],
            created_at=link.created_at,
            revoked_at=link.revoked_at,
        )


class LinksView(View):
    """All links of one owner, oldest first."""

    items: list[LinkView]


class QrQuery(Query):
    """Which address the code carries: ``webcal`` subscribes at once on an iPhone, ``https`` is for all others."""

    address: Literal["webcal", "https"] = "webcal"


@routes.get("/patients/{patient_id}/links", Action.ISSUE_PATIENT_LINKS, "A patient's calendar links")
def index(call: Call, patient_id: UUID) -> Answer[LinksView]:
    return _index(call, LinkOwner(OwnerKind.PATIENT, patient_id))


@routes.post("/patients/{patient_id}/links", Action.ISSUE_PATIENT_LINKS, "Issue a calendar link", status=201)
def issue(call: Call, patient_id: UUID, body: NewLink) -> Answer[LinkView]:
    link = issue_link(call.context, call.service.link_key, patient_id=patient_id, device=body.device)
    return Answer(LinkView.of_link(link, call.service), location=f"/patients/{patient_id}/links")


@routes.get("/resources/{resource_id}/links", Action.ISSUE_RESOURCE_LINKS, "Calendar links of a resource")
def index_of_resource(call: Call, resource_id: UUID) -> Answer[LinksView]:
    return _index(call, LinkOwner(OwnerKind.RESOURCE, resource_id))


@routes.post(
    "/resources/{resource_id}/links", Action.ISSUE_RESOURCE_LINKS, "Issue a link to a resource's calendar", status=201
)
def issue_to_resource(call: Call, resource_id: UUID, body: NewStaffLink) -> Answer[LinkView]:
    return _issue(call, LinkOwner(OwnerKind.RESOURCE, resource_id), body)


@routes.get("/clinics/{clinic_id}/links", Action.ISSUE_RESOURCE_LINKS, "Calendar links of a clinic")
def index_of_clinic(call: Call, clinic_id: UUID) -> Answer[LinksView]:
    return _index(call, LinkOwner(OwnerKind.CLINIC, clinic_id))


@routes.post(
    "/clinics/{clinic_id}/links", Action.ISSUE_RESOURCE_LINKS, "Issue a link to a clinic's calendar", status=201
)
def issue_to_clinic(call: Call, clinic_id: UUID, body: NewStaffLink) -> Answer[LinkView]:
    return _issue(call, LinkOwner(OwnerKind.CLINIC, clinic_id), body)


@routes.get("/links/{link_id}/qr.svg", Action.USE_LINKS, "A link as a QR code to be printed")
def qr_drawing(call: Call, link_id: UUID, query: QrQuery) -> Answer[SvgView]:
    return Answer(SvgView(content=_qr(call, link_id, query, "svg")))


@routes.get("/links/{link_id}/qr.png", Action.USE_LINKS, "A link as a QR code to be shown")
def qr_picture(call: Call, link_id: UUID, query: QrQuery) -> Answer[PngView]:
    return Answer(PngView(content=_qr(call, link_id, query, "png")))


@routes.delete("/links/{link_id}", Action.USE_LINKS, "Revoke a calendar link")
def revoke(call: Call, link_id: UUID) -> Answer[None]:
    revoke_link(call.context, link_id=link_id)
    return Answer(None)


def _index(call: Call, owner: LinkOwner) -> Answer[LinksView]:
    found = list_links(call.context, call.service.link_key, owner=owner)
    return Answer(LinksView(items=[LinkView.of_link(link, call.service) for link in found]))


def _issue(call: Call, owner: LinkOwner, body: NewStaffLink) -> Answer[LinkView]:
    key, device, privacy = call.service.link_key, body.device, body.privacy
    link = issue_staff_link(call.context, key, owner=owner, device=device, privacy=privacy)
    return Answer(LinkView.of_link(link, call.service), location=f"/{owner.kind}s/{owner.id}/links")


def _qr(call: Call, link_id: UUID, query: QrQuery, kind: str) -> bytes:
    link = LinkView.of_link(get_link(call.context, call.service.link_key, link_id=link_id), call.service)
    address = link.webcal_url if query.address == "webcal" else link.https_url
    picture = io.BytesIO()
    segno.make(address, error="m", micro=False).save(picture, kind=kind, scale=SCALE, border=QUIET_ZONE)
    return picture.getvalue()
