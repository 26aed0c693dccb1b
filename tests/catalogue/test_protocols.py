"""Every protocol that ships, figure by figure, as written by hand from the clinical sources."""

import pytest

from scheduler.catalogue import Catalogue
from scheduler.domain.protocol import OnLapse, ResourceKind

R, P, D = ResourceKind.ROOM, ResourceKind.PRACTITIONER, ResourceKind.DEVICE

# code: sessions, (absolute min, min, target, max, after other), (numbing, treatment, clean-up),
#       device, modality, maintenance in days
ROWS = {
    "microneedling-rejuvenation":
        ((3, 6), (21, 28, 35, 42, 28), (30, 45, 15), "microneedling-pen", "microneedling", (90, 365)),
    "microneedling-acne-scars":
        ((3, 6), (21, 28, 35, 42, 28), (30, 60, 15), "microneedling-pen", "microneedling", (180, 365)),
    "microneedling-stretch-marks":
        ((3, 6), (21, 28, 35, 42, 28), (30, 60, 15), "microneedling-pen", "microneedling", None),
    "rf-microneedling":
        ((3, 5), (21, 28, 35, 42, 28), (45, 60, 15), "rf-microneedling", "rf", (180, 365)),
    "microneedling-prp":
        ((3, 4), (21, 28, 28, 42, 28), (30, 75, 15), "microneedling-pen", "microneedling", (180, 365)),
    "chemical-peel-superficial":
        ((4, 6), (11, 14, 21, 35, 14), (0, 40, 5), None, "peel", (30, 90)),
    "fractional-laser-non-ablative":
        ((3, 5), (11, 14, 28, 42, 28), (45, 40, 10), "fractional-laser", "laser", None),
    "laser-hair-removal-body":
        ((6, 8), (32, 42, 49, 56, 28), (0, 45, 10), "hair-removal-laser", "laser", (180, 365)),
}  # fmt: skip

# code: usual days of downtime, days at most, confidence, a word of the source
ORIGINS = {
    "microneedling-rejuvenation": ((1, 3), 7, "P, C, J", "PMC6122507"),
    "microneedling-acne-scars": ((1, 3), 7, "P, C, J", "Harris 2015"),
    "microneedling-stretch-marks": ((1, 3), None, "C, K, J", "one to six sessions"),
    "rf-microneedling": ((1, 3), None, "C, J", "PMC4134659"),
    "microneedling-prp": ((1, 3), None, "C, J", "2024;17:307"),
    "chemical-peel-superficial": ((1, 7), None, "C, J", "Hurley 2002, Dayal 2021"),
    "fractional-laser-non-ablative": ((3, 7), None, "K, J", "clinic practice"),
    "laser-hair-removal-body": ((1, 3), None, "C, J", "JMIR Dermatol 2025"),
}


def test_eight_protocols_ship_and_all_are_version_1(catalogue: Catalogue) -> None:
    assert list(catalogue.protocols) == list(ROWS)
    assert {protocol.version for protocol in catalogue.protocols.values()} == {1}


@pytest.mark.parametrize("code", ROWS)
def test_a_protocol_has_the_figures_of_its_row(catalogue: Catalogue, code: str) -> None:
    protocol = catalogue.protocols[code]
    rule = protocol.spacing
    days = (
        rule.absolute_min_days,
        rule.min_days,
        rule.target_days,
        rule.max_days,
        rule.after_other_min_days,
    )
    minutes = tuple(phase.minutes for phase in protocol.phases)
    bounds = (protocol.min_sessions, protocol.max_sessions)
    assert (bounds, days, minutes, protocol.device_type, protocol.modality, protocol.maintenance_days) == ROWS[code]


@pytest.mark.parametrize("code", ORIGINS)
def test_a_protocol_says_its_downtime_its_confidence_and_its_source(catalogue: Catalogue, code: str) -> None:
    protocol, downtime = catalogue.protocols[code], catalogue.protocol_sheets[code].downtime
    usual, at_most, confidence, word = ORIGINS[code]
    assert (downtime.usual_days, downtime.at_most_days, protocol.confidence) == (usual, at_most, confidence)
    assert word in protocol.source


