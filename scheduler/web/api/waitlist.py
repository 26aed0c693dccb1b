"""The waitlist: joined, looked at, asked about a slot, left."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from scheduler.domain.access import Action
from scheduler.operations.waitlist.freed_slots import who_could_come
from scheduler.operations.waitlist.joining import MOST_PREFERENCES, WaitlistWish, join_waitlist, leave_waitlist
from scheduler.operations.waitlist.waiting import WaitlistEntry, list_waitlist, waitlist_entry
from scheduler.web.api.fields import Code, Day, Id, Instant, Prose
from scheduler.web.api.plans import PreferredHours
from scheduler.web.api.registry import Answer, Body, Call, Query, Routes, View

routes = Routes("waitlist")


class NewWaitlistEntry(Body):
    """What the patient waits for: the next session of a series, a visit, or an earlier start of an appointment.

    Exactly one of ``series_id``, ``visit_type`` with ``clinic_id``, and ``appointment_id``. ``prefer`` are the only
    hours at which the patient wants to be asked.
    """

    patient_id: Id
    series_id: Id | None = None
    visit_type: Code | None = None
    clinic_id: Id | None = None
    until: Day | None = None
    appointment_id: Id | None = None
    practitioner_id: Id | None = None
    prefer: Annotated[list[PreferredHours], Field(max_length=MOST_PREFERENCES)] = Field(default_factory=list)
    note: Prose | None = None

    @property
    def wish(self) -> WaitlistWish:
        """What operations call it."""
        return WaitlistWish(
            series_id=self.series_id,
            visit_type=self.visit_type,
            appointment_id=self.appointment_id,
            clinic_id=self.clinic_id,
            until=self.until,
            practitioner_id=self.practitioner_id,
            prefer=tuple(one.preference for one in self.prefer),
            note=self.note or "",
        )


class WaitlistQuery(Query):
    """Who waits at a clinic; with ``starts_at`` and ``practitioner`` only those who could come just then."""

    clinic: Id
    starts_at: Instant | None = None
    practitioner: Id | None = None


class WaitlistEntryView(View):
    """Somebody who waits. ``first`` and ``last`` are the window as it is today: both null while it has no day left,
    ``last`` null while it never closes.
    """

    id: Id
    clinic_id: Id
    patient_id: Id
    patient: str
    phone: str | None
    treatment: str
    series_id: Id | None
    session: int | None
    visit_type: str | None
    appointment_id: Id | None
    booked_at: Instant | None
    first: Day | None
    last: Day | None
    practitioner: str | None
    note: str
    added_by: str
    added_at: Instant

    @classmethod
    def of_entry(cls, entry: WaitlistEntry) -> Self:
        """The view of an entry."""
        window = {"first": entry.waiting.first, "last": entry.waiting.last} if entry.waiting else {}
        told = {name: getattr(entry, name) for name in cls.model_fields if name not in ("first", "last")}
        return cls(**told, first=window.get("first"), last=window.get("last"))


class WaitlistView(View):
    """Who waits, the window that closes first on top."""

    items: list[WaitlistEntryView]


@routes.get("/waitlist", Action.BOOK, "Who waits, or who could come at a time that has become free")
def index(call: Call, query: WaitlistQuery) -> Answer[WaitlistView]:
    entries = _asked(call, query.clinic, query.starts_at, query.practitioner)
    return Answer(WaitlistView(items=[WaitlistEntryView.of_entry(entry) for entry in entries]))


def _asked(call: Call, clinic_id: UUID, at: datetime | None, who: UUID | None) -> tuple[WaitlistEntry, ...]:
    if at is None or who is None:
        return list_waitlist(call.context, clinic_id=clinic_id)
    free_time = call.service.free_time
    return who_could_come(call.context, free_time, clinic_id=clinic_id, starts_at=at, practitioner_id=who)


@routes.post("/waitlist", Action.BOOK, "Put a patient on the waitlist", status=201)
def join(call: Call, body: NewWaitlistEntry) -> Answer[WaitlistEntryView]:
    entry_id = join_waitlist(call.context, patient_id=body.patient_id, wish=body.wish)
    return Answer(WaitlistEntryView.of_entry(waitlist_entry(call.context, entry_id=entry_id)))


@routes.delete("/waitlist/{waitlist_entry_id}", Action.BOOK, "Take somebody off the waitlist")
def leave(call: Call, waitlist_entry_id: UUID) -> Answer[None]:
    leave_waitlist(call.context, entry_id=waitlist_entry_id)
    return Answer(None)
