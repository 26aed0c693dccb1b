"""Locks: patients by id first, then resources by id. Always in this order, so that no two writers wait in a circle.

SQLite has one writer at a time, which is the same lock for everything; there nothing is asked.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from scheduler.storage.rows import PatientRow, ResourceRow


def lock_patients(tx: Session, ids: Collection[UUID]) -> None:
    """Hold these patients until the transaction ends: spacing and holds are decided under this lock.

    Raises ``RuntimeError`` once resources are locked, for that order makes writers wait in a circle.
    """
    if tx.info.get(RESOURCES_LOCKED):
        raise RuntimeError("patients must be locked before resources")
    _lock(tx, in_order(PatientRow, ids), ids)


def lock_resources(tx: Session, ids: Collection[UUID]) -> None:
    """Hold these resources until the transaction ends: their hours, absences and claims stand still."""
    tx.info[RESOURCES_LOCKED] = True
    _lock(tx, in_order(ResourceRow, ids), ids)


RESOURCES_LOCKED = "resources_locked"


def in_order(row: type[PatientRow] | type[ResourceRow], ids: Collection[UUID]) -> Select[UUID]:
    """The query that locks these rows in the order of their ids. On SQLite it locks nothing."""
    return select(row.id).where(row.id.in_(ids)).order_by(row.id).with_for_update(key_share=True)


def _lock(tx: Session, query: Select[UUID], ids: Collection[UUID]) -> None:
    if ids and tx.get_bind().dialect.name != "sqlite":
        tx.execute(query).all()
