"""The audit trail is append-only in the database itself; what names a person lies apart and can be emptied."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from scheduler.storage.database import Database
from scheduler.storage.rows import AuditPersonalRow, AuditRow, OrganisationRow
from tests.support.rows import NOW

PATIENT = uuid4()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database with three audit rows."""
    database = Database(database_url)
    database.write(lambda tx: [note(tx, f"deed {n}") for n in range(3)])
    yield database
    database.dispose()


def note(tx: Session, action: str) -> int:
    known = tx.scalar(select(OrganisationRow.id))
    organisation = known or tx.execute(insert(OrganisationRow).values(id=uuid4(), name="Skin")).inserted_primary_key[0]
    row = AuditRow(organisation_id=UUID(str(organisation)), at=NOW, actor_id=uuid4(), action=action, facts={})
    row.about, row.about_id = "series", uuid4()
    tx.add(row)
    tx.flush()
    personal = {"audit_number": row.number, "patient_id": PATIENT, "values": {"name": "Zoë"}}
    tx.execute(insert(AuditPersonalRow).values(**personal))
    return row.number


def actions(database: Database) -> list[tuple[int, str]]:
    with database.read() as tx:
        return [tuple(row) for row in tx.execute(select(AuditRow.number, AuditRow.action).order_by(AuditRow.number))]


UNTOUCHED = [(1, "deed 0"), (2, "deed 1"), (3, "deed 2")]
ATTEMPTS: dict[str, Callable[[Session], Any]] = {
    "change one": lambda tx: tx.execute(update(AuditRow).where(AuditRow.number == 2).values(action="nothing")),
    "change all": lambda tx: tx.execute(update(AuditRow).values(reason="tidied")),
    "delete one": lambda tx: tx.execute(delete(AuditRow).where(AuditRow.number == 2)),
    "delete all": lambda tx: (tx.execute(delete(AuditPersonalRow)), tx.execute(delete(AuditRow))),
}


@pytest.mark.parametrize("attempt", sorted(ATTEMPTS))
def test_what_is_written_stays(database: Database, attempt: str) -> None:
    with pytest.raises(IntegrityError, match="audit_append_only"):
        database.write(ATTEMPTS[attempt])
    assert actions(database) == UNTOUCHED


def test_no_row_is_replaced_in_passing(database: Database) -> None:
    copied = "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE number = 2"
    wholesale = copied if database.is_sqlite else "TRUNCATE audit CASCADE"
    with pytest.raises(DBAPIError, match="audit_append_only"):
        database.write(lambda tx: tx.execute(text(wholesale)))
    assert actions(database) == UNTOUCHED


def test_the_trail_goes_on_after_an_attempt(database: Database) -> None:
    with pytest.raises(IntegrityError):
        database.write(ATTEMPTS["change all"])
    database.write(lambda tx: note(tx, "deed 3"))
    assert actions(database) == [*UNTOUCHED, (4, "deed 3")]


def test_personal_values_can_be_emptied(database: Database) -> None:
    of_patient = AuditPersonalRow.patient_id == PATIENT
    database.write(lambda tx: tx.execute(update(AuditPersonalRow).where(of_patient).values(values={})))
    with database.read() as tx:
        assert list(tx.scalars(select(AuditPersonalRow.values))) == [{}, {}, {}]
