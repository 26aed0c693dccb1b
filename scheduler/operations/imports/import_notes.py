"""Import notes: what there is to decide about the imported dates of a series, and to accept them as they are."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from scheduler.domain.changes import ImportDecided
from scheduler.domain.evaluation import Evaluation, Verdict
from scheduler.domain.import_decisions import accepted_booking
from scheduler.domain.phrases import Phrase
from scheduler.domain.refusals import RuleBroken
from scheduler.domain.series import AppointmentStatus
from scheduler.operations.context import Context
from scheduler.storage.rows import AppointmentRow, SessionRow
from scheduler.storage.snapshots import Snapshot

GONE = (AppointmentStatus.CANCELLED, AppointmentStatus.ENTERED_IN_ERROR)
"""What was called off or never was leaves nothing to decide."""


@dataclass(frozen=True, slots=True)
class ImportNote:
    """What there is to decide about a session: about one of its appointments, or about what was performed."""

    session: int
    appointment_id: UUID | None
    note: str


def note_of(reason: str) -> Phrase:
    """What is noted on an imported date for this reason."""
    return Phrase("imported, decide: %(reason)s", reason=reason)


def early_or_late(one: Evaluation) -> Phrase:
    """The reason of a performed session that came too early or too late."""
    if one.verdict is Verdict.EARLY:
        return Phrase("Performed early, %(reason)s", reason=one.reason)
    return Phrase("Performed late, %(reason)s", reason=one.reason)


def import_notes(context: Context, series_id: UUID) -> tuple[ImportNote, ...]:
    """All of a series, by session."""
    session, visit = SessionRow, AppointmentRow
    mine = session.series_id == series_id
    performed = select(session.number, session.import_note).where(mine, session.import_note.is_not(None))
    booked = (
        select(session.number, visit.id, visit.import_note)
        .join(visit, visit.session_id == session.id)
        .where(mine, visit.import_note.is_not(None), visit.status.not_in(GONE))
    )
    found = (
        *(ImportNote(number, None, note or "") for number, note in context.tx.execute(performed)),
        *(ImportNote(number, id_, note or "") for number, id_, note in context.tx.execute(booked)),
    )
    return tuple(sorted(found, key=lambda one: one.session))


def noted_session(context: Context, series_id: UUID, number: int | None) -> int:
    """The session whose import is decided about, the first when none is named.

    Raises ``RuleBroken`` (``nothing_imported``) when there is nothing to decide.
    """
    noted = [one.session for one in import_notes(context, series_id) if number in (None, one.session)]
    if not noted:
        detail = "Nothing that was imported waits here for a decision."
        raise RuleBroken(detail, code="nothing_imported", remedy="Look at the list of tasks.", session=number)
    return noted[0]


def accepted(context: Context, snapshot: Snapshot, number: int, reason: str) -> tuple[ImportDecided, ...]:
    """What accepting a session as it was imported changes. Raises ``RuleBroken`` for what nobody may accept."""
    return tuple(_accepted(context, snapshot, number, reason))


def _accepted(context: Context, snapshot: Snapshot, number: int, reason: str) -> Iterator[ImportDecided]:
    booking = snapshot.series.session(number).booking
    for one in import_notes(context, snapshot.series.id):
        if one.session != number:
            continue
        if booking and one.appointment_id == booking.appointment_id:
            yield accepted_booking(snapshot.series, snapshot.around, number, booking, reason)
        else:
            yield ImportDecided(number, one.appointment_id, None, one.note)
