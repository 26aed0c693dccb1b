"""The rows of the catalogue checked against one another."""

from collections.abc import Container, Iterable, Iterator
from itertools import chain

from scheduler.catalogue.contraindication_checks import faults_of_contraindication
from scheduler.catalogue.faults import Fault
from scheduler.catalogue.phase_checks import faults_of_code, faults_of_phases
from scheduler.catalogue.protocol_checks import faults_of_protocol
from scheduler.catalogue.reading import Envelope, Table, judge
from scheduler.catalogue.sheets import ProtocolSheet
from scheduler.catalogue.site_checks import faults_of_site
from scheduler.catalogue.source_checks import faults_of_source
from scheduler.catalogue.tables import Tables
from scheduler.domain.refusals import Conflict


def conflicts_in(tables: Tables) -> Iterator[Conflict]:
    """Everything that is wrong between rows, or with their sources."""
    yield from _in_sites(tables)
    yield from _in_contraindications(tables)
    yield from _in_protocols(tables)
    yield from judge(
        tables.visit_types,
        lambda code, row: chain(faults_of_code(code), faults_of_phases(row.value.phases, row.value.device_type)),
    )
    yield from _in_sources(tables)


def _in_sites(tables: Tables) -> Iterator[Conflict]:
    parents = {code: site.value.parent for code, site in tables.sites.found.items()}
    return judge(tables.sites, lambda code, _: chain(faults_of_code(code), faults_of_site(code, parents)))


def _in_contraindications(tables: Tables) -> Iterator[Conflict]:
    modalities = {row.value.modality for row in tables.protocols.found.values()}
    return judge(tables.contraindications, lambda _, row: faults_of_contraindication(row.value, modalities))


def _in_protocols(tables: Tables) -> Iterator[Conflict]:
    known = tables.sites.found, tables.addons.found, tables.contraindications.found
    return judge(
        tables.protocols,
        lambda _, row: chain(faults_of_protocol(row.value, *known), _of_advice(row.sheet, tables)),
    )


def _of_advice(sheet: ProtocolSheet, tables: Tables) -> Iterator[Fault]:
    asked: tuple[tuple[str, Iterable[str], Container[str]], ...] = (
        ("preparation", sheet.preparation, tables.preparation.found),
        ("aftercare", sheet.aftercare, tables.aftercare.found),
    )
    for field, codes, advice in asked:
        yield from (Fault(field, f'the catalogue has no advice "{code}"') for code in codes if code not in advice)


def _in_sources(tables: Tables) -> Iterator[Conflict]:
    """Body sites are a plain tree and have no source; every other row says where it comes from."""
    yield from _in_sources_of(tables.addons)
    yield from _in_sources_of(tables.preparation)
    yield from _in_sources_of(tables.aftercare)
    yield from _in_sources_of(tables.contraindications)
    yield from _in_sources_of(tables.protocols)
    yield from _in_sources_of(tables.visit_types)


def _in_sources_of(table: Table[Envelope]) -> Iterator[Conflict]:
    return judge(table, lambda code, _: faults_of_source(table.rows[code]))
