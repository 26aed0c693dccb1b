"""The outbox however full: what the worker and the desk ask for is found by an index, on either engine."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import event, text, update
from sqlalchemy.orm import Session

from scheduler.operations.messages.call_list import list_calls
from scheduler.storage.database import Database
from scheduler.storage.outbox import due_patients
from scheduler.storage.rows import OutboxRow, OutboxState
from tests.support.clinic import open_clinic
from tests.support.desk import Desk, desk_of
from tests.support.full_outbox import fill_outbox
from tests.support.rows import NOW

FULL = 2_000


@pytest.fixture(scope="module")
def desk(module_database_url: str) -> Iterator[Desk]:
    """A desk whose outbox has many rows that were sent, many that wait for later, and one of each other kind."""
    database = Database(module_database_url)
    desk = desk_of(open_clinic(database))
    sent = fill_outbox(desk.clinic, FULL)
    fill_outbox(desk.clinic, FULL, NOW + timedelta(days=1))
    database.write(lambda tx: tx.execute(update(OutboxRow).where(OutboxRow.patient_id.in_(sent)).values(state="sent")))
    _set(desk, fill_outbox(desk.clinic, 1)[0], state=OutboxState.TO_CALL)
    fill_outbox(desk.clinic, 1)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    yield desk
    database.dispose()


def _set(desk: Desk, patient_id: object, **values: object) -> None:
    change = update(OutboxRow).where(OutboxRow.patient_id == patient_id).values(**values)
    desk.clinic.database.write(lambda tx: tx.execute(change))


def plans(desk: Desk, ask: Callable[[], object]) -> list[str]:
    """How the engine goes about each query that ``ask`` makes of the outbox."""
    asked: list[tuple[str, object]] = []
    engine = desk.clinic.database.engine

    def note(_connection: object, _cursor: object, statement: str, values: object, *_rest: object) -> None:
        if "FROM outbox" in statement:
            asked.append((statement, values))

    event.listen(engine, "before_cursor_execute", note)
    ask()
    event.remove(engine, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    with engine.connect() as connection:
        rows = [connection.exec_driver_sql(f"{explain} {words}", values) for words, values in asked]  # type: ignore[arg-type]
        return ["\n".join(str(row[-1]) for row in found) for found in rows]


def due(tx: Session) -> int:
    return len(due_patients(tx, NOW, 5))


def test_what_is_due_is_found_without_looking_at_the_rest(desk: Desk) -> None:
    assert desk.read(due) == 1
    (plan,) = plans(desk, lambda: desk.read(due))
    assert ("ix_outbox_state_due_at_id" in plan, "ix_outbox_leased_until" in plan) == (True, True)
    assert [word for word in ("SCAN outbox", "Seq Scan on outbox", "TEMP B-TREE") if word in plan] == []


def test_whom_to_call_is_found_without_looking_at_the_rest(desk: Desk) -> None:
    assert len(desk.do(list_calls).items) == 1
    (plan,) = plans(desk, lambda: desk.do(list_calls))
    assert "outbox_organisation_id_state" in plan or "outbox_state_due_at_id" in plan