@pytest.mark.parametrize("code", ROWS)
def test_every_lapse_is_reassessed_and_no_step_has_a_rule_of_its_own(catalogue: Catalogue, code: str) -> None:
    protocol = catalogue.protocols[code]
    assert (protocol.spacing.on_lapse, protocol.step_spacing) == (OnLapse.REASSESS, {})


@pytest.mark.parametrize("code", ROWS)
def test_each_phase_needs_its_own_resources(catalogue: Catalogue, code: str) -> None:
    device = frozenset() if code == "chemical-peel-superficial" else frozenset({D})
    assert [(phase.name, phase.needs, phase.needs_patient) for phase in catalogue.protocols[code].phases] == [
        ("numbing", frozenset({R}), True),
        ("treatment", frozenset({P, R}) | device, True),
        ("clean-up", frozenset({R}) | device, False),
    ]


@pytest.mark.parametrize("code", ROWS)
def test_the_days_that_no_source_gives_are_marked_as_our_own_judgement(catalogue: Catalogue, code: str) -> None:
    judged = set(catalogue.protocol_sheets[code].own_judgement)
    assert {"spacing.absolute_min_days", "spacing.after_other_min_days"} <= judged
    aim_is_sourced = {
        "microneedling-rejuvenation",
        "microneedling-prp",
        "fractional-laser-non-ablative",
    }
    assert ("spacing.target_days" not in judged) == (code in aim_is_sourced)


def test_the_maintenance_intervals_that_no_source_gives_are_marked(catalogue: Catalogue) -> None:
    marked = [code for code, sheet in catalogue.protocol_sheets.items() if "maintenance_days" in sheet.own_judgement]
    assert marked == ["rf-microneedling", "microneedling-prp", "chemical-peel-superficial"]


def test_the_laser_downtime_is_our_own_judgement_and_the_rf_scabs_are_told(catalogue: Catalogue) -> None:
    marked = [code for code, sheet in catalogue.protocol_sheets.items() if "downtime.usual_days" in sheet.own_judgement]
    assert marked == ["fractional-laser-non-ablative"]
    assert catalogue.protocol_sheets["rf-microneedling"].downtime.note == "Scabs for several days."


def test_only_what_a_treatment_does_not_use_is_exempt(catalogue: Catalogue) -> None:
    exempt = {code: set(p.exempt_codes) for code, p in catalogue.protocols.items() if p.exempt_codes}
    assert exempt == {
        "chemical-peel-superficial": {"anaesthetic-allergy", "metal-allergy"},
        "laser-hair-removal-body": {"anaesthetic-allergy"},
    }
    assert [code for code, p in catalogue.protocols.items() if p.added_codes] == []


@pytest.mark.parametrize(
    ("code", "sites", "addons", "minutes"),
    [
        ("microneedling-rejuvenation", ["face"], [], (30, 45, 15)),
        ("microneedling-rejuvenation", ["lips"], [], (30, 30, 15)),
        ("microneedling-rejuvenation", ["face", "lips"], [], (30, 45, 15)),
        ("microneedling-rejuvenation", ["face"], ["prp"], (30, 75, 15)),
        ("microneedling-acne-scars", ["face"], ["prp", "serum"], (30, 80, 15)),
        ("microneedling-stretch-marks", ["legs"], [], (30, 90, 15)),
        ("laser-hair-removal-body", ["underarms"], [], (0, 20, 10)),
        ("laser-hair-removal-body", ["legs", "bikini-line"], [], (0, 75, 10)),
    ],
)
def test_minutes_follow_the_sites_and_the_addons(
    catalogue: Catalogue, code: str, sites: list[str], addons: list[str], minutes: tuple[int, ...]
) -> None:
    phases = catalogue.protocols[code].phases_for(sites, addons)
    assert tuple(phase.minutes for phase in phases) == minutes


def test_every_protocol_gives_advice_for_afterwards(catalogue: Catalogue) -> None:
    skin = ("no-make-up", "sun-protection", "pause-actives", "gentle-care", "no-exercise")
    advice = {code: sheet.aftercare for code, sheet in catalogue.protocol_sheets.items()}
    assert advice.pop("microneedling-stretch-marks") == skin[1:]
    assert advice.pop("laser-hair-removal-body") == ("sun-protection", "gentle-care", "no-exercise")
    assert set(advice.values()) == {skin}
