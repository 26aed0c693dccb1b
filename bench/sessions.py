"""The session of somebody at a front desk, as their browser has it."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy.orm import Session

from bench.crowds import Crowded
from bench.servers import SECRETS
from scheduler.domain.access import Role
from scheduler.domain.logins import Demand
from scheduler.operations.staff.devices import device_for
from scheduler.operations.staff.logins import open_login
from scheduler.operations.staff.staff import add_user
from scheduler.storage.rows import AccountRow


def cookie(one: Crowded, clinic_id: UUID) -> str:
    """A Cookie header of reception, whose browser shows this clinic."""

    now = datetime.now(UTC)  # a log-in that was not used for long is asked for again

    def work(tx: Session) -> str:
        context = one.context(tx)
        user = add_user(context, name="Front desk", roles={Role.RECEPTION})
        login = f"{user.id}@clinic.example"
        tx.add(AccountRow(organisation_id=context.organisation_id, user_id=user.id, login=login, made_at=now))
        tx.flush()
        return open_login(tx, user.id, device_for(tx, None, "A browser", now), Demand.NOBODY, now).secret

    app = Flask("bench", static_folder=None)
    app.secret_key = SECRETS["SECRET_KEY"]
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    if serializer is None:
        raise RuntimeError("sessions cannot be signed without a key")
    signed = serializer.dumps({"login": one.database.write(work), "clinic": str(clinic_id)})
    return f"interval={signed!s}"
