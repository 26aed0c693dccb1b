"""Whoever spoils a file is told which file, row and field, in one sentence for each fault."""

from pathlib import Path

import pytest

from scheduler.catalogue import CatalogueInvalid, load_catalogue
from tests.catalogue.conftest import Spoil

FIRST = "microneedling-rejuvenation"
PROTOCOLS, RULES, VISITS, SITES = (
    "protocols.toml",
    "contraindications.toml",
    "visit_types.toml",
    "body_sites.toml",
)

JUDGED = "names the judged fields when the confidence has J, and only then"
VERSION = "must be a whole number from 1"

SPOILT_OTHERS = [
    (SITES, 'parent = "perioral"', 'parent = "moon"', "lips", "parent", 'there is no site "moon"'),
    (SITES, 'parent = "whole-body"', 'parent = "lips"', "face", "parent", "the site would contain itself"),
    (SITES, 'code = "lips"', 'code = "Lips"', "Lips", "code", "must be lower-case words joined by hyphens"),
    (SITES, 'label = "Lips"', 'label = ""', "lips", "label", "String should have at least 1 character"),
    (VISITS, "minutes = 45", "minutes = 0", "consultation", "phases", "the patient is needed in none that lasts"),
    (
        VISITS,
        'protocol = "rf-microneedling"',
        'protocol = "rf"',
        "maintenance-rf-microneedling",
        "protocol",
        'the catalogue has no protocol "rf"',
    ),
    (
        VISITS,
        'protocol = "rf-microneedling"',
        'protocol = "rf-microneedling"\ndevice_type = "pen"',
        "maintenance-rf-microneedling",
        "device_type",
        "comes from the protocol and must not stand here as well",
    ),
    (VISITS, 'confidence = "P, J"', 'confidence = "P"', "consultation", "own_judgement", JUDGED),
    (
        "aftercare.toml",
        "until_hours = 72",
        "until_hours = 12",
        "no-make-up",
        "(the row)",
        "hours must rise: from, at least until, until",
    ),
    ("addons.toml", 'code = "serum"', 'colour = "serum"', "number 1", "code", "is missing"),
    (
        "addons.toml",
        'source = "patient leaflet: combined with serums"',
        'source = ""',
        "serum",
        "source",
        "String should have at least 1 character",
    ),
    (RULES, 'code = "open-wound"', 'code = "active-acne"', "active-acne", "code", "stands in two rows"),
    (RULES, "version = 1", 'version = "1"', "(the file)", "version", VERSION),
    (RULES, "version = 1", "version = 0", "(the file)", "version", VERSION),
    (RULES, "version = 1", "version = 1\nedition = 3", "(the file)", "edition", "is not a part of this file"),
]


@pytest.mark.parametrize(("file", "old", "new", "row", "field", "words"), SPOILT_OTHERS)
def test_another_spoilt_row_is_refused(
    spoil: Spoil, file: str, old: str, new: str, row: str, field: str, words: str
) -> None:
    assert f'{file}, row "{row}", field {field}: {words}.' in spoil(file, old, new).splitlines()


def test_all_faults_are_told_at_once_each_with_its_place(files: Path) -> None:
    for file, old, new in ((PROTOCOLS, "min_sessions = 3", "min_sessions = true"), (SITES, "label", "lable")):
        text = (files / file).read_text(encoding="utf-8")
        (files / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogueInvalid) as refused:
        load_catalogue(files)
    assert [conflict.facts for conflict in refused.value.conflicts] == [
        {"file": SITES, "row": "whole-body", "field": "label"},
        {"file": SITES, "row": "whole-body", "field": "lable"},
        {"file": PROTOCOLS, "row": FIRST, "field": "min_sessions"},
    ]


def test_a_file_that_is_missing_or_no_toml_is_named(files: Path, spoil: Spoil) -> None:
    assert spoil(VISITS, "version = 1", "version = ").startswith("visit_types.toml cannot be read: Invalid value")
    (files / VISITS).unlink()
    with pytest.raises(CatalogueInvalid, match=r"^visit_types\.toml cannot be read: .*No such file"):
        load_catalogue(files)


def test_a_file_without_rows_is_refused(files: Path) -> None:
    (files / "addons.toml").write_text("version = 1\naddon = 3\n", encoding="utf-8")
    with pytest.raises(CatalogueInvalid) as refused:
        load_catalogue(files)
    assert refused.value.detail == (
        'addons.toml, row "(the file)", field addon: must be a list of rows, each under [[addon]].'
    )


def test_rows_take_the_version_of_their_file_unless_they_have_their_own(files: Path) -> None:
    text = (files / PROTOCOLS).read_text(encoding="utf-8")
    text = text.replace("version = 1", "version = 4", 1).replace("min_sessions = 3", "min_sessions = 3\nversion = 9", 1)
    (files / PROTOCOLS).write_text(text, encoding="utf-8")
    versions = [protocol.version for protocol in load_catalogue(files).protocols.values()]
    assert versions == [9, 4, 4, 4, 4, 4, 4, 4]
