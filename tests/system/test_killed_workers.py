"""`kill -9` of the worker while it sends: nothing is lost, and what comes twice is the same to the byte."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from scheduler.storage.database import Database
from scheduler.storage.rows import OutboxRow, OutboxState, ToldRow
from tests.support.clinic import Clinic, open_clinic
from tests.support.full_outbox import fill_outbox
from tests.support.mail_server import ACCEPTED, MailServer, mail_in, mail_server
from tests.support.size import sized

pytestmark = pytest.mark.system
ROOT = Path(__file__).parents[2]
MESSAGES = sized(small=60, full=500)
KILLS = sized(small=3, full=20)
BETWEEN_KILLS = MESSAGES // (KILLS + 1)
"""Mails that reach the server before the next kill."""
PATIENCE = 120.0


@pytest.fixture
def clinic(database_url: str) -> Iterator[Clinic]:
    database = Database(database_url)
    yield open_clinic(database)
    database.dispose()


def worker(url: str, mails: MailServer) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    ours = {"DATABASE_URL": url, "SMTP_URL": mails.url, "LOG_LEVEL": "ERROR", "ENVIRONMENT": "test"}
    return subprocess.Popen(command, cwd=ROOT, env=os.environ | ours)


def waiting(clinic: Clinic) -> int:
    query = select(func.count()).select_from(OutboxRow).where(OutboxRow.state == OutboxState.WAITING)
    with clinic.database.read() as tx:
        return tx.scalar(query) or 0


def until(mails: MailServer, number: int) -> None:
    end = time.monotonic() + PATIENCE
    while len(mails.received) < number and time.monotonic() < end:
        time.sleep(0.002)
    assert len(mails.received) >= number


def let_leases_run_out(clinic: Clinic) -> None:
    """What takes five minutes otherwise."""
    now = datetime.now(UTC)
    ended = update(OutboxRow).where(OutboxRow.leased_until > now).values(leased_until=now)
    clinic.database.write(lambda tx: tx.execute(ended))


def test_no_message_is_lost_and_duplicates_are_the_same(clinic: Clinic, database_url: str) -> None:
    fill_outbox(clinic, MESSAGES, datetime.now(UTC) - timedelta(minutes=3))
    with mail_server() as mails:
        killed_while_it_answered = _killed_again_and_again(clinic, database_url, mails)
        last = worker(database_url, mails)
        end = time.monotonic() + PATIENCE
        while waiting(clinic) and time.monotonic() < end:
            let_leases_run_out(clinic)
            time.sleep(0.2)
        last.send_signal(signal.SIGTERM)
        assert last.wait(PATIENCE) == 0
    _prove(clinic, mails)
    assert killed_while_it_answered, "no kill hit a message, so this run proves little"


def _killed_again_and_again(clinic: Clinic, url: str, mails: MailServer) -> int:
    """Each worker dies between the mail's arrival and the note of it, when its answer is being written."""
    hits = 0
    for number in range(KILLS):
        victim = worker(url, mails)
        fatal = (number + 1) * BETWEEN_KILLS

        def answer(_: bytes, victim: subprocess.Popen[bytes] = victim, fatal: int = fatal) -> str:
            if len(mails.received) + 1 == fatal:
                victim.kill()
            return ACCEPTED

        mails.answer = answer
        until(mails, fatal)
        victim.kill()
        hits += victim.wait(PATIENCE) == -signal.SIGKILL
        let_leases_run_out(clinic)
    mails.answer = lambda _: ACCEPTED
    return hits


def _prove(clinic: Clinic, mails: MailServer) -> None:
    by_recipient: dict[str, list[bytes]] = defaultdict(list)
    for content in mails.received:
        by_recipient[str(mail_in(content)["To"].addresses[0].addr_spec)].append(content)
    assert sorted(by_recipient) == sorted(f"patient{n}@example.org" for n in range(MESSAGES))
    assert [to for to, contents in by_recipient.items() if len(set(contents)) > 1] == []
    duplicates = Counter(len(contents) for contents in by_recipient.values())
    sys.stdout.write(f"{MESSAGES} messages, {KILLS} kills: {len(mails.received)} mails, copies {dict(duplicates)}\n")
    identities = {_identity(contents[0]) for contents in by_recipient.values()}
    assert len(identities) == MESSAGES
    with clinic.database.read() as tx:
        states = Counter(tx.scalars(select(OutboxRow.state)))
        told = tx.scalar(select(func.count()).select_from(ToldRow))
    assert (states, told) == ({OutboxState.SENT: MESSAGES}, MESSAGES)


def _identity(content: bytes) -> tuple[str, str, str]:
    """Message-ID, UID and SEQUENCE."""
    mail = mail_in(content)
    calendar = next(part.get_content() for part in mail.walk() if part.get_content_type() == "text/calendar")
    lines = dict(line.partition(":")[::2] for line in calendar.splitlines())
    return str(mail["Message-ID"]), lines["UID"], lines["SEQUENCE"]
