"""The tables of the catalogue: which file holds what."""

from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

from scheduler.catalogue.documents import Document, Strict
from scheduler.catalogue.faults import refuse_faulty
from scheduler.catalogue.reading import DataFile, SheetedDocument, Table, parse, read_file
from scheduler.catalogue.sheets import (
    Addon,
    Advice,
    BodySite,
    ContraindicationSheet,
    Preparation,
    ProtocolSheet,
    VisitTypeSheet,
)
from scheduler.catalogue.visit_rows import faults_of_visit_row, filled_from_protocol
from scheduler.domain.holds import Contraindication
from scheduler.domain.protocol import Protocol, VisitType

ProtocolRow = SheetedDocument[Protocol, ProtocolSheet]
ContraindicationRow = SheetedDocument[Contraindication, ContraindicationSheet]
VisitTypeRow = SheetedDocument[VisitType, VisitTypeSheet]


@dataclass(frozen=True, slots=True)
class Tables:
    """What the files hold: every row sound by itself, not yet checked against the others."""

    sites: Table[Document[BodySite]]
    addons: Table[Document[Addon]]
    preparation: Table[Document[Preparation]]
    aftercare: Table[Document[Advice]]
    contraindications: Table[ContraindicationRow]
    protocols: Table[ProtocolRow]
    visit_types: Table[VisitTypeRow]


def read_tables(folder: Path) -> Tables:
    """The files of a catalogue. Raises ``CatalogueInvalid`` when one cannot be read or a row is unsound."""
    file = partial(read_file, folder)
    rules, treatments = file("contraindications.toml", "contraindication"), file("protocols.toml", "protocol")
    sites = parse(Document[BodySite], file("body_sites.toml", "site"))
    addons = parse(Document[Addon], file("addons.toml", "addon"))
    preparation = parse(Document[Preparation], file("preparation.toml", "advice"))
    aftercare = parse(Document[Advice], file("aftercare.toml", "advice"))
    contraindications = parse(ContraindicationRow, rules, rules.versioned)
    protocols = parse(ProtocolRow, treatments, treatments.versioned)
    parts: tuple[Table[Strict], ...] = (sites, addons, preparation, aftercare, contraindications, protocols)
    refuse_faulty(chain.from_iterable(part.conflicts for part in parts))
    visit_types = _visit_types(file("visit_types.toml", "visit_type"), protocols)
    return Tables(sites, addons, preparation, aftercare, contraindications, protocols, visit_types)


def _visit_types(file: DataFile, protocols: Table[ProtocolRow]) -> Table[VisitTypeRow]:
    known = {code: row.value for code, row in protocols.found.items()}
    refuse_faulty(
        fault.at(file.name, str(row.get("code"))) for row in file.rows for fault in faults_of_visit_row(row, known)
    )
    visit_types = parse(VisitTypeRow, file, lambda row: filled_from_protocol(row, known))
    refuse_faulty(visit_types.conflicts)
    return visit_types
