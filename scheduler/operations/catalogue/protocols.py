"""Protocols as the clinic's rows hold them: the newest version of each, and any version by its identifier."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from scheduler.domain.access import Action, require
from scheduler.domain.protocol import Protocol
from scheduler.domain.refusals import NotFound
from scheduler.operations.context import Context
from scheduler.operations.pages import Page, page_of
from scheduler.storage import entries
from scheduler.storage.rows import CatalogueEntryRow, EntryKind


@dataclass(frozen=True, slots=True)
class StoredProtocol:
    """One version of a protocol, under the identifier by which series name it."""

    id: UUID
    protocol: Protocol


def list_protocols(context: Context, *, after: UUID | None = None, limit: int = 25) -> Page[StoredProtocol]:
    """The newest version of each protocol, by code."""
    require(context.actor, Action.SEE_CATALOGUE)
    ids = [row.id for row in entries.current_entries(context.tx, context.organisation_id, EntryKind.PROTOCOL)]
    following = ids[ids.index(after) + 1 :] if after in ids else ids
    shown = [StoredProtocol(one, entries.protocol(context.tx, one)) for one in following[: limit + 1]]
    return page_of(shown, limit, lambda one: one.id)


def get_protocol(context: Context, *, protocol_id: UUID) -> StoredProtocol:
    """One version of a protocol. Raises ``NotFound``."""
    require(context.actor, Action.SEE_CATALOGUE)
    entry = CatalogueEntryRow
    ours = select(entry.id).where(entry.id == protocol_id, entry.organisation_id == context.organisation_id)
    if context.tx.scalar(ours.where(entry.kind == EntryKind.PROTOCOL)) is None:
        raise NotFound("There is no such protocol.", protocol_id=str(protocol_id))
    return StoredProtocol(protocol_id, entries.protocol(context.tx, protocol_id))
