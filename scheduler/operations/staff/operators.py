"""Operators: whoever works at the command line, and the worker beside the service, as the audit trail knows them.

Whoever can run commands on the machine owns the database, so these users may do what any of the staff may. They never
log in. Patients who follow their links are one such user together, without any of these rights.
"""

from uuid import UUID, uuid5

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from scheduler.domain.access import Actor, Role
from scheduler.storage.rows import UserRow

NAME = "Command line"
WORKER = "Worker"
PATIENTS = "Patients"
ROLES = frozenset({Role.RECEPTION, Role.PRACTITIONER, Role.MANAGER})


def operator_of(tx: Session, organisation_id: UUID) -> Actor:
    """The operator as a user of an organisation, made when first needed: inactive and without a stored role."""
    return _user(tx, organisation_id, NAME)


def worker_of(tx: Session, organisation_id: UUID) -> Actor:
    """The worker as such a user."""
    return _user(tx, organisation_id, WORKER)


def patient_of(organisation_id: UUID, patient_id: UUID, name: str) -> Actor:
    """A patient who looks at what is theirs. Before anything is stored, the user is made by ``make_patients_user``."""
    user_id = uuid5(organisation_id, PATIENTS.lower())
    return Actor(user_id, organisation_id, name, frozenset({Role.PATIENT}), patient_id=patient_id)


def make_patients_user(tx: Session, organisation_id: UUID) -> None:
    """Make the user that stands for patients in the audit trail; each row names its patient beside."""
    _user(tx, organisation_id, PATIENTS)


def _user(tx: Session, organisation_id: UUID, name: str) -> Actor:
    """The user, made by whichever of two that need it at once is first."""
    user_id = uuid5(organisation_id, name.lower())
    if tx.get(UserRow, user_id) is None:
        insert = postgresql.insert if tx.get_bind().dialect.name == "postgresql" else sqlite.insert
        values = {"id": user_id, "organisation_id": organisation_id, "name": name, "active": False}
        tx.execute(insert(UserRow).values(values).on_conflict_do_nothing())
    return Actor(user_id, organisation_id, name, ROLES)
