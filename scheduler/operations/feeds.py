"""Feeds: rendered when something has changed, and kept until something does."""

import gzip
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Transaction

from scheduler.calendars.events import FeedEvent
from scheduler.calendars.feed import Feed, etag_of, render_feed
from scheduler.calendars.privacy import AppointmentView, PrivacyLevel, patient_event
from scheduler.calendars.visibility import earliest_start, visible_events
from scheduler.domain.series import AppointmentStatus
from scheduler.domain.slots import patient_times
from scheduler.storage import entries
from scheduler.storage.feeds import FeedTags, find_feed, store_feed
from scheduler.storage.locking import lock_patients
from scheduler.storage.rows import (
    AppointmentRow,
    ClinicRow,
    FeedRow,
    OrganisationRow,
    SeriesRow,
    SessionRow,
)

COLOUR = "teal"
ALARMS_MINUTES = (24 * 60,)
A = AppointmentRow


def refresh_feed(tx: Transaction, token_hash: str, now: datetime) -> FeedTags | None:
    """Render a feed anew and keep it. ``changed_at`` stays when the bytes come out the same.

    Runs under the patient's lock, so that no change slips in between reading and keeping. ``None`` for a link that is
    unknown or revoked.
    """
    tags = find_feed(tx, token_hash)
    if tags is None:
        return None
    lock_patients(tx, [tags.patient_id])
    shown = visible_events(_events(tx, tags.patient_id, tags.privacy, now), now)
    name, home_zone = _owner(tx, tags.organisation_id)
    zone = shown.events[-1].zone if shown.events else home_zone
    body = render_feed(Feed(name=name, zone=zone, colour=COLOUR, events=shown.events))
    _keep(tx, tags, body, shown.valid_until, now)
    return find_feed(tx, token_hash)


def _keep(tx: Transaction, tags: FeedTags, body: bytes, valid_until: datetime | None, now: datetime) -> None:
    before = tx.execute(
        select(FeedRow.etag, FeedRow.changed_at).where(
            FeedRow.patient_id == tags.patient_id, FeedRow.privacy == tags.privacy
        )
    ).one_or_none()
    etag, zipped = etag_of(body), gzip.compress(body, compresslevel=6, mtime=0)
    store_feed(
        tx,
        {
            "organisation_id": tags.organisation_id,
            "patient_id": tags.patient_id,
            "privacy": tags.privacy,
            "body": body,
            "zipped": zipped,
            "etag": etag,
            "zipped_etag": etag_of(zipped),
            "changed_at": before.changed_at if before and before.etag == etag else now,
            "valid_until": valid_until,
            "stale": False,
        },
    )


def _events(tx: Transaction, patient_id: UUID, privacy: PrivacyLevel, now: datetime) -> Iterator[FeedEvent]:
    sessions = _sessions_by_series(tx, patient_id)
    for row in tx.execute(_appointments(patient_id, now)):
        yield patient_event(_view(tx, row, sessions), privacy)


def _appointments(patient_id: UUID, now: datetime) -> Any:
    return (
        select(A, ClinicRow, SessionRow.number, SeriesRow.sites, SeriesRow.addons, SeriesRow.protocol_id)
        .join(ClinicRow, ClinicRow.id == A.clinic_id)
        .outerjoin(SessionRow, SessionRow.id == A.session_id)
        .outerjoin(SeriesRow, SeriesRow.id == A.series_id)
        .where(A.patient_id == patient_id, A.starts_at >= earliest_start(now))
        .where(A.status != AppointmentStatus.ENTERED_IN_ERROR)
        .order_by(A.starts_at, A.id)
        .execution_options(populate_existing=True)
    )


def _view(tx: Transaction, row: Any, sessions: dict[UUID, int]) -> AppointmentView:
    """What the feed may need of one appointment. Its times are the patient's: without the clean-up."""
    appointment, clinic, number, sites, addons, protocol_id = row
    if appointment.visit_type_id:
        kind = entries.visit_type(tx, appointment.visit_type_id)
        phases, treatment = kind.phases, kind.name
    else:
        protocol = entries.protocol(tx, protocol_id)
        phases, treatment = protocol.phases_for(sites, addons, appointment.treatment_extra), protocol.name
    starts_at, ends_at = patient_times(appointment.starts_at, phases)
    return AppointmentView(
        uid=str(appointment.uid),
        starts_at=starts_at,
        ends_at=ends_at,
        zone=clinic.zone,
        sequence=appointment.sequence,
        status=appointment.status,
        at_risk=appointment.at_risk,
        created_at=appointment.created_at,
        changed_at=appointment.changed_at,
        clinic_name=clinic.name,
        clinic_address=clinic.address,
        treatment=treatment,
        session=number,
        sessions=sessions.get(appointment.series_id),
        alarms_minutes=ALARMS_MINUTES,
    )


def _sessions_by_series(tx: Transaction, patient_id: UUID) -> dict[UUID, int]:
    query = (
        select(SessionRow.series_id, func.count().label("sessions"))
        .join(SeriesRow, SeriesRow.id == SessionRow.series_id)
        .where(SeriesRow.patient_id == patient_id)
        .group_by(SessionRow.series_id)
    )
    return {row.series_id: row.sessions for row in tx.execute(query)}


def _owner(tx: Transaction, organisation_id: UUID) -> tuple[str, str]:
    """The name of the organisation, and the zone of its first clinic for a feed without events."""
    query = (
        select(OrganisationRow.name, ClinicRow.zone)
        .join(ClinicRow, ClinicRow.organisation_id == OrganisationRow.id)
        .where(OrganisationRow.id == organisation_id)
        .order_by(ClinicRow.created_at, ClinicRow.id)
        .limit(1)
    )
    name, zone = tx.execute(query).one()
    return name, zone
