"""A patient's personal link: what it opens, how long it lasts, and when it has to be confirmed."""

from datetime import datetime, timedelta
from enum import StrEnum


class LinkScope(StrEnum):
    """``VISITS``: times, and what may be done about them. ``CARE``: the health check, advice and one's own data too."""

    VISITS = "visits"
    CARE = "care"


LASTS = {LinkScope.VISITS: timedelta(days=90), LinkScope.CARE: timedelta(days=14)}
"""So long a link opens anything. An expired one can still ask for a fresh one, for ``ASKS``."""

ASKS = timedelta(days=400)
MAILED = timedelta(days=30)
"""So long a link in a mail still opens what it leads to at least."""
CONFIRMED_FOR = timedelta(hours=1)
"""So long a browser may look at more than times once the date of birth was given."""


def needs_confirmation(scope: LinkScope) -> bool:
    """Whether the date of birth is asked for: whoever finds a message must not read more than times."""
    return scope is not LinkScope.VISITS


def is_open(expires_at: datetime, revoked_at: datetime | None, now: datetime) -> bool:
    """Whether the link opens anything at this instant."""
    return revoked_at is None and now < expires_at


def serves_a_mail(expires_at: datetime, now: datetime) -> bool:
    """Whether a link that is already there may stand in a mail; else a fresh one does."""
    return expires_at >= now + MAILED


def may_ask_again(expires_at: datetime, revoked_at: datetime | None, now: datetime) -> bool:
    """Whether the link, expired by itself, may ask for a fresh one to be sent to the contact on file."""
    return revoked_at is None and expires_at <= now < expires_at + ASKS
