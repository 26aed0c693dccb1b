"""What makes a protocol sound, beyond the types of its fields: for the shipped files and for a manager's edits."""

from collections.abc import Container, Iterator, Mapping

from scheduler.catalogue.faults import Fault, refuse_faulty
from scheduler.catalogue.phase_checks import faults_of_code, faults_of_minutes, faults_of_phases, off_grid
from scheduler.domain.protocol import Protocol

TREATMENT = "treatment"


def check_protocol(protocol: Protocol, *, sites: Container[str], addons: Container[str], codes: Container[str]) -> None:
    """Raise ``CatalogueInvalid`` with every fault; ``codes`` are those of the contraindications."""
    faults = faults_of_protocol(protocol, sites, addons, codes)
    refuse_faulty(fault.at("protocol", protocol.code) for fault in faults)


def faults_of_protocol(
    protocol: Protocol, sites: Container[str], addons: Container[str], codes: Container[str]
) -> Iterator[Fault]:
    """Everything that is wrong with a protocol among these sites, add-ons and contraindications."""
    yield from faults_of_code(protocol.code, protocol.version)
    yield from _faults_of_bounds(protocol)
    yield from faults_of_phases(protocol.phases, protocol.device_type)
    yield from _faults_of_treatment(protocol)
    yield from _faults_of_extras(protocol, "site_minutes", protocol.site_minutes, sites)
    yield from _faults_of_extras(protocol, "addon_minutes", protocol.addon_minutes, addons)
    yield from _faults_of_codes(protocol, codes)


def _faults_of_bounds(protocol: Protocol) -> Iterator[Fault]:
    if not 1 <= protocol.min_sessions <= protocol.max_sessions:
        yield Fault("min_sessions", "must be at least 1 and at most max_sessions")
    if protocol.maintenance_days and not 1 <= protocol.maintenance_days[0] <= protocol.maintenance_days[1]:
        yield Fault("maintenance_days", "must rise from at least 1 day")
    for number in protocol.step_spacing:
        if not 2 <= number <= protocol.max_sessions:
            yield Fault(f"step_spacing.{number}", "must be the number of a session from 2 to max_sessions")


def _faults_of_treatment(protocol: Protocol) -> Iterator[Fault]:
    for name, minutes in (("shorten_by", protocol.shorten_by), ("lengthen_by", protocol.lengthen_by)):
        if minutes < 0 or off_grid(minutes):
            yield Fault(name, f"{minutes} minutes are not a multiple of five from 0")
    planned = [phase.minutes for phase in protocol.phases if phase.name == TREATMENT]
    if not planned:
        yield Fault("phases", f'none is called "{TREATMENT}"')
        return
    at_least_cut = min((by_phase.get(TREATMENT, 0) for by_phase in protocol.site_minutes.values()), default=0)
    if planned[0] + min(at_least_cut, 0) - protocol.shorten_by < 5:
        yield Fault("shorten_by", "leaves less than five minutes of treatment at the quickest site")


def _faults_of_extras(
    protocol: Protocol, field: str, extras: Mapping[str, Mapping[str, int]], known: Container[str]
) -> Iterator[Fault]:
    phases = {phase.name for phase in protocol.phases}
    for code, by_phase in extras.items():
        if code not in known:
            yield Fault(f"{field}.{code}", f'the catalogue has no "{code}"')
        for name, minutes in by_phase.items():
            if name not in phases:
                yield Fault(f"{field}.{code}.{name}", f'the protocol has no phase "{name}"')
            yield from faults_of_minutes(f"{field}.{code}.{name}", minutes)


def _faults_of_codes(protocol: Protocol, codes: Container[str]) -> Iterator[Fault]:
    for field, named in (("exempt_codes", protocol.exempt_codes), ("added_codes", protocol.added_codes)):
        for code in sorted(named):
            if code not in codes:
                yield Fault(field, f'the catalogue has no contraindication "{code}"')
    for code in sorted(protocol.exempt_codes & protocol.added_codes):
        yield Fault("added_codes", f'"{code}" is exempt as well')
