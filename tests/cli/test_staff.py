"""Users, tokens and links, from the command line."""

import re

import pytest

from scheduler.domain.access import Role
from scheduler.domain.contact import CalendarBy
from scheduler.operations.patients.patients import Patient, add_patient
from scheduler.operations.staff.staff import StaffMember, list_users
from scheduler.operations.staff.tokens import bearer_of_secret
from scheduler.storage.feeds import find_owner, hash_of
from scheduler.storage.rows import OrganisationRow
from tests.support.clinic import Clinic
from tests.support.command_line import CommandLine
from tests.support.rows import NOW


def last_line(said: str) -> str:
    return said.strip().splitlines()[-1]


def identifier(said: str) -> str:
    found = re.search(r"[0-9a-f-]{36}", said)
    assert found
    return found[0]


def staff(clinic: Clinic) -> dict[str, StaffMember]:
    return {user.name: user for user in clinic.do(list_users, Role.MANAGER)}


def test_the_first_user_sets_up_an_organisation_with_its_catalogue(line: CommandLine) -> None:
    said = line.run("user", "add", "Lena Wolf", "--role", "manager", "--organisation", "Skin & Co")
    with line.database.read() as tx:
        names = tx.query(OrganisationRow.name).all()
    assert (said.exit_code, said.stdout.split(" is user ")[0], names) == (
        0,
        "Skin & Co is set up. Lena Wolf",
        [("Skin & Co",)],
    )


@pytest.mark.parametrize("words", [("--role", "reception", "--organisation", "Skin"), ("--role", "manager")])
def test_the_first_user_must_be_a_manager_of_something(line: CommandLine, words: tuple[str, ...]) -> None:
    said = line.run("user", "add", "Lena", *words)
    assert (said.exit_code, said.stdout, len(said.stderr.splitlines())) == (1, "", 1)


def test_another_user_joins_the_only_organisation(line: CommandLine, clinic: Clinic) -> None:
    said = line.run("user", "add", "Siân", "--role", "reception", "--role", "practitioner", "--practitioner", "ada")
    added = staff(clinic)["Siân"]
    assert said.exit_code == 0
    assert (added.roles, added.resource_id) == ({Role.RECEPTION, Role.PRACTITIONER}, clinic.practitioner_id)


def test_an_unknown_practitioner_is_one_line_and_nobody_is_added(line: CommandLine, clinic: Clinic) -> None:
    said = line.run("user", "add", "Siân", "--role", "practitioner", "--practitioner", "Nobody")
    assert (said.exit_code, said.stderr) == (1, "Error: There is no resource called “Nobody”.\n")
    assert "Siân" not in staff(clinic)


def test_a_role_that_does_not_exist_is_a_misuse(line: CommandLine, clinic: Clinic) -> None:
    assert line.run("user", "add", "Siân", "--role", "king").exit_code == 2


def test_a_token_is_shown_once_and_works_until_it_is_revoked(line: CommandLine, clinic: Clinic) -> None:
    made = line.run("token", "create", "reception", "--role", "reception")
    secret = last_line(made.stdout)
    with line.database.read() as tx:
        bearer = bearer_of_secret(tx, secret, NOW)
    revoked = line.run("token", "revoke", identifier(made.stderr))
    with line.database.read() as tx:
        assert (bearer and bearer.actor.roles, bearer_of_secret(tx, secret, NOW)) == ({Role.RECEPTION}, None)
    assert (made.exit_code, revoked.exit_code) == (0, 0)


def test_a_leaked_token_is_revoked_by_what_was_found(line: CommandLine, clinic: Clinic) -> None:
    assert line.run("token", "revoke", clinic.tokens[Role.MANAGER]).exit_code == 0
    again = line.run("token", "revoke", clinic.tokens[Role.MANAGER])
    assert (again.exit_code, again.stderr) == (1, "Error: There is no such token, or it no longer works.\n")


