"""Placing: giving sessions of a series their dates and slots, whether they are booked anew or moved.

Booking, moving, replanning and keeping all come through here, so every path obeys the same rules.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from scheduler.domain.access import Action, Allowance, allowance, require_fully
from scheduler.domain.applied import applied
from scheduler.domain.changes import AppointmentBooked, AppointmentMoved, Change
from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.dating import date_conflicts, override_for
from scheduler.domain.phrases import Phrase
from scheduler.domain.protocol import Phase
from scheduler.domain.refusals import Conflict, Invalid, NotAllowed, refuse_all
from scheduler.domain.series import Booking, Series
from scheduler.domain.slot_conflicts import Needs, own_conflicts, slot_conflicts
from scheduler.domain.slots import Slot, Stretch, claims_of
from scheduler.domain.spacing import windows
from scheduler.operations.booking.deeds import lock_slots
from scheduler.operations.context import Context
from scheduler.storage.slot_facts import load_slot_facts
from scheduler.storage.snapshots import Snapshot
from scheduler.storage.types import new_id

Placed = AppointmentBooked | AppointmentMoved


@dataclass(frozen=True, slots=True)
class Placement:
    """Where one session is to be. ``override_reason`` is a practitioner's, for a date outside the window.

    ``treatment_extra`` lengthens or shortens the treatment, in minutes, within the protocol's limits.
    """

    session: int
    slot: Slot
    treatment_extra: int = 0
    override_reason: str | None = None


def placing_changes(
    context: Context, snapshot: Snapshot, placements: Sequence[Placement], *, as_request: bool = False
) -> tuple[Placed, ...]:
    """The changes that place these sessions, once nothing speaks against them.

    ``as_request`` looks at overrides that somebody asks for as if they were given. Locks every resource concerned.
    Raises ``RuleBroken`` with every conflict, ``Invalid`` for sessions that do not
    exist or are named twice, and ``NotAllowed`` for an override that is not the actor's to give.
    """
    series = snapshot.series
    check_sessions(context, series, placements)
    if not as_request and any(placement.override_reason for placement in placements):
        _require_override(context)
    changes = tuple(_change(snapshot, placement) for placement in placements)
    lock_slots(context, [slot for change in changes for slot in _slots(change)], series.patient_id)
    reasons = {p.session: p.override_reason for p in placements if p.override_reason}
    proposed = applied(series, changes)
    dates = date_conflicts(proposed, snapshot.around, {p.session for p in placements}, reasons)
    refuse_all([*_length_conflicts(series, placements), *dates, *slot_conflicts_of(context, snapshot, changes)])
    return tuple(_overridden(change, proposed, snapshot, reasons) for change in changes)


def check_sessions(context: Context, series: Series, placements: Sequence[Placement]) -> None:
    """Raise ``Invalid`` for sessions that do not exist or are named twice, ``NotAllowed`` for who may not book."""
    require_fully(context.actor, Action.BOOK)
    numbers = [placement.session for placement in placements]
    unknown = sorted(set(numbers) - {session.number for session in series.sessions})
    if not numbers or unknown or len(set(numbers)) < len(numbers):
        detail = "Name sessions of this series, each once." if numbers else "Name at least one session."
        raise Invalid(detail, code="sessions_unclear", sessions=numbers, unknown=unknown)


def _require_override(context: Context) -> None:
    if allowance(context.actor.roles, Action.OVERRIDE) is not Allowance.YES:
        remedy = "Request the override instead: the slot is kept until a practitioner decides."
        raise NotAllowed("Only a practitioner may book outside the window.", code="override_not_allowed", remedy=remedy)


def _length_conflicts(series: Series, placements: Sequence[Placement]) -> Iterator[Conflict]:
    shorter, longer = series.protocol.shorten_by, series.protocol.lengthen_by
    for placement in placements:
        booking = series.session(placement.session).booking
        if booking and not booking.movable:
            detail = Phrase("Session %(session)s has already begun.", session=placement.session)
            yield Conflict("already_begun", detail, {"session": placement.session}, "Record it or correct it instead.")
        if not -shorter <= placement.treatment_extra <= longer:
            told = {"session": placement.session, "shorten_by": shorter, "lengthen_by": longer}
            detail = Phrase(
                "This treatment may be up to %(shorter)s minutes shorter or %(longer)s minutes longer.",
                shorter=shorter,
                longer=longer,
            )
            yield Conflict("length_not_allowed", detail, told, "Stay within these minutes.")


def _change(snapshot: Snapshot, placement: Placement) -> Placed:
    series, extra = snapshot.series, placement.treatment_extra
    on = clinic_date(placement.slot.starts_at, series.zone)
    booking = series.session(placement.session).booking
    if booking is None:
        return AppointmentBooked(new_id(), placement.session, placement.slot, on, extra)
    return AppointmentMoved(
        appointment_id=booking.appointment_id,
        session=placement.session,
        before=booking.slot,
        after=placement.slot,
        on_before=booking.on,
        on=on,
        treatment_extra=extra,
        override=booking.override if booking.override and booking.override.on == on else None,
        override_before=booking.override,
        extra_before=booking.treatment_extra,
        import_note_before=booking.import_note,
    )


def _slots(change: Placed) -> tuple[Slot, ...]:
    return (change.slot,) if isinstance(change, AppointmentBooked) else (change.before, change.after)


def slot_after(change: Placed) -> Slot:
    """Where the appointment is after the change."""
    return change.slot if isinstance(change, AppointmentBooked) else change.after


def _overridden(change: Placed, proposed: Series, snapshot: Snapshot, reasons: Mapping[int, str]) -> Placed:
    """The change with the override to store: a new one only where a reason is given and the date needs it."""
    if change.session is None or change.session not in reasons:
        return change
    window = windows(proposed, snapshot.around)[change.session]
    if window is None:
        return change
    return replace(change, override=override_for(window, change.on, reasons[change.session]))


def refuse_taken(context: Context, snapshot: Snapshot, changes: Sequence[Change]) -> None:
    """Lock the slots of these changes and raise ``RuleBroken`` when they cannot be had. Dates are not looked at."""
    placed = [change for change in changes if isinstance(change, Placed)]
    lock_slots(context, [slot for change in placed for slot in _slots(change)], snapshot.series.patient_id)
    refuse_all(list(slot_conflicts_of(context, snapshot, placed)))


def refuse_unavailable(context: Context, snapshot: Snapshot, booking: Booking) -> None:
    """Lock the slot of an appointment that gave it back, and raise ``RuleBroken`` when it cannot be had again."""
    again = AppointmentBooked(booking.appointment_id, None, booking.slot, booking.on, booking.treatment_extra)
    refuse_taken(context, snapshot, [again])


def slot_conflicts_of(
    context: Context, snapshot: Snapshot, changes: Sequence[Placed], leave_out: Collection[UUID] = ()
) -> Iterator[Conflict]:
    """What speaks against these slots, dates apart. ``leave_out`` are keeps whose claims do not count."""
    series = snapshot.series
    wanted = [claim for change in changes for claim in _claims(series, change)]
    moving = {change.appointment_id for change in changes if isinstance(change, AppointmentMoved)}
    facts = load_slot_facts(
        context.tx,
        organisation_id=snapshot.organisation_id,
        clinic_id=series.clinic_id,
        zone=series.zone,
        patient_id=series.patient_id,
        claims=wanted,
        qualification=snapshot.qualification,
        now=context.now,
        leave_out={*moving, *leave_out},
    )
    for change in changes:
        needs = Needs(_phases(series, change), snapshot.qualification, series.protocol.device_type, series.zone)
        yield from slot_conflicts(
            slot_after(change), needs, series.patient_id, facts.resources, facts.patient_busy, change.session
        )
    yield from own_conflicts(wanted, series.zone)


def _phases(series: Series, change: Placed) -> tuple[Phase, ...]:
    return series.protocol.phases_for(series.sites, series.addons, change.treatment_extra)


def _claims(series: Series, change: Placed) -> tuple[Stretch, ...]:
    return claims_of(slot_after(change), _phases(series, change), series.patient_id)
