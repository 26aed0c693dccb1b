"""Every row says where it comes from, and marks what is our own judgement."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter, ValidationError

from scheduler.catalogue.faults import Fault
from scheduler.catalogue.sheets import Confidence

OWN_JUDGEMENT = "J"
_CONFIDENCE: TypeAdapter[str] = TypeAdapter(Confidence)


def faults_of_source(row: Mapping[str, Any]) -> Iterator[Fault]:
    """A row as it stands in the file names its source, tags it, and has the tag J when it names judged fields."""
    if not str(row.get("source", "")).strip():
        yield Fault("source", "is missing")
    confidence, judged = str(row.get("confidence", "")), row.get("own_judgement", ())
    if not _is_confidence(confidence):
        yield Fault("confidence", "must be some of the tags P, L, C, K and J, with commas between")
    if (OWN_JUDGEMENT in confidence) != bool(judged):
        yield Fault("own_judgement", "names the judged fields when the confidence has J, and only then")
    yield from _faults_of_judged(row, judged)


def _is_confidence(text: str) -> bool:
    try:
        _CONFIDENCE.validate_python(text)
    except ValidationError:
        return False
    return True


def _faults_of_judged(row: Mapping[str, Any], judged: Sequence[str]) -> Iterator[Fault]:
    for path in judged:
        at: Any = row
        for part in path.split("."):
            at = at.get(part) if isinstance(at, Mapping) else None
        if at is None:
            yield Fault("own_judgement", f'the row has no field "{path}"')
