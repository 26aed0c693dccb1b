"""Naming: which organisation, clinic, resource, user or patient somebody means by an identifier or a name."""

from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from scheduler.domain.refusals import Invalid, NotFound
from scheduler.operations.context import Context, clinic_of
from scheduler.operations.patients.patient_search import find_patients
from scheduler.operations.patients.patients import Patient, get_patient
from scheduler.storage.rows import ClinicRow, OrganisationRow, ResourceRow, UserRow

SHOWN = 5
"""So many names are told when a word fits several."""


def organisation_named(tx: Session, name: str | None) -> UUID:
    """The organisation that is meant; without a name the only one. Raises ``NotFound``, ``Invalid`` for several."""
    if not has_organisation(tx):
        remedy = "Add its first manager: user add NAME --role manager --organisation NAME."
        raise NotFound("There is no organisation yet.", code="no_organisation", remedy=remedy)
    return _meant(tx, "organisation", OrganisationRow, name, ())


def first_organisation(tx: Session) -> UUID:
    """The organisation that was set up first. Raises ``NotFound``."""
    found = tx.scalar(select(OrganisationRow.id).order_by(OrganisationRow.id).limit(1))
    return found or organisation_named(tx, None)


def has_organisation(tx: Session) -> bool:
    """Whether anybody has set up an organisation in this database."""
    return bool(tx.scalar(select(exists().select_from(OrganisationRow))))


def clinic_named(context: Context, name: str | None) -> ClinicRow:
    """The clinic that is meant; without a name the only one. Raises ``NotFound``, ``Invalid`` for several."""
    return clinic_of(context, _of_ours(context, "clinic", ClinicRow, name))


def resource_named(context: Context, name: str) -> UUID:
    """The practitioner, room or device that is meant. Raises ``NotFound``, ``Invalid`` for several."""
    return _of_ours(context, "resource", ResourceRow, name)


def user_named(context: Context, name: str) -> UUID:
    """The user that is meant. Raises ``NotFound``, ``Invalid`` for several."""
    return _of_ours(context, "user", UserRow, name)


def patient_named(context: Context, name: str) -> Patient:
    """The patient that is meant: by identifier, or by what a search finds. Raises ``NotFound``, ``Invalid``."""
    if (patient_id := _as_id(name)) is not None:
        return get_patient(context, patient_id=patient_id)
    found = find_patients(context, q=name, limit=SHOWN).items
    if not found:
        raise NotFound(f"No patient is found by “{name}”.", code="unknown_patient")
    if len(found) > 1:
        raise _unclear("patient", name, [f"{one.name} ({one.phone or one.email})" for one in found])
    return found[0]


def _of_ours(context: Context, what: str, row: Any, name: str | None) -> UUID:
    return _meant(context.tx, what, row, name, (row.organisation_id == context.organisation_id,))


def _meant(tx: Session, what: str, row: Any, name: str | None, ours: tuple[Any, ...]) -> UUID:
    query = select(row.id, row.name).where(*ours).order_by(row.name, row.id)
    found = [one for one in tx.execute(query) if name is None or _fits(one, name)]
    if not found:
        raise NotFound(f"There is no {what}{_called(name)}.", code=f"unknown_{what}")
    if len(found) > 1:
        raise _unclear(what, name, [f"{one.name} ({one.id})" for one in found[:SHOWN]])
    meant: UUID = found[0].id
    return meant


def _fits(row: Any, name: str) -> bool:
    return bool(row.id == _as_id(name) or row.name.casefold() == name.strip().casefold())


def _as_id(name: str) -> UUID | None:
    try:
        return UUID(name)
    except ValueError:
        return None


def _called(name: str | None) -> str:
    return "" if name is None else f" called “{name}”"


def _unclear(what: str, name: str | None, found: list[str]) -> Invalid:
    detail = f"There are several to choose from as {what}{_called(name)}: {', '.join(found)}."
    return Invalid(detail, code=f"{what}_unclear", remedy="Name one of them, by identifier if need be.")
