"""The waitlist: who waits, which slots are free again and who could have them, and putting somebody on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Literal
from uuid import UUID

from flask import request
from pydantic import Field

from scheduler.domain.access import Action
from scheduler.domain.clinic_days import instant_of, wall_time
from scheduler.domain.refusals import Invalid, Refusal
from scheduler.domain.wishes import Preference
from scheduler.operations.booking.bookable import Performer, performers
from scheduler.operations.patients.patients import get_patient
from scheduler.operations.places.resource_names import resource_names
from scheduler.operations.waitlist.freed_slots import FreedSlot, freed_slots, who_could_come, who_would_come
from scheduler.operations.waitlist.joining import WaitlistWish, join_waitlist, leave_waitlist
from scheduler.operations.waitlist.waiting import WaitlistEntry, list_waitlist
from scheduler.web.api.fields import Day, Prose, WallTime
from scheduler.web.pages.appointments import back_with_the_reason
from scheduler.web.pages.booking_fields import HOURS, weekdays
from scheduler.web.pages.faults import typed_in
from scheduler.web.pages.places import Place, chosen_clinic
from scheduler.web.pages.registry import Choice, Form, Page, PageCall, Pages, See
from scheduler.web.pages.waitlist_words import line_of, slot_path, things_to_wait_for
from scheduler.web.pages.words import say
from scheduler.web.problems import status_of

pages = Pages("waitlist")

HOME = "/waitlist"
THING = "^(visit:[0-9a-z_-]{1,60}|(series|appointment):[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$"
EVERY_DAY = tuple(range(7))


class Slot(Choice):
    """A wall time of the clinic and a practitioner: who could come then. ``joined`` is who has just been put on."""

    at: Annotated[str | None, Field(pattern=r"^20\d{2}-\d{2}-\d{2}T\d{2}:\d{2}$")] = None
    who: UUID | None = None
    joined: Literal["1"] | None = None


class Thing(Choice):
    """What to wait for, as a link suggests it."""

    thing: Annotated[str | None, Field(pattern=THING)] = None


class JoinForm(Form):
    """What the patient waits for, and when it suits."""

    thing: Annotated[str, Field(pattern=THING)]
    day: tuple[Annotated[int, Field(ge=0, le=6)], ...] = ()
    since: WallTime | None = None
    until: WallTime | None = None
    who: UUID | None = None
    last: Day | None = None
    note: Prose | None = None

    @property
    def prefer(self) -> tuple[Preference, ...]:
        """Any weekday and hour where none was chosen. Raises ``Invalid`` (``hours_reversed``)."""
        if not (self.day or self.since or self.until):
            return ()
        try:
            return tuple(Preference(day, _time(self.since), _time(self.until)) for day in self.day or EVERY_DAY)
        except ValueError as error:
            wrong = [{"field": "until", "detail": "The hours must follow one another."}]
            raise Invalid("The hours must follow one another.", code="hours_reversed", errors=wrong) from error


def _time(spelled: str | None) -> time:
    """Midnight begins the day where no time was chosen, and ends it."""
    return time.min if spelled in (None, "24:00") else time.fromisoformat(spelled)


@dataclass(frozen=True, slots=True)
class OfferedSlot:
    """A slot that is free again, by the clinic's clock, and how many of the waitlist want such a time."""

    slot: FreedSlot
    on: date
    at: str
    path: str
    wanted_by: int


@pages.get(HOME, Action.BOOK)
def index(call: PageCall, query: Slot) -> Page:
    """Who waits at the clinic that is shown, or who could come at a time."""
    place = chosen_clinic(call)
    if query.at is not None and query.who is not None:
        return _for_slot(call, place, query.at, query.who)
    entries = list_waitlist(call.context, clinic_id=place.id)
    values = {
        "lines": [line_of(entry) for entry in entries],
        "slots": _slots(call, place, entries),
        "zone": place.zone,
        "joined": query.joined,
    }
    return Page("waitlist.html", values)


