"""Whoever spoils a contraindication is told which file, row and field, in one sentence for each fault."""

from pathlib import Path

import pytest

from tests.catalogue.conftest import Spoil

RULES = "contraindications.toml"
TAGS = "must be some of the tags P, L, C, K and J, with commas between"
PERMANENT = "is permanent for what is absolute, and only for that"

SPOILT_RULES = [
    ("active-acne", "review_days = 14\n", "", "review_days", "an open hold must be looked at again"),
    ("active-acne", "review_days = 14", "review_days = 0", "review_days", "must be at least 1"),
    (
        "active-acne",
        "review_days = 14",
        "review_days = 14\ndays = 3",
        "days",
        "no date plays a part when a hold ends by on_clearance",
    ),
    (
        "active-acne",
        'kind = "temporary"',
        'kind = "forever"',
        "kind",
        "Input should be 'absolute', 'temporary', 'clearance' or 'caution'",
    ),
    ("active-acne", 'end_rule = "on_clearance"', 'end_rule = "permanent"', "end_rule", PERMANENT),
    ("bleeding-disorder", 'end_rule = "permanent"', 'end_rule = "on_clearance"', "end_rule", PERMANENT),
    ("isotretinoin", "days = 180\n", "", "days", "a hold that ends by date_or_clearance needs them"),
    (
        "hsv-history",
        'end_rule = "on_date"',
        'end_rule = "on_date"\ndays = 3',
        "days",
        "a caution makes no hold, so nothing of it ends",
    ),
    ("recent-peel", '["medium", 28]', '["deep", 28]', "variants", "one stands there twice"),
    ("recent-peel", '["medium", 28]', '["medium", 0]', "variants", "days must be at least 1"),
    (
        "electronic-implant",
        'only_modalities = ["rf"]',
        'only_modalities = ["radio"]',
        "only_modalities",
        'no protocol has the modality "radio"',
    ),
    (
        "retinoid-acid",
        "days_range = [1, 7]",
        "days_range = [0, 7]",
        "days_range.0",
        "Input should be greater than or equal to 1",
    ),
    ("home-device", 'confidence = "P, J"', 'confidence = ""', "confidence", TAGS),
]


@pytest.mark.parametrize(("code", "old", "new", "field", "words"), SPOILT_RULES)
def test_a_spoilt_contraindication_is_refused(
    files: Path, spoil: Spoil, code: str, old: str, new: str, field: str, words: str
) -> None:
    row = next(r for r in (files / RULES).read_text(encoding="utf-8").split("\n\n") if f'code = "{code}"' in r)
    assert f'{RULES}, row "{code}", field {field}: {words}.' in spoil(RULES, row, row.replace(old, new)).splitlines()
