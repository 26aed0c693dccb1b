"""The demo's commands: loaded once, shown again and again, removed, and never mixed with real data."""

import os
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from scheduler.demo.access_card import card_path, read_card
from scheduler.demo.opening import open_demo
from scheduler.domain.access import Role
from scheduler.operations.demos import demo_user
from scheduler.operations.staff.attempts import Origin, attempt_login
from scheduler.operations.staff.hashes import is_right
from scheduler.operations.staff.tokens import bearer_of_secret
from scheduler.storage.rows import OrganisationRow, PatientRow
from scheduler.storage.schema import probe
from tests.support.clinic import Clinic
from tests.support.command_line import CommandLine
from tests.support.databases import Databases
from tests.support.rows import NOW


def count(line: CommandLine, row: Any) -> int:
    with line.database.read() as tx:
        return tx.scalar(select(func.count()).select_from(row)) or 0


def card(line: CommandLine) -> Path:
    return card_path(line.database.engine.url.render_as_string(hide_password=False))


def on_a_demo(url: str) -> CommandLine:
    line = CommandLine.on(url)
    said = line.run("demo", "load", "--small", "--if-empty")
    assert (said.exit_code, said.stderr) == (0, "")
    return line


@pytest.fixture(scope="module")
def loaded(databases: Databases) -> Iterator[CommandLine]:
    """A small demo that the tests of this module share."""
    url = databases.new("sqlite")
    line = on_a_demo(url)
    yield line
    line.database.dispose()
    databases.drop(url)


def test_a_demo_is_shown_the_same_each_time_and_its_tokens_work(loaded: CommandLine) -> None:
    first, second = (loaded.run("demo", "show") for _ in range(2))
    tokens = [word for word in first.stdout.split() if word.startswith("interval_")]
    with loaded.database.read() as tx:
        roles = [bearer.actor.roles for token in tokens if (bearer := bearer_of_secret(tx, token, NOW))]
    assert (first.exit_code, first.stdout) == (0, second.stdout)
    assert roles == [{Role.RECEPTION}, {Role.PRACTITIONER}, {Role.PRACTITIONER}, {Role.MANAGER}]
    assert "http://localhost:8000/feeds/" in first.stdout


def test_the_accounts_that_are_shown_log_in(loaded: CommandLine) -> None:
    said = loaded.run("demo", "show").stdout
    logins = list(dict.fromkeys(re.findall(r"\S+@demo\.example", said)))
    (password,) = re.findall(r"The password of each: (.+)", said)
    come_from = Origin(None, "192.0.2.7", "Firefox")
    attempts = [
        loaded.database.write(lambda tx, login=login: attempt_login(tx, login, come_from, "key", NOW))  # type: ignore[misc]
        for login in logins
    ]
    assert (len(logins), [is_right(one.kept, password) for one in attempts]) == (4, [True] * 4)
    with loaded.database.read() as tx:
        roles = {role: demo_user(tx, role) for role in (Role.RECEPTION, Role.PRACTITIONER, Role.MANAGER)}
    assert set(roles.values()) <= {one.user_id for one in attempts}
    assert len(set(roles.values())) == 3


def test_the_feed_that_is_shown_opens(loaded: CommandLine) -> None:
    said = loaded.run("demo", "show").stdout
    path = next(word for word in said.split() if word.endswith(".ics")).removeprefix("http://localhost:8000")
    answer = loaded.app.test_client().get(path)
    assert (answer.status_code, answer.text.count("BEGIN:VEVENT") > 0) == (200, True)


def test_the_tokens_are_for_their_owner_only(loaded: CommandLine) -> None:
    assert stat.S_IMODE(os.stat(card(loaded)).st_mode) == 0o600


def test_a_second_load_is_refused_or_does_nothing(loaded: CommandLine) -> None:
    patients = count(loaded, PatientRow)
    refused, quiet = loaded.run("demo", "load"), loaded.run("demo", "load", "--if-empty")
    assert (refused.exit_code, refused.stderr) == (
        1,
        "Error: The database is not empty. A demo can be removed with: demo clear.\n",
    )
    assert (quiet.exit_code, quiet.output, count(loaded, PatientRow)) == (0, "", patients)


def test_a_cleared_demo_leaves_nothing_and_the_constraints_still_bite(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    line = on_a_demo(database_url)
    said = line.run("demo", "clear", answers="y\n")
    assert (said.exit_code, count(line, OrganisationRow), card(line).exists()) == (0, 0, False)
    probe(line.database)
    assert line.run("check").exit_code == 0
    line.database.dispose()


def test_a_demo_is_not_cleared_without_consent(loaded: CommandLine) -> None:
    said = loaded.run("demo", "clear", answers="n\n")
    assert (said.exit_code, count(loaded, OrganisationRow)) == (1, 1)


def test_real_data_is_neither_mixed_with_a_demo_nor_cleared(line: CommandLine, clinic: Clinic) -> None:
    refused, quiet = line.run("demo", "load"), line.run("demo", "load", "--if-empty")
    cleared = line.run("demo", "clear", "--yes")
    assert [said.exit_code for said in (refused, quiet, cleared)] == [1, 0, 1]
    assert cleared.stderr == "Error: There is more than a demo in this database. Nothing has been removed.\n"
    assert count(line, OrganisationRow) == 1


def test_a_load_that_was_interrupted_begins_anew(line: CommandLine) -> None:
    half_made = open_demo(line.database, NOW, seed=1).organisation_id
    assert line.run("demo", "load").exit_code == 1
    said = line.run("demo", "load", "--small", "--if-empty")
    assert (said.exit_code, count(line, OrganisationRow)) == (0, 1)
    assert read_card(card(line)).organisation_id != half_made


def test_production_gets_no_demo(database_url: str) -> None:
    keys = {"secret_key": "8d1f0a6c5b7e4923" * 3, "link_key": "1b5f7c9e3d2a8046" * 3}
    line = CommandLine.on(database_url, environment="production", public_url="https://clinic.example", **keys)
    said = line.run("demo", "load")
    assert (said.exit_code, count(line, OrganisationRow)) == (1, 0)
    line.database.dispose()


def test_without_a_demo_there_is_nothing_to_show(line: CommandLine) -> None:
    said = line.run("demo", "show")
    assert (said.exit_code, said.stderr) == (1, "Error: There is no demo clinic here. Load it with: demo load.\n")


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_text("{"), lambda path: path.write_text("[]")])
def test_tokens_that_are_lost_are_said_to_be_lost(loaded: CommandLine, spoil: Callable[[Path], object]) -> None:
    kept = card(loaded).read_text()
    spoil(card(loaded))
    said = loaded.run("demo", "show")
    card(loaded).write_text(kept)
    assert (said.exit_code, "Make new tokens with" in said.stderr, len(said.stderr.splitlines())) == (1, True, 1)


def test_a_database_that_is_not_up_to_date_is_one_line(databases: Databases) -> None:
    url = databases.new("sqlite", migrated=False)
    line = CommandLine.on(url)
    said = line.run("demo", "load")
    assert (said.exit_code, said.stderr) == (1, "Error: The database is not up to date. Run: alembic upgrade head\n")
    line.database.dispose()