def _slots(call: PageCall, place: Place, entries: Sequence[WaitlistEntry]) -> list[OfferedSlot]:
    """Those first that somebody wants."""
    freed = freed_slots(call.context, clinic_id=place.id)
    offered = [_offered(slot, place.zone, len(who_would_come(entries, slot))) for slot in freed]
    return sorted(offered, key=lambda one: not one.wanted_by)


def _offered(slot: FreedSlot, zone: str, wanted_by: int) -> OfferedSlot:
    wall = wall_time(slot.starts_at, zone)
    path = slot_path(wall, slot.practitioner_id)
    return OfferedSlot(slot, wall.date(), f"{wall:%H:%M}", path, wanted_by)


def _for_slot(call: PageCall, place: Place, wall: str, who: UUID) -> Page:
    meant = _wall_time(wall)
    at = instant_of(meant.date(), meant.time(), place.zone)
    found = who_could_come(call.context, call.service.free_time, clinic_id=place.id, starts_at=at, practitioner_id=who)
    names = resource_names(call.context, [who])
    values = {"on": meant.date(), "at": f"{meant:%H:%M}", "who": names.get(who, "")}
    return Page("waitlist_slot.html", values | {"lines": [line_of(entry, wall, who) for entry in found]})


def _wall_time(spelled: str) -> datetime:
    try:
        return datetime.fromisoformat(spelled)
    except ValueError as error:
        raise Invalid("There is no such time.", code="invalid_time", at=spelled) from error


@pages.get("/patients/{patient_id}/waitlist", Action.BOOK)
def begin(call: PageCall, patient_id: UUID, query: Thing) -> Page:
    """The form that puts a patient on the waitlist."""
    return Page("waitlist_join.html", _form(call, patient_id) | {"values": {"thing": query.thing or ""}})


def _form(call: PageCall, patient_id: UUID) -> dict[str, object]:
    return {
        "patient": get_patient(call.context, patient_id=patient_id),
        "things": things_to_wait_for(call.context, patient_id),
        "people": [("", say("Anybody")), *((one.id, one.name) for one in _practitioners(call))],
        "hours": [("", "–"), *((hour, hour) for hour in HOURS)],
        "weekdays": weekdays([int(day) for day in request.form.getlist("day") if day.isdecimal()]),
    }


def _practitioners(call: PageCall) -> tuple[Performer, ...]:
    return performers(call.context, clinic_id=chosen_clinic(call).id, qualification=None)


def again(call: PageCall, refusal: Refusal, patient_id: UUID) -> Page:
    """The form as it was typed, with what is wrong."""
    typed = typed_in("join", call.typed, refusal)
    return Page(
        "waitlist_join.html", _form(call, patient_id) | {"values": call.typed, "typed": typed}, status_of(refusal)
    )


@pages.post("/patients/{patient_id}/waitlist", Action.BOOK, on_refusal=again)
def join(call: PageCall, patient_id: UUID, form: JoinForm) -> See:
    """Put the patient on the waitlist of the clinic that is shown."""
    kind, _, code = form.thing.partition(":")
    wish = WaitlistWish(
        series_id=UUID(code) if kind == "series" else None,
        appointment_id=UUID(code) if kind == "appointment" else None,
        visit_type=code if kind == "visit" else None,
        clinic_id=chosen_clinic(call).id if kind == "visit" else None,
        until=form.last,
        practitioner_id=form.who,
        prefer=form.prefer,
        note=form.note or "",
    )
    join_waitlist(call.context, patient_id=patient_id, wish=wish)
    return See(f"{HOME}?joined=1")


@pages.post("/waitlist/{waitlist_entry_id}/leave", Action.BOOK, on_refusal=back_with_the_reason)
def leave(call: PageCall, waitlist_entry_id: UUID) -> See:
    """Take somebody off the waitlist."""
    leave_waitlist(call.context, entry_id=waitlist_entry_id)
    return See(HOME)
