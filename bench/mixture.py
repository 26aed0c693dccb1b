"""Requests as they come in: what phones and front desks ask all day."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from bench.busy_day import BusyDay
from bench.crowds import Crowded
from bench.servers import LINK_KEY, caller


@dataclass(frozen=True)
class Asked:
    """One request, and the status that it must be answered with."""

    method: str
    path: str
    expected: int = 200
    body: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def caller(self, port: int) -> Callable[[], Mapping[str, str]]:
        """A call that can be repeated over one connection."""
        return caller(port, self.method, self.path, self.expected, self.body, self.headers)


def mixture(crowded: Crowded, day: BusyDay, port: int) -> dict[str, Asked]:
    """A feed that has not changed, its bytes, the day, five plans, and a search for patients.

    The tag of the feed is asked for at ``port``, where the crowd is served.
    """
    desk = {"Authorization": f"Bearer {crowded.token()}", "Content-Type": "application/json"}
    feed = Asked("GET", crowded.feed_path(LINK_KEY))
    tag = feed.caller(port)()["ETag"]
    return {
        "feed 304": replace(feed, expected=304, headers={"If-None-Match": tag}),
        "feed 200": feed,
        "day": Asked("GET", day.path, headers=desk),
        "plans": Asked("POST", f"/api/v1/series/{crowded.new_series()}/plans", body=json.dumps({}), headers=desk),
        "patients": Asked("GET", "/api/v1/patients?q=somebody", headers=desk),
    }
