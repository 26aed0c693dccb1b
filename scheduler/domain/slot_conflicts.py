"""Slot conflicts: whether the people and things of a slot can have it. Every reason why not, not only the first."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from uuid import UUID

from scheduler.domain.clinic_days import clinic_date, wall_time
from scheduler.domain.intervals import common
from scheduler.domain.phrases import InWords, Phrase
from scheduler.domain.protocol import Phase, ResourceKind
from scheduler.domain.refusals import Conflict
from scheduler.domain.slots import Slot, Stretch, claims_of, needed_spans


@dataclass(frozen=True, slots=True)
class Qualification:
    """What a practitioner may perform; ``valid_until`` is its last clinic date, ``None`` without an end."""

    valid_until: date | None = None
    renewal_expected: bool = False

    def holds_on(self, on: date, *, expecting_renewal: bool = True) -> bool:
        """Whether it counts on a date. Plans may expect a renewal, a check-in may not."""
        return self.valid_until is None or on <= self.valid_until or (expecting_renewal and self.renewal_expected)


@dataclass(frozen=True, slots=True)
class ResourceFacts:
    """One resource around the slots in question.

    ``working`` are sorted UTC stretches with absences already taken out, ``busy`` what others have claimed.
    """

    id: UUID
    kind: ResourceKind
    name: str
    type: str | None
    active: bool
    working: Sequence[tuple[datetime, datetime]]
    busy: Sequence[Stretch]
    qualification: Qualification | None = None


@dataclass(frozen=True, slots=True)
class Needs:
    """What an appointment needs of its resources: its phases, a practitioner qualified so, a device of this type."""

    phases: Sequence[Phase]
    qualification: str | None
    device_type: str | None
    zone: str


def slot_conflicts(
    slot: Slot,
    needs: Needs,
    patient_id: UUID,
    facts: Mapping[UUID, ResourceFacts],
    patient_busy: Sequence[Stretch],
    session: int | None = None,
) -> tuple[Conflict, ...]:
    """Everything that speaks against a slot except its series' dates. ``facts`` lacks unknown resources."""
    told = {} if session is None else {"session": session}
    claims = claims_of(slot, needs.phases, patient_id)
    found = [*_missing(slot, needs), *_patient_taken(claims, patient_busy, needs.zone)]
    for kind, resource_id in slot.resources.items():
        found += _resource_conflicts(kind, resource_id, facts.get(resource_id), needs, slot, claims)
    return tuple(Conflict(c.code, c.detail, {**told, **c.facts}, c.remedy) for c in found)


def _missing(slot: Slot, needs: Needs) -> Iterator[Conflict]:
    for kind in needed_spans(needs.phases):
        if kind is not None and kind not in slot.resources:
            yield Conflict(
                "resource_missing",
                Phrase("A %(kind)s is needed.", kind=kind.value),
                {"kind": kind.value},
                Phrase("Name a %(kind)s.", kind=kind.value),
            )


def _patient_taken(claims: Iterable[Stretch], busy: Sequence[Stretch], zone: str) -> Iterator[Conflict]:
    for claim in claims:
        for taken in busy:
            if claim.overlaps(taken):
                words = Phrase(
                    "The patient already has an appointment %(span)s.", span=_span(taken.starts_at, taken.ends_at, zone)
                )
                yield Conflict("patient_taken", words, _stretch_facts(taken), "Choose another time.")


def _resource_conflicts(
    kind: ResourceKind,
    resource_id: UUID,
    facts: ResourceFacts | None,
    needs: Needs,
    slot: Slot,
    claims: Sequence[Stretch],
) -> Iterator[Conflict]:
    if facts is None or facts.kind is not kind or not facts.active:
        detail = Phrase("There is no such %(kind)s at this clinic.", kind=kind.value)
        yield Conflict("unknown_resource", detail, {"kind": kind.value, "resource_id": str(resource_id)})
        return
    yield from _unfit(facts, needs, clinic_date(slot.starts_at, needs.zone))
    for claim in (claim for claim in claims if claim.subject_id == resource_id):
        yield from _not_working(facts, claim, needs.zone)
        yield from _taken(facts, claim, needs.zone)


def _unfit(facts: ResourceFacts, needs: Needs, on: date) -> Iterator[Conflict]:
    told = {"resource_id": str(facts.id), "resource": facts.name}
    if facts.kind is ResourceKind.DEVICE and needs.device_type and facts.type != needs.device_type:
        detail = Phrase(
            "%(facts)s is not of the type %(device_type)s.", facts=facts.name, device_type=needs.device_type
        )
        yield Conflict(
            "wrong_device",
            detail,
            told,
            Phrase("Choose a device of the type %(device_type)s.", device_type=needs.device_type),
        )
    if facts.kind is not ResourceKind.PRACTITIONER or needs.qualification is None:
        return
    if facts.qualification is None:
        yield Conflict(
            "not_qualified",
            Phrase("%(facts)s is not qualified for this.", facts=facts.name),
            told,
            "Choose somebody who is.",
        )
    elif not facts.qualification.holds_on(on):
        ended = facts.qualification.valid_until
        detail = Phrase(
            "%(facts)s's qualification ends on %(ended)s, before %(day)s.", facts=facts.name, ended=ended, day=on
        )
        yield Conflict(
            "qualification_expired", detail, told | {"valid_until": str(ended)}, "Choose somebody else, or renew it."
        )


def _not_working(facts: ResourceFacts, claim: Stretch, zone: str) -> Iterator[Conflict]:
    wanted = (claim.starts_at, claim.ends_at)
    if common([wanted], facts.working) != [wanted]:
        detail = Phrase("%(facts)s is not available %(span)s.", facts=facts.name, span=_span(*wanted, zone))
        told = {"resource_id": str(facts.id), "resource": facts.name, **_stretch_facts(claim)}
        yield Conflict("not_available", detail, told, "Choose a time within the hours, or somebody else.")


def _taken(facts: ResourceFacts, claim: Stretch, zone: str) -> Iterator[Conflict]:
    for taken in facts.busy:
        if claim.overlaps(taken):
            detail = Phrase(
                "%(facts)s is taken %(span)s.", facts=facts.name, span=_span(taken.starts_at, taken.ends_at, zone)
            )
            told = {"resource_id": str(facts.id), "resource": facts.name, **_stretch_facts(taken)}
            yield Conflict(f"{facts.kind.value}_taken", detail, told, "Choose another time or another one.")


def _stretch_facts(stretch: Stretch) -> dict[str, str]:
    return {"starts_at": stretch.starts_at.isoformat(), "ends_at": stretch.ends_at.isoformat()}


def _span(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    start, end = wall_time(starts_at, zone), wall_time(ends_at, zone)
    day, times = InWords(start.date()), {"start": f"{start:%H:%M}", "end": f"{end:%H:%M}"}
    return Phrase("on %(day)s from %(start)s to %(end)s", day=day, **times)


def own_conflicts(claims: Iterable[Stretch], zone: str) -> tuple[Conflict, ...]:
    """Overlaps among the appointments of one request: each pair once."""
    ordered = sorted(claims, key=lambda claim: (claim.subject_id, claim.starts_at))
    return tuple(
        Conflict(
            "overlaps_itself",
            Phrase("Two of these appointments overlap %(span)s.", span=_span(later.starts_at, earlier.ends_at, zone)),
            _stretch_facts(later),
            "Move one of them.",
        )
        for earlier, later in pairwise(ordered)
        if earlier.overlaps(later)
    )
