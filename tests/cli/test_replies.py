"""Taking replies from a pipe and from a maildir: what the mail server is told, and what a kill leaves behind."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import select

from scheduler.calendars.reading.mail import MOST_BYTES
from scheduler.storage.rows import PatientAnswer, ReplyOutcome, ReplyRow, UserRow
from scheduler.worker.replies import Replies
from tests.support.clinic import Clinic
from tests.support.command_line import CommandLine
from tests.support.desk import desk_of
from tests.support.invitations import LATER, Invitation, invite
from tests.support.together import together

Pipe = Callable[[bytes], Result]


@pytest.fixture
def visit(line: CommandLine, clinic: Clinic) -> Invitation:
    line.clock.now = LATER
    desk = desk_of(clinic)
    return invite(desk, desk.visit(desk.patient(), 3, "consultation"), line.app.extensions["interval"].link_key)


@pytest.fixture
def pipe(line: CommandLine) -> Pipe:
    """The command as a mail server calls it."""
    return lambda data: line.app.test_cli_runner().invoke(line.app.cli, ["reply"], input=data)


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    for name in ("new", "cur", "tmp"):
        (tmp_path / "mail" / name).mkdir(parents=True)
    return tmp_path / "mail"


def names(maildir: Path) -> tuple[list[str], list[str]]:
    """What is in ``new`` and in ``cur``."""
    return sorted(os.listdir(maildir / "new")), sorted(os.listdir(maildir / "cur"))


def outcomes(line: CommandLine) -> list[ReplyOutcome]:
    with line.database.read() as tx:
        return list(tx.scalars(select(ReplyRow.outcome).order_by(ReplyRow.id)))


def test_a_message_from_the_pipe_is_applied_by_the_command_line_s_user(visit: Invitation, pipe: Pipe) -> None:
    done = pipe(visit.mail("DECLINED"))
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "applied.\n")
    assert visit.row.patient_answer is PatientAnswer.DECLINED


def test_what_counts_for_nothing_is_taken_as_well_so_that_nobody_gets_it_back(
    line: CommandLine, visit: Invitation, pipe: Pipe
) -> None:
    for data in (b"", visit.mail(to="visits@clinic.example"), visit.mail(sequence=7), visit.mail() + b" " * MOST_BYTES):
        assert pipe(data).exit_code == 0
    assert outcomes(line) == [
        ReplyOutcome.REFUSED,
        ReplyOutcome.REFUSED,
        ReplyOutcome.QUARANTINED,
        ReplyOutcome.REFUSED,
    ]
    assert "The message is larger than 1,024 KiB." in pipe(b" " * 2 * MOST_BYTES).stderr


def test_the_mail_server_keeps_what_cannot_be_stored_now(line: CommandLine, pipe: Pipe) -> None:
    nobody = pipe(b"Hello")
    assert (nobody.exit_code, "There is no organisation yet." in nobody.stderr) == (75, True)


def test_the_mail_server_keeps_mail_while_the_database_is_away(tmp_path: Path) -> None:
    away = CommandLine.on(f"sqlite:///{tmp_path}/nowhere/interval.sqlite3")
    done = away.app.test_cli_runner().invoke(away.app.cli, ["reply"], input=b"Hello")
    assert (done.exit_code, done.stdout) == (75, "")
    assert "Traceback" not in done.stderr


def test_new_messages_of_a_maildir_are_taken_in_order_and_put_away(
    line: CommandLine, visit: Invitation, maildir: Path
) -> None:
    (maildir / "new" / "2.b").write_bytes(visit.mail("ACCEPTED", stamp="20260302T093000Z"))
    (maildir / "new" / "1.a").write_bytes(visit.mail("DECLINED"))
    (maildir / "new" / "3.c:2,").write_bytes(b"Hello")
    done = line.run("replies", str(maildir))
    assert done.exit_code == 0
    assert [words.split(" ", 1)[1] for words in done.output.splitlines()] == [
        "applied.",
        "applied.",
        "refused. The message has no calendar part.",
    ]
    assert names(maildir) == ([], ["1.a:2,S", "2.b:2,S", "3.c:2,S"])
    assert visit.row.patient_answer is PatientAnswer.ACCEPTED


def test_a_message_that_a_kill_left_behind_repeats_nothing(line: CommandLine, visit: Invitation, maildir: Path) -> None:
    for _ in range(2):
        (maildir / "new" / "1.a").write_bytes(visit.counter("DTSTART:20260306T130000Z"))
        line.run("replies", str(maildir))
    assert outcomes(line) == [ReplyOutcome.APPLIED, ReplyOutcome.REPEATED]
    assert (len(visit.requests), names(maildir)) == (1, ([], ["1.a:2,S"]))


def test_a_message_stays_until_it_is_stored(line: CommandLine, maildir: Path) -> None:
    (maildir / "new" / "1.a").write_bytes(b"Hello")
    assert line.run("replies", str(maildir)).exit_code == 1  # there is no organisation yet
    assert names(maildir) == (["1.a"], [])


def test_nothing_but_ordinary_files_is_read(line: CommandLine, visit: Invitation, maildir: Path) -> None:
    (maildir / "elsewhere").write_bytes(visit.mail())
    (maildir / "new" / "1.link").symlink_to(maildir / "elsewhere")
    os.mkfifo(maildir / "new" / "2.pipe")
    (maildir / "new" / "3.folder").mkdir()
    (maildir / "new" / ".hidden").write_bytes(visit.mail())
    done = line.run("replies", str(maildir))
    assert (done.exit_code, done.output, outcomes(line)) == (0, "", [])


def test_the_worker_takes_new_messages_as_itself_and_says_how_many(
    line: CommandLine, visit: Invitation, maildir: Path
) -> None:
    worker = Replies(line.database, line.clock, visit.key, maildir)
    assert worker.once(lambda: False) == 0
    for name in ("1.a", "2.b"):
        (maildir / "new" / name).write_bytes(visit.mail())
    assert worker.once(lambda: True) == 0
    assert worker.once(lambda: False) == 2
    assert outcomes(line) == [ReplyOutcome.APPLIED, ReplyOutcome.REPEATED]
    with line.database.read() as tx:
        assert "Worker" in tx.scalars(select(UserRow.name)).all()


def test_two_workers_at_one_maildir_take_each_message_and_apply_it_once(
    line: CommandLine, visit: Invitation, maildir: Path
) -> None:
    for number in range(8):
        (maildir / "new" / f"{number}").write_bytes(visit.counter("DTSTART:20260306T130000Z"))
    workers = [Replies(line.database, line.clock, visit.key, maildir) for _ in range(2)]
    taken = together([lambda worker=worker: worker.once(lambda: False) for worker in workers])  # type: ignore[misc]
    assert len(outcomes(line)) == sum(taken) >= 8
    assert outcomes(line).count(ReplyOutcome.APPLIED) == len(visit.requests) == 1
    assert names(maildir) == ([], [f"{number}:2,S" for number in range(8)])


def test_the_worker_goes_on_without_its_maildir(line: CommandLine, clinic: Clinic, tmp_path: Path) -> None:
    assert Replies(line.database, line.clock, "key", tmp_path / "gone").once(lambda: False) == 0


def test_a_round_of_the_worker_takes_the_maildir_of_the_settings(
    database_url: str, visit: Invitation, maildir: Path
) -> None:
    worker = CommandLine.on(database_url, replies_maildir=maildir)
    worker.clock.now = LATER
    (maildir / "new" / "1.a").write_bytes(visit.mail())
    assert worker.run("worker", "--once").exit_code == 0
    worker.database.dispose()
    assert (visit.row.patient_answer, names(maildir)) == (PatientAnswer.ACCEPTED, ([], ["1.a:2,S"]))
