"""Clinics: set up, listed, and when they are open."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from scheduler.domain.access import Action
from scheduler.operations.places.clinics import (
    Clinic,
    ClinicChanged,
    edit_clinic,
    get_clinic,
    list_clinics,
    set_opening_hours,
    set_up_clinic,
)
from scheduler.web.api.affected import AffectedView
from scheduler.web.api.fields import Id, Name, Phone, Spelled, Text
from scheduler.web.api.hours import MOST_HOURS, OpeningBody, OpeningView
from scheduler.web.api.paging import PageQuery, PageView, items_of
from scheduler.web.api.registry import Answer, Body, Call, IfMatch, Routes, View

routes = Routes("clinics")

Address = Annotated[str, Text(300, lines=True)]
Zone = Annotated[str, Spelled(r"[A-Za-z][A-Za-z0-9_+/-]*", "must be a time zone such as Europe/Berlin", 64)]
Country = Annotated[str, Spelled(r"[A-Z]{2}", "must be a country's two letters, such as DE", 2)]
Opening = Annotated[list[OpeningBody], Field(max_length=MOST_HOURS)]


class NewClinic(Body):
    """A location. ``region`` is the code of a part of the country that has public holidays of its own."""

    name: Name
    zone: Zone
    country: Country
    region: Annotated[str, Text(40)] | None = None
    address: Address | None = None
    phone: Phone | None = None
    opening: Opening = Field(default_factory=list)


class ClinicEdit(Body):
    """What is left out stays as it is; null clears."""

    name: Name = Field(default_factory=str)
    address: Address | None = None
    phone: Phone | None = None


class OpeningHours(Body):
    """All hours at which a clinic is usually open; they replace the ones before."""

    opening: Opening


class ClinicView(View):
    """A location. Times of the wall clock are those of ``zone``."""

    id: Id
    name: str
    zone: str
    country: str
    region: str | None
    address: str
    phone: str
    opening: list[OpeningView]
    revision: int

    @classmethod
    def of_clinic(cls, clinic: Clinic) -> Self:
        """The view of a clinic."""
        return cls(
            id=clinic.id,
            name=clinic.name,
            zone=clinic.zone,
            country=clinic.country,
            region=clinic.region,
            address=clinic.address,
            phone=clinic.phone,
            opening=[OpeningView.of_hours(hours) for hours in clinic.opening],
            revision=clinic.revision,
        )


class ClinicChangedView(View):
    """The clinic with its new hours, and the appointments that lie outside of them."""

    clinic: ClinicView
    affected: list[AffectedView]


class ClinicPage(PageView[ClinicView]):
    """Some clinics."""


@routes.get("/clinics", Action.SEE_CATALOGUE, "Clinics with their opening hours, the first set up first")
def index(call: Call, query: PageQuery) -> Answer[ClinicPage]:
    page = list_clinics(call.context, after=query.after(UUID), limit=query.limit)
    return Answer(ClinicPage(items=[ClinicView.of_clinic(one) for one in page.items], next=query.next(page)))


@routes.post("/clinics", Action.MANAGE_RESOURCES, "Set up a clinic", status=201)
def add(call: Call, body: NewClinic) -> Answer[ClinicView]:
    clinic = set_up_clinic(
        call.context,
        name=body.name,
        zone=body.zone,
        country=body.country,
        region=body.region,
        address=body.address or "",
        phone=body.phone or "",
        opening=[hours.weekly for hours in body.opening],
    )
    return _answer(clinic)


@routes.get("/clinics/{clinic_id}", Action.SEE_CATALOGUE, "One clinic")
def show(call: Call, clinic_id: UUID) -> Answer[ClinicView]:
    return _answer(get_clinic(call.context, clinic_id=clinic_id))


@routes.patch("/clinics/{clinic_id}", Action.MANAGE_RESOURCES, "Change a clinic's name, address or phone")
def edit(call: Call, clinic_id: UUID, body: ClinicEdit) -> Answer[ClinicView]:
    given = {field: getattr(body, field) for field in body.model_fields_set}
    return _answer(edit_clinic(call.context, clinic_id=clinic_id, seen=call.seen, given=given))


@routes.post(
    "/clinics/{clinic_id}/hours", Action.MANAGE_RESOURCES, "Replace the opening hours", revision=IfMatch.REQUIRED
)
def open_at(call: Call, clinic_id: UUID, body: OpeningHours) -> Answer[ClinicChangedView]:
    opening = [hours.weekly for hours in body.opening]
    changed = set_opening_hours(call.context, clinic_id=clinic_id, opening=opening, seen=call.seen)
    return Answer(_changed(changed), revision=changed.clinic.revision)


def _answer(clinic: Clinic) -> Answer[ClinicView]:
    return Answer(ClinicView.of_clinic(clinic), clinic.revision, f"/clinics/{clinic.id}")


def _changed(changed: ClinicChanged) -> ClinicChangedView:
    clinic = ClinicView.of_clinic(changed.clinic)
    return ClinicChangedView(clinic=clinic, affected=items_of(AffectedView, changed.affected))
