"""Who calls: the bearer token of a request."""

from datetime import datetime

from scheduler.operations.staff.tokens import Bearer, bearer_of_secret
from scheduler.storage.database import Database
from scheduler.web.problems import Unauthenticated


def bearer_of(header: str | None, database: Database, now: datetime) -> Bearer:
    """The bearer that an ``Authorization`` header names. Raises ``Unauthenticated``."""
    scheme, _, secret = (header or "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise Unauthenticated("This needs a token.", remedy="Send it as Authorization: Bearer <token>.")
    with database.read() as tx:
        bearer = bearer_of_secret(tx, secret.strip(), now)
    if bearer is None:
        raise Unauthenticated("This token is not known here, or no longer valid.", code="token_unknown")
    return bearer
