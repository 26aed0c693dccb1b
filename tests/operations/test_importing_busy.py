"""Whatever files are imported one after another, what is left is the busy time of the last one that could be read."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from scheduler.domain.access import Role
from scheduler.domain.refusals import Invalid
from scheduler.operations.calendars.busy_readings import BusyReading
from scheduler.operations.calendars.importing_busy import BusyImported, import_busy
from scheduler.operations.context import Context
from scheduler.operations.places.absences import add_absence
from scheduler.storage.rows import AbsenceRow, AbsenceSource
from tests.support.clinic import Clinic
from tests.support.rows import BERLIN, NOW
from tests.support.size import sized

EXAMPLES = settings(max_examples=sized(small=25, full=300), deadline=None)
HOUR = timedelta(hours=1)

Event = tuple[str, datetime, datetime]
STARTS = st.integers(0, 60).map(lambda hours: datetime(2026, 3, 3, tzinfo=UTC) + hours * HOUR)
EVENTS = st.tuples(st.sampled_from("abcdef"), STARTS, st.integers(1, 5)).map(lambda e: (e[0], e[1], e[1] + e[2] * HOUR))
FILES = st.lists(st.lists(EVENTS, max_size=6, unique_by=lambda event: event[0]) | st.none(), min_size=1, max_size=6)
"""Files with events, and with ``None`` files of which nothing can be made."""


def spelled(events: Sequence[Event] | None) -> bytes:
    if events is None:
        return b"This is no calendar."
    lines = ["BEGIN:VCALENDAR"]
    for uid, starts_at, ends_at in events:
        times = (f"DTSTART:{starts_at:%Y%m%dT%H%M%SZ}", f"DTEND:{ends_at:%Y%m%dT%H%M%SZ}")
        lines += ["BEGIN:VEVENT", f"UID:{uid}", *times, "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def imported(clinic: Clinic, data: bytes, *, stored: bool = True) -> BusyImported | None:
    """What an import did; ``None`` when it was refused."""
    reading, ada = BusyReading.of(data, BERLIN, NOW), clinic.practitioner_id

    def deed(context: Context) -> BusyImported:
        return import_busy(context, resource_id=ada, reading=reading, stored=stored)

    try:
        return clinic.do(deed, Role.MANAGER)
    except Invalid:
        return None


def rows(clinic: Clinic, source: AbsenceSource) -> dict[tuple[str | None, datetime, datetime], object]:
    """The absences from one source, by event and times, with their identifiers."""
    query = select(AbsenceRow).where(AbsenceRow.resource_id == clinic.practitioner_id, AbsenceRow.source == source)
    with clinic.database.read() as tx:
        return {(row.uid, row.starts_at, row.ends_at): row.id for row in tx.scalars(query)}


def empty(clinic: Clinic) -> None:
    mine = delete(AbsenceRow).where(AbsenceRow.resource_id == clinic.practitioner_id)
    clinic.database.write(lambda tx: tx.execute(mine.where(AbsenceRow.source == AbsenceSource.CALENDAR)))


def test_the_last_readable_file_is_what_is_left(clinic: Clinic) -> None:
    def lunch(context: Context) -> None:
        day = {"starts_at": NOW + 30 * HOUR, "ends_at": NOW + 31 * HOUR}
        add_absence(context, resource_id=clinic.practitioner_id, label="Lunch", seen=None, **day)

    clinic.do(lunch, Role.MANAGER)
    by_hand = rows(clinic, AbsenceSource.STAFF)
    assert len(by_hand) == 1

    @EXAMPLES
    @given(FILES)
    def holds(files: list[list[Event] | None]) -> None:
        empty(clinic)
        last: list[Event] = []
        for events in files:
            before = rows(clinic, AbsenceSource.CALENDAR)
            done = imported(clinic, spelled(events))
            after = rows(clinic, AbsenceSource.CALENDAR)
            last = last if events is None else events
            assert set(after) == set(last)
            stayed = before.keys() & after.keys()
            assert [after[key] for key in stayed] == [before[key] for key in stayed]
            assert (done is None) == (events is None)
        again = imported(clinic, spelled(last))
        assert again is not None
        assert (again.added, again.removed, again.unchanged) == ([], [], len(set(last)))
        assert rows(clinic, AbsenceSource.CALENDAR) == after
        assert rows(clinic, AbsenceSource.STAFF) == by_hand

    holds()


def test_a_look_tells_what_the_deed_does(clinic: Clinic) -> None:
    @EXAMPLES
    @given(FILES)
    def holds(files: list[list[Event] | None]) -> None:
        empty(clinic)
        for events in files:
            look = imported(clinic, spelled(events), stored=False)
            deed = imported(clinic, spelled(events))
            assert (look is None) == (deed is None)
            if look and deed:
                assert (look.added, look.removed, look.unchanged) == (deed.added, deed.removed, deed.unchanged)
                assert deed.revision - look.revision == bool(deed.added or deed.removed)

    holds()
