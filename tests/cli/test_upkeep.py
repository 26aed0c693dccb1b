"""Backup, restore and check."""

import os
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from scheduler.operations.patients.patients import add_patient
from scheduler.storage.database import Database
from scheduler.storage.rows import PatientRow
from tests.support.clinic import Clinic
from tests.support.command_line import CommandLine
from tests.support.databases import Databases


def _patients(database: Database) -> int:
    with database.read() as tx:
        return tx.scalar(select(func.count()).select_from(PatientRow)) or 0


def _add(clinic: Clinic, name: str) -> None:
    clinic.do(lambda context: add_patient(context, name=name, phone="+49 30 1234567"))


def test_a_backup_brings_everything_back(line: CommandLine, clinic: Clinic, databases: Databases) -> None:
    for number in range(5):
        _add(clinic, f"Patient {number}")
    made = line.run("backup", "copy.bak")
    assert made.exit_code == 0, made.output
    empty = databases.new(line.database.engine.dialect.name, migrated=False)
    other = CommandLine.on(empty)
    restored = other.run("restore", "copy.bak")
    assert restored.exit_code == 0, restored.output
    assert _patients(other.database) == 5
    assert other.run("check").exit_code == 0
    other.database.dispose()
    databases.drop(empty)


def test_a_backup_while_clients_write_misses_nothing_acknowledged_before(
    line: CommandLine, clinic: Clinic, databases: Databases
) -> None:
    stop, written = threading.Event(), [0]

    def write() -> None:
        while not stop.is_set():
            _add(clinic, "Somebody")
            written[0] += 1

    writer = threading.Thread(target=write)
    writer.start()
    while written[0] < 10:
        time.sleep(0.01)
    before = written[0]
    made = line.run("backup", "busy.bak")
    stop.set()
    writer.join()
    assert made.exit_code == 0, made.output
    empty = databases.new(line.database.engine.dialect.name, migrated=False)
    other = CommandLine.on(empty)
    assert other.run("restore", "busy.bak").exit_code == 0
    assert before <= _patients(other.database) <= written[0]
    other.database.dispose()
    databases.drop(empty)


@pytest.mark.usefixtures("clinic")
def test_a_restore_replaces_only_when_told_to(line: CommandLine) -> None:
    assert line.run("backup", "copy.bak").exit_code == 0
    refused = line.run("restore", "copy.bak")
    assert refused.exit_code == 1
    assert "not empty" in refused.output
    assert line.run("restore", "copy.bak", "--force").exit_code == 0


def test_a_database_of_another_version_is_not_empty(line: CommandLine) -> None:
    assert line.run("backup", "copy.bak").exit_code == 0
    line.database.write(lambda tx: tx.execute(text("UPDATE alembic_version SET version_num = 'from before'")))
    refused = line.run("restore", "copy.bak")
    assert (refused.exit_code, "not empty" in refused.stderr) == (1, True)
    assert line.run("restore", "copy.bak", "--force").exit_code == 0


def test_a_sound_file_of_somebody_else_replaces_nothing(databases: Databases, tmp_path: Path) -> None:
    line = CommandLine.on(databases.new("sqlite"))
    with closing(sqlite3.connect(tmp_path / "bookmarks.sqlite")) as other:
        other.executescript("CREATE TABLE bookmarks (url TEXT); CREATE TABLE alembic_version (version_num TEXT)")
    refused = line.run("restore", str(tmp_path / "bookmarks.sqlite"), "--force")
    assert (refused.exit_code, "is no backup of this product" in refused.stderr) == (1, True)
    assert line.run("check").exit_code == 0
    line.database.dispose()


@pytest.mark.parametrize("words", [("backup",), ("restore", "--force")])
def test_the_database_is_not_its_own_backup(databases: Databases, words: tuple[str, ...]) -> None:
    line = CommandLine.on(databases.new("sqlite"))
    file = str(line.database.engine.url.database)
    refused = line.run(*words, file)
    assert (refused.exit_code, "is the database itself" in refused.stderr) == (1, True)
    assert line.run("check").exit_code == 0
    line.database.dispose()


def test_a_backup_is_for_its_owner_only_and_leaves_nothing_beside_it(line: CommandLine, tmp_path: Path) -> None:
    assert line.run("backup", "copy #1?.bak").exit_code == 0
    assert [(file.name, file.stat().st_mode & 0o777) for file in tmp_path.glob("copy*")] == [("copy #1?.bak", 0o600)]
    assert line.run("restore", "copy #1?.bak").exit_code == 0


def test_a_folder_that_is_not_there_is_one_line(line: CommandLine) -> None:
    refused = line.run("backup", "nowhere/copy.bak")
    assert (refused.exit_code, len(refused.stderr.splitlines())) == (1, 1)


def test_what_is_no_backup_is_refused_in_one_line(line: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "noise.bak").write_bytes(os.urandom(4096))
    for file in ("noise.bak", "absent.bak"):
        refused = line.run("restore", file)
        assert refused.exit_code == 1
        assert len(refused.output.strip().splitlines()) == 1
    assert line.run("check").exit_code == 0


def test_the_check_finds_a_constraint_that_is_gone(line: CommandLine) -> None:
    drop = "DROP TRIGGER claims_insert"
    if not line.database.is_sqlite:
        drop = "ALTER TABLE claims DROP CONSTRAINT ex_claims_no_overlap"
    line.database.write(lambda tx: tx.execute(text(drop)))
    found = line.run("check")
    assert found.exit_code == 1
    assert "let through" in found.output
