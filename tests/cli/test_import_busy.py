"""Somebody's own calendar, taken as absences at the command line."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from scheduler.domain.access import Role
from scheduler.operations.places.absences import add_absence
from scheduler.storage.rows import AbsenceRow, ResourceRow
from tests.support.clinic import Clinic
from tests.support.command_line import CommandLine
from tests.support.desk import at, desk_of

FILE = Path("busy.ics")
WHOSE = ("--resource", "ada")


def event(uid: str, day: int, *more: str, hours: str = "100000/120000") -> str:
    starts, ends = (f"202603{day:02}T{hour}Z" for hour in hours.split("/"))
    lines = ("BEGIN:VEVENT", f"UID:{uid}", f"DTSTART:{starts}", f"DTEND:{ends}", *more, "END:VEVENT")
    return "".join(line + "\r\n" for line in lines)


def imported(line: CommandLine, events: str | bytes, *words: str) -> tuple[int, list[str]]:
    whole = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n" if isinstance(events, str) else events
    FILE.write_bytes(whole if isinstance(whole, bytes) else whole.encode())
    said = line.run("import", "busy", str(FILE), *WHOSE, *words)
    assert len(said.stderr.splitlines()) <= 2
    return said.exit_code, said.stdout.splitlines()


def absences(line: CommandLine) -> list[tuple[str, str | None, str]]:
    with line.database.read() as tx:
        rows = tx.scalars(select(AbsenceRow).order_by(AbsenceRow.starts_at)).all()
        return [(f"{row.starts_at:%d %H:%M}-{row.ends_at:%H:%M}", row.uid, row.source.value) for row in rows]


def revision(line: CommandLine, clinic: Clinic) -> int:
    with line.database.read() as tx:
        return tx.get_one(ResourceRow, clinic.practitioner_id).revision


def counts(added: int, removed: int, unchanged: int, outside: int = 0) -> list[str]:
    return [
        f"Busy times added: {added}, removed: {removed}, unchanged: {unchanged}.",
        f"Events outside the next 400 days: {outside}.",
    ]


KEPT = "Busy times of the last import kept, as not all could be read: 1."


def test_without_yes_nothing_is_stored(line: CommandLine, clinic: Clinic) -> None:
    before = revision(line, clinic)
    told = imported(line, event("a", 9))
    assert told == (0, [*counts(1, 0, 0), "Nothing has been stored. Say --yes to store it."])
    assert (absences(line), revision(line, clinic)) == ([], before)


def test_busy_times_become_absences_of_the_calendar(line: CommandLine, clinic: Clinic) -> None:
    before = revision(line, clinic)
    assert imported(line, event("a", 9, "RRULE:FREQ=DAILY;COUNT=2"), "--yes") == (0, counts(2, 0, 0))
    assert absences(line) == [("09 10:00-12:00", "a", "calendar"), ("10 10:00-12:00", "a", "calendar")]
    assert revision(line, clinic) == before + 1


def test_another_import_replaces_the_last_one_and_nothing_else(line: CommandLine, clinic: Clinic) -> None:
    def staff_absence(context: object) -> object:
        return add_absence(
            context, resource_id=clinic.practitioner_id, starts_at=at(20, 10), ends_at=at(20, 11), seen=None
        )

    clinic.do(staff_absence, Role.MANAGER)
    imported(line, event("a", 9) + event("b", 10), "--yes")
    assert imported(line, event("b", 10) + event("c", 11), "--yes") == (0, counts(1, 1, 1))
    assert absences(line) == [
        ("10 10:00-12:00", "b", "calendar"),
        ("11 10:00-12:00", "c", "calendar"),
        ("22 10:00-11:00", None, "staff"),
    ]


def test_an_import_that_changes_nothing_moves_no_revision(line: CommandLine, clinic: Clinic) -> None:
    imported(line, event("a", 9), "--yes")
    before = revision(line, clinic)
    assert imported(line, event("a", 9), "--yes") == (0, counts(0, 0, 1))
    assert revision(line, clinic) == before


def test_what_is_over_stays_as_it_was(line: CommandLine, clinic: Clinic) -> None:
    imported(line, event("a", 3), "--yes")
    line.clock.pass_time(timedelta(days=2))
    assert imported(line, event("b", 9), "--yes") == (0, counts(1, 0, 0))
    assert [uid for _, uid, _ in absences(line)] == ["a", "b"]


def test_an_empty_calendar_takes_the_last_import_back(line: CommandLine, clinic: Clinic) -> None:
    imported(line, event("a", 9), "--yes")
    assert imported(line, "", "--yes") == (0, ["The file has no events.", *counts(0, 1, 0)])
    assert absences(line) == []


def test_an_event_that_cannot_be_read_is_told_and_keeps_its_last_time(line: CommandLine, clinic: Clinic) -> None:
    imported(line, event("a", 9) + event("b", 10), "--yes")
    code, told = imported(line, event("a", 9, "RRULE:FREQ=NEVER") + event("c", 11), "--yes")
    assert (code, told[0].startswith("Part 1 is refused: "), told[1:]) == (1, True, [KEPT, *counts(1, 1, 0)])
    assert [uid for _, uid, _ in absences(line)] == ["a", "c"]


def test_an_event_that_takes_no_time_is_skipped_with_the_reason(line: CommandLine, clinic: Clinic) -> None:
    code, told = imported(line, event("a", 9, "STATUS:CANCELLED"), "--yes")
    assert (code, told[0].startswith("Part 1 is skipped: "), told[1:]) == (0, True, counts(0, 0, 0))


@pytest.mark.parametrize("data", [b"", b"\0\xff\xfe", b"name,phone\n", b"BEGIN:VEVENT", bytes(range(256)) * 40])
def test_what_is_no_calendar_is_one_line_and_empties_nothing(line: CommandLine, clinic: Clinic, data: bytes) -> None:
    imported(line, event("a", 9), "--yes")
    code, _ = imported(line, data, "--yes")
    assert (code, absences(line)) == (1, [("09 10:00-12:00", "a", "calendar")])


def test_a_file_that_was_cut_off_takes_nothing_back(line: CommandLine, clinic: Clinic) -> None:
    imported(line, event("a", 9), "--yes")
    code, told = imported(line, f"BEGIN:VCALENDAR\r\n{event('b', 10)}".encode(), "--yes")
    assert (code, told) == (0, [KEPT, *counts(1, 0, 0)])
    assert [uid for _, uid, _ in absences(line)] == ["a", "b"]


def test_an_event_beyond_the_days_that_are_read_is_counted(line: CommandLine, clinic: Clinic) -> None:
    assert imported(line, event("a", 9).replace("2026", "2028"), "--yes") == (0, counts(0, 0, 0, outside=1))


def test_appointments_that_clash_are_listed_and_stay(line: CommandLine, clinic: Clinic) -> None:
    desk = desk_of(clinic)
    series_id = desk.course({1: 7})
    code, told = imported(line, event("a", 9, hours="100000/110000"), "--yes")
    assert (code, len(told), told[0].rpartition(", ")[0]) == (
        0,
        3,
        "Clashes: 2026-03-09 10:00 Nadia Okonjo (+49 30 5550142), Microneedling, rejuvenation",
    )
    assert desk.dates(series_id) == {1: 7}


def test_while_the_cream_takes_effect_the_practitioner_is_free(line: CommandLine, clinic: Clinic) -> None:
    desk_of(clinic).course({1: 7})
    assert imported(line, event("a", 9, hours="090000/093000"), "--yes") == (0, counts(1, 0, 0))


def test_an_unknown_resource_is_one_line(line: CommandLine, clinic: Clinic) -> None:
    FILE.write_text("")
    said = line.run("import", "busy", str(FILE), "--resource", "Nobody")
    assert (said.exit_code, said.stderr) == (1, "Error: There is no resource called “Nobody”.\n")
