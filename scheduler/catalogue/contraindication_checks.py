"""What makes a contraindication sound: a hold's end must follow from its rule."""

from collections.abc import Container, Iterator

from scheduler.catalogue.faults import Fault, refuse_faulty
from scheduler.catalogue.phase_checks import faults_of_code
from scheduler.domain.holds import Contraindication, EndRule, Kind


def check_contraindication(rule: Contraindication, *, modalities: Container[str]) -> None:
    """Raise ``CatalogueInvalid`` with every fault; ``modalities`` are those of the protocols."""
    faults = faults_of_contraindication(rule, modalities)
    refuse_faulty(fault.at("contraindication", rule.code) for fault in faults)


def faults_of_contraindication(rule: Contraindication, modalities: Container[str]) -> Iterator[Fault]:
    """Everything that is wrong with a contraindication among treatments of these modalities."""
    yield from faults_of_code(rule.code, rule.version)
    yield from _faults_of_days(rule)
    if rule.kind is Kind.CAUTION:
        yield from _faults_of_caution(rule)
    else:
        yield from _faults_of_end(rule)
    for modality in sorted(rule.only_modalities):
        if modality not in modalities:
            yield Fault("only_modalities", f'no protocol has the modality "{modality}"')


def _faults_of_days(rule: Contraindication) -> Iterator[Fault]:
    if len(dict(rule.variants)) < len(rule.variants):
        yield Fault("variants", "one stands there twice")
    if any(days < 1 for _, days in rule.variants):
        yield Fault("variants", "days must be at least 1")
    for field, days in (("days", rule.days), ("review_days", rule.review_days)):
        if days is not None and days < 1:
            yield Fault(field, "must be at least 1")


def _faults_of_caution(rule: Contraindication) -> Iterator[Fault]:
    for field, value in (("days", rule.days), ("variants", rule.variants), ("review_days", rule.review_days)):
        if value:
            yield Fault(field, "a caution makes no hold, so nothing of it ends")


def _faults_of_end(rule: Contraindication) -> Iterator[Fault]:
    open_ended = rule.end_rule in (EndRule.ON_CLEARANCE, EndRule.PERMANENT)
    if open_ended and (rule.days is not None or rule.variants):
        yield Fault("days", f"no date plays a part when a hold ends by {rule.end_rule}")
    if not open_ended and rule.days is None:
        yield Fault("days", f"a hold that ends by {rule.end_rule} needs them")
    if rule.end_rule is EndRule.ON_CLEARANCE and rule.review_days is None:
        yield Fault("review_days", "an open hold must be looked at again")
    if (rule.end_rule is EndRule.PERMANENT) != (rule.kind is Kind.ABSOLUTE):
        yield Fault("end_rule", "is permanent for what is absolute, and only for that")
