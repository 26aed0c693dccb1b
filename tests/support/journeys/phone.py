"""A phone: a program that asks for a calendar again and again, and remembers the tag of what it has."""

from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from zoneinfo import ZoneInfo

from tests.support.ics_bytes import check_feed
from tests.support.readers import Read
from tests.support.readers.in_python import read_by_ical
from tests.support.rows import BERLIN

PATIENCE = 30.0


@dataclass
class Phone:
    """A calendar program at the address of a feed. ``holds`` are the events that it shows, by UID."""

    address: str
    tag: str | None = None
    holds: dict[str, Read] = field(default_factory=dict)

    def poll(self) -> int:
        """Ask whether anything has changed, as phones do; the status of the answer."""
        request = Request(self.address, headers={"If-None-Match": self.tag} if self.tag else {})
        try:
            with urlopen(request, timeout=PATIENCE) as answer:
                self._keep(answer.headers, answer.read())
                return int(answer.status)
        except HTTPError as told:
            with told:
                return told.code

    @property
    def starts(self) -> list[datetime]:
        """When the visits in its calendar begin, in UTC; cancelled ones are left out."""
        return sorted(event.starts_at for event in self.holds.values() if event.status != "CANCELLED")

    @property
    def starts_on_the_wall(self) -> list[datetime]:
        """The same by the clock on the clinic's wall, without a zone."""
        return [at.astimezone(ZoneInfo(BERLIN)).replace(tzinfo=None) for at in self.starts]

    def _keep(self, headers: Message, body: bytes) -> None:
        check_feed(body)
        self.tag, self.holds = headers["ETag"], read_by_ical(body)
