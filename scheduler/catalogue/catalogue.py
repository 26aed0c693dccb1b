"""The catalogue as one frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass

from scheduler.catalogue.sheets import (
    Addon,
    Advice,
    BodySite,
    ContraindicationSheet,
    Preparation,
    ProtocolSheet,
    VisitTypeSheet,
)
from scheduler.domain.holds import Contraindication
from scheduler.domain.protocol import Protocol, VisitType
from scheduler.domain.sites import BodySites


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything by its code: the domain's values, and the sheets that screens show beside them.

    The product schedules and does not practise medicine: all of this is data that a clinic reviews, edits and versions.
    """

    sites: BodySites
    body_sites: Mapping[str, BodySite]
    protocols: Mapping[str, Protocol]
    protocol_sheets: Mapping[str, ProtocolSheet]
    contraindications: Mapping[str, Contraindication]
    contraindication_sheets: Mapping[str, ContraindicationSheet]
    visit_types: Mapping[str, VisitType]
    visit_type_sheets: Mapping[str, VisitTypeSheet]
    addons: Mapping[str, Addon]
    preparation: Mapping[str, Preparation]
    aftercare: Mapping[str, Advice]
