"""The watched folder: what changes is imported, what cannot be read is a task, and nothing is followed out of it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from scheduler.calendars.busy import MOST_BYTES
from scheduler.domain.access import Role
from scheduler.domain.refusals import RuleBroken
from scheduler.operations.calendars.busy_readings import BusyReading
from scheduler.operations.calendars.importing_busy import import_busy
from scheduler.operations.calendars.watched_calendars import take_file
from scheduler.operations.tasks.task_kinds import TaskKind
from scheduler.operations.tasks.tasks import list_tasks
from scheduler.storage.database import Database
from scheduler.storage.rows import AbsenceRow, AuditRow, BusyFileRow, ResourceRow, UserRow
from scheduler.worker.busy_folder import BusyFolder
from tests.support.api import Clock
from tests.support.clinic import Clinic, open_clinic
from tests.support.desk import desk_of
from tests.support.rows import BERLIN, NOW

ROOT = Path(__file__).parents[2]
DAY = timedelta(days=1)


def calendar(*days: int, more: str = "") -> bytes:
    """One event from ten to twelve UTC on each of these days of March."""
    events = (
        f"BEGIN:VEVENT\r\nUID:{day}\r\nDTSTART:202603{day:02}T100000Z\r\nDTEND:202603{day:02}T120000Z\r\n{more}END:VEVENT\r\n"
        for day in days
    )
    return f"BEGIN:VCALENDAR\r\n{''.join(events)}END:VCALENDAR\r\n".encode()


@dataclass
class Watch:
    """A folder, who watches it, and the clinic whose Ada has a file there."""

    path: Path
    clinic: Clinic
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.folder = BusyFolder(self.clinic.database, self.clock, self.path)

    def file(self, resource_id: UUID | None = None) -> Path:
        return self.path / f"{resource_id or self.clinic.practitioner_id}.ics"

    def put(self, data: bytes, age: float = 5, **whose: UUID) -> None:
        """Write a file that last changed so many seconds ago."""
        path = self.file(**whose)
        path.write_bytes(data)
        os.utime(path, (time.time() - age,) * 2)

    def look(self) -> list[tuple[str, int]]:
        """One round: what became of each file that was read, and the parts that were refused."""
        return [(taken.outcome.value, taken.refused) for taken in self.folder.once()]

    def absences(self) -> list[int]:
        """The days of Ada's calendar."""
        mine = (AbsenceRow.resource_id == self.clinic.practitioner_id, AbsenceRow.source == "calendar")
        with self.clinic.database.read() as tx:
            return [
                row.starts_at.day for row in tx.scalars(select(AbsenceRow).where(*mine).order_by(AbsenceRow.starts_at))
            ]

    def tasks(self, kind: TaskKind = TaskKind.UNREAD_CALENDAR) -> list[str | None]:
        """The notes of the tasks of a kind."""
        page = self.clinic.do(lambda context: list_tasks(context, kinds=[kind]), now=self.clock())
        return [task.note for task in page.items]

    def upload(self, data: bytes) -> Any:
        reading = BusyReading.of(data, BERLIN, self.clock())
        resource_id = self.clinic.practitioner_id
        return self.clinic.do(
            lambda context: import_busy(context, resource_id=resource_id, reading=reading), Role.MANAGER, self.clock()
        )


@pytest.fixture
def watch(database_url: str, tmp_path: Path) -> Iterator[Watch]:
    database = Database(database_url)
    yield Watch(tmp_path, open_clinic(database))
    database.dispose()


def test_a_file_is_imported_once_and_again_when_it_has_changed(watch: Watch) -> None:
    watch.put(calendar(9, 10))
    assert (watch.look(), watch.look(), watch.absences()) == ([("read", 0)], [], [9, 10])
    watch.put(calendar(10, 11))
    assert (watch.look(), watch.look(), watch.absences()) == ([("read", 0)], [], [10, 11])


def test_a_file_that_has_only_been_touched_is_not_read_again(watch: Watch) -> None:
    watch.put(calendar(9))
    watch.look()
    watch.put(calendar(9), age=60)
    assert watch.look() == []


