"""The first run makes a manager in an empty database, and only there."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from scheduler.domain.access import Role
from scheduler.domain.refusals import Invalid, RuleBroken
from scheduler.operations.staff.first_run import FirstManager, set_up_first
from scheduler.operations.staff.logins import roles_of
from scheduler.storage.database import Database
from scheduler.storage.rows import AccountRow, CatalogueEntryRow, OrganisationRow
from tests.support.accounts import HASH
from tests.support.clinic import open_clinic
from tests.support.rows import NOW
from tests.support.together import together

LENA = FirstManager(" Skin & Co ", " Lena Wolf ", "Lena@Clinic.example")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()


def begun(database: Database, first: FirstManager = LENA) -> str | None:
    """The code of what was refused, or ``None``."""
    try:
        database.write(lambda tx: set_up_first(tx, first, password_hash=HASH, now=NOW))
    except (RuleBroken, Invalid) as refused:
        return refused.code
    return None


def test_the_first_one_becomes_manager_of_an_organisation_with_its_catalogue(database: Database) -> None:
    assert begun(database) is None
    with database.read() as tx:
        account = tx.scalars(select(AccountRow)).one()
        assert (account.login, account.password_hash, roles_of(tx, account.user_id)) == (
            "lena@clinic.example",
            HASH,
            {Role.MANAGER},
        )
        assert tx.scalars(select(OrganisationRow.name)).all() == ["Skin & Co"]
        assert tx.scalars(select(CatalogueEntryRow.id).limit(1)).all() != []


def test_of_many_at_once_one_is_first(database: Database) -> None:
    outcomes = together([lambda: begun(database)] * 6)
    assert sorted(outcomes, key=str) == [None, *["set_up_already"] * 5]


def test_where_there_is_an_organisation_nobody_is_first(database: Database) -> None:
    open_clinic(database)
    assert begun(database) == "set_up_already"


@pytest.mark.parametrize(
    ("first", "code"),
    [
        (FirstManager(" ", "Lena", "lena@clinic.example"), "name_missing"),
        (FirstManager("Skin", "", "lena@clinic.example"), "name_missing"),
        (FirstManager("Skin", "Lena", "a b"), "login_unfit"),
    ],
)
def test_names_are_needed_and_nothing_stays_without_them(database: Database, first: FirstManager, code: str) -> None:
    assert begun(database, first) == code
    with database.read() as tx:
        assert tx.scalars(select(OrganisationRow.id)).all() == []
