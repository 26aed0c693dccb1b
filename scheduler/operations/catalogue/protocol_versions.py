"""Versions of a protocol: who made each and when, and how many series run under it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from scheduler.catalogue import Difference, protocol_differences
from scheduler.domain.access import Action, require
from scheduler.domain.protocol import Protocol
from scheduler.operations.catalogue.protocols import get_protocol
from scheduler.operations.context import Context
from scheduler.storage import entries
from scheduler.storage.rows import CatalogueEntryRow, EntryKind, SeriesRow, UserRow
from scheduler.storage.treatments import RUNNING


@dataclass(frozen=True, slots=True)
class ProtocolVersion:
    """One version. ``made_by`` is ``None`` for what the product brought along; ``running`` counts series under it.

    ``changes`` is what it says otherwise than the version before, nothing for the first.
    """

    id: UUID
    protocol: Protocol
    made_at: datetime
    made_by: str | None
    running: int
    changes: tuple[Difference, ...]


def protocol_versions(context: Context, *, protocol_id: UUID) -> tuple[ProtocolVersion, ...]:
    """All versions of the protocol that this is a version of, the newest first. Raises ``NotFound``."""
    code = get_protocol(context, protocol_id=protocol_id).protocol.code
    entry = CatalogueEntryRow
    query = (
        select(entry.id, entry.created_at, UserRow.name)
        .outerjoin(UserRow, UserRow.id == entry.created_by)
        .where(entry.organisation_id == context.organisation_id, entry.kind == EntryKind.PROTOCOL, entry.code == code)
        .order_by(entry.version)
    )
    running = running_by_version(context)
    found: list[ProtocolVersion] = []
    for row in context.tx.execute(query):
        protocol = entries.protocol(context.tx, row.id)
        changes = protocol_differences(found[-1].protocol, protocol) if found else ()
        found.append(ProtocolVersion(row.id, protocol, row.created_at, row.name, running.get(row.id, 0), changes))
    return tuple(reversed(found))


def running_by_version(context: Context) -> Mapping[UUID, int]:
    """How many series run under each version of the organisation's protocols; versions without any are left out."""
    require(context.actor, Action.SEE_CATALOGUE)
    counts = (
        select(SeriesRow.protocol_id, func.count())
        .where(SeriesRow.organisation_id == context.organisation_id, SeriesRow.state.in_(RUNNING))
        .group_by(SeriesRow.protocol_id)
    )
    return {row[0]: row[1] for row in context.tx.execute(counts)}
