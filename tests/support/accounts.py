"""Staff that can log in, for tests: an account with a password, and what its browser and its phone would do."""

import base64
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import pyotp
from sqlalchemy.orm import Session

from scheduler.domain.access import Role
from scheduler.domain.logins import Demand
from scheduler.operations.context import Context
from scheduler.operations.staff.accounts import give_login, use_password_link
from scheduler.operations.staff.attempts import Attempt, Origin, attempt_login, succeed, wrong
from scheduler.operations.staff.devices import device_for
from scheduler.operations.staff.hashes import is_right, slow_hash
from scheduler.operations.staff.logins import LoggedIn, NewLogin, open_login, who_is_in
from scheduler.operations.staff.second_factors import begin_second_factor, confirm_second_factor, enrolment_of
from scheduler.storage.database import Database
from scheduler.storage.rows import AccountRow
from tests.support.clinic import Clinic
from tests.support.rows import NOW

PASSWORD = "three warm lamps"
SECRET_KEY, LINK_KEY = "a secret key of the tests", "a link key of the tests"
HASH = slow_hash(PASSWORD)
"""Made once: hashing is slow on purpose."""


@dataclass(frozen=True)
class Account:
    """Somebody with a log-in name and ``PASSWORD``."""

    database: Database
    clinic: Clinic
    user_id: UUID
    login: str
    role: Role

    def context(self, tx: Session, now: datetime) -> Context:
        return Context(tx, self.clinic.actor(self.role), now)


def account(clinic: Clinic, role: Role = Role.RECEPTION) -> Account:
    """The user with this role, able to log in."""
    user_id = clinic.users[role]
    login = f"{role}.{user_id}@clinic.example"
    link = clinic.do(lambda context: give_login(context, user_id=user_id, login=login), Role.MANAGER)
    clinic.database.write(lambda tx: use_password_link(tx, secret=link.secret, password_hash=HASH, now=NOW))
    return Account(clinic.database, clinic, user_id, login, role)


def origin(device_secret: str | None = None, address: str | None = None) -> Origin:
    """Where an attempt comes from: an address of its own unless one is given."""
    return Origin(device_secret, address or str(uuid4()), "Firefox on Linux")


def attempted(who: Account, password: str, come_from: Origin, now: datetime = NOW) -> Attempt:
    """An attempt that was counted and compared; raises when it was wrong."""
    attempt = who.database.write(lambda tx: attempt_login(tx, who.login, come_from, SECRET_KEY, now))
    if not is_right(attempt.kept, password):
        raise wrong()
    return attempt


def log_in(
    who: Account,
    *,
    password: str = PASSWORD,
    device: str | None = None,
    demand: Demand = Demand.NOBODY,
    now: datetime = NOW,
    address: str | None = None,
) -> NewLogin:
    """All that the log-in page does with a name and a password."""
    come_from = origin(device, address)
    attempt = attempted(who, password, come_from, now)

    def work(tx: Session) -> NewLogin:
        user_id, on = succeed(tx, attempt, come_from, now)
        return open_login(tx, user_id, on, demand, now)

    return who.database.write(work)


def inside(who: Account, secret: str, now: datetime = NOW) -> LoggedIn | None:
    """Who is in with this cookie."""
    with who.database.read() as tx:
        return who_is_in(tx, secret, now)


def enrolled(who: Account, now: datetime = NOW) -> tuple[pyotp.TOTP, tuple[str, ...]]:
    """The user's app, and recovery codes, once the second factor is set up."""
    who.database.write(lambda tx: begin_second_factor(who.context(tx, now)))
    with who.database.read() as tx:
        begun = enrolment_of(who.context(tx, now), LINK_KEY)
    assert len(base64.b32decode(begun.secret)) == 20
    app = pyotp.TOTP(begun.secret)
    codes = who.database.write(lambda tx: confirm_second_factor(who.context(tx, now), LINK_KEY, code=app.at(now)))
    return app, codes


def cookie_of(clinic: Clinic, role: Role, now: datetime = NOW) -> str:
    """What the session holds of somebody with this role who is in, without a password having been typed."""
    user_id = clinic.users[role]

    def work(tx: Session) -> str:
        if tx.get(AccountRow, user_id) is None:
            kept = {"organisation_id": clinic.organisation_id, "login": str(user_id), "made_at": now}
            tx.add(AccountRow(user_id=user_id, **kept))
            tx.flush()
        return open_login(tx, user_id, device_for(tx, None, "Test", now), Demand.NOBODY, now).secret

    return clinic.database.write(work)
