"""Busy readings: a calendar file as it was read at an instant, before anything is stored.

Reading takes up to some seconds and needs no database, so it is done before the transaction that stores.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from scheduler.calendars.busy import BusyReport, read_busy

HORIZON = timedelta(days=400)
"""So far ahead a calendar is read."""

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class BusyReading:
    """What a file gave between two instants in UTC; ``digest`` is of its bytes.

    A file that is not ``whole`` was cut off on its way, and says nothing about what is over.
    """

    digest: str
    whole: bool
    horizon: Span
    report: BusyReport

    @classmethod
    def of(cls, data: bytes, zone: str, now: datetime) -> Self:
        """Read a file from ``now`` on. ``zone`` is in which its days and its times without a zone are meant."""
        horizon = now, now + HORIZON
        return cls(digest_of(data), is_whole(data), horizon, read_busy(data, zone=zone, horizon=horizon))

    @property
    def fault(self) -> str:
        """Why nothing can be made of the file, in plain sentences; empty when something can."""
        return " ".join(note.reason for note in self.report.refused if note.number == 0)


def digest_of(data: bytes) -> str:
    """Equal for equal files."""
    return hashlib.sha256(data).hexdigest()


def is_whole(data: bytes) -> bool:
    """Whether a calendar file has its end."""
    return data.rstrip().upper().endswith(b"END:VCALENDAR")
