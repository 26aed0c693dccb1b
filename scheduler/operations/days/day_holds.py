"""Day holds: which appointments of a date a hold concerns. That there is one, and never why."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from scheduler.domain.access import Action, require
from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.holds import BLOCKING_STATES, applies
from scheduler.domain.protocol import Protocol
from scheduler.operations.context import Context, clinic_of
from scheduler.storage import entries
from scheduler.storage.rows import AppointmentRow, HoldRow, SeriesRow
from scheduler.storage.surroundings import hold_of
from scheduler.storage.visits import as_protocol

A, H = AppointmentRow, HoldRow


def held_appointments(context: Context, *, clinic_id: UUID, on: date, until: date | None = None) -> frozenset[UUID]:
    """The appointments at a clinic on a date, or up to another, that a proposed or active hold blocks.

    Raises ``NotFound``.
    """
    require(context.actor, Action.SEE_SCHEDULE)
    today = clinic_date(context.now, clinic_of(context, clinic_id).zone)
    return frozenset(_held(context, {"clinic": clinic_id, "first": on, "last": until or on}, today))


def _held(context: Context, asked: Mapping[str, Any], today: date) -> Iterator[UUID]:
    sites = entries.shipped().sites
    for row in context.tx.connection().execute(_HOLDS, asked).all():
        protocol = _protocol(context, row)
        hold = hold_of(context.tx, row)
        treated = row.series_sites if row.protocol_id else row.visit_sites
        stands = not hold.expired(today) and hold.covers(row.on_date, today)
        if protocol and stands and applies(hold, protocol, treated, sites):
            yield row.appointment_id


def _protocol(context: Context, row: Any) -> Protocol | None:
    """What the appointment is for; ``None`` for a visit that treats nobody."""
    if row.protocol_id is not None:
        return entries.protocol(context.tx, row.protocol_id)
    kind = entries.visit_type(context.tx, row.visit_type_id)
    return as_protocol(context.tx, context.organisation_id, kind) if kind.treats else None


_HOLDS = (
    select(
        A.id.label("appointment_id"),
        A.on_date,
        A.visit_type_id,
        A.sites.label("visit_sites"),
        SeriesRow.protocol_id,
        SeriesRow.sites.label("series_sites"),
        H.id,
        H.rule_id,
        H.code,
        H.scope,
        H.site,
        H.starts_on,
        H.ends_on,
        H.end_rule,
        H.state,
        H.review_on,
    )
    .join(H, H.patient_id == A.patient_id)
    .outerjoin(SeriesRow, SeriesRow.id == A.series_id)
    .where(A.clinic_id == bindparam("clinic"), A.on_date.between(bindparam("first"), bindparam("last")))
    .where(H.state.in_(BLOCKING_STATES), H.starts_on <= A.on_date)
)
