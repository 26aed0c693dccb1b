"""Importing series: what another system has recorded and booked of a course, as it is.

The past cannot be refused, and what patients were promised stands. So a date that breaks a rule enters, marked as
*imported, decide*, with the reason. Only what cannot be, one practitioner or patient in two places, is refused.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import update

from scheduler.domain.applied import applied
from scheduler.domain.blocked import BlockedBy
from scheduler.domain.changes import AppointmentBooked, Change, SeriesStateChanged, SessionChanged
from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.dating import date_conflicts
from scheduler.domain.evaluation import Verdict, evaluate
from scheduler.domain.holds import blocked_by_holds
from scheduler.domain.lifecycle import SERIES, SESSION, next_state
from scheduler.domain.refusals import Invalid, refuse_all
from scheduler.domain.series import SeriesState, SessionState
from scheduler.domain.slots import Slot
from scheduler.operations.booking.deeds import carry_out, lock_slots, locked_snapshot
from scheduler.operations.booking.placing import slot_conflicts_of
from scheduler.operations.booking.series import SeriesRequest, SeriesSheet, start_series
from scheduler.operations.context import Context, clinic_of
from scheduler.operations.imports.import_notes import early_or_late, note_of
from scheduler.operations.imports.known_courses import refuse_known_course
from scheduler.operations.imports.series_lines import SeriesLine, read_series_line
from scheduler.operations.naming import patient_named, resource_named
from scheduler.storage.rows import SessionRow, table
from scheduler.storage.snapshots import Snapshot
from scheduler.storage.types import new_id

DECIDABLE = frozenset(
    {
        *(by.value for by in BlockedBy),
        "gap_too_short",
        "gap_too_long",
        "not_available",
        "not_qualified",
        "qualification_expired",
    }
)
"""What a practitioner can decide about. All else that speaks against a booking refuses it."""

Reasons = Mapping[int, str]
"""Why a session's date has to be decided about, by the session's number."""


@dataclass(frozen=True, slots=True)
class SeriesImported:
    """The new series, what somebody has to decide about it by session, and what to know besides."""

    series_id: UUID
    to_decide: Reasons
    warnings: tuple[str, ...]


def import_series(context: Context, *, clinic_id: UUID, values: Mapping[str, str]) -> SeriesImported:
    """Make the series of one line, given by column, with its performed sessions and its bookings to come.

    Raises ``Invalid`` for what cannot be read, ``NotFound`` for what is not here, ``RuleBroken`` for what was imported
    already, for a number of sessions that the protocol does not have and for bookings that others have taken.
    """
    line = read_series_line(values)
    zone = clinic_of(context, clinic_id).zone
    _check_times(context, line, zone)
    sheet = _started(context, clinic_id, line, zone)
    snapshot = locked_snapshot(context, sheet.snapshot.series.id)
    facts = _facts(line)
    bookings = _bookings(context, line, zone)
    to_decide = _to_decide(context, snapshot, facts, bookings)
    if facts or bookings:
        changes: list[Change] = [*facts, *_noted(bookings, to_decide), *_begun(line)]
        decided = sorted(to_decide)
        carry_out(context, snapshot, changes, "series_imported", tell_patient=False, to_decide=decided)
        _note_facts(context, snapshot, facts, to_decide)
    return SeriesImported(snapshot.series.id, to_decide, tuple(warning.detail for warning in sheet.warnings))


def _check_times(context: Context, line: SeriesLine, zone: str) -> None:
    """Raise ``Invalid`` for a record of the future, and for a booking that is over and nobody has recorded."""
    today = clinic_date(context.now, zone)
    if line.performed and line.performed[-1] > today:
        raise Invalid(f"performed on {line.performed[-1].isoformat()} is still to come.", code="in_the_future")
    if line.booked and line.booked[0] <= context.now:
        on = clinic_date(line.booked[0], zone).isoformat()
        raise Invalid(f"booked on {on} has passed: it was performed, or it was not.", code="in_the_past")


def _started(context: Context, clinic_id: UUID, line: SeriesLine, zone: str) -> SeriesSheet:
    """The series without its dates. The first of them is the requested start."""
    dates: list[date] = [*line.performed, *(clinic_date(instant, zone) for instant in line.booked)]
    wanted = SeriesRequest(
        clinic_id=clinic_id,
        patient_id=patient_named(context, line.patient).id,
        protocol=line.protocol,
        sessions=line.sessions,
        sites=line.sites,
        start_on=min(dates, default=None),
    )
    refuse_known_course(context, wanted)
    return start_series(context, wanted)


def _facts(line: SeriesLine) -> list[SessionChanged]:
    due = SessionState.DUE
    satisfied = next_state(SESSION, due, "satisfy")
    return [SessionChanged(number, due, satisfied, on) for number, on in enumerate(line.performed, 1)]


def _bookings(context: Context, line: SeriesLine, zone: str) -> list[AppointmentBooked]:
    resources = {kind: resource_named(context, name) for kind, name in line.resources.items()}
    return [
        AppointmentBooked(new_id(), number, Slot(instant, resources), clinic_date(instant, zone))
        for number, instant in enumerate(line.booked, len(line.performed) + 1)
    ]


def _begun(line: SeriesLine) -> Iterator[SeriesStateChanged]:
    active = next_state(SERIES, SeriesState.DRAFT, "activate")
    yield SeriesStateChanged(SeriesState.DRAFT, active)
    if len(line.performed) == line.sessions:
        yield SeriesStateChanged(active, next_state(SERIES, active, "complete"))


def _to_decide(
    context: Context, snapshot: Snapshot, facts: Sequence[SessionChanged], bookings: Sequence[AppointmentBooked]
) -> Reasons:
    """Why each session's date has to be decided about. Raises ``RuleBroken`` for bookings that cannot be."""
    changes: list[Change] = [*facts, *bookings]
    found: dict[int, list[str]] = {}
    for number, reason in (*_of_facts(snapshot, changes), *_of_bookings(context, snapshot, changes, bookings)):
        found.setdefault(number, []).append(reason)
    return {number: " ".join(dict.fromkeys(reasons)) for number, reasons in found.items()}