def test_each_day_an_unchanged_file_is_read_again_and_repeated_events_go_on(watch: Watch) -> None:
    watch.put(calendar(9, more="RRULE:FREQ=WEEKLY\r\n"))
    watch.look()
    with watch.clinic.database.read() as tx:
        last = max(tx.scalars(select(AbsenceRow.starts_at)))
        known = set(tx.scalars(select(AbsenceRow.id)))
    watch.clock.pass_time(DAY - timedelta(seconds=1))
    assert watch.look() == []
    watch.clock.pass_time(timedelta(seconds=1))
    assert watch.look() == [("read", 0)]
    watch.clock.pass_time(30 * DAY)
    watch.look()
    with watch.clinic.database.read() as tx:
        assert max(tx.scalars(select(AbsenceRow.starts_at))) - last in (28 * DAY, 35 * DAY)
        assert known <= set(tx.scalars(select(AbsenceRow.id)))


def test_a_reading_that_changes_nothing_moves_no_revision_and_leaves_no_trace(watch: Watch) -> None:
    watch.put(calendar(9))
    watch.look()
    before = traces(watch)
    watch.clock.pass_time(DAY)
    assert (watch.look(), traces(watch)) == ([("read", 0)], before)


def traces(watch: Watch) -> tuple[int, list[str]]:
    """Ada's revision, and who has imported for her."""
    ada = watch.clinic.practitioner_id
    with watch.clinic.database.read() as tx:
        who = select(UserRow.name).join(AuditRow, AuditRow.actor_id == UserRow.id).where(AuditRow.about_id == ada)
        return tx.get_one(ResourceRow, ada).revision, list(tx.scalars(who))


def test_the_audit_trail_says_that_the_worker_did_it(watch: Watch) -> None:
    watch.put(calendar(9))
    watch.look()
    assert traces(watch)[1] == ["Worker"]


@pytest.mark.parametrize("data", [b"", b"\0", b"BEGIN:VCALENDAR\r\n", calendar(11)[:-8], calendar(11)[:60], b"x" * 99])
def test_a_file_without_its_end_may_still_be_on_its_way(watch: Watch, data: bytes) -> None:
    watch.put(calendar(9))
    watch.look()
    watch.put(data, age=599)
    assert (watch.look(), watch.absences(), watch.tasks()) == ([], [9], [])
    watch.put(data, age=601)
    assert (watch.look(), watch.absences(), len(watch.tasks())) == ([("unread", 0)], [9], 1)
    watch.put(calendar(10))
    assert (watch.look(), watch.absences(), watch.tasks()) == ([("read", 0)], [10], [])


def test_a_file_that_has_just_changed_waits_for_the_next_round(watch: Watch) -> None:
    watch.put(calendar(9), age=0.5)
    assert (watch.look(), watch.absences()) == ([], [])


def test_a_file_from_the_future_is_not_waited_for(watch: Watch) -> None:
    watch.put(calendar(9), age=-3600)
    assert watch.look() == [("read", 0)]


def test_what_is_no_calendar_is_a_task_with_the_reason_and_empties_nothing(watch: Watch) -> None:
    watch.put(calendar(9))
    watch.look()
    watch.put(b"name,phone\nEND:VCALENDAR")
    assert (watch.look(), watch.absences()) == ([("unread", 0)], [9])
    with watch.clinic.database.read() as tx:
        row = tx.get_one(BusyFileRow, watch.clinic.practitioner_id)
    assert (watch.tasks(), row.outcome) == ([row.reason], "unread")


def test_parts_that_cannot_be_read_are_a_task_and_keep_their_last_time(watch: Watch) -> None:
    watch.put(calendar(9, 10))
    watch.look()
    watch.put(calendar(9) + calendar(10, more="RRULE:FREQ=NEVER\r\n"))
    assert (watch.look(), watch.absences()) == ([("partly", 1)], [9, 10])
    (note,) = watch.tasks()
    assert str(note).startswith("Parts of it cannot be read, 1 in all. The first: ")


