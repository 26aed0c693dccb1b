"""Calendar links of a patient: one per device."""

from typing import Self
from uuid import UUID

from scheduler.domain.access import Action
from scheduler.operations.links import Link, LinkOwner, issue_link, list_links, revoke_link
from scheduler.storage.feeds import OwnerKind
from scheduler.web.api.fields import Id, Instant, Name
from scheduler.web.api.registry import Answer, Body, Call, Routes, View
from scheduler.web.service import Service

routes = Routes("links")


class NewLink(Body):
    """``device`` is the patient's word for it: "Mum's phone"."""

    device: Name


class LinkView(View):
    """A calendar link. Both addresses open the same feed: some phones want the one, some the other."""

    id: Id
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
            device=link.device,
            https_url=url,
            webcal_url="webcal" + url[url.index(":") :],
            created_at=link.created_at,
            revoked_at=link.revoked_at,
        )


class LinksView(View):
    """All links of one patient, oldest first."""

    items: list[LinkView]


@routes.get("/patients/{patient_id}/links", Action.ISSUE_PATIENT_LINKS, "A patient's calendar links")
def index(call: Call, patient_id: UUID) -> Answer[LinksView]:
    found = list_links(call.context, call.service.link_key, owner=LinkOwner(OwnerKind.PATIENT, patient_id))
    return Answer(LinksView(items=[LinkView.of_link(link, call.service) for link in found]))


@routes.post("/patients/{patient_id}/links", Action.ISSUE_PATIENT_LINKS, "Issue a calendar link", status=201)
def issue(call: Call, patient_id: UUID, body: NewLink) -> Answer[LinkView]:
    link = issue_link(call.context, call.service.link_key, patient_id=patient_id, device=body.device)
    return Answer(LinkView.of_link(link, call.service), location=f"/patients/{patient_id}/links")


@routes.delete("/links/{link_id}", Action.ISSUE_PATIENT_LINKS, "Revoke a calendar link")
def revoke(call: Call, link_id: UUID) -> Answer[None]:
    revoke_link(call.context, link_id=link_id)
    return Answer(None)
