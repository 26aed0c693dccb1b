"""News messages: what has become of a patient's appointments since the patient was last told of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from scheduler.calendars.invitation import render_invitation
from scheduler.domain.contact import CalendarBy
from scheduler.domain.inviting import Invitation, Method, invitations
from scheduler.domain.news import Known, News, NewsKind, news, told_after
from scheduler.messages.letters import Letter, NewsItem, calendar_switched_letter, news_letter
from scheduler.messages.mail import CalendarPart
from scheduler.messages.visits import Visit
from scheduler.operations.messages.composing import Matter, Said
from scheduler.operations.messages.patient_visits import PatientVisit, clinics_of, patient_visits
from scheduler.operations.messages.personal_links import link_in_mail
from scheduler.operations.messages.preparing import Preparation, to_prepare
from scheduler.operations.messages.reply_addresses import reply_address
from scheduler.storage.told import known_to_json


def say_news(matter: Matter) -> Said | None:
    """All that is news to the patient, as one message; ``None`` when nothing is."""
    visits = patient_visits(matter.tx, matter.to.id, matter.told, matter.now)
    standing = {id_: visit.known for id_, visit in visits.items()}
    told = {id_: known for id_, known in matter.told.items() if id_ in standing}
    items = news(told, standing, matter.now)
    events = invitations(told, standing, _wanted_at(matter), matter.now) if matter.is_mail_set_up else ()
    address = _address(matter, told, events)
    events = events if address else ()
    if not items and not events:
        return None
    knows = _knows(told, items, events)
    preparation = to_prepare(matter, {id_: visits[id_] for id_ in knows})
    return Said(
        letter=_letter(matter, visits, items, events, preparation, link_in_mail(matter, address=address)),
        basis=_basis(items, events, preparation),
        knows=knows,
        events=tuple(_part(matter, visits[event.appointment_id], event, address or "") for event in events),
        address=address,
        useful_until=_useful_until(items, events),
    )


def _wanted_at(matter: Matter) -> str | None:
    """Where the patient wants invitations."""
    return matter.to.email if matter.to.calendar_by is CalendarBy.INVITATIONS else None


def _address(matter: Matter, told: Mapping[UUID, Known], events: Sequence[Invitation]) -> str | None:
    """Where the events go: to the address that wants them, or to the one that has those that are taken back."""
    had = (known.invited for id_ in [e.appointment_id for e in events] if (known := told.get(id_)) and known.invited)
    return (_wanted_at(matter) or next(had, None) or matter.to.email) if events else None


def _knows(told: Mapping[UUID, Known], items: tuple[News, ...], events: Sequence[Invitation]) -> dict[UUID, Known]:
    """What the patient knows after this. An event that nobody could update shows what is no longer so."""
    after = told_after(told, items)
    knows = {item.appointment_id: after[item.appointment_id] for item in items}
    sent = {event.appointment_id: event.known for event in events}
    outdated = {id_: replace(known, invited="") for id_, known in knows.items() if known.invited is not None}
    return knows | outdated | sent


def _useful_until(items: Sequence[News], events: Sequence[Invitation]) -> datetime:
    """When the last of the visits begins, wherever it is expected."""
    known = [known for item in items for known in (item.before, item.after) if known]
    return max(one.starts_at for one in [*known, *(event.known for event in events)])


def _letter(
    matter: Matter,
    visits: Mapping[UUID, PatientVisit],
    items: Sequence[News],
    events: Sequence[Invitation],
    preparation: Preparation,
    link: str | None,
) -> Letter:
    """The news in words. Events alone mean that visits reach the calendar in another way, or leave it late."""
    name, language, files = matter.to.name, matter.to.language, len(events)
    if items:
        told = [_in_words(matter, visits, item, preparation) for item in items]
        return news_letter(told, name=name, language=language, link=link, attached=files)
    about = [visits[event.appointment_id] for event in events]
    live = [_prepared(matter, visit, preparation) for visit in about if not visit.known.cancelled]
    if live:
        by = matter.to.calendar_by
        return calendar_switched_letter(live, calendar_by=by, name=name, language=language, attached=files)
    gone = [NewsItem(NewsKind.CANCELLED, visit.in_words(matter.to.privacy)) for visit in about]
    return news_letter(gone, name=name, language=language, link=link, attached=files)


def _in_words(matter: Matter, visits: Mapping[UUID, PatientVisit], item: News, preparation: Preparation) -> NewsItem:
    now = _prepared(matter, visits[item.appointment_id], preparation)
    before = _as_told(matter, now, item.before) if item.before else None
    if item.kind is NewsKind.CANCELLED:
        return NewsItem(item.kind, before or now)
    return NewsItem(item.kind, now, before)


def _prepared(matter: Matter, visit: PatientVisit, preparation: Preparation) -> Visit:
    return replace(visit.in_words(matter.to.privacy), preparation=preparation.get(visit.id, ()))


def _as_told(matter: Matter, visit: Visit, known: Known) -> Visit:
    """The visit where and when the patient takes it to be."""
    clinic = clinics_of(matter.tx, [known.clinic_id])[known.clinic_id]
    place = {"zone": clinic.zone, "clinic": clinic.name, "address": known.place or clinic.address}
    return replace(visit, starts_at=known.starts_at, ends_at=known.ends_at, phone=clinic.phone, **place)


def _part(matter: Matter, visit: PatientVisit, event: Invitation, address: str) -> CalendarPart:
    organizer = reply_address(matter.post.mailbox, matter.post.link_key, visit.id)
    shown = visit.as_event(event.known, matter.to.privacy, matter.to.language)
    body = render_invitation(shown, method=event.method, organizer=organizer, attendee=address, stamp=matter.now)
    return CalendarPart(event.method, body)


def _basis(items: Sequence[News], events: Sequence[Invitation], preparation: Preparation) -> dict[str, Any]:
    """What the message was written from. A SEQUENCE rises without anything that a patient would notice."""
    told = [[item.kind, str(item.appointment_id), _plain(item.before), _plain(item.after)] for item in items]
    sent = [[Method(event.method), str(event.appointment_id), _plain(event.known)] for event in events]
    before = {str(id_): list(texts) for id_, texts in preparation.items()}
    return {"items": told, "events": sent, "preparation": before}


def _plain(known: Known | None) -> dict[str, Any] | None:
    return known_to_json(replace(known, sequence=0)) if known else None
