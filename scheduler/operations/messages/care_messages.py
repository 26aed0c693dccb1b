"""Care messages: the one message before a visit and the advice after it, as they have to be when they are sent."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from scheduler.domain.blocked import blocking
from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.holds import blocked_by_holds
from scheduler.domain.reminders import TOO_LATE, humane
from scheduler.domain.series import AppointmentStatus
from scheduler.messages.letters import aftercare_letter, reminder_letter
from scheduler.messages.visits import Visit, advice_until
from scheduler.messages.words import words_of
from scheduler.operations.messages.composing import Later, Matter, Said
from scheduler.operations.messages.patient_visits import Addressee, PatientVisit, patient_visits
from scheduler.operations.messages.personal_links import link_in_mail
from scheduler.storage.rows import AppointmentRow
from scheduler.storage.snapshots import load_snapshot
from scheduler.storage.visits import load_visit

ASK_AGAIN = timedelta(hours=3)
"""A visit on hold gets no reminder; the hold may be dismissed in time."""
A = AppointmentRow


def say_reminder(matter: Matter) -> Said | Later | None:
    """When, where, and what to do before. ``None`` for a visit that has moved, gone or begun."""
    visit, row = _visit(matter), _row(matter)
    if visit is None or row.status is not AppointmentStatus.BOOKED:
        return None
    meant = datetime.fromisoformat(matter.row.payload["starts_at"])
    if meant != row.starts_at or matter.now >= row.starts_at - TOO_LATE:
        return None
    if later := _later(matter, visit, row):
        return later
    told, to = prepared(visit, matter.to), matter.to
    letter = reminder_letter(told, name=to.name, language=to.language, link=link_in_mail(matter))
    basis = {"reminder": row.starts_at.isoformat(), "preparation": list(visit.care.preparation)}
    return Said(letter, basis, useful_until=row.starts_at)


def prepared(visit: PatientVisit, to: Addressee) -> Visit:
    """The visit in words, with what to do before it."""
    words = words_of(to.language)
    return replace(
        visit.in_words(to.privacy), preparation=tuple(words.translated(text) for text in visit.care.preparation)
    )


def say_aftercare(matter: Matter) -> Said | Later | None:
    """What helps after a session that took place, and until when. ``None`` when it turns out that it did not."""
    visit, row = _visit(matter), _row(matter)
    if visit is None or row.status is not AppointmentStatus.FULFILLED:
        return None
    if (at := humane(matter.now, visit.view.zone)) > matter.now:
        return Later(at)
    words, ended_at = words_of(matter.to.language), datetime.fromisoformat(matter.row.payload["ended_at"])
    due = [advice for advice in visit.care.aftercare if advice.from_hours == matter.row.payload["hours"]]
    ends = [ended_at + timedelta(hours=advice.until_hours) for advice in due]
    advice = [advice_until(one.text, end, visit.view.zone, words) for one, end in zip(due, ends, strict=True)]
    told = visit.in_words(matter.to.privacy)
    letter = aftercare_letter(advice, visit=told, name=matter.to.name, language=matter.to.language)
    return Said(letter, advice, useful_until=max(ends, default=None))


def _later(matter: Matter, visit: PatientVisit, row: Any) -> Later | None:
    """A night is waited for, and so is a decision on a hold."""
    zone = visit.view.zone
    if (at := humane(matter.now, zone)) > matter.now:
        return Later(at)
    load, about = (load_snapshot, row.series_id) if row.series_id else (load_visit, row.id)
    around = load(matter.tx, row.organisation_id, about, matter.now).around
    held = blocking(blocked_by_holds(around.holds, clinic_date(matter.now, zone)), row.on_date)
    return Later(matter.now + ASK_AGAIN) if held else None


def _visit(matter: Matter) -> PatientVisit | None:
    id_ = matter.row.appointment_id
    return patient_visits(matter.tx, matter.to.id, [id_], matter.now).get(id_) if id_ else None


def _row(matter: Matter) -> Any:
    columns = (A.id, A.organisation_id, A.series_id, A.status, A.starts_at, A.on_date)
    return matter.tx.execute(select(*columns).where(A.id == matter.row.appointment_id)).one()
