"""The page of one series, as tests use it: looked at, its forms sent as they stand, its state read back."""

import re
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from typing import Any
from uuid import UUID

from werkzeug.test import TestResponse

from scheduler.domain.access import Role
from tests.support.api import Api
from tests.support.browse import Browser

FORM = re.compile(r'<form[^>]*\baction="([^"]+)"[^>]*>(.*?)</form>', re.S)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@dataclass
class SeriesPage:
    """One series in one browser."""

    api: Api
    series_id: UUID
    role: Role = Role.PRACTITIONER
    _browser: Browser | None = None
    _since: datetime | None = None

    @property
    def browser(self) -> Browser:
        """Whoever lets time pass logs in again."""
        if self._browser is None or self._since != self.api.clock.now:
            self._browser, self._since = Browser(self.api, self.role), self.api.clock.now
        return self._browser

    @property
    def path(self) -> str:
        return f"/series/{self.series_id}"

    def look(self, query: str = "", below: str = "") -> str:
        return self.open(f"{self.path}{below}{query}")

    def open(self, path: str) -> str:
        """Any page that is there."""
        answer = self.browser.get(path)
        assert answer.status_code == 200
        return answer.text

    def words(self, query: str = "", below: str = "") -> str:
        return words_of(self.look(query, below))

    def send(self, page: str, action: str, **fields: Any) -> TestResponse:
        """Send the form of a page that leads to this action, with what a person adds."""
        to, sent = self.form(page, action)
        return self.browser.post(to, **sent | fields)

    def form(self, page: str, action: str) -> tuple[str, dict[str, Any]]:
        """Where the form leads, and what it sends by itself."""
        to, inside = next((to, inside) for to, inside in FORM.findall(page) if to.endswith(action))
        sent: dict[str, Any] = {}
        for name, value in HIDDEN.findall(inside):
            known = sent.get(name)
            sent[name] = unescape(value) if known is None else [*(known if isinstance(known, list) else [known]), value]
        sent.pop("csrf_token")
        return to, sent

    def state(self) -> Any:
        """The series as programs see it."""
        return self.api.as_role(Role.PRACTITIONER).get(self.path).json

    def dates(self) -> list[str | None]:
        """The date of each session: performed, or booked."""
        return [
            one["performed_on"] or (one["appointment"]["on_date"] if one["appointment"] else None)
            for one in self.state()["sessions"]
        ]


def words_of(text: str) -> str:
    """What a page says, without its markup."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text)))
