"""Operators: whoever works at the command line, and the worker beside the service, as the audit trail knows them.

Whoever can run commands on the machine owns the database, so these users may do what any of the staff may. They never
log in.
"""

from uuid import UUID, uuid5

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from scheduler.domain.access import Actor, Role
from scheduler.storage.rows import UserRow

NAME = "Command line"
WORKER = "Worker"
ROLES = frozenset({Role.RECEPTION, Role.PRACTITIONER, Role.MANAGER})


def operator_of(tx: Session, organisation_id: UUID) -> Actor:
    """The operator as a user of an organisation, made when first needed: inactive and without a stored role."""
    return _user(tx, organisation_id, NAME)


def worker_of(tx: Session, organisation_id: UUID) -> Actor:
    """The worker as such a user."""
    return _user(tx, organisation_id, WORKER)


def _user(tx: Session, organisation_id: UUID, name: str) -> Actor:
    """The user, made by whichever of two that need it at once is first."""
    user_id = uuid5(organisation_id, name.lower())
    if tx.get(UserRow, user_id) is None:
        insert = postgresql.insert if tx.get_bind().dialect.name == "postgresql" else sqlite.insert
        values = {"id": user_id, "organisation_id": organisation_id, "name": name, "active": False}
        tx.execute(insert(UserRow).values(values).on_conflict_do_nothing())
    return Actor(user_id, organisation_id, name, ROLES)
