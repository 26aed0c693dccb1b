"""The form of a protocol: its fields by their path in the document, and the document as it was typed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scheduler.catalogue import CatalogueInvalid, protocol_from_json, protocol_to_json
from scheduler.domain import spelling
from scheduler.domain.protocol import OnLapse, Protocol
from scheduler.domain.refusals import Invalid, Refusal
from scheduler.web.pages.protocol_words import field_words, phase_words
from scheduler.web.pages.words import say

NUMBER = re.compile(r"[-−]?\d{1,4}")
NAME_LENGTH, SOURCE_LENGTH = 120, 300
COURSE = ("min_sessions", "max_sessions")
DAYS = (
    "spacing.absolute_min_days",
    "spacing.min_days",
    "spacing.target_days",
    "spacing.max_days",
    "spacing.after_other_min_days",
)
BOUNDS = ("shorten_by", "lengthen_by")
FORM = "protocol"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its path in the document, its label, and its value as text."""

    name: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that stand together."""

    title: str
    fields: tuple[Field, ...]


def groups_of(protocol: Protocol) -> tuple[Group, ...]:
    """The numbers of a protocol that can be edited."""
    document = protocol_to_json(protocol)
    phases = [
        Field(f"phases.{at}.minutes", phase_words(phase.name), str(phase.minutes))
        for at, phase in enumerate(protocol.phases)
    ]
    extras = [_field(document, path) for path in _extra_paths(protocol)]
    return (
        Group(say("Sessions"), tuple(_field(document, path) for path in COURSE)),
        Group(say("Days after the session before"), tuple(_field(document, path) for path in DAYS)),
        Group(say("Minutes of an appointment"), (*phases, *(_field(document, path) for path in BOUNDS))),
        *([Group(say("More or less by site and add-on"), tuple(extras))] if extras else []),
    )


def document_of(protocol: Protocol, typed: Mapping[str, str]) -> dict[str, Any]:
    """The protocol's document with what was typed. Raises ``Invalid`` (``invalid_form``) with every fault by field."""
    document, faults = protocol_to_json(protocol), []
    for path in _paths(protocol):
        text = typed.get(path, "").strip()
        try:
            _put(document, path, _read(path, text))
        except ValueError as error:
            faults.append({"field": path, "detail": str(error)})
    if faults:
        raise Invalid(say("Some of what was typed cannot be used."), code="invalid_form", errors=faults)
    return document


def as_typed(protocol: Protocol, typed: Mapping[str, str]) -> Protocol:
    """The protocol as it was typed. Raises ``Invalid`` with every fault by field."""
    try:
        return protocol_from_json(document_of(protocol, typed))
    except CatalogueInvalid as refusal:
        raise beside_fields(refusal) from None


def beside_fields(refusal: Refusal) -> Refusal:
    """What the catalogue refuses, told beside the fields of the form; any other refusal as it is."""
    if not isinstance(refusal, CatalogueInvalid):
        return refusal
    faults = [
        {"field": _shown_at(path), "detail": _why(path, one.detail)}
        for one in refusal.conflicts
        for path in [str(one.facts["field"])]
    ]
    return Invalid(say("The rules of the treatment do not fit together."), code="invalid_form", errors=faults)


def _paths(protocol: Protocol) -> Iterator[str]:
    yield from ("name", "source", *COURSE, *DAYS, "spacing.on_lapse")
    yield from (f"phases.{at}.minutes" for at in range(len(protocol.phases)))
    yield from BOUNDS
    yield from _extra_paths(protocol)


def _extra_paths(protocol: Protocol) -> Iterator[str]:
    for field, by_code in (("site_minutes", protocol.site_minutes), ("addon_minutes", protocol.addon_minutes)):
        yield from (f"{field}.{code}.{phase}" for code, by_phase in by_code.items() for phase in by_phase)


def _field(document: Mapping[str, Any], path: str) -> Field:
    value: Any = document
    for part in path.split("."):
        value = value[part]
    return Field(path, field_words(path), str(value))


def _read(path: str, text: str) -> Any:
    """The value of a field. Raises ``ValueError`` in words."""
    if path in ("name", "source"):
        return _line(text, NAME_LENGTH if path == "name" else SOURCE_LENGTH)
    if path == "spacing.on_lapse":
        return OnLapse(text).value
    if not NUMBER.fullmatch(text):
        raise ValueError(say("Give a whole number."))
    return int(text.replace("−", "-"))


def _line(text: str, longest: int) -> str:
    if not text:
        raise ValueError(say("This cannot be empty."))
    if len(text) > longest:
        raise ValueError(say("At most %(number)d characters.", number=longest))
    return spelling.clean(text, lines=False)


def _put(document: Any, path: str, value: Any) -> None:
    *way, last = path.split(".")
    for part in way:
        document = document[int(part) if isinstance(document, list) else part]
    document[last] = value


def _shown_at(path: str) -> str:
    """The field of the form at which a fault is told."""
    return {"spacing": DAYS[0], "phases": "phases.0.minutes"}.get(path, path)


def _why(path: str, detail: str) -> str:
    if path == "spacing":
        return say("Days must rise: never before, from, aim, until.")
    if path == "min_sessions":
        return say("The fewest sessions are at least 1, and no more than the most.")
    if "five from 0" in detail or detail.endswith("multiple of five."):
        return say("Minutes are a multiple of five.")
    if path == "shorten_by":
        return say("Less than five minutes of treatment would be left at the quickest site.")
    return detail
