"""Staff: the people who work in an organisation, and the roles that they have."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from scheduler.domain.access import Action, Role, require_fully
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.refusals import Invalid
from scheduler.operations.context import Context, record
from scheduler.operations.places.locked_hours import resource_of
from scheduler.storage.rows import UserRoleRow, UserRow
from scheduler.storage.types import new_id


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Somebody of the staff. ``resource_id`` is set for one who treats and can be booked."""

    id: UUID
    name: str
    roles: frozenset[Role]
    resource_id: UUID | None
    active: bool


def add_user(context: Context, *, name: str, roles: Collection[Role], resource_id: UUID | None = None) -> StaffMember:
    """Add somebody to the staff.

    Raises ``Invalid`` without a name or role, for the role of patients, and for a resource that is no practitioner;
    ``NotFound``, ``NotAllowed``.
    """
    require_fully(context.actor, Action.MANAGE_STAFF)
    check_user(context, name, roles, resource_id)
    row = UserRow(id=new_id(), organisation_id=context.organisation_id, name=name.strip(), resource_id=resource_id)
    row.active = True
    context.tx.add(row)
    context.tx.flush()
    context.tx.add_all(UserRoleRow(user_id=row.id, role=role) for role in set(roles))
    context.tx.flush()
    record(context, "user_added", "user", row.id, roles=sorted(role.value for role in roles))
    return StaffMember(row.id, row.name, frozenset(roles), resource_id, True)


def list_users(context: Context) -> tuple[StaffMember, ...]:
    """The organisation's staff by name."""
    require_fully(context.actor, Action.MANAGE_STAFF)
    mine = select(UserRow).where(UserRow.organisation_id == context.organisation_id)
    rows = context.tx.scalars(mine.order_by(UserRow.name, UserRow.id)).all()
    held: dict[UUID, set[Role]] = {row.id: set() for row in rows}
    for role in context.tx.scalars(select(UserRoleRow).where(UserRoleRow.user_id.in_(held))):
        held[role.user_id].add(role.role)
    return tuple(StaffMember(row.id, row.name, frozenset(held[row.id]), row.resource_id, row.active) for row in rows)


def check_user(context: Context, name: str, roles: Collection[Role], resource_id: UUID | None) -> None:
    """Raise what ``add_user`` raises of a name, roles and a practitioner that no user can have."""
    if not name.strip():
        raise Invalid("A user needs a name.", code="name_missing")
    if not roles or Role.PATIENT in roles:
        detail = "Patients are no users; their links let them in." if roles else "A user needs a role."
        raise Invalid(detail, code="role_missing", remedy="Choose from: reception, practitioner, manager.")
    if resource_id is not None and resource_of(context, resource_id).kind is not ResourceKind.PRACTITIONER:
        raise Invalid("Only a practitioner is somebody of the staff.", code="no_practitioner")
