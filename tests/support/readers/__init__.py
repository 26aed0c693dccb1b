"""Other people's readers of calendars: what each finds in a file, by UID."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Read:
    """One event as a reader understands it. Instants in UTC."""

    starts_at: datetime
    ends_at: datetime
    sequence: int
    status: str
    summary: str
