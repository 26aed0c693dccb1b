"""Every contraindication that ships, figure by figure, as written by hand from the clinical sources."""

import pytest

from scheduler.catalogue import Catalogue
from scheduler.domain.holds import EndRule

# code: kind, scope, end rule, days, review days, confidence. A caution makes no hold; its end rule is never used.
ROWS = {
    "active-acne": ("temporary", "site", "on_clearance", None, 14, "P, L"),
    "open-wound": ("temporary", "site", "on_clearance", None, 7, "P, L"),
    "skin-infection": ("temporary", "site", "on_clearance", None, 14, "P, L"),
    "systemic-infection": ("temporary", "systemic", "on_clearance", None, 7, "L"),
    "hsv-active": ("temporary", "site", "on_clearance", None, 10, "L"),
    "hsv-history": ("caution", "site", "on_date", None, None, "L, K"),
    "isotretinoin": ("clearance", "systemic", "date_or_clearance", 180, None, "L, C"),
    "anticoagulant": ("clearance", "systemic", "on_clearance", None, 14, "L, C, J"),
    "bleeding-disorder": ("absolute", "systemic", "permanent", None, None, "L"),
    "keloid-history": ("clearance", "systemic", "on_clearance", None, 14, "L, J"),
    "pregnancy": ("temporary", "systemic", "on_clearance", None, 180, "L, C, J"),
    "breastfeeding": ("clearance", "systemic", "on_clearance", None, 14, "L, C, J"),
    "immunosuppression": ("clearance", "systemic", "on_clearance", None, 14, "L, J"),
    "high-dose-steroid": ("temporary", "systemic", "on_date", 28, None, "L"),
    "chemo-radiotherapy": ("clearance", "systemic", "date_then_clearance", 28, None, "L"),
    "diabetes-uncontrolled": ("clearance", "systemic", "on_clearance", None, 30, "L, J"),
    "koebner": ("clearance", "site", "on_clearance", None, 14, "L, C, J"),
    "dermatitis-rosacea": ("temporary", "site", "on_clearance", None, 14, "L"),
    "connective-tissue": ("clearance", "systemic", "on_clearance", None, 14, "L, J"),
    "skin-cancer": ("clearance", "site", "on_clearance", None, 30, "L, J"),
    "actinic-keratosis": ("clearance", "site", "on_clearance", None, 30, "L, J"),
    "sunburn-tan": ("temporary", "site", "date_and_healed", 14, None, "K"),
    "retinoid-acid": ("temporary", "site", "on_date", 5, None, "K"),
    "botulinum": ("temporary", "site", "on_date", 14, None, "L, K"),
    "filler": ("temporary", "site", "on_date", 14, None, "L, K"),
    "filler-biostimulator": ("temporary", "site", "on_date", 42, None, "K"),
    "recent-peel": ("temporary", "site", "on_date", 90, None, "L, K, J"),
    "recent-laser": ("temporary", "site", "on_date", 84, None, "L, J"),
    "hair-removal": ("temporary", "site", "on_date", 7, None, "K"),
    "anaesthetic-allergy": ("clearance", "systemic", "on_clearance", None, 14, "L, J"),
    "metal-allergy": ("clearance", "systemic", "on_clearance", None, 14, "L, C, J"),
    "product-allergy": ("absolute", "systemic", "permanent", None, None, "P, C"),
    "phototype-iv-vi": ("caution", "systemic", "on_date", None, None, "P, C"),
    "electronic-implant": ("absolute", "systemic", "permanent", None, None, "L"),
    "metal-implant-site": ("absolute", "site", "permanent", None, None, "L"),
    "recent-surgery": ("clearance", "site", "date_then_clearance", 90, None, "L"),
    "young-scar": ("clearance", "site", "date_or_clearance", 180, None, "L"),
    "vaccination": ("caution", "systemic", "on_date", None, None, "J"),
    "home-device": ("temporary", "site", "on_date", 28, None, "P, J"),
}


def test_every_contraindication_ships_once_and_all_are_version_1(catalogue: Catalogue) -> None:
    assert list(catalogue.contraindications) == list(ROWS)
    assert {rule.version for rule in catalogue.contraindications.values()} == {1}


