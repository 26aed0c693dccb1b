"""Demos: how an organisation that was made for show is told from a real one, and a whole one from one half made."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from scheduler.domain.access import Actor, Role
from scheduler.domain.refusals import NotFound
from scheduler.domain.series import AppointmentStatus
from scheduler.operations.context import Context, record
from scheduler.storage.rows import AccountRow, AppointmentRow, AuditRow, OrganisationRow, UserRoleRow, UserRow

BEGUN, FINISHED = "demo_begun", "demo_finished"
FIRST_DEEDS = 3


def mark_demo(context: Context, action: str) -> None:
    """Write down that the organisation is a demo (``BEGUN``), or that it is whole (``FINISHED``)."""
    record(context, action, "organisation", context.organisation_id)


def demo_organisations(tx: Session, action: str = BEGUN) -> frozenset[UUID]:
    """The organisations that are demos, or with ``FINISHED`` those that are whole."""
    marked = select(AuditRow.organisation_id).where(AuditRow.action == action, AuditRow.about == "organisation")
    return frozenset(tx.scalars(marked))


def only_demos(tx: Session) -> bool:
    """Whether nothing but demos is in the database."""
    demos = demo_organisations(tx)
    others = select(func.count()).select_from(OrganisationRow).where(OrganisationRow.id.not_in(demos))
    return tx.scalar(others) == 0


def is_half_made(tx: Session) -> bool:
    """Whether nothing is there but a part of a demo: it is being loaded, or its loading was interrupted."""
    begun = demo_organisations(tx)
    return bool(begun) and begun != demo_organisations(tx, FINISHED) and only_demos(tx)


def is_played(tx: Session) -> bool:
    """Whether a demo's past is being played just now, so that what falls due in it is nobody's business yet.

    Cheap where there is no demo: a demo is marked as one of the first things that are done in its database.
    """
    first = tx.scalars(select(AuditRow.action).order_by(AuditRow.number).limit(FIRST_DEEDS)).all()
    return BEGUN in first and not tx.scalar(select(exists().select_from(AccountRow))) and is_half_made(tx)


@dataclass(frozen=True, slots=True)
class SoFar:
    """How far a demo's loading has come: the share of its time in percent, and a number that grows with each deed."""

    percent: int
    deeds: int


def loaded_so_far(tx: Session, now: datetime) -> SoFar:
    """How far a demo that is half made has come; the audit trail tells. Raises ``NotFound`` when nothing has begun."""
    deeds = select(AuditRow.number, AuditRow.at)
    first = tx.execute(deeds.order_by(AuditRow.number).limit(1)).one_or_none()
    last = tx.execute(deeds.order_by(AuditRow.number.desc()).limit(1)).one_or_none()
    if first is None or last is None:
        raise NotFound("No demo is being loaded.", code="no_demo", remedy="Load one.")
    return SoFar(round(100 * min(1.0, (last.at - first.at) / (now - first.at))), last.number)


def demo_user(tx: Session, role: Role) -> UUID | None:
    """Who is let in without a password to look around in a role: of the one demo, where there is nothing else.

    Somebody who can log in and has no second factor; among several the one with the fewest roles.
    """
    demos = demo_organisations(tx, FINISHED)
    if len(demos) != 1 or not only_demos(tx):
        return None
    others = aliased(UserRoleRow)
    many = select(func.count()).where(others.user_id == UserRow.id).scalar_subquery()
    query = (
        select(UserRow.id)
        .join(AccountRow, AccountRow.user_id == UserRow.id)
        .join(UserRoleRow, UserRoleRow.user_id == UserRow.id)
        .where(UserRow.organisation_id.in_(demos), UserRow.active, UserRoleRow.role == role)
        .where(AccountRow.totp_since.is_(None))
        .order_by(many, UserRow.id)
        .limit(1)
    )
    return tx.scalar(query)


def demo_desk(tx: Session) -> Actor | None:
    """Reception of the one demo, as whoever sends patients their links."""
    user_id = demo_user(tx, Role.RECEPTION)
    user = tx.get(UserRow, user_id) if user_id else None
    return Actor(user.id, user.organisation_id, user.name, frozenset({Role.RECEPTION})) if user else None


def demo_patient(tx: Session, organisation_id: UUID, now: datetime) -> UUID | None:
    """The patient with the most visits ahead, whose own page has the most to show."""
    ahead = (AppointmentRow.organisation_id == organisation_id, AppointmentRow.starts_at > now)
    query = select(AppointmentRow.patient_id).where(*ahead, AppointmentRow.status == AppointmentStatus.BOOKED)
    most = query.group_by(AppointmentRow.patient_id).order_by(func.count().desc(), AppointmentRow.patient_id)
    return tx.scalar(most.limit(1))
