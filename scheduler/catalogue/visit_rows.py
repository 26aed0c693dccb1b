"""Rows of visit types: one that names a protocol takes its phases, device and distances from there."""

from collections.abc import Iterator, Mapping
from typing import Any

from scheduler.catalogue.documents import protocol_to_json
from scheduler.catalogue.faults import Fault
from scheduler.catalogue.reading import Row
from scheduler.domain.protocol import Protocol

TAKEN_FROM_PROTOCOL = ("phases", "device_type", "after_other_min_days", "qualification")


def faults_of_visit_row(row: Row, protocols: Mapping[str, Protocol]) -> Iterator[Fault]:
    """A named protocol exists, and what it gives is not given twice."""
    if (code := row.get("protocol")) is None:
        return
    if code not in protocols:
        yield Fault("protocol", f'the catalogue has no protocol "{code}"')
    for field in TAKEN_FROM_PROTOCOL:
        if field in row:
            yield Fault(field, "comes from the protocol and must not stand here as well")


def filled_from_protocol(row: Row, protocols: Mapping[str, Protocol]) -> Row:
    """The row with what its protocol gives, or as it is when it names none that exists."""
    if (protocol := protocols.get(row.get("protocol", ""))) is None:
        return row
    given: dict[str, Any] = {
        "phases": protocol_to_json(protocol)["phases"],
        "device_type": protocol.device_type,
        "after_other_min_days": protocol.spacing.after_other_min_days,
        "qualification": protocol.code,
    }
    return {key: value for key, value in row.items() if key != "protocol"} | given
