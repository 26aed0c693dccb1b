"""Feeds: rendered when something has changed, and kept until something does."""

import gzip
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session as Transaction

from scheduler.calendars.events import FeedEvent
from scheduler.calendars.feed import Feed, etag_of, render_event, render_feed
from scheduler.calendars.privacy import AppointmentView
from scheduler.calendars.staff import staff_event
from scheduler.calendars.visibility import earliest_start, visible_events
from scheduler.domain.contact import CalendarBy
from scheduler.domain.protocol import Phase
from scheduler.domain.refusals import NotFound
from scheduler.domain.slots import own_times, patient_times
from scheduler.operations.booking.appointment_views import Treatment, event_in_words, treatment_of, view_of
from scheduler.operations.booking.appointments import get_appointment
from scheduler.operations.context import Context
from scheduler.storage.feed_appointments import FeedAppointments, feed_appointments
from scheduler.storage.feeds import FeedOwner, OwnerKind, find_owner, keep_feed, lock_feed, place_feed
from scheduler.storage.rows import ClinicRow, OrganisationRow, PatientRow, ResourceRow

COLOUR = "teal"
ALARMS_MINUTES = (24 * 60,)


@dataclass(frozen=True, slots=True)
class DrawnFeed:
    """A feed as it is at an instant: its bytes, plain and zipped, and until when they hold by themselves."""

    body: bytes
    zipped: bytes
    valid_until: datetime | None


def draw_feed(tx: Transaction, owner: FeedOwner, now: datetime) -> DrawnFeed:
    """Render a feed and keep nothing."""
    shown = visible_events(_events(tx, owner, now), now)
    name, home_zone = _named(tx, owner)
    zone = shown.events[-1].zone if shown.events and owner.kind is OwnerKind.PATIENT else home_zone
    body = render_feed(Feed(name=name, zone=zone, colour=COLOUR, events=shown.events))
    return DrawnFeed(body, gzip.compress(body, compresslevel=6, mtime=0), shown.valid_until)


def refresh_feed(tx: Transaction, owner: FeedOwner, now: datetime) -> bool:
    """Render a feed anew and keep it; ``changed_at`` stays when the bytes come out the same.

    No change slips in between reading and keeping. A feed that was never rendered gets its row only, for a second
    call in a transaction of its own: the answer is whether it was rendered.
    """
    before = lock_feed(tx, owner)
    if before is None:
        place_feed(tx, owner, now)
        return False
    drawn = draw_feed(tx, owner, now)
    etag, changed_at = before
    values = {
        "body": drawn.body,
        "zipped": drawn.zipped,
        "etag": etag_of(drawn.body),
        "zipped_etag": etag_of(drawn.zipped),
        "valid_until": drawn.valid_until,
    }
    keep_feed(tx, owner, values | {"changed_at": changed_at if etag == values["etag"] else now})
    return True


def event_of_link(tx: Transaction, token_hash: str, uid: UUID, now: datetime) -> bytes | None:
    """One appointment of the feed that a link opens, as a file; ``None`` when the feed does not show it."""
    owner = find_owner(tx, token_hash)
    shown = visible_events(_events(tx, owner, now, uid), now).events if owner else ()
    return render_event(shown[0]) if shown else None


def event_of_appointment(context: Context, *, appointment_id: UUID) -> bytes:
    """An appointment as a file for the patient, who gets to see what the patient's feed shows. Raises ``NotFound``."""
    found = get_appointment(context, appointment_id=appointment_id)
    privacy = context.tx.scalars(select(PatientRow.privacy).where(PatientRow.id == found.patient_id)).one()
    owner = FeedOwner(context.organisation_id, OwnerKind.PATIENT, found.patient_id, privacy)
    since = found.starts_at
    events = list(_drawn(context.tx, owner, feed_appointments(context.tx, owner, since, context.now, found.uid)))
    if not events:
        raise NotFound("There is no such appointment.", appointment_id=str(appointment_id))
    return render_event(events[0])


def _events(tx: Transaction, owner: FeedOwner, now: datetime, uid: UUID | None = None) -> Iterator[FeedEvent]:
    if owner.kind is OwnerKind.PATIENT and _chosen(tx, owner.id, PatientRow.calendar_by) is CalendarBy.INVITATIONS:
        return  # so that no visit stands in a calendar twice
    yield from _drawn(tx, owner, feed_appointments(tx, owner, earliest_start(now), now, uid))


def _chosen(tx: Transaction, patient_id: UUID, choice: Any) -> Any:
    return tx.scalars(select(choice).where(PatientRow.id == patient_id)).one()


def _drawn(tx: Transaction, owner: FeedOwner, found: FeedAppointments) -> Iterator[FeedEvent]:
    event_of, treatments = _event_of(tx, owner), dict[Any, Treatment]()
    for row in found.rows:
        key = _key(row)
        if key not in treatments:
            treatments[key] = treatment_of(tx, row)
        name, phases = treatments[key]
        times = found.claimed.get(row.id) or _planned(row, phases, owner, found)
        yield event_of(view_of(row, name, times, ALARMS_MINUTES))


def _event_of(tx: Transaction, owner: FeedOwner) -> Callable[[AppointmentView], FeedEvent]:
    """How the owner's events say what they are: a patient's in the patient's language, the staff's in that of work."""
    if owner.kind is not OwnerKind.PATIENT:
        return partial(staff_event, level=owner.privacy)
    return partial(event_in_words, privacy=owner.privacy, language=_chosen(tx, owner.id, PatientRow.language))


def _key(row: Any) -> tuple[Any, ...]:
    """What decides an appointment's phases; many of a feed have the same."""
    series = (row.protocol_id, tuple(row.sites), tuple(row.addons)) if row.protocol_id else ()
    return row.visit_type_id, row.treatment_extra, series


def _planned(row: Any, phases: Sequence[Phase], owner: FeedOwner, found: FeedAppointments) -> tuple[datetime, datetime]:
    """The owner's time in an appointment that has no claims: by its phases, or all of it for a clinic."""
    if owner.kind is OwnerKind.PATIENT:
        return patient_times(row.starts_at, phases)
    return own_times(row.starts_at, phases, found.kind) if found.kind else (row.starts_at, row.ends_at)


def _named(tx: Transaction, owner: FeedOwner) -> tuple[str, str]:
    """A feed's name and zone: a patient's is the organisation's, with the zone of its first clinic."""
    query = select(ClinicRow.name, ClinicRow.zone).where(ClinicRow.id == owner.id)
    if owner.kind is OwnerKind.RESOURCE:
        query = select(ResourceRow.name, ClinicRow.zone).where(ResourceRow.id == owner.id)
        query = query.join(ClinicRow, ClinicRow.id == ResourceRow.clinic_id)
    elif owner.kind is OwnerKind.PATIENT:
        query = select(OrganisationRow.name, ClinicRow.zone).where(OrganisationRow.id == owner.organisation_id)
        query = query.join(ClinicRow, ClinicRow.organisation_id == OrganisationRow.id)
    name, zone = tx.execute(query.order_by(ClinicRow.created_at, ClinicRow.id).limit(1)).one()
    return name, zone
