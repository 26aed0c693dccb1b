"""Loading: read every file, validate every row, check them against one another."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from scheduler.catalogue.catalogue import Catalogue
from scheduler.catalogue.cross_checks import conflicts_in
from scheduler.catalogue.documents import Document, Value
from scheduler.catalogue.faults import refuse_faulty
from scheduler.catalogue.reading import Aside, SheetedDocument, Table
from scheduler.catalogue.tables import Tables, read_tables
from scheduler.domain.sites import BodySites

SHIPPED = Path(__file__).parent / "data"


def load_catalogue(folder: Path | None = None) -> Catalogue:
    """The catalogue in a folder of data files, or the one that ships.

    Raises ``CatalogueInvalid`` with a sentence for each field that is wrong, naming file, row and field.
    """
    tables = read_tables(folder or SHIPPED)
    refuse_faulty(conflicts_in(tables))
    return _catalogue(tables)


def _catalogue(tables: Tables) -> Catalogue:
    body_sites = _values(tables.sites)
    return Catalogue(
        sites=BodySites({code: site.parent for code, site in body_sites.items()}),
        body_sites=body_sites,
        protocols=_values(tables.protocols),
        protocol_sheets=_sheets(tables.protocols),
        contraindications=_values(tables.contraindications),
        contraindication_sheets=_sheets(tables.contraindications),
        visit_types=_values(tables.visit_types),
        visit_type_sheets=_sheets(tables.visit_types),
        addons=_values(tables.addons),
        preparation=_values(tables.preparation),
        aftercare=_values(tables.aftercare),
    )


def _values(table: Table[Document[Value]]) -> Mapping[str, Value]:
    return MappingProxyType({code: found.value for code, found in table.found.items()})


def _sheets(table: Table[SheetedDocument[Value, Aside]]) -> Mapping[str, Aside]:
    return MappingProxyType({code: found.sheet for code, found in table.found.items()})
