import pytest

from scheduler.catalogue import Catalogue
from scheduler.domain.protocol import ResourceKind

WITHOUT_PROTOCOL = {
    "consultation": [("consultation", 45, True)],
    "review": [("review", 20, True)],
    "patch-test": [("patch-test", 15, True), ("clean-up", 5, False)],
}
MAINTENANCE = {
    "maintenance": "microneedling-rejuvenation",
    "maintenance-microneedling-acne-scars": "microneedling-acne-scars",
    "maintenance-rf-microneedling": "rf-microneedling",
    "maintenance-microneedling-prp": "microneedling-prp",
    "maintenance-chemical-peel-superficial": "chemical-peel-superficial",
    "maintenance-laser-hair-removal-body": "laser-hair-removal-body",
}
SINGLE = {
    "single-treatment": "microneedling-rejuvenation",
    "single-treatment-microneedling-acne-scars": "microneedling-acne-scars",
    "single-treatment-microneedling-stretch-marks": "microneedling-stretch-marks",
    "single-treatment-rf-microneedling": "rf-microneedling",
    "single-treatment-microneedling-prp": "microneedling-prp",
    "single-treatment-chemical-peel-superficial": "chemical-peel-superficial",
    "single-treatment-fractional-laser-non-ablative": "fractional-laser-non-ablative",
    "single-treatment-laser-hair-removal-body": "laser-hair-removal-body",
}


def test_the_visit_types_that_ship(catalogue: Catalogue) -> None:
    assert list(catalogue.visit_types) == [*WITHOUT_PROTOCOL, *MAINTENANCE, *SINGLE]


@pytest.mark.parametrize("code", WITHOUT_PROTOCOL)
def test_a_visit_that_treats_nothing_stays_open_to_a_patient_on_hold(catalogue: Catalogue, code: str) -> None:
    visit = catalogue.visit_types[code]
    assert [(p.name, p.minutes, p.needs_patient) for p in visit.phases] == WITHOUT_PROTOCOL[code]
    assert visit.phases[0].needs == {ResourceKind.PRACTITIONER, ResourceKind.ROOM}
    assert (visit.treats, visit.qualification, visit.after_other_min_days, visit.device_type) == (False, None, 0, None)


@pytest.mark.parametrize(("code", "protocol_code"), (MAINTENANCE | SINGLE).items())
def test_a_visit_that_treats_takes_everything_from_its_protocol(
    catalogue: Catalogue, code: str, protocol_code: str
) -> None:
    visit, protocol = catalogue.visit_types[code], catalogue.protocols[protocol_code]
    assert (visit.treats, visit.qualification) == (True, protocol_code)
    assert (visit.phases, visit.device_type) == (protocol.phases, protocol.device_type)
    assert visit.after_other_min_days == protocol.spacing.after_other_min_days


def test_maintenance_is_offered_for_every_protocol_that_has_an_interval_for_it(catalogue: Catalogue) -> None:
    with_interval = {code for code, protocol in catalogue.protocols.items() if protocol.maintenance_days}
    assert set(MAINTENANCE.values()) == with_interval
    assert set(SINGLE.values()) == set(catalogue.protocols)