def test_a_token_expires_on_the_day_that_was_given(line: CommandLine, clinic: Clinic) -> None:
    made = line.run("token", "create", "manager", "--role", "manager", "--expires", "2026-03-04")
    with line.database.read() as tx:
        days = [bearer_of_secret(tx, last_line(made.stdout), NOW.replace(day=day)) is not None for day in (3, 4)]
    assert days == [True, False]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("reception", "--role", "manager"), 1, "Error: This user is not manager.\n"),
        (("Nobody", "--role", "manager"), 1, "Error: There is no user called “Nobody”.\n"),
        (
            ("manager", "--role", "manager", "--expires", "2020-01-01"),
            1,
            "Error: A token must expire in the future.\n",
        ),
    ],
)
def test_a_token_that_cannot_be_made_is_one_line(
    line: CommandLine, clinic: Clinic, words: tuple[str, ...], code: int, said: str
) -> None:
    result = line.run("token", "create", *words)
    assert (result.exit_code, result.stderr, result.stdout) == (code, said, "")


def test_a_date_that_is_none_is_a_misuse(line: CommandLine, clinic: Clinic) -> None:
    assert line.run("token", "create", "manager", "--role", "manager", "--expires", "soon").exit_code == 2


def patient(clinic: Clinic, name: str = "Łucja Żak", phone: str = "+44 7700 900001") -> Patient:
    return clinic.do(lambda context: add_patient(context, name=name, phone=phone)).patient


@pytest.mark.parametrize("meant", ["lucja", "7700 900001", "{id}"])
def test_a_link_is_issued_for_a_patient_however_named_and_revoked(
    line: CommandLine, clinic: Clinic, meant: str
) -> None:
    made = line.run("link", "issue", meant.format(id=patient(clinic).id))
    address = last_line(made.stdout)
    token = address.removeprefix("http://localhost:8000/feeds/").removesuffix(".ics")
    with line.database.read() as tx:
        known = find_owner(tx, hash_of(token)) is not None
    revoked = line.run("link", "revoke", identifier(made.stderr))
    assert (made.exit_code, known, revoked.exit_code) == (0, True, 0)


def test_a_word_that_fits_two_patients_names_both(line: CommandLine, clinic: Clinic) -> None:
    for name in ("Ada Young", "Ada Old"):
        patient(clinic, name)
    said = line.run("link", "issue", "ada")
    assert (said.exit_code, said.stderr) == (
        1,
        "Error: There are several to choose from as patient called “ada”: Ada Old (+44 7700 900001), "
        "Ada Young (+44 7700 900001). Name one of them, by identifier if need be.\n",
    )


def test_nobody_is_found_in_one_line(line: CommandLine, clinic: Clinic) -> None:
    said = line.run("link", "issue", "Nobody")
    assert (said.exit_code, said.stderr) == (1, "Error: No patient is found by “Nobody”.\n")


def test_without_an_organisation_every_command_says_how_to_begin(line: CommandLine) -> None:
    said = line.run("token", "create", "manager", "--role", "manager")
    assert (said.exit_code, said.stderr) == (
        1,
        "Error: There is no organisation yet. "
        "Add its first manager: user add NAME --role manager --organisation NAME.\n",
    )


@pytest.mark.parametrize(
    ("words", "kind"), [(("--of", "resource", "ada"), "resource"), (("--of", "clinic", "Main street"), "clinic")]
)
def test_a_link_is_issued_to_the_calendars_of_the_staff(
    line: CommandLine, clinic: Clinic, words: tuple[str, ...], kind: str
) -> None:
    levels = []
    for more in ((), ("--names",)):
        made = line.run("link", "issue", *words, *more)
        assert made.exit_code == 0, made.stderr
        address = last_line(made.stdout)
        with line.database.read() as tx:
            owner = find_owner(tx, hash_of(address.rsplit("/", 1)[1].removesuffix(".ics")))
        assert owner
        assert (owner.kind, owner.id) == (kind, clinic.clinic_id if kind == "clinic" else clinic.practitioner_id)
        levels.append(owner.privacy.value)
    assert levels == ["discreet", "detailed"]


def test_a_patient_who_gets_invitations_gets_no_link(line: CommandLine, clinic: Clinic) -> None:
    chosen = {"email": "lucja@clinic.example", "calendar_by": CalendarBy.INVITATIONS}
    clinic.do(lambda context: add_patient(context, name="Łucja Żak", **chosen))
    said = line.run("link", "issue", "lucja")
    assert (said.exit_code, said.stderr.splitlines()[0]) == (
        1,
        "Error: This patient gets invitations by mail, and a link would show every visit twice. Change how "
        "appointments reach the patient's calendar to the feed, then issue the link.",
    )
