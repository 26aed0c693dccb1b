"""What the product knows about treatments: data files, validated when loaded, versioned."""

from scheduler.catalogue.catalogue import Catalogue
from scheduler.catalogue.contraindication_checks import check_contraindication
from scheduler.catalogue.differences import Difference, protocol_differences
from scheduler.catalogue.documents import (
    contraindication_from_json,
    contraindication_to_json,
    protocol_from_json,
    protocol_to_json,
    visit_type_from_json,
    visit_type_to_json,
)
from scheduler.catalogue.faults import CatalogueInvalid
from scheduler.catalogue.loading import load_catalogue
from scheduler.catalogue.protocol_checks import check_protocol

__all__ = [
    "Catalogue",
    "CatalogueInvalid",
    "Difference",
    "check_contraindication",
    "check_protocol",
    "contraindication_from_json",
    "contraindication_to_json",
    "load_catalogue",
    "protocol_differences",
    "protocol_from_json",
    "protocol_to_json",
    "visit_type_from_json",
    "visit_type_to_json",
]
