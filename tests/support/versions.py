"""New versions of a clinic's catalogue entries."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from scheduler.catalogue import protocol_to_json
from scheduler.storage import entries
from scheduler.storage.rows import CatalogueEntryRow, EntryKind
from scheduler.storage.types import new_id
from tests.support.clinic import Clinic
from tests.support.rows import NOW


def new_protocol_version(clinic: Clinic, code: str, **changed: Any) -> UUID:
    """Version 2 of a shipped protocol, with some of its fields changed."""
    definition = protocol_to_json(replace(entries.shipped().protocols[code], version=2, **changed))
    owner = {"id": new_id(), "organisation_id": clinic.organisation_id, "created_at": NOW}
    row = CatalogueEntryRow(**owner, kind=EntryKind.PROTOCOL, code=code, version=2, definition=definition)
    clinic.database.write(lambda tx: tx.add(row))
    return UUID(str(owner["id"]))
