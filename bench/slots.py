"""Free slots for a visit over ninety days of eight practitioners, beside the loop that anybody writes first.

The loop asks of each day, practitioner and quarter of an hour whether it overlaps anything of theirs. It knows
neither rooms nor rosters nor holds, and is not charged for reading. The search reads its revisions, knows all of them,
finds every free start of the ninety days, and lists the first two hundred, as many as the API ever does.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import make_url, select

from bench.crowds import SIZES, Crowded, crowd
from bench.rounds import Bar, at_least, at_most, medians
from scheduler.domain.protocol import ResourceKind
from scheduler.operations.booking.slots import SlotQuestion, free_slots
from scheduler.storage.rows import ResourceRow

DAYS, LISTED = 90, 200
VISIT, MINUTES = "consultation", 45
OPENS, CLOSES = 8, 18
PEER = "django-appointment took 5,198 ms for ninety days beside 1,000,000 appointments, and 1,711 ms beside 2,000"
PEER_MILLISECONDS = 5198
FASTER = 1000

Busy = Mapping[UUID, Sequence[tuple[datetime, datetime]]]


def bars() -> Iterator[Bar]:
    """In the process, warm, database included."""
    with ExitStack() as stack:
        crowds = {size: stack.enter_context(crowd(size)) for size in SIZES}
        largest = crowds["1,000,000"]
        busy = _busy(largest)
        works: dict[str, Callable[[], object]] = {size: _search(one) for size, one in crowds.items()}
        works["loop"] = lambda: _loop(busy, largest.now)
        spent = medians(works)
        print(f"     {PEER} (measured once on such a machine)")
        print(f"     the loop, {len(busy)} practitioners, reading apart: {spent['loop'] * 1000:.0f} ms")
        most = PEER_MILLISECONDS / FASTER
        yield at_most("slots of 90 days, 1,000,000 appointments", spent["1,000,000"] * 1000, most, "ms")
        yield at_least("the same, times faster than the loop", spent["loop"] / spent["1,000,000"], 50)
        yield at_most("the same, 1,000,000 to 10,000 appointments", spent["1,000,000"] / spent["10,000"], 1.3)


def _search(crowded: Crowded) -> Callable[[], object]:
    question = SlotQuestion(crowded.clinic_id, VISIT, days=DAYS, limit=LISTED)

    def search() -> object:
        with crowded.database.read() as tx:
            return free_slots(crowded.context(tx), crowded.free_time, question)

    return search


def _busy(crowded: Crowded) -> Busy:
    """What is claimed of each practitioner from today on."""
    kind = ResourceRow.kind == ResourceKind.PRACTITIONER
    with crowded.database.read() as tx:
        people = tx.scalars(select(ResourceRow.id).where(ResourceRow.clinic_id == crowded.clinic_id, kind)).all()
    query = "SELECT starts_at, ends_at FROM claims WHERE subject_id = ? AND starts_at >= ?"
    with closing(sqlite3.connect(str(make_url(crowded.url).database))) as connection:
        rows = {who: connection.execute(query, (who.hex, f"{crowded.now:%F}")).fetchall() for who in people}
    return {who: [(_instant(starts), _instant(ends)) for starts, ends in found] for who, found in rows.items()}


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _loop(busy: Busy, now: datetime) -> list[tuple[datetime, UUID]]:
    """Every free quarter of an hour, by trying each."""
    found = []
    for day in range(DAYS):
        opens = now.replace(hour=OPENS) + timedelta(day)
        for who, taken in busy.items():
            for quarter in range((CLOSES - OPENS) * 4):
                starts = opens + timedelta(minutes=15 * quarter)
                ends = starts + timedelta(minutes=MINUTES)
                if not any(begin < ends and end > starts for begin, end in taken):
                    found.append((starts, who))
    return found
