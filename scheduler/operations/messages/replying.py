"""Replying: what a patient's calendar answers to an invitation, judged and applied under the patient's lock.

Nothing is believed but what the invitation's own address proves. A reply cancels and moves nothing by itself.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.calendars.reading.reply import Method, NoReply, PartStat, Reply, read_reply
from scheduler.domain import spelling
from scheduler.domain.access import Action, require_fully
from scheduler.domain.series import AppointmentStatus
from scheduler.operations.context import Context, clinic_of, record
from scheduler.operations.messages.move_requests import Wish, close_requests, request_move, wanted_instant
from scheduler.operations.messages.patient_visits import patient_visits
from scheduler.operations.messages.reply_addresses import is_proven
from scheduler.operations.naming import first_organisation
from scheduler.storage.locking import lock_patients
from scheduler.storage.rows import AppointmentRow, PatientAnswer, ReplyOutcome, ReplyRow, ToldRow
from scheduler.storage.types import new_id

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

ANSWERS: Mapping[PartStat, PatientAnswer] = {
    PartStat.ACCEPTED: PatientAnswer.ACCEPTED,
    PartStat.TENTATIVE: PatientAnswer.TENTATIVE,
    PartStat.DECLINED: PatientAnswer.DECLINED,
}


@dataclass(frozen=True, slots=True)
class ReadMessage:
    """A message that has been read. ``fingerprint`` is the same for the same reply, whichever way it came."""

    found: Reply | NoReply
    fingerprint: str

    @classmethod
    def of(cls, data: bytes) -> "ReadMessage":
        """Read a message as it came; nothing in it makes this raise. It takes up to a second: open no transaction."""
        found = read_reply(data)
        same = data if isinstance(found, NoReply) else repr(replace(found, addressed_to=())).encode()
        return cls(found, hashlib.sha256(same).hexdigest())


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a message, and why in a sentence where it counted for nothing."""

    id: UUID
    outcome: ReplyOutcome
    reason: str
    appointment_id: UUID | None


@dataclass(frozen=True, slots=True)
class _Invited:
    """An appointment and what its patient was told of it."""

    appointment: AppointmentRow
    told: ToldRow | None


Verdict = tuple[ReplyOutcome, str]
APPLIED: Verdict = (ReplyOutcome.APPLIED, "")


def take_message(context: Context, link_key: str, *, message: ReadMessage) -> Taken:
    """Judge a message, apply it if it counts, and keep what became of it. Raises ``NotAllowed``."""
    require_fully(context.actor, Action.TAKE_REPLIES)
    reply = message.found
    if isinstance(reply, NoReply):
        return _keep(context, message, None, (ReplyOutcome.REFUSED, reply.reason))
    invited = _locked(context, reply.uid)
    if invited is None:
        return _keep(context, message, None, (ReplyOutcome.REFUSED, "It is about an appointment that is not known."))
    verdict = next(_objections(context, link_key, message.fingerprint, reply, invited), APPLIED)
    if verdict is APPLIED and invited.told:
        _apply(context, reply, invited.appointment, invited.told)
    return _keep(context, message, invited.appointment, verdict)


def organisation_answered(tx: Session, message: ReadMessage) -> UUID:
    """The organisation whose invitation a message answers; the first one where it answers none.

    Raises ``NotFound`` when there is no organisation.
    """
    uid = _uuid(message.found.uid) if isinstance(message.found, Reply) else None
    found = tx.scalar(select(AppointmentRow.organisation_id).where(AppointmentRow.uid == uid)) if uid else None
    return found or first_organisation(tx)


def _uuid(uid: str) -> UUID | None:
    try:
        return UUID(uid)
    except ValueError:
        return None


def _locked(context: Context, uid: str) -> _Invited | None:
    """The appointment of this UID with its patient locked, as both stand then."""
    mine = AppointmentRow.uid == _uuid(uid), AppointmentRow.organisation_id == context.organisation_id
    patient_id = context.tx.scalar(select(AppointmentRow.patient_id).where(*mine))
    if patient_id is None:
        return None
    lock_patients(context.tx, [patient_id])
    query = select(AppointmentRow).where(*mine).execution_options(populate_existing=True)
    appointment = context.tx.scalars(query).one()
    return _Invited(appointment, context.tx.get(ToldRow, appointment.id, populate_existing=True))


