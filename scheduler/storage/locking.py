"""Locks: patients by id first, then resources by id. Always in this order, so that no two writers wait in a circle.

SQLite has one writer at a time, which is the same lock for everything; there nothing is asked.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import BindParameter, Select, select, text
from sqlalchemy.orm import Session

from scheduler.storage.rows import PatientRow, ResourceRow, table

Lockable = type[PatientRow] | type[ResourceRow]
RESOURCES_LOCKED = "resources_locked"


def lock_patients(tx: Session, ids: Collection[UUID]) -> None:
    """Hold these patients until the transaction ends: spacing and holds are decided under this lock.

    Raises ``RuntimeError`` once resources are locked, for that order makes writers wait in a circle.
    """
    if tx.info.get(RESOURCES_LOCKED):
        raise RuntimeError("patients must be locked before resources")
    _lock(tx, PatientRow, ids)


def lock_resources(tx: Session, ids: Collection[UUID]) -> None:
    """Hold these resources until the transaction ends: their hours, absences and claims stand still."""
    tx.info[RESOURCES_LOCKED] = True
    _lock(tx, ResourceRow, ids)


def lock_organisations(tx: Session) -> None:
    """Let nobody else set up an organisation until the transaction ends."""
    if tx.get_bind().dialect.name != "sqlite":
        tx.execute(text("LOCK TABLE organisations IN SHARE ROW EXCLUSIVE MODE"))


def in_order(row: Lockable, ids: Collection[UUID] | BindParameter[Sequence[UUID]]) -> Select[UUID]:
    """The query that locks these rows in the order of their ids. On SQLite it locks nothing."""
    id_ = table(row).c.id
    return select(id_).where(id_.in_(ids)).order_by(id_).with_for_update(key_share=True)


def _lock(tx: Session, row: Lockable, ids: Collection[UUID]) -> None:
    if ids and tx.get_bind().dialect.name != "sqlite":
        tx.execute(in_order(row, ids)).all()
