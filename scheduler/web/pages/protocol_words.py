"""Words of the catalogue: fields of a protocol and their values, kinds and ends of contraindications, sources."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scheduler.catalogue import Difference
from scheduler.domain.holds import EndRule, Kind
from scheduler.domain.protocol import OnLapse
from scheduler.storage.entries import shipped
from scheduler.web.pages.words import counted, say, words

LINK = re.compile(r"PMC\d+|https?://[^\s;,)]+")
ARTICLE = "https://pmc.ncbi.nlm.nih.gov/articles/"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a source, and where it leads if anywhere."""

    text: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """One field in words, before and after."""

    name: str
    before: str
    after: str


def pieces(source: str) -> Iterator[Piece]:
    """A source with its links: addresses, and articles that are named by their number."""
    at = 0
    for found in LINK.finditer(source):
        yield Piece(source[at : found.start()])
        yield Piece(found[0], found[0] if found[0].startswith("http") else f"{ARTICLE}{found[0]}/")
        at = found.end()
    yield Piece(source[at:])


def tags(confidence: str) -> list[tuple[str, str]]:
    """Where rules come from: each letter with its words."""
    known = {
        "P": say("patient leaflet"),
        "L": say("manufacturer’s label or manual"),
        "C": say("published review or consensus"),
        "K": say("common clinic practice"),
        "J": say("our own judgement"),
    }
    return [(letter, known[letter]) for letter in confidence.split(", ") if letter in known]


def days(number: int) -> str:
    return counted("%(number)d day", "%(number)d days", number)


def phase_words(name: str) -> str:
    """What a stretch of an appointment is called."""
    known = {"numbing": say("Numbing"), "treatment": say("Treatment"), "clean-up": say("Clean-up")}
    return known.get(name, name)


def lapse_words(what: OnLapse) -> str:
    """What the protocol suggests when a session is late."""
    return {
        OnLapse.CONTINUE: say("continue"),
        OnLapse.REASSESS: say("look at the patient again"),
        OnLapse.RESTART: say("start again"),
    }[what]


def kind_words(kind: Kind) -> str:
    return {
        Kind.ABSOLUTE: say("Absolute"),
        Kind.TEMPORARY: say("Temporary"),
        Kind.CLEARANCE: say("Needs clearance"),
        Kind.CAUTION: say("Caution"),
    }[kind]


def end_words(rule: EndRule) -> str:
    """What ends a hold by this rule."""
    return {
        EndRule.ON_DATE: say("ends by itself"),
        EndRule.ON_CLEARANCE: say("ends when a practitioner lifts it"),
        EndRule.DATE_THEN_CLEARANCE: say("after that a practitioner lifts it"),
        EndRule.DATE_AND_HEALED: say("after that, once it has healed"),
        EndRule.DATE_OR_CLEARANCE: say("or until a practitioner clears it"),
        EndRule.PERMANENT: say("never ends"),
    }[rule]


def changed(differences: tuple[Difference, ...]) -> list[Changed]:
    """A difference of two versions that people can read."""
    return [
        Changed(field_words(one.field), value_words(one.field, one.before), value_words(one.field, one.after))
        for one in differences
    ]


def field_words(path: str) -> str:
    """The name of a protocol's field."""
    first, *rest = path.split(".")
    if not rest or first == "spacing":
        return _fields().get(path, path)
    if first == "phases":
        return f"{phase_words(rest[0])}: {_of_phase().get(rest[1], rest[1])}"
    if first == "site_minutes":
        return say("Extra minutes for %(what)s: %(phase)s", what=_site(rest[0]), phase=phase_words(rest[1]))
    if first == "addon_minutes":
        return say("Extra minutes for %(what)s: %(phase)s", what=_addon(rest[0]), phase=phase_words(rest[1]))
    if first == "step_spacing":
        return say("Before session %(number)s: %(what)s", number=rest[0], what=_fields()[f"spacing.{rest[1]}"])
    return _fields().get(first, path)


def _fields() -> dict[str, str]:
    return {
        "name": say("Name"),
        "min_sessions": say("Fewest sessions"),
        "max_sessions": say("Most sessions"),
        "spacing.absolute_min_days": say("Never before day"),
        "spacing.min_days": say("From day"),
        "spacing.target_days": say("Aim at day"),
        "spacing.max_days": say("Until day"),
        "spacing.after_other_min_days": say("Days after another procedure on the site"),
        "spacing.on_lapse": say("When a session is late"),
        "shorten_by": say("A practitioner may shorten the treatment by"),
        "lengthen_by": say("A practitioner may lengthen the treatment by"),
        "device_type": say("Kind of device"),
        "modality": say("Kind of treatment"),
        "exempt_codes": say("Contraindications that do not concern it"),
        "added_codes": say("Contraindications that it adds"),
        "maintenance_days": say("Touch-up after"),
        "source": say("Source"),
        "confidence": say("Kinds of source"),
        "reminder_days": say("Reminder before"),
        "downtime": say("Downtime"),
        "phases": say("Phases"),
        "site_minutes": say("Extra minutes by site"),
        "addon_minutes": say("Extra minutes by add-on"),
    }


def _of_phase() -> dict[str, str]:
    return {
        "minutes": say("minutes"),
        "needs": say("who and what is needed"),
        "needs_patient": say("the patient is there"),
    }


def value_words(path: str, value: Any) -> str:
    """A value of that field; a dash where there is none."""
    if value is None or value == "" or value == []:
        return "–"
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, list):
        return (" – " if path == "maintenance_days" else ", ").join(_listed(path, one) for one in value)
    if path.endswith("on_lapse"):
        return lapse_words(OnLapse(value))
    return _number(path, value) if isinstance(value, int) else words().translated(str(value))


def _listed(path: str, value: Any) -> str:
    if path == "maintenance_days":
        return days(value)
    rule = shipped().contraindications.get(str(value))
    return words().translated(rule.label) if rule else need_words(str(value))


def need_words(kind: str) -> str:
    """Who or what a phase needs besides the patient."""
    known = {"practitioner": say("practitioner"), "room": say("room"), "device": say("device")}
    return known.get(kind, kind)


def _number(path: str, value: int) -> str:
    if path in ("min_sessions", "max_sessions"):
        return str(value)
    if "spacing" in path:
        return days(value) if path.endswith("after_other_min_days") else str(value)
    return say("%(number)d min", number=value)


def _site(code: str) -> str:
    site = shipped().body_sites.get(code)
    return words().translated(site.label) if site else code


def _addon(code: str) -> str:
    addon = shipped().addons.get(code)
    return words().translated(addon.label) if addon else code
