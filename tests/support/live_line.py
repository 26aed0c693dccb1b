"""A client's line to a live service: one connection, and a journal of every answer."""

import json
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any
from uuid import uuid4

from tests.support.live_service import PATIENCE

PAUSE = 0.05
"""Seconds before a client asks again."""


@dataclass(frozen=True)
class Reply:
    """One answer and the seconds that it took."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Journal:
    """What all clients of a test were answered. Threads may write to it at once."""

    replies: list[Reply] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    @property
    def statuses(self) -> Counter[int]:
        return Counter(reply.status for reply in self.replies)

    @property
    def failures(self) -> list[str]:
        """The answers of 5xx that are no honest 503 with a time to come back."""
        return [
            f"{reply.status} {reply.body[:300]!r}"
            for reply in self.replies
            if reply.status >= 500 and not (reply.status == 503 and "Retry-After" in reply.headers)
        ]

    def tell(self, what: str) -> None:
        """Print the figures."""
        taken = sorted(reply.seconds for reply in self.replies)
        statuses = ", ".join(f"{status}: {count}" for status, count in sorted(self.statuses.items()))
        middle, slowest = taken[len(taken) // 2], taken[-1]
        print(f"\n{what}: {len(taken)} answers ({statuses}), {len(self.broken)} broken connections,")  # noqa: T201
        print(f"  median {middle * 1000:.0f} ms, slowest {slowest:.2f} s")  # noqa: T201


class Line:
    """One connection with one token. Threads do not share it."""

    def __init__(self, port: int, token: str, journal: Journal | None = None) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self._token = token
        self.journal = journal or Journal()

    def get(self, path: str) -> Reply:
        return self.call("GET", path)

    def post(self, path: str, body: Any = None, *, key: str | None = None, seen: int | None = None) -> Reply:
        """One POST, sent once."""
        return self.call("POST", path, body, key=key, seen=seen)

    def insist(self, path: str, body: Any = None, *, seen: int | None = None) -> Reply:
        """One deed under one Idempotency-Key, sent again until it is answered with something other than 503."""
        key = str(uuid4())
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                reply = self.post(path, body, key=key, seen=seen)
            except (OSError, HTTPException) as error:
                self.journal.broken.append(repr(error))
            else:
                if reply.status != 503:
                    return reply
            time.sleep(PAUSE)
        raise AssertionError(f"no answer to POST {path} within {PATIENCE} seconds")

    def call(
        self, method: str, path: str, body: Any = None, *, key: str | None = None, seen: int | None = None
    ) -> Reply:
        """One request, sent once. Raises ``OSError`` or ``HTTPException`` when the connection breaks."""
        sent = {
            "Authorization": f"Bearer {self._token}",
            "Content-Type": None if body is None else "application/json",
            "Idempotency-Key": key,
            "If-Match": None if seen is None else f'"{seen}"',
        }
        headers = {name: value for name, value in sent.items() if value is not None}
        data = None if body is None else json.dumps(body).encode()
        began = time.monotonic()
        try:
            self._connection.request(method, f"/api/v1{path}", data, headers)
            answer = self._connection.getresponse()
            reply = Reply(answer.status, dict(answer.headers), answer.read(), time.monotonic() - began)
        except (OSError, HTTPException):
            self.close()
            raise
        self.journal.replies.append(reply)
        return reply

    def close(self) -> None:
        """Hang up; the next request calls again."""
        self._connection.close()