def test_a_file_that_is_too_large_is_a_task(watch: Watch) -> None:
    watch.put(calendar(9) + b"\n" * MOST_BYTES + b"END:VCALENDAR")
    watch.file().touch()
    os.utime(watch.file(), (0, 0))
    assert (watch.look(), watch.tasks()) == ([("unread", 0)], ["The file is larger than 5 million bytes."])


def test_a_link_out_of_the_folder_is_not_followed(watch: Watch, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "secret.ics"
    outside.write_bytes(calendar(9))
    os.utime(outside, (0, 0))
    watch.file().symlink_to(outside)
    assert (watch.look(), watch.look(), watch.absences()) == ([("unread", 0)], [], [])
    assert watch.tasks() == ["It is a link, and links are not followed."]


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_a_pipe_or_a_folder_is_no_calendar(watch: Watch, make: Any) -> None:
    make(watch.file())
    assert (watch.look(), len(watch.tasks())) == ([("unread", 0)], 1)


def test_files_of_nobody_and_other_files_are_left_alone(watch: Watch) -> None:
    watch.put(calendar(9), resource_id=uuid4())
    for name in ("ada.ics", f"{watch.clinic.practitioner_id}.txt", f"{{{watch.clinic.practitioner_id}}}.ics", ".ics"):
        (watch.path / name).write_bytes(calendar(9))
    assert (watch.look(), watch.absences()) == ([], [])


def test_a_broken_file_of_one_does_not_keep_another_s_from_being_read(watch: Watch) -> None:
    watch.put(b"nonsense", age=9999, resource_id=watch.clinic.room_id)
    watch.put(calendar(9))
    assert sorted(watch.look()) == [("read", 0), ("unread", 0)]


def test_a_folder_that_is_not_there_is_no_trouble(watch: Watch) -> None:
    watch.folder = BusyFolder(watch.clinic.database, watch.clock, watch.path / "none")
    assert watch.look() == []


def test_a_file_that_is_gone_keeps_its_times_and_is_a_task_after_two_days(watch: Watch) -> None:
    watch.put(calendar(9))
    watch.look()
    watch.file().unlink()
    watch.clock.pass_time(2 * DAY - timedelta(seconds=1))
    assert (watch.look(), watch.tasks(), watch.absences()) == ([], [], [9])
    watch.clock.pass_time(timedelta(seconds=1))
    assert watch.tasks() == ["It was last read on 2026-03-02: its file is gone, or the worker does not run."]


def test_while_a_file_is_watched_no_upload_comes_between_and_afterwards_one_takes_over(watch: Watch) -> None:
    watch.put(calendar(9))
    watch.look()
    with pytest.raises(RuleBroken) as refused:
        watch.upload(calendar(10))
    assert (refused.value.code, watch.absences()) == ("calendar_is_watched", [9])
    watch.file().unlink()
    watch.clock.pass_time(2 * DAY)
    watch.upload(calendar(10))
    assert (watch.absences(), watch.tasks()) == ([10], [])


def test_two_workers_that_read_a_file_at_once_import_it_once(watch: Watch) -> None:
    reading = BusyReading.of(calendar(9), BERLIN, NOW)
    ada = watch.clinic.practitioner_id
    taken = [watch.clinic.do(lambda context: take_file(context, resource_id=ada, reading=reading)) for _ in range(2)]
    assert [one and one.outcome for one in taken] == ["read", None]
    assert (watch.absences(), len(traces(watch)[1])) == ([9], 1)


def test_the_worker_process_reads_the_folder_and_the_clash_is_a_task(watch: Watch, database_url: str) -> None:
    """The process goes by the real clock, so the event goes on for long."""
    series_id = desk_of(watch.clinic).course({1: 7})
    watch.put(calendar(9).replace(b"DTEND:2026", b"DTEND:2099"))
    environment = os.environ | {"DATABASE_URL": database_url, "ENVIRONMENT": "test", "BUSY_FOLDER": str(watch.path)}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker", "--once"]
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, ran.stdout) == (0, "")
    assert (watch.absences(), watch.tasks(TaskKind.CLASH)) == ([9], ["Ada is away."])
    assert desk_of(watch.clinic).dates(series_id) == {1: 7}
