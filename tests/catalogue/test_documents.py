"""Documents are what the database keeps of each version; nothing may be lost or made up on the way."""

import json
from dataclasses import replace

import pytest

from scheduler.catalogue import (
    Catalogue,
    CatalogueInvalid,
    contraindication_from_json,
    contraindication_to_json,
    protocol_from_json,
    protocol_to_json,
    visit_type_from_json,
    visit_type_to_json,
)
from scheduler.domain.holds import Contraindication, EndRule, Kind, Scope
from scheduler.domain.protocol import OnLapse, Phase, Protocol, ResourceKind, SpacingRule, VisitType

TREATMENT = Phase("treatment", 35, frozenset({ResourceKind.ROOM, ResourceKind.PRACTITIONER}), True)
EVERY_FIELD = Protocol(
    code="all-of-it",
    version=7,
    name="Всё сразу – 全部",
    min_sessions=2,
    max_sessions=5,
    spacing=SpacingRule(1, 2, 3, 4, 5, OnLapse.RESTART),
    phases=(TREATMENT,),
    step_spacing={2: SpacingRule(6, 7, 8, 9, 10, OnLapse.CONTINUE), 5: SpacingRule(0, 0, 0, 0)},
    site_minutes={"lips": {"treatment": -15}},
    addon_minutes={"prp": {"treatment": 30}},
    shorten_by=5,
    lengthen_by=10,
    device_type="rf-microneedling",
    modality="rf",
    exempt_codes=frozenset({"metal-allergy", "botulinum", "filler"}),
    added_codes=frozenset({"vaccination"}),
    maintenance_days=(90, 365),
    source="somewhere",
    confidence="P, J",
)
BARE = Protocol("bare", 1, "Bare", 1, 1, SpacingRule(0, 0, 0, 0), ())
PEEL = Contraindication(
    code="peel",
    version=3,
    label="Peel",
    kind=Kind.TEMPORARY,
    scope=Scope.SITE,
    end_rule=EndRule.ON_DATE,
    days=90,
    variants=(("medium", 28), ("deep", 90)),
    review_days=2,
    only_modalities=frozenset({"rf", "laser"}),
    bars_product=True,
    question="How deep?",
    note="A note.",
    source="somewhere",
    confidence="K",
)
VISIT = VisitType("check", "Check", (TREATMENT,), True, "all-of-it", 28, "rf-microneedling")


def through_text(document: dict[str, object]) -> dict[str, object]:
    """As a database gives it back."""
    text: dict[str, object] = json.loads(json.dumps(document))
    return text


@pytest.mark.parametrize("protocol", [EVERY_FIELD, BARE], ids=["every field", "defaults only"])
def test_a_protocol_comes_back_as_it_went(protocol: Protocol) -> None:
    assert protocol_from_json(through_text(protocol_to_json(protocol))) == protocol


def test_a_contraindication_comes_back_as_it_went() -> None:
    assert contraindication_from_json(through_text(contraindication_to_json(PEEL))) == PEEL


def test_a_visit_type_comes_back_as_it_went() -> None:
    assert visit_type_from_json(through_text(visit_type_to_json(VISIT))) == VISIT


def test_the_whole_catalogue_comes_back_as_it_went(catalogue: Catalogue) -> None:
    protocols = [protocol_from_json(through_text(protocol_to_json(p))) for p in catalogue.protocols.values()]
    rules = [
        contraindication_from_json(through_text(contraindication_to_json(r)))
        for r in catalogue.contraindications.values()
    ]
    visits = [visit_type_from_json(through_text(visit_type_to_json(v))) for v in catalogue.visit_types.values()]
    assert protocols == list(catalogue.protocols.values())
    assert rules == list(catalogue.contraindications.values())
    assert visits == list(catalogue.visit_types.values())


def test_a_document_has_the_names_of_the_domain_and_sorted_sets() -> None:
    document = protocol_to_json(EVERY_FIELD)
    assert document["exempt_codes"] == ["botulinum", "filler", "metal-allergy"]
    assert document["phases"] == [
        {"name": "treatment", "minutes": 35, "needs": ["practitioner", "room"], "needs_patient": True}
    ]
    assert document["step_spacing"]["2"] == {
        "absolute_min_days": 6,
        "min_days": 7,
        "target_days": 8,
        "max_days": 9,
        "after_other_min_days": 10,
        "on_lapse": "continue",
    }


def test_another_version_is_another_document() -> None:
    newer = protocol_to_json(replace(EVERY_FIELD, version=8))
    assert newer == {**protocol_to_json(EVERY_FIELD), "version": 8}


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"colour": "red"}, 'document, row "all-of-it", field colour: is not a field of this row.'),
        ({"version": "7"}, 'document, row "all-of-it", field version: Input should be a valid integer.'),
        ({"lengthen_by": 10.0}, 'document, row "all-of-it", field lengthen_by: Input should be a valid integer.'),
        (
            {"spacing": {"absolute_min_days": 21, "min_days": 28, "target_days": 50, "max_days": 42}},
            'document, row "all-of-it", field spacing: days must rise: 0 <= absolute_min <= min <= target <= max.',
        ),
    ],
)
def test_a_document_that_is_no_protocol_is_refused(changed: dict[str, object], sentence: str) -> None:
    with pytest.raises(CatalogueInvalid) as refused:
        protocol_from_json(protocol_to_json(EVERY_FIELD) | changed)
    assert refused.value.detail == sentence
    assert refused.value.code == "catalogue_invalid"


def test_a_document_without_a_code_says_so() -> None:
    document = contraindication_to_json(PEEL)
    del document["code"]
    with pytest.raises(CatalogueInvalid) as refused:
        contraindication_from_json(document)
    assert refused.value.detail == 'document, row "(no code)", field code: is missing.'
