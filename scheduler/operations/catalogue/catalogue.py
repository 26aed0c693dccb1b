"""The catalogue of an organisation: what it starts with, and the versions that its managers make."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import insert, select

from scheduler.catalogue import (
    check_protocol,
    contraindication_to_json,
    protocol_from_json,
    protocol_to_json,
    visit_type_to_json,
)
from scheduler.domain.access import Action, require_fully
from scheduler.domain.protocol import Protocol
from scheduler.operations.catalogue.protocols import StoredProtocol
from scheduler.operations.context import Context, expect_revision, record
from scheduler.storage import entries
from scheduler.storage.rows import CatalogueEntryRow, EntryKind
from scheduler.storage.types import new_id

FIRST_VERSION = 1


@dataclass(frozen=True, slots=True)
class _Shipped:
    """A shipped entry as its row holds it."""

    kind: EntryKind
    code: str
    definition: dict[str, Any]


def install_catalogue(context: Context) -> int:
    """Give the organisation every shipped entry that it has not got, as version 1; returns how many were new.

    What a manager has edited since stays as it is. Raises ``NotAllowed``.
    """
    require_fully(context.actor, Action.MANAGE_CATALOGUE)
    known = _known(context)
    new = [one for one in _shipped() if (one.kind, one.code) not in known]
    if new:
        context.tx.execute(insert(CatalogueEntryRow), [_row(context, one) for one in new])
        codes = sorted(f"{one.kind.value}:{one.code}" for one in new)
        record(context, "catalogue_installed", "organisation", context.organisation_id, entries=codes)
    return len(new)


def save_protocol(context: Context, *, definition: Mapping[str, Any], seen: int | None = None) -> StoredProtocol:
    """Store a protocol's next version. Running series keep theirs; a series that begins takes the newest.

    ``seen`` is the version that the manager edited, ``None`` for a protocol of a new code. Raises ``CatalogueInvalid``
    with every fault, ``Stale`` when another version is the newest, ``NotAllowed``.
    """
    require_fully(context.actor, Action.MANAGE_CATALOGUE)
    wanted = protocol_from_json(definition)
    newest = _newest_version(context, wanted.code)
    expect_revision("protocol", newest, seen or 0)
    protocol = replace(wanted, version=newest + 1)
    _check(context, protocol)
    entry = _Shipped(EntryKind.PROTOCOL, protocol.code, protocol_to_json(protocol))
    row = {**_row(context, entry), "version": protocol.version, "created_by": context.actor.user_id}
    context.tx.execute(insert(CatalogueEntryRow).values(**row))
    version = f"{protocol.code}@{protocol.version}"
    record(context, "protocol_saved", "protocol", row["id"], rule_version=version)
    return StoredProtocol(row["id"], protocol)


def check_as_edited(context: Context, protocol: Protocol, seen: int) -> None:
    """Raise ``CatalogueInvalid`` or ``Stale`` where ``save_protocol`` would; stores nothing."""
    require_fully(context.actor, Action.MANAGE_CATALOGUE)
    expect_revision("protocol", _newest_version(context, protocol.code), seen)
    _check(context, protocol)


def _shipped() -> Iterable[_Shipped]:
    catalogue = entries.shipped()
    for code, protocol in catalogue.protocols.items():
        yield _Shipped(EntryKind.PROTOCOL, code, protocol_to_json(replace(protocol, version=FIRST_VERSION)))
    for code, rule in catalogue.contraindications.items():
        first = replace(rule, version=FIRST_VERSION)
        yield _Shipped(EntryKind.CONTRAINDICATION, code, contraindication_to_json(first))
    for code, visit_type in catalogue.visit_types.items():
        yield _Shipped(EntryKind.VISIT_TYPE, code, visit_type_to_json(visit_type))


def _known(context: Context) -> set[tuple[EntryKind, str]]:
    entry = CatalogueEntryRow
    mine = select(entry.kind, entry.code).where(entry.organisation_id == context.organisation_id)
    return {(row.kind, row.code) for row in context.tx.execute(mine)}


def _row(context: Context, entry: _Shipped) -> dict[str, Any]:
    return {
        "id": new_id(),
        "organisation_id": context.organisation_id,
        "kind": entry.kind,
        "code": entry.code,
        "version": FIRST_VERSION,
        "definition": entry.definition,
        "created_at": context.now,
    }


def _newest_version(context: Context, code: str) -> int:
    """The version of the newest protocol of this code, 0 when there is none."""
    entry = CatalogueEntryRow
    mine = (entry.organisation_id == context.organisation_id, entry.kind == EntryKind.PROTOCOL, entry.code == code)
    return context.tx.scalar(select(entry.version).where(*mine).order_by(entry.version.desc()).limit(1)) or 0


def _check(context: Context, protocol: Protocol) -> None:
    catalogue = entries.shipped()
    known = {code for kind, code in _known(context) if kind is EntryKind.CONTRAINDICATION}
    check_protocol(protocol, sites=catalogue.body_sites, addons=catalogue.addons, codes=known)
