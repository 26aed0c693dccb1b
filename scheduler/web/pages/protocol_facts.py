"""Facts of a protocol that its page puts together: extra minutes, advice, what bars it, what nobody else has said."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from scheduler.catalogue import Difference, protocol_differences
from scheduler.catalogue.sheets import Advice, Preparation
from scheduler.domain.holds import Contraindication
from scheduler.domain.protocol import Protocol
from scheduler.operations.catalogue.protocol_versions import ProtocolVersion
from scheduler.storage.entries import shipped
from scheduler.web.pages.protocol_words import phase_words
from scheduler.web.pages.words import words


@dataclass(frozen=True, slots=True)
class Extra:
    """Minutes that a site or an add-on puts on a phase, or takes away."""

    what: str
    phase: str
    minutes: int
    field: str


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One site of the tree, as deep as it lies."""

    code: str
    label: str
    depth: int


@dataclass(frozen=True, slots=True)
class Compared:
    """The version that another one is compared with, and what differs."""

    since: ProtocolVersion
    changes: tuple[Difference, ...]


def extras_of(protocol: Protocol) -> tuple[Extra, ...]:
    """Sites first, then add-ons, as the protocol has them."""
    catalogue = shipped()
    labels = {code: site.label for code, site in catalogue.body_sites.items()}
    labels |= {code: addon.label for code, addon in catalogue.addons.items()}
    return tuple(
        Extra(words().translated(labels.get(code, code)), phase_words(phase), minutes, field)
        for field, by_code in (("site_minutes", protocol.site_minutes), ("addon_minutes", protocol.addon_minutes))
        for code, by_phase in by_code.items()
        for phase, minutes in by_phase.items()
    )


def advice_of(code: str) -> tuple[tuple[Preparation, ...], tuple[Advice, ...]]:
    """What is said before and after a session of this protocol."""
    catalogue = shipped()
    sheet = catalogue.protocol_sheets.get(code)
    if sheet is None:
        return (), ()
    before = tuple(catalogue.preparation[one] for one in sheet.preparation)
    return before, tuple(catalogue.aftercare[one] for one in sheet.aftercare)


def judged_fields(protocol: Protocol) -> tuple[str, ...]:
    """The fields that no source gives and that are still as they were brought along: a clinician must confirm them."""
    catalogue = shipped()
    first, sheet = catalogue.protocols.get(protocol.code), catalogue.protocol_sheets.get(protocol.code)
    if first is None or sheet is None:
        return ()
    edited = {one.field for one in protocol_differences(first, protocol)}
    return tuple(
        field
        for field in sheet.own_judgement
        if not any(path == field or path.startswith(f"{field}.") for path in edited)
    )


def barring(protocol: Protocol, rules: Iterable[Contraindication]) -> tuple[Contraindication, ...]:
    """The contraindications that concern this treatment."""
    return tuple(rule for rule in rules if _concerns(rule, protocol))


def _concerns(rule: Contraindication, protocol: Protocol) -> bool:
    if rule.code in protocol.exempt_codes:
        return False
    if rule.code in protocol.added_codes or not rule.only_modalities:
        return True
    return protocol.modality in rule.only_modalities


def compared(versions: Sequence[ProtocolVersion], mine: ProtocolVersion, since: UUID | None) -> Compared | None:
    """What this version says otherwise than the one that was asked for."""
    other = next((one for one in versions if one.id == since and one is not mine), None)
    return Compared(other, protocol_differences(other.protocol, mine.protocol)) if other else None


def site_rows() -> tuple[SiteRow, ...]:
    """The tree of sites, each below what contains it."""
    return tuple(_below(None, 0))


def _below(parent: str | None, depth: int) -> Iterator[SiteRow]:
    for code, site in shipped().body_sites.items():
        if site.parent == parent:
            yield SiteRow(code, words().translated(site.label), depth)
            yield from _below(code, depth + 1)
