"""How the staff logs in, from the command line."""

import pytest

from scheduler.domain.access import Role
from scheduler.domain.refusals import NotFound
from scheduler.operations.staff.accounts import holder_of
from tests.support.accounts import account, enrolled, inside, log_in
from tests.support.clinic import Clinic
from tests.support.command_line import CommandLine
from tests.support.rows import NOW

ADDRESS = "http://localhost:8000/set-password/"


def login_behind(line: CommandLine, said: str) -> str:
    """The log-in name that the link on the last line belongs to."""
    address = said.strip().splitlines()[-1]
    assert address.startswith(ADDRESS)
    with line.database.read() as tx:
        return holder_of(tx, address.removeprefix(ADDRESS), NOW).login


def test_the_first_user_gets_a_name_and_a_link(line: CommandLine) -> None:
    words = ("--role", "manager", "--organisation", "Skin & Co", "--login", "Lena@Clinic.example")
    said = line.run("user", "add", "Lena Wolf", *words)
    assert (said.exit_code, login_behind(line, said.stdout)) == (0, "lena@clinic.example")


def test_another_user_gets_a_name_and_a_link(line: CommandLine, clinic: Clinic) -> None:
    said = line.run("user", "add", "Siân", "--role", "reception", "--login", "sian")
    assert login_behind(line, said.stdout) == "sian"
    assert said.stderr == "sian logs in. Until 2026-03-05 08:00 UTC this sets the password, once:\n"


def test_somebody_who_is_there_already_gets_a_name_and_fresh_links(line: CommandLine, clinic: Clinic) -> None:
    first = line.run("login", "name", "reception", "desk@clinic.example")
    second = line.run("login", "link", "reception")
    assert login_behind(line, second.stdout) == "desk@clinic.example"
    with pytest.raises(NotFound):
        login_behind(line, first.stdout)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("link", "reception"), "Error: This user has no log-in name yet.\n"),
        (("link", "Nobody"), "Error: There is no user called “Nobody”.\n"),
        (
            ("name", "reception", "a b"),
            "Error: A log-in name has 3 to 254 characters and no spaces. Use an e-mail address.\n",
        ),
    ],
)
def test_what_cannot_be_done_is_one_line(line: CommandLine, clinic: Clinic, words: tuple[str, ...], said: str) -> None:
    result = line.run("login", *words)
    assert (result.exit_code, result.stderr, result.stdout) == (1, said, "")


def test_somebody_is_logged_out_everywhere_and_loses_a_second_factor(line: CommandLine, clinic: Clinic) -> None:
    who = account(clinic, Role.MANAGER)
    made = log_in(who)
    enrolled(who)
    ended = line.run("login", "end", "manager")
    reset = line.run("login", "reset-second-factor", "manager")
    assert (ended.stdout, reset.exit_code, inside(who, made.secret)) == ("Log-ins ended: 1.\n", 0, None)
    assert log_in(who).stage == "open"
