"""Catalogue entries as the domain's values. A version never changes, so each is read from its document once."""

from collections.abc import Mapping
from functools import cache
from threading import Lock
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from scheduler.catalogue import (
    Catalogue,
    contraindication_from_json,
    load_catalogue,
    protocol_from_json,
    visit_type_from_json,
)
from scheduler.domain.holds import Contraindication
from scheduler.domain.phrases import Phrase
from scheduler.domain.protocol import Protocol, VisitType
from scheduler.domain.refusals import NotFound
from scheduler.storage.rows import CatalogueEntryRow, EntryKind

V = TypeVar("V", Protocol, Contraindication, VisitType)

_known: dict[UUID, Protocol | Contraindication | VisitType] = {}
_lock = Lock()
_READERS: Mapping[EntryKind, Any] = {
    EntryKind.PROTOCOL: protocol_from_json,
    EntryKind.CONTRAINDICATION: contraindication_from_json,
    EntryKind.VISIT_TYPE: visit_type_from_json,
}


@cache
def shipped() -> Catalogue:
    """The catalogue that the product ships: body sites, and what a new organisation starts with."""
    return load_catalogue()


def protocol(tx: Session, entry_id: UUID) -> Protocol:
    """The protocol version of this entry."""
    return _value(tx, entry_id, Protocol)


def contraindication(tx: Session, entry_id: UUID) -> Contraindication:
    """The contraindication version of this entry."""
    return _value(tx, entry_id, Contraindication)


def visit_type(tx: Session, entry_id: UUID) -> VisitType:
    """The visit type of this entry."""
    return _value(tx, entry_id, VisitType)


def _value(tx: Session, entry_id: UUID, kind: type[V]) -> V:
    value = _known.get(entry_id)
    if value is None:
        row = tx.execute(
            select(CatalogueEntryRow.kind, CatalogueEntryRow.definition).where(CatalogueEntryRow.id == entry_id)
        ).one()
        value = _READERS[row.kind](row.definition)
        with _lock:
            _known[entry_id] = value
    if not isinstance(value, kind):
        raise TypeError(f"entry {entry_id} is no {kind.__name__}")
    return value


_NEWEST = (
    select(CatalogueEntryRow.id)
    .where(CatalogueEntryRow.organisation_id == bindparam("organisation"))
    .where(CatalogueEntryRow.kind == bindparam("kind"), CatalogueEntryRow.code == bindparam("code"))
    .order_by(CatalogueEntryRow.version.desc())
    .limit(1)
)


def current_entry(tx: Session, organisation_id: UUID, kind: EntryKind, code: str) -> UUID:
    """The newest version's id of an organisation's entry. Raises ``NotFound``."""
    found: UUID | None = tx.scalar(_NEWEST, {"organisation": organisation_id, "kind": kind, "code": code})
    if found is None:
        words = kind.value.replace("_", " ")
        raise NotFound(
            Phrase("There is no %(words)s called “%(code)s”.", words=words, code=code),
            code=f"unknown_{kind.value}",
            kind=kind.value,
            name=code,
        )
    return found


def current_entries(tx: Session, organisation_id: UUID, kind: EntryKind) -> list[CatalogueEntryRow]:
    """The newest version of each of an organisation's entries of one kind, by code."""
    entry = CatalogueEntryRow
    newest = (
        select(entry.code, func.max(entry.version).label("version"))
        .where(entry.organisation_id == organisation_id, entry.kind == kind)
        .group_by(entry.code)
        .subquery()
    )
    query = (
        select(entry)
        .join(newest, (entry.code == newest.c.code) & (entry.version == newest.c.version))
        .where(entry.organisation_id == organisation_id, entry.kind == kind)
        .order_by(entry.code)
    )
    return list(tx.scalars(query))
