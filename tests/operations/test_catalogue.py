"""An organisation's own catalogue: installed once, edited version by version."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func, select

from scheduler.catalogue import CatalogueInvalid, protocol_from_json, protocol_to_json
from scheduler.domain.access import Actor, Role
from scheduler.domain.refusals import NotAllowed, Stale
from scheduler.operations.booking.series import SeriesRequest, SeriesSheet, show_series, start_series
from scheduler.operations.catalogue.catalogue import install_catalogue, save_protocol
from scheduler.operations.catalogue.protocols import StoredProtocol
from scheduler.operations.context import Context
from scheduler.operations.patients.patients import add_patient
from scheduler.operations.places.clinics import set_up_organisation
from scheduler.storage import entries
from scheduler.storage.database import Database
from scheduler.storage.rows import AuditRow, CatalogueEntryRow, EntryKind
from tests.support.clinic import Clinic
from tests.support.rows import NOW

PEEL = "chemical-peel-superficial"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def manager(database: Database) -> Actor:
    """The manager of an organisation without a catalogue."""
    return database.write(lambda tx: set_up_organisation(tx, name="Skin", manager="Lena", now=NOW))


def installed(database: Database, actor: Actor) -> int:
    return database.write(lambda tx: install_catalogue(Context(tx, actor, NOW)))


def counts(database: Database) -> dict[tuple[EntryKind, int], int]:
    entry = CatalogueEntryRow
    with database.read() as tx:
        rows = tx.execute(select(entry.kind, entry.version, func.count()).group_by(entry.kind, entry.version))
        return {(kind, version): many for kind, version, many in rows}


def test_every_shipped_entry_is_installed_as_version_one(database: Database, manager: Actor) -> None:
    new = installed(database, manager)
    shipped = entries.shipped()
    expected = {
        (EntryKind.PROTOCOL, 1): len(shipped.protocols),
        (EntryKind.CONTRAINDICATION, 1): len(shipped.contraindications),
        (EntryKind.VISIT_TYPE, 1): len(shipped.visit_types),
    }
    assert (counts(database), new) == (expected, sum(expected.values()))


def test_an_installed_entry_is_the_shipped_value(database: Database, manager: Actor) -> None:
    installed(database, manager)
    with database.read() as tx:
        entry = entries.current_entry(tx, manager.organisation_id, EntryKind.PROTOCOL, PEEL)
        assert entries.protocol(tx, entry) == entries.shipped().protocols[PEEL]


def test_installing_again_adds_nothing_and_says_nothing(database: Database, manager: Actor) -> None:
    installed(database, manager)
    assert installed(database, manager) == 0
    with database.read() as tx:
        said = tx.scalars(select(AuditRow.action).where(AuditRow.action == "catalogue_installed")).all()
    assert said == ["catalogue_installed"]


def test_only_a_manager_installs_a_catalogue(clinic: Clinic) -> None:
    with pytest.raises(NotAllowed):
        clinic.do(install_catalogue, Role.PRACTITIONER)


def edited(clinic: Clinic, **values: Any) -> dict[str, Any]:
    """The clinic's newest peel with other values."""
    with clinic.database.read() as tx:
        newest = entries.current_entry(tx, clinic.organisation_id, EntryKind.PROTOCOL, PEEL)
        return protocol_to_json(entries.protocol(tx, newest)) | values


def saved(clinic: Clinic, definition: dict[str, Any], seen: int | None, role: Role = Role.MANAGER) -> StoredProtocol:
    return clinic.do(lambda context: save_protocol(context, definition=definition, seen=seen), role)


def begun(clinic: Clinic, patient_name: str = "Ada") -> SeriesSheet:
    patient = clinic.do(lambda context: add_patient(context, name=patient_name, phone="1")).patient
    wanted = SeriesRequest(clinic.clinic_id, patient.id, PEEL, 4, ["face"])
    return clinic.do(lambda context: start_series(context, wanted))


def test_an_edit_is_the_next_version_and_running_series_keep_theirs(clinic: Clinic) -> None:
    running = begun(clinic)
    stored = saved(clinic, edited(clinic, max_sessions=9), seen=1)
    later = clinic.do(lambda context: show_series(context, running.snapshot.series.id))
    versions = [sheet.snapshot.series.protocol.version for sheet in (later, begun(clinic, "Eve"))]
    assert (stored.protocol.version, stored.protocol.max_sessions, versions) == (2, 9, [1, 2])


def test_an_edit_of_an_older_version_is_stale(clinic: Clinic) -> None:
    saved(clinic, edited(clinic), seen=1)
    with pytest.raises(Stale) as refused:
        saved(clinic, edited(clinic), seen=1)
    assert refused.value.facts == {"revision": 2, "seen": 1}


def test_a_protocol_of_a_new_code_begins_at_version_one(clinic: Clinic) -> None:
    assert saved(clinic, edited(clinic, code="peel-of-our-own"), seen=None).protocol.version == 1


def test_a_code_that_is_taken_is_no_new_protocol(clinic: Clinic) -> None:
    with pytest.raises(Stale):
        saved(clinic, edited(clinic), seen=None)


def test_an_unsound_edit_is_refused_with_every_fault_and_stores_nothing(clinic: Clinic) -> None:
    with pytest.raises(CatalogueInvalid) as refused:
        saved(clinic, edited(clinic, min_sessions=99, exempt_codes=["hiccups"]), seen=1)
    assert [fault.facts["field"] for fault in refused.value.conflicts] == ["min_sessions", "exempt_codes"]
    assert edited(clinic)["version"] == 1


def test_what_is_no_protocol_is_refused(clinic: Clinic) -> None:
    with pytest.raises(CatalogueInvalid):
        saved(clinic, {"code": PEEL, "spacing": "soon"}, seen=1)


def test_only_a_manager_edits_a_protocol(clinic: Clinic) -> None:
    with pytest.raises(NotAllowed):
        saved(clinic, edited(clinic), seen=1, role=Role.PRACTITIONER)


def test_the_stored_document_is_the_edited_protocol(clinic: Clinic) -> None:
    stored = saved(clinic, edited(clinic, name="Peel of spring"), seen=1)
    with clinic.database.read() as tx:
        document = tx.get_one(CatalogueEntryRow, stored.id).definition
    assert (protocol_from_json(document), document["name"]) == (stored.protocol, "Peel of spring")
