"""Deciding: what a practitioner chooses about a lapsed window, a hold, or what was imported against a rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import update

from scheduler.domain.access import Action, require_fully
from scheduler.domain.applied import applied
from scheduler.domain.changes import AppointmentCancelled, CancelReason, Change, WindowStored, cancellation
from scheduler.domain.decisions import continued_window, lapsed_session, lapsed_window, restarted
from scheduler.domain.endings import completion, omission
from scheduler.domain.hold_effects import revocation
from scheduler.domain.holds import Hold, covers_check_in
from scheduler.domain.phrases import Phrase
from scheduler.domain.refusals import Invalid, RuleBroken
from scheduler.domain.series import Series
from scheduler.operations.booking.deeds import Deed, carry_out, lock_slots, locked_snapshot
from scheduler.operations.booking.series import SeriesRequest, start_series
from scheduler.operations.context import Context, record
from scheduler.operations.imports.import_notes import accepted, noted_session
from scheduler.storage import entries
from scheduler.storage.rows import EntryKind, SeriesRow
from scheduler.storage.snapshots import Snapshot


class Occasion(StrEnum):
    """What asks for the decision."""

    LAPSE = "lapse"
    HOLD = "hold"
    IMPORT = "import"


class Choice(StrEnum):
    """What becomes of the session or of the series."""

    DEFER = "defer"
    CONTINUE = "continue"
    RESTART = "restart"
    OMIT = "omit"
    CEASE = "cease"
    ACCEPT = "accept"


CHOICES: Mapping[Occasion, tuple[Choice, ...]] = {
    Occasion.LAPSE: (Choice.CONTINUE, Choice.RESTART, Choice.OMIT, Choice.CEASE),
    Occasion.HOLD: (Choice.DEFER, Choice.OMIT, Choice.CEASE),
    Occasion.IMPORT: (Choice.ACCEPT,),
}
"""An imported booking that is not to stay is moved or called off, which decides about it as well."""

ACTIONS = {
    Occasion.LAPSE: Action.DECIDE_LAPSE,
    Occasion.HOLD: Action.DECIDE_HOLD,
    Occasion.IMPORT: Action.OVERRIDE,
}


@dataclass(frozen=True, slots=True)
class Decision:
    """A choice and its reason.

    ``session`` is the first that waits for a decision when it is not given. ``start_on`` is the clinic date on which a
    restarted series opens, today when it is not given.
    """

    on: Occasion
    choose: Choice
    reason: str
    session: int | None = None
    start_on: date | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """The deed, and the series that a restart has made."""

    deed: Deed
    new_series_id: UUID | None = None


def decide(
    context: Context, *, series_id: UUID, decision: Decision, seen: int | None = None, tell_patient: bool = True
) -> Decided:
    """Carry out a practitioner's decision. ``seen`` is the series' revision that was looked at.

    Raises ``RuleBroken`` (``not_lapsed``, ``no_window``, ``no_free_day``, ``not_on_hold``, ``nothing_imported``,
    ``too_few_sessions``, ``wrong_state``, and for what nobody may accept ``below_absolute_minimum``, ``on_hold``),
    ``Invalid`` (``choice_not_offered``, ``session_unknown``), ``Stale``, ``NotFound``, ``NotAllowed``.
    """
    require_fully(context.actor, ACTIONS[decision.on])
    snapshot = locked_snapshot(context, series_id, seen)
    _check(decision)
    hold = _hold_of(snapshot) if decision.on is Occasion.HOLD else None
    number = _number(context, snapshot, decision)
    successor = _restart(context, snapshot, decision) if decision.choose is Choice.RESTART else None
    changes = _changes(context, snapshot, decision, number)
    lock_slots(context, [change.slot for change in changes if isinstance(change, AppointmentCancelled)])
    deed = carry_out(
        context,
        snapshot,
        changes,
        f"decided_to_{decision.choose.value}",
        reason=None if hold else decision.reason,
        tell_patient=tell_patient,
        session=number,
    )
    if hold:
        _record_at_hold(context, snapshot, hold, decision, deed)
    return Decided(deed, successor)


def _check(decision: Decision) -> None:
    offered = CHOICES[decision.on]
    if decision.choose not in offered:
        names = [choice.value for choice in offered]
        detail = Phrase(
            "“%(choose)s” is no answer to a %(decision)s.", choose=decision.choose.value, decision=decision.on.value
        )
        raise Invalid(
            detail, code="choice_not_offered", remedy=Phrase("Choose: %(names)s.", names=names), choices=names
        )


def _hold_of(snapshot: Snapshot) -> Hold:
    around = snapshot.around
    standing = (hold for hold in around.holds if covers_check_in(hold, around.today) or hold.starts_on > around.today)
    found = next(standing, None)
    if found is None:
        raise RuleBroken("No hold concerns this series.", code="not_on_hold", remedy="Plan it, or decide on a lapse.")
    return found


def _number(context: Context, snapshot: Snapshot, decision: Decision) -> int | None:
    """The session that is decided about; it has to be one that waits for it."""
    series, around = snapshot.series, snapshot.around
    if decision.session is not None and not 1 <= decision.session <= len(series.sessions):
        raise Invalid("The series has no such session.", code="session_unknown", session=decision.session)
    if decision.on is Occasion.IMPORT:
        return noted_session(context, series.id, decision.session)
    if decision.on is Occasion.HOLD:
        return decision.session or next((s.number for s in series.sessions if s.open and s.booking is None), None)
    number = decision.session or lapsed_session(series, around)
    lapsed_window(series, around, number)
    return number


def _changes(context: Context, snapshot: Snapshot, decision: Decision, number: int | None) -> tuple[Change, ...]:
    series = snapshot.series
    why = CancelReason.HOLD if decision.on is Occasion.HOLD else CancelReason.CLINIC
    if decision.choose in (Choice.RESTART, Choice.CEASE):
        return revocation(series, why, context.now)
    if decision.choose is Choice.DEFER:
        return ()
    if number is None:
        raise RuleBroken("No session waits for a date.", code="session_not_due", remedy="Name the session.")
    if decision.choose is Choice.OMIT:
        return _omitted(series, number, why)
    if decision.choose is Choice.ACCEPT:
        return accepted(context, snapshot, number, decision.reason)
    window = continued_window(series, snapshot.around, number)
    return (WindowStored(number, window, series.session(number).continued),)


def _omitted(series: Series, number: int, why: CancelReason) -> tuple[Change, ...]:
    session = series.session(number)
    released = (cancellation(session, session.booking, why),) if session.booking else ()
    changes = (*released, omission(series, number))
    return (*changes, *completion(applied(series, changes)))


def _restart(context: Context, snapshot: Snapshot, decision: Decision) -> UUID:
    """Begin the series that takes the place of this one, under the protocol's current version."""
    series = snapshot.series
    code = series.protocol.code
    current = entries.current_entry(context.tx, context.organisation_id, EntryKind.PROTOCOL, code)
    start_on = decision.start_on or snapshot.around.today
    wanted = restarted(series, entries.protocol(context.tx, current), series.id, start_on)
    old = context.tx.get_one(SeriesRow, series.id)
    request = SeriesRequest(
        clinic_id=series.clinic_id,
        patient_id=series.patient_id,
        protocol=code,
        sessions=len(wanted.sessions),
        sites=wanted.sites,
        addons=wanted.addons,
        indication=old.indication,
        severity=old.severity,
        start_on=start_on,
    )
    successor = start_series(context, request).snapshot.series.id
    context.tx.execute(update(SeriesRow).where(SeriesRow.id == successor).values(restarted_from_id=series.id))
    return successor


def _record_at_hold(context: Context, snapshot: Snapshot, hold: Hold, decision: Decision, deed: Deed) -> None:
    """The reason of a decision about a hold is clinical, so it stands with the hold."""
    record(
        context,
        "decided_about_series",
        "hold",
        hold.id,
        clinic_id=snapshot.series.clinic_id,
        patient_id=snapshot.series.patient_id,
        personal={"reason": decision.reason},
        choice=decision.choose.value,
        deed_id=str(deed.id),
    )