def _of_facts(snapshot: Snapshot, changes: Sequence[Change]) -> Iterator[tuple[int, str]]:
    around = snapshot.around
    held = blocked_by_holds(around.holds, around.today)
    for one in evaluate(applied(snapshot.series, changes)):
        if one.verdict is not Verdict.VALID:
            yield one.number, early_or_late(one)
        for hold in held:
            if hold.covers(one.performed_on):
                yield one.number, hold.detail


def _of_bookings(
    context: Context, snapshot: Snapshot, changes: Sequence[Change], bookings: Sequence[AppointmentBooked]
) -> Iterator[tuple[int, str]]:
    if not bookings:
        return
    lock_slots(context, [booked.slot for booked in bookings], snapshot.series.patient_id)
    numbers = {booked.session for booked in bookings if booked.session}
    dates = date_conflicts(applied(snapshot.series, changes), snapshot.around, numbers)
    conflicts = [*dates, *slot_conflicts_of(context, snapshot, bookings)]
    refuse_all([conflict for conflict in conflicts if conflict.code not in DECIDABLE])
    for conflict in conflicts:
        yield conflict.facts["session"], conflict.detail


def _noted(bookings: Sequence[AppointmentBooked], to_decide: Reasons) -> Iterator[AppointmentBooked]:
    """The bookings, each with what there is to decide about it: so they are at risk until somebody does."""
    for booking in bookings:
        reason = to_decide.get(booking.session or 0)
        yield replace(booking, import_note=note_of(reason)) if reason else booking


def _note_facts(context: Context, snapshot: Snapshot, facts: Sequence[SessionChanged], to_decide: Reasons) -> None:
    """Note on each performed session that broke a rule what there is to decide."""
    for number in to_decide.keys() & {fact.session for fact in facts}:
        mine = SESSIONS.c.id == snapshot.session_ids[number]
        context.tx.execute(update(SESSIONS).where(mine).values(import_note=note_of(to_decide[number])))


SESSIONS = table(SessionRow)
