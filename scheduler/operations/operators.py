"""The operator: whoever works at the command line of the machine, and stands as such in the audit trail.

Whoever can run commands there owns the database, so this user may do what any of the staff may. It never logs in.
"""

from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from scheduler.domain.access import Actor, Role
from scheduler.storage.rows import UserRow

NAME = "Command line"
ROLES = frozenset({Role.RECEPTION, Role.PRACTITIONER, Role.MANAGER})


def operator_of(tx: Session, organisation_id: UUID) -> Actor:
    """The operator as a user of an organisation, made when first needed: inactive and without a stored role."""
    user_id = uuid5(organisation_id, "command line")
    if tx.get(UserRow, user_id) is None:
        tx.add(UserRow(id=user_id, organisation_id=organisation_id, name=NAME, active=False))
        tx.flush()
    return Actor(user_id, organisation_id, NAME, ROLES)
