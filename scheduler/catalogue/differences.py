"""Differences: what two versions of a protocol say otherwise, field by field."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scheduler.catalogue.documents import protocol_to_json
from scheduler.domain.protocol import Protocol

NOT_COMPARED = frozenset({"code", "version"})


@dataclass(frozen=True, slots=True)
class Difference:
    """One field, by its path (``spacing.min_days``, ``phases.numbing.minutes``), before and after.

    ``None`` where a version has no such field. Sets are sorted lists.
    """

    field: str
    before: Any
    after: Any


def protocol_differences(before: Protocol, after: Protocol) -> tuple[Difference, ...]:
    """What differs, in the order of a protocol's fields. Equal rules give nothing, whatever their versions."""
    old, new = _flat(before), _flat(after)
    fields = [*old, *(field for field in new if field not in old)]
    pairs = ((field, old.get(field), new.get(field)) for field in fields)
    return tuple(Difference(*pair) for pair in pairs if pair[1] != pair[2])


def _flat(protocol: Protocol) -> dict[str, Any]:
    document = {name: value for name, value in protocol_to_json(protocol).items() if name not in NOT_COMPARED}
    document["phases"] = {phase.pop("name"): phase for phase in document["phases"]}
    return dict(_leaves("", document))


def _leaves(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(value, Mapping):
        yield path, value
        return
    for name, below in value.items():
        yield from _leaves(f"{path}.{name}" if path else str(name), below)
