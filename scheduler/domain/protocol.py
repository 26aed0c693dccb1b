"""Protocols: the versioned definition of a treatment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class OnLapse(StrEnum):
    """What the protocol suggests when a window has lapsed; a practitioner decides."""

    CONTINUE = "continue"
    REASSESS = "reassess"
    RESTART = "restart"


@dataclass(frozen=True, slots=True)
class SpacingRule:
    """The interval before a session, in clinic-local calendar days, both ends inclusive."""

    absolute_min_days: int
    min_days: int
    target_days: int
    max_days: int
    after_other_min_days: int = 0
    on_lapse: OnLapse = OnLapse.REASSESS

    def __post_init__(self) -> None:
        if not 0 <= self.absolute_min_days <= self.min_days <= self.target_days <= self.max_days:
            raise ValueError("days must rise: 0 <= absolute_min <= min <= target <= max")
        if self.after_other_min_days < 0:
            raise ValueError("after_other_min_days must not be negative")


class ResourceKind(StrEnum):
    """What an appointment occupies, besides the patient."""

    PRACTITIONER = "practitioner"
    ROOM = "room"
    DEVICE = "device"


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of an appointment and who or what is needed for it. A phase of no minutes claims nothing."""

    name: str
    minutes: int
    needs: frozenset[ResourceKind]
    needs_patient: bool


@dataclass(frozen=True, slots=True)
class Protocol:
    """A treatment under one version of its rules.

    ``spacing`` is the rule before every session unless ``step_spacing`` has one for that session's number.
    ``site_minutes`` and ``addon_minutes`` map a site or add-on to extra minutes (may be negative) per phase name.
    ``exempt_codes`` are contraindications that do not concern this protocol, ``added_codes`` those it adds.
    """

    code: str
    version: int
    name: str
    min_sessions: int
    max_sessions: int
    spacing: SpacingRule
    phases: tuple[Phase, ...]
    step_spacing: Mapping[int, SpacingRule] = field(default_factory=dict)
    site_minutes: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    addon_minutes: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    shorten_by: int = 0
    lengthen_by: int = 0
    device_type: str | None = None
    modality: str = ""
    exempt_codes: frozenset[str] = frozenset()
    added_codes: frozenset[str] = frozenset()
    maintenance_days: tuple[int, int] | None = None
    source: str = ""
    confidence: str = ""

    def spacing_before(self, number: int) -> SpacingRule:
        """The rule for the gap between session ``number - 1`` and session ``number``."""
        return self.step_spacing.get(number, self.spacing)

    def phases_for(
        self, sites: Iterable[str] = (), addons: Iterable[str] = (), treatment_extra: int = 0
    ) -> tuple[Phase, ...]:
        """The phases with the minutes that these sites and add-ons need.

        Of several sites the one that asks for most counts, of add-ons all; ``treatment_extra`` lengthens or shortens
        the phase called ``treatment`` for this one appointment.
        """
        return tuple(
            Phase(
                p.name,
                max(0, p.minutes + self._extra(p.name, tuple(sites), tuple(addons), treatment_extra)),
                p.needs,
                p.needs_patient,
            )
            for p in self.phases
        )

    def _extra(self, phase: str, sites: tuple[str, ...], addons: tuple[str, ...], treatment_extra: int) -> int:
        by_site = [self.site_minutes.get(site, {}).get(phase, 0) for site in sites]
        by_addon = sum(self.addon_minutes.get(addon, {}).get(phase, 0) for addon in addons)
        return max(by_site, default=0) + by_addon + (treatment_extra if phase == "treatment" else 0)


@dataclass(frozen=True, slots=True)
class VisitType:
    """What a single appointment outside a series is for.

    ``treats`` says that it treats the skin: holds block it and it counts as a procedure. ``qualification`` is the
    protocol code that its practitioner must be qualified for, when any.
    """

    code: str
    name: str
    phases: tuple[Phase, ...]
    treats: bool
    qualification: str | None = None
    after_other_min_days: int = 0
    device_type: str | None = None
