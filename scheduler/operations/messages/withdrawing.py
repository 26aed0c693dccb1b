"""Withdrawing: an address that no longer gets a patient's invitations loses the events that it has.

It may have been mistyped, and then a stranger's calendar would go on showing the patient's visits.
"""

from dataclasses import replace
from uuid import UUID

from scheduler.calendars.invitation import render_invitation
from scheduler.calendars.privacy import PrivacyLevel
from scheduler.domain.contact import CalendarBy
from scheduler.domain.inviting import Method
from scheduler.domain.news import Known
from scheduler.messages.link_letter import Sender
from scheduler.messages.mail import CalendarPart
from scheduler.messages.withdrawal_letter import withdrawal_letter
from scheduler.operations.context import Context
from scheduler.operations.messages.announcing import UNDO_TIME
from scheduler.operations.messages.composing import Matter, Said
from scheduler.operations.messages.patient_visits import PatientVisit, clinics_of, patient_visits
from scheduler.operations.messages.reply_addresses import reply_address
from scheduler.storage.rows import MessageKind, OutboxRow
from scheduler.storage.told import known_from_json, known_to_json, read_told
from scheduler.storage.types import new_id


def withdraw_events(context: Context, patient_id: UUID, address: str) -> None:
    """Have the visits to come taken out of the calendar at an address that the patient has left."""
    told = read_told(context.tx, patient_id, context.now)
    there = {id_: one for id_, one in told.items() if one.invited == address and one.starts_at > context.now}
    if not there:
        return
    id_ = new_id()
    row = OutboxRow(
        id=id_,
        organisation_id=context.organisation_id,
        clinic_id=next(iter(there.values())).clinic_id,
        dedupe_key=f"withdrawal:{id_}",
        kind=MessageKind.WITHDRAWAL,
        patient_id=patient_id,
        payload={"address": address, "events": {str(one): known_to_json(known) for one, known in there.items()}},
        due_at=context.now + UNDO_TIME,
        created_at=context.now,
    )
    context.tx.add(row)


def say_withdrawal(matter: Matter) -> Said | None:
    """A cancellation of each event that is there; ``None`` where the patient has come back to the address."""
    address: str = matter.row.payload["address"]
    if matter.to.calendar_by is CalendarBy.INVITATIONS and matter.to.email == address:
        return None
    had = {UUID(id_): known_from_json(known) for id_, known in matter.row.payload["events"].items()}
    visits = patient_visits(matter.tx, matter.to.id, had, matter.now)
    parts = tuple(_cancelled(matter, visits[id_], known, address) for id_, known in had.items() if id_ in visits)
    clinic = clinics_of(matter.tx, [matter.row.clinic_id])[matter.row.clinic_id]
    sender = Sender(clinic.name, clinic.address, clinic.phone)
    letter = withdrawal_letter(sender, language=matter.to.language, attached=len(parts))
    return Said(letter, {"withdrawn": sorted(map(str, had))}, events=parts, address=address, is_named=False)


def _cancelled(matter: Matter, visit: PatientVisit, known: Known, address: str) -> CalendarPart:
    gone = replace(known, sequence=known.sequence + 1)
    shown = visit.as_event(gone, PrivacyLevel.DISCREET, matter.to.language)
    shown = replace(shown, starts_at=known.starts_at, ends_at=known.ends_at)
    organizer = reply_address(matter.post.mailbox, matter.post.link_key, visit.id)
    body = render_invitation(shown, method=Method.CANCEL, organizer=organizer, attendee=address, stamp=matter.now)
    return CalendarPart(Method.CANCEL, body)