@pytest.mark.parametrize("code", ROWS)
def test_a_contraindication_has_the_figures_of_its_row(catalogue: Catalogue, code: str) -> None:
    rule = catalogue.contraindications[code]
    figures = (rule.kind, rule.scope, rule.end_rule, rule.days, rule.review_days, rule.confidence)
    assert figures == ROWS[code]


def test_peel_and_laser_end_by_what_was_done_and_by_the_longest_when_nobody_knows(catalogue: Catalogue) -> None:
    variants = {code: dict(rule.variants) for code, rule in catalogue.contraindications.items() if rule.variants}
    assert variants == {
        "recent-peel": {"superficial": 14, "medium": 28, "deep": 90},
        "recent-laser": {"non-ablative": 21, "ablative": 84},
    }
    assert {code: max(days.values()) for code, days in variants.items()} == {
        code: catalogue.contraindications[code].days for code in variants
    }


def test_implants_bar_radio_frequency_only(catalogue: Catalogue) -> None:
    narrowed = {code: set(r.only_modalities) for code, r in catalogue.contraindications.items() if r.only_modalities}
    assert narrowed == {"electronic-implant": {"rf"}, "metal-implant-site": {"rf"}}


def test_an_allergy_to_a_product_bars_the_product_and_not_the_session(catalogue: Catalogue) -> None:
    assert [code for code, r in catalogue.contraindications.items() if r.bars_product] == ["product-allergy"]


def test_every_open_hold_is_looked_at_again(catalogue: Catalogue) -> None:
    open_holds = [r for r in catalogue.contraindications.values() if r.end_rule is EndRule.ON_CLEARANCE]
    assert len(open_holds) == 18
    assert [r.code for r in open_holds if r.review_days is None] == []


def test_every_row_has_a_label_a_source_and_a_question_but_the_phototype_is_assessed(catalogue: Catalogue) -> None:
    rules = catalogue.contraindications.values()
    assert [r.code for r in rules if not (r.label and r.source)] == []
    assert [r.code for r in rules if not r.question] == ["phototype-iv-vi"]


@pytest.mark.parametrize(
    ("code", "note"),
    [
        ("anticoagulant", "Never tell a patient to stop the medicine."),
        ("hsv-history", "Preventive medicine from 3 days before the session."),
        ("skin-cancer", "Until treated and cleared. Never treated over."),
        ("sunburn-tan", "14 days, and the burn gone."),
        ("filler", "One label says 6 months."),
        ("anaesthetic-allergy", "A permanent flag: treat without numbing."),
        ("metal-allergy", "Cleared by a practitioner, or by a patch test."),
    ],
)
def test_a_row_tells_what_a_practitioner_must_know(catalogue: Catalogue, code: str, note: str) -> None:
    assert catalogue.contraindications[code].note == note


def test_isotretinoin_names_the_label_and_the_papers_against_it(catalogue: Catalogue) -> None:
    source = catalogue.contraindications["isotretinoin"].source
    assert [word in source for word in ("six months", "Waldman", "Spring", "do not name microneedling")] == [True] * 4


def test_the_sheets_tell_ranges_and_how_long_a_clearance_is_asked_for(catalogue: Catalogue) -> None:
    sheets = catalogue.contraindication_sheets
    assert {code: s.days_range for code, s in sheets.items() if s.days_range} == {
        "retinoid-acid": (1, 7),
        "filler": (14, 180),
    }
    assert {code: s.cleared_until_days for code, s in sheets.items() if s.cleared_until_days} == {"recent-surgery": 365}
    assert [code for code, s in sheets.items() if s.cleared_per_series] == ["anaesthetic-allergy"]


def test_what_no_source_gives_is_marked_as_our_own_judgement(catalogue: Catalogue) -> None:
    judged = {code: set(s.own_judgement) for code, s in catalogue.contraindication_sheets.items() if s.own_judgement}
    others = {code: fields for code, fields in judged.items() if fields != {"review_days"}}
    assert others == {
        "recent-peel": {"days"},
        "recent-laser": {"days"},
        "vaccination": {"kind"},
        "home-device": {"days"},
    }
    assert set(judged) == {code for code, row in ROWS.items() if "J" in row[5]}
