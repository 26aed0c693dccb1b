"""Slots and claims: what an appointment occupies, and when.

Phases follow one another from the slot's start. Each resource is claimed for the phases that need it only, so one
practitioner can treat a patient while the next one's cream takes effect.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from scheduler.domain.protocol import Phase, ResourceKind


@dataclass(frozen=True, slots=True)
class Slot:
    """When an appointment begins (UTC instant) and which resources it uses, one per kind."""

    starts_at: datetime
    resources: Mapping[ResourceKind, UUID]

    @property
    def practitioner_id(self) -> UUID | None:
        return self.resources.get(ResourceKind.PRACTITIONER)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A half-open stretch of time, ``[starts_at, ends_at)``, of one resource or patient."""

    subject_id: UUID
    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: "Stretch") -> bool:
        """True when both occupy the same subject at one moment; back to back is no overlap."""
        return self.subject_id == other.subject_id and self.starts_at < other.ends_at and other.starts_at < self.ends_at


Span = tuple[int, int]  # minutes from the start of the appointment, half-open


def needed_spans(phases: Sequence[Phase]) -> dict[ResourceKind | None, tuple[Span, ...]]:
    """For each kind of resource (``None`` is the patient) the spans in which the phases need it, adjoining ones joined.

    The patient is needed from the first to the last phase that needs the patient, without gaps.
    """
    kinds: list[ResourceKind | None] = [*ResourceKind, None]
    spans = {kind: tuple(_joined(_spans_of(phases, kind))) for kind in kinds}
    if whole := spans[None]:
        spans[None] = ((whole[0][0], whole[-1][1]),)
    return {kind: found for kind, found in spans.items() if found}


def _spans_of(phases: Sequence[Phase], kind: ResourceKind | None) -> Iterator[Span]:
    at = 0
    for phase in phases:
        needed = phase.needs_patient if kind is None else kind in phase.needs
        if needed and phase.minutes > 0:
            yield at, at + phase.minutes
        at += phase.minutes


def _joined(spans: Iterator[Span]) -> Iterator[Span]:
    held: Span | None = None
    for span in spans:
        if held is not None and held[1] == span[0]:
            held = (held[0], span[1])
            continue
        if held is not None:
            yield held
        held = span
    if held is not None:
        yield held


def claims_of(slot: Slot, phases: Sequence[Phase], patient_id: UUID) -> tuple[Stretch, ...]:
    """Every claim that an appointment in this slot makes, the patient's included."""
    subjects = dict[ResourceKind | None, UUID](slot.resources.items()) | {None: patient_id}
    return tuple(
        Stretch(subjects[kind], slot.starts_at + timedelta(minutes=start), slot.starts_at + timedelta(minutes=end))
        for kind, spans in needed_spans(phases).items()
        if kind in subjects
        for start, end in spans
    )


def patient_times(starts_at: datetime, phases: Sequence[Phase]) -> tuple[datetime, datetime]:
    """From when to when the patient is there: first to last phase that needs the patient (UTC instants)."""
    start, end = needed_spans(phases)[None][0]
    return starts_at + timedelta(minutes=start), starts_at + timedelta(minutes=end)


def own_times(starts_at: datetime, phases: Sequence[Phase], kind: ResourceKind) -> tuple[datetime, datetime]:
    """From first to last phase that needs this kind of resource, or all of it where none does (UTC instants)."""
    spans = needed_spans(phases).get(kind, ((0, total_minutes(phases)),))
    return starts_at + timedelta(minutes=spans[0][0]), starts_at + timedelta(minutes=spans[-1][1])


def total_minutes(phases: Sequence[Phase]) -> int:
    """Minutes from the first phase to the end of the last, clean-up included."""
    return sum(phase.minutes for phase in phases)
