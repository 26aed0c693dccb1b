"""Locks: patients by id first, then resources by id. Always in this order, so that no two writers wait in a circle.

SQLite has one writer at a time, which is the same lock for everything; there the queries only cost a look-up.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.storage.rows import PatientRow, ResourceRow


def lock_patients(tx: Session, ids: Collection[UUID]) -> None:
    """Hold these patients until the transaction ends: spacing and holds are decided under this lock."""
    _lock(tx, PatientRow, ids)


def lock_resources(tx: Session, ids: Collection[UUID]) -> None:
    """Hold these resources until the transaction ends: their hours, absences and claims stand still."""
    _lock(tx, ResourceRow, ids)


def _lock(tx: Session, row: type[PatientRow] | type[ResourceRow], ids: Collection[UUID]) -> None:
    if tx.get_bind().dialect.name == "sqlite" or not ids:
        return
    tx.execute(select(row.id).where(row.id.in_(ids)).order_by(row.id).with_for_update(key_share=True)).all()
