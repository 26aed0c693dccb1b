"""The first run: whoever opens an empty service sets up the organisation and becomes its manager."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from scheduler.domain.passwords import login_name
from scheduler.domain.refusals import Invalid, RuleBroken
from scheduler.operations.catalogue.catalogue import install_catalogue
from scheduler.operations.context import Context
from scheduler.operations.naming import has_organisation
from scheduler.operations.places.clinics import set_up_organisation
from scheduler.storage.locking import lock_organisations
from scheduler.storage.rows import AccountRow


@dataclass(frozen=True, slots=True)
class FirstManager:
    """Who sets up the organisation, and how the manager will log in."""

    organisation: str
    name: str
    login: str


def set_up_first(tx: Session, first: FirstManager, *, password_hash: str, now: datetime) -> UUID:
    """The organisation with its catalogue and its manager, whose user this gives.

    Raises ``RuleBroken`` once there is an organisation, also for the later of two at once; ``Invalid`` without names.
    """
    lock_organisations(tx)
    if has_organisation(tx):
        raise RuleBroken("Interval is set up already.", code="set_up_already", remedy="Log in.")
    if not first.organisation.strip() or not first.name.strip():
        raise Invalid("Your name and that of the organisation are needed.", code="name_missing")
    actor = set_up_organisation(tx, name=first.organisation.strip(), manager=first.name.strip(), now=now)
    install_catalogue(Context(tx, actor, now))
    account = AccountRow(user_id=actor.user_id, organisation_id=actor.organisation_id, login=login_name(first.login))
    account.password_hash, account.password_at, account.made_at = password_hash, now, now
    tx.add(account)
    tx.flush()
    return actor.user_id
