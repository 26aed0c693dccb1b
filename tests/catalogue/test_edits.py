"""What a manager edits is checked by the same rules as the files."""

from dataclasses import replace

import pytest

from scheduler.catalogue import Catalogue, CatalogueInvalid, check_contraindication, check_protocol
from scheduler.domain.protocol import Protocol


def check(protocol: Protocol, catalogue: Catalogue) -> None:
    check_protocol(protocol, sites=catalogue.body_sites, addons=catalogue.addons, codes=catalogue.contraindications)


def test_a_sound_edit_passes(catalogue: Catalogue) -> None:
    protocol = catalogue.protocols["rf-microneedling"]
    edited = replace(protocol, version=2, max_sessions=4, step_spacing={2: protocol.spacing, 4: protocol.spacing})
    check(edited, catalogue)
    with pytest.raises(CatalogueInvalid):
        check(replace(edited, max_sessions=2), catalogue)


def test_an_unsound_edit_is_refused_with_every_fault(catalogue: Catalogue) -> None:
    edited = replace(catalogue.protocols["rf-microneedling"], min_sessions=9, lengthen_by=7)
    with pytest.raises(CatalogueInvalid) as refused:
        check(edited, catalogue)
    assert [conflict.facts["field"] for conflict in refused.value.conflicts] == ["min_sessions", "lengthen_by"]


def test_a_contraindication_is_checked_against_the_modalities(catalogue: Catalogue) -> None:
    rule = catalogue.contraindications["electronic-implant"]
    check_contraindication(rule, modalities={"rf"})
    with pytest.raises(CatalogueInvalid) as refused:
        check_contraindication(rule, modalities={"laser"})
    assert refused.value.detail == (
        'contraindication, row "electronic-implant", field only_modalities: no protocol has the modality "rf".'
    )