def _objections(
    context: Context, link_key: str, fingerprint: str, reply: Reply, invited: _Invited
) -> Iterator[Verdict]:
    """All that keeps a reply from counting, the first of which is told."""
    appointment, told = invited.appointment, invited.told
    if not is_proven(reply.addressed_to, link_key, appointment.id):
        yield ReplyOutcome.REFUSED, "It did not come to the address that the invitation names."
    if told is None or not told.invited or _folded(told.invited) != _folded(reply.attendee):
        yield ReplyOutcome.REFUSED, "Nobody at its sender's address has an invitation."
        return
    if _was_applied(context, appointment.id, fingerprint):
        yield ReplyOutcome.REPEATED, "It has been taken before."
    if reply.sequence < told.sequence:
        yield ReplyOutcome.STALE, "It answers an older invitation."
    if reply.sequence > told.sequence:
        yield ReplyOutcome.QUARANTINED, "It answers an invitation that was never sent."
    if told.heard_stamp and (reply.sequence, _stamp(context, reply)) <= (told.heard_sequence, told.heard_stamp):
        yield ReplyOutcome.STALE, "A newer reply has been heard."
    if not _stands(context, appointment, told):
        yield ReplyOutcome.STALE, "The appointment has moved, begun or gone since."


def _folded(address: str) -> str:
    """An address of a calendar is a URI: signs that mean something else there are written as ``%`` and their number."""
    return unquote(address.strip()).casefold()


def _was_applied(context: Context, appointment_id: UUID, fingerprint: str) -> bool:
    same = ReplyRow.appointment_id == appointment_id, ReplyRow.fingerprint == fingerprint
    query = select(ReplyRow.id).where(*same, ReplyRow.outcome == ReplyOutcome.APPLIED).limit(1)
    return context.tx.scalar(query) is not None


def _stamp(context: Context, reply: Reply) -> datetime:
    """When it was written: not later than now, or a clock that is ahead would make all later replies stale."""
    return min(max(reply.stamp, LONG_AGO), context.now)


def _stands(context: Context, appointment: AppointmentRow, told: ToldRow) -> bool:
    """Whether the appointment is still to come at the time that the patient was told, which is the patient's own."""
    now = patient_visits(context.tx, appointment.patient_id, [appointment.id], context.now)[appointment.id].known
    same = (told.starts_at, told.ends_at, told.clinic_id) == (now.starts_at, now.ends_at, now.clinic_id)
    is_booked = appointment.status is AppointmentStatus.BOOKED and not told.cancelled
    return same and is_booked and now.starts_at > context.now


def _apply(context: Context, reply: Reply, appointment: AppointmentRow, told: ToldRow) -> None:
    """Note the answer; what the patient asked for before is settled by it."""
    appointment.patient_answer = ANSWERS.get(reply.answer, appointment.patient_answer)
    told.heard_sequence, told.heard_stamp = reply.sequence, _stamp(context, reply)
    told.heard_answer = appointment.patient_answer
    context.tx.flush()
    close_requests(context, appointment.id)
    if reply.method is Method.COUNTER:
        request_move(context, appointment, Wish(_wanted(context, reply, appointment, told), _words(reply)))


def _wanted(context: Context, reply: Reply, appointment: AppointmentRow, told: ToldRow) -> datetime | None:
    """The start that is asked for, unless it is the one that the appointment has.

    The patient asks for the time of coming, before which there may be something to set up.
    """
    zone = clinic_of(context, appointment.clinic_id).zone
    comes_at = wanted_instant(reply.proposal, zone, told.starts_at) if reply.proposal else None
    if comes_at is None or comes_at == told.starts_at:
        return None
    return comes_at - (told.starts_at - appointment.starts_at)


def _words(reply: Reply) -> str:
    return re.sub(f"[{spelling.unwanted(lines=True)}]", "", reply.comment).strip()


def _keep(context: Context, message: ReadMessage, appointment: AppointmentRow | None, verdict: Verdict) -> Taken:
    outcome, reason = verdict
    row = ReplyRow(
        id=new_id(),
        organisation_id=context.organisation_id,
        patient_id=appointment.patient_id if appointment else None,
        appointment_id=appointment.id if appointment else None,
        fingerprint=message.fingerprint,
        outcome=outcome,
        reason=reason,
        understood=_understood(message.found) if appointment else {},
        received_at=context.now,
    )
    context.tx.add(row)
    context.tx.flush()
    if appointment:
        _record(context, appointment, outcome)
    return Taken(row.id, outcome, reason, row.appointment_id)


def _record(context: Context, appointment: AppointmentRow, outcome: ReplyOutcome) -> None:
    record(
        context,
        "reply_taken",
        "appointment",
        appointment.id,
        clinic_id=appointment.clinic_id,
        patient_id=appointment.patient_id,
        outcome=outcome.value,
    )


def _understood(found: Reply | NoReply) -> dict[str, Any]:
    """What is kept of a reply. Of whom it did not come from, nothing is."""
    if isinstance(found, NoReply):
        return {}
    return {
        "method": found.method.value,
        "sequence": found.sequence,
        "stamp": found.stamp.isoformat(),
        "answer": found.answer.value,
        "comment": _words(found),
    }
