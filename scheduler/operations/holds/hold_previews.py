"""Previews of holds: what a hold does to every series and visit of a patient, in every clinic. Nothing is stored.

The deed does what the preview showed and carries its digest; when the two differ, the deed is refused with the preview
as it is now.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from scheduler.domain.changes import AppointmentCancelled, Change, digest
from scheduler.domain.dating import risk_changes
from scheduler.domain.hold_effects import HoldChoice, hold_effects
from scheduler.domain.holds import Hold, HoldState
from scheduler.domain.refusals import Conflict, RuleBroken, refuse_all
from scheduler.operations.context import Context
from scheduler.operations.places.organisation_days import earliest_today
from scheduler.storage.snapshots import Snapshot
from scheduler.storage.steps import steps_of
from scheduler.storage.treatments import running_treatments, under_hold


@dataclass(frozen=True, slots=True)
class Effect:
    """What changes in one series or visit. ``snapshot`` is how it stands, the hold already among its surroundings."""

    snapshot: Snapshot
    changes: tuple[Change, ...]

    @property
    def about_id(self) -> UUID:
        """The series, or the appointment of a visit."""
        return self.snapshot.series.id


@dataclass(frozen=True, slots=True)
class HoldPreview:
    """The hold as it would be, everything that it would change, and the digest that the deed has to carry.

    ``until`` is the last clinic date that it would block as plans take it today, ``None`` for good.
    """

    hold: Hold
    choice: HoldChoice
    until: date | None
    effects: tuple[Effect, ...]
    digest: str

    @property
    def released(self) -> tuple[AppointmentCancelled, ...]:
        """The appointments that lose their slots."""
        changes = (change for effect in self.effects for change in effect.changes)
        return tuple(change for change in changes if isinstance(change, AppointmentCancelled))


@dataclass(frozen=True, slots=True)
class _Terms:
    """What the digest covers besides the changes: a hold with other dates is another deed."""

    state: HoldState
    starts_on: date
    ends_on: date | None
    review_on: date | None
    choice: HoldChoice


@dataclass(frozen=True, slots=True)
class _About:
    """Whose changes follow."""

    id: UUID


def preview_of(context: Context, patient_id: UUID, hold: Hold, choice: HoldChoice) -> HoldPreview:
    """Everything that changes for the patient when ``hold`` stands as it is given here.

    Raises ``RuleBroken`` with a conflict for each series in which the choice is not possible.
    """
    found = running_treatments(context.tx, context.organisation_id, patient_id, context.now)
    held = [under_hold(snapshot, hold) for snapshot in found]
    freed = _freed(held, _first_look(context, held, hold, choice))
    every = [_effect(context, _without(snapshot, freed), hold, choice) for snapshot in held]
    effects = tuple(effect for effect in every if effect.changes)
    return HoldPreview(hold, choice, _until(context, hold), effects, _digest(hold, choice, effects))


def _until(context: Context, hold: Hold) -> date | None:
    until = hold.blocks_until(earliest_today(context))
    return None if until == date.max else until


def _first_look(context: Context, held: Sequence[Snapshot], hold: Hold, choice: HoldChoice) -> list[tuple[Change, ...]]:
    """The changes of each, before they are told of each other's. Refuses with what is impossible in any of them."""
    changes: list[tuple[Change, ...]] = []
    conflicts: list[Conflict] = []
    for snapshot in held:
        try:
            changes.append(changes_in(context, snapshot, hold, choice))
        except RuleBroken as refusal:
            facts = {**refusal.facts, "series_id": str(snapshot.series.id)}
            conflicts.append(Conflict(refusal.code, refusal.detail, facts, refusal.remedy))
    refuse_all(conflicts)
    return changes


def changes_in(context: Context, snapshot: Snapshot, hold: Hold, choice: HoldChoice) -> tuple[Change, ...]:
    """What the hold changes in one series or visit. A visit that is hit is released, whatever becomes of series."""
    chosen = HoldChoice.DEFER if snapshot.visit_type_id else choice
    return hold_effects(snapshot.series, snapshot.around, hold, chosen, context.now)


def _freed(held: Sequence[Snapshot], changes: Sequence[Sequence[Change]]) -> set[UUID]:
    """The sessions and visits that lose their dates: nobody has to keep a distance from them any more."""
    return {
        snapshot.series.id if snapshot.visit_type_id else snapshot.session_ids[change.session or 0]
        for snapshot, made in zip(held, changes, strict=True)
        for change in made
        if isinstance(change, AppointmentCancelled)
    }


def _without(snapshot: Snapshot, freed: set[UUID]) -> Snapshot:
    around = snapshot.around
    others = tuple(other for other in around.others if other.source_id not in freed)
    return replace(snapshot, around=replace(around, others=others))


def _effect(context: Context, snapshot: Snapshot, hold: Hold, choice: HoldChoice) -> Effect:
    """A series that loses nothing may still be at risk, or not any more."""
    changes = changes_in(context, snapshot, hold, choice)
    if not changes and snapshot.visit_type_id is None:
        changes = risk_changes(snapshot.series, snapshot.around)
    return Effect(snapshot, changes)


def _digest(hold: Hold, choice: HoldChoice, effects: Sequence[Effect]) -> str:
    terms = _Terms(hold.state, hold.starts_on, hold.ends_on, hold.review_on, choice)
    return digest([terms, *(part for effect in effects for part in (_About(effect.about_id), *effect.changes))])


def refuse_unseen(preview: HoldPreview, seen: str | None) -> None:
    """Raise ``RuleBroken`` unless the caller has seen these effects: the fresh preview is among the facts.

    ``effects_changed`` for another digest, ``effects_unseen`` for none. A hold without effects needs no digest.
    """
    if seen == preview.digest or (seen is None and not preview.effects):
        return
    code = "effects_unseen" if seen is None else "effects_changed"
    detail = "This hold changes appointments that you have not seen." if seen is None else "The effects have changed."
    raise RuleBroken(detail, code=code, remedy="Look at the preview, then send its digest.", preview=told(preview))


def told(preview: HoldPreview) -> dict[str, Any]:
    """A preview as JSON values. Why the hold stands is not among them."""
    return {
        "state": preview.hold.state.value,
        "starts_on": preview.hold.starts_on.isoformat(),
        "until": preview.until and preview.until.isoformat(),
        "digest": preview.digest,
        "effects": list(_told_effects(preview.effects)),
    }


def _told_effects(effects: Sequence[Effect]) -> Iterator[dict[str, Any]]:
    for effect in effects:
        series = effect.snapshot.series
        about = {"series_id": None, "appointment_id": str(series.id)}
        if effect.snapshot.visit_type_id is None:
            about = {"series_id": str(series.id), "appointment_id": None}
        yield {
            **about,
            "clinic_id": str(series.clinic_id),
            "clinic": effect.snapshot.clinic_name,
            "zone": series.zone,
            "treatment": series.protocol.name,
            "changes": steps_of(effect.changes),
        }
