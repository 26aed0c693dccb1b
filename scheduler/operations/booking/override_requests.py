"""Override requests: reception asks for a slot outside the window, which is kept until a practitioner decides.

What nobody may do is refused at once: below the absolute minimum, against a hold, or in a slot that is taken.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from scheduler.domain.access import Action, require
from scheduler.domain.clinic_days import day_bounds
from scheduler.domain.phrases import Phrase
from scheduler.domain.refusals import Invalid, NotFound, RuleBroken
from scheduler.domain.rosters import dates, open_time
from scheduler.domain.slots import Slot
from scheduler.operations.booking.deeds import locked_snapshot
from scheduler.operations.booking.keeping import Keep, drop_keep, end_keeps, store_keep
from scheduler.operations.booking.placing import Placed, Placement, placing_changes, slot_after
from scheduler.operations.context import Context
from scheduler.operations.pages import Page, page_of
from scheduler.storage.rows import ClinicRow, KeepKind, KeepRow, PatientRow, UserRow
from scheduler.storage.snapshots import Snapshot
from scheduler.storage.steps import changes_of
from scheduler.storage.types import new_id
from scheduler.storage.working_time import clinic_hours

SEARCH_DAYS = 366
K = KeepRow


@dataclass(frozen=True, slots=True)
class OverrideRequest:
    """A slot outside the window that somebody asks for. It is kept until the UTC instant ``kept_until``.

    ``on`` is its clinic date, ``zone`` the clinic's.
    """

    id: UUID
    series_id: UUID
    clinic_id: UUID
    zone: str
    patient_id: UUID
    patient: str
    phone: str | None
    session: int
    slot: Slot
    on: date
    treatment_extra: int
    reason: str
    requested_by: str
    requested_at: datetime
    kept_until: datetime


def request_override(
    context: Context, *, series_id: UUID, placement: Placement, reason: str, seen: int | None = None
) -> OverrideRequest:
    """Ask a practitioner for a slot outside the window, instead of what was asked for this session before.

    Kept until the end of the clinic's next working day, but not beyond its own beginning. Raises ``RuleBroken`` with
    all conflicts, or with ``override_not_needed``; ``Invalid``, ``Stale``, ``NotFound``, ``NotAllowed``.
    """
    require(context.actor, Action.OVERRIDE)
    return ask_for(context, locked_snapshot(context, series_id, seen), placement, reason)


def ask_for(context: Context, snapshot: Snapshot, placement: Placement, reason: str) -> OverrideRequest:
    """Ask for a slot of a locked series. Raises as ``request_override`` does."""
    series_id = snapshot.series.id
    end_keeps(context, series_id)
    _end_requests(context, series_id, placement.session)
    wanted = replace(placement, override_reason=reason)
    (change,) = placing_changes(context, snapshot, [wanted], as_request=True)
    if change.override is None:
        detail = Phrase("%(day)s lies in the window of session %(session)s.", day=change.on, session=placement.session)
        raise RuleBroken(detail, code="override_not_needed", remedy="Book it.", session=placement.session)
    keep = Keep(new_id(), series_id, _kept_until(context, snapshot, change), (wanted,))
    store_keep(context, snapshot, keep, [change], KeepKind.OVERRIDE_REQUEST, reason)
    return _request(context.tx.execute(_query(context).where(K.id == keep.id)).one())


def _end_requests(context: Context, series_id: UUID, session: int) -> None:
    """The last wish for a session counts."""
    query = select(K).where(K.series_id == series_id, K.kind == KeepKind.OVERRIDE_REQUEST)
    for row in context.tx.scalars(query).all():
        if wanted_by(row.placements).session == session:
            drop_keep(context, row.id)


def _kept_until(context: Context, snapshot: Snapshot, change: Placed) -> datetime:
    starts_at = slot_after(change).starts_at
    if starts_at <= context.now:
        raise Invalid("This time has passed.", code="in_the_past", starts_at=starts_at.isoformat())
    end = end_of_next_working_day(context, snapshot.series.clinic_id, snapshot.around.today)
    return min(end, starts_at)


def end_of_next_working_day(context: Context, clinic_id: UUID, today: date) -> datetime:
    """The UTC instant at which the clinic closes on the first date after today on which it opens.

    Tomorrow's midnight when it does not open within a year.
    """
    first, last = today + timedelta(1), today + timedelta(SEARCH_DAYS)
    hours = clinic_hours(context.tx, clinic_id, first, last)
    opened = (stretches for on in dates(first, last) if (stretches := open_time(hours, on, on)))
    found = next(opened, None)
    return found[-1][1] if found else day_bounds(first, hours.zone)[1]


def list_override_requests(
    context: Context, *, clinic_id: UUID | None = None, after: UUID | None = None, limit: int = 25
) -> Page[OverrideRequest]:
    """The requests that still wait, in the order in which they were made."""
    require(context.actor, Action.OVERRIDE)
    query = _query(context).where(K.kept_until > context.now).order_by(K.id).limit(limit + 1)
    if clinic_id is not None:
        query = query.where(K.clinic_id == clinic_id)
    if after is not None:
        query = query.where(K.id > after)
    found = [_request(row) for row in context.tx.execute(query)]
    return page_of(found, limit, lambda request: request.id)


def request_row(context: Context, request_id: UUID) -> KeepRow:
    """The row of a request that waits, run out or not. Raises ``NotFound``."""
    mine = (K.id == request_id, K.organisation_id == context.organisation_id, K.kind == KeepKind.OVERRIDE_REQUEST)
    row = context.tx.scalar(select(K).where(*mine).execution_options(populate_existing=True))
    if row is None:
        raise NotFound("There is no such request.", request_id=str(request_id))
    return row


def wanted_by(placements: Sequence[Any]) -> Placed:
    """The one appointment that a request asks for."""
    (change,) = changes_of(placements)
    if not isinstance(change, Placed):
        raise TypeError(f"{type(change).__name__} places nothing")
    return change


COLUMNS: tuple[Any, ...] = (
    K.id,
    K.series_id,
    K.clinic_id,
    ClinicRow.zone,
    K.patient_id,
    PatientRow.name.label("patient"),
    PatientRow.phone,
    K.placements,
    K.reason,
    UserRow.name.label("requested_by"),
    K.created_at,
    K.kept_until,
)


def _query(context: Context) -> Select[Any]:
    return (
        select(*COLUMNS)
        .join(ClinicRow, ClinicRow.id == K.clinic_id)
        .join(PatientRow, PatientRow.id == K.patient_id)
        .join(UserRow, UserRow.id == K.kept_by)
        .where(K.organisation_id == context.organisation_id, K.kind == KeepKind.OVERRIDE_REQUEST)
    )


def _request(row: Any) -> OverrideRequest:
    wanted = wanted_by(row.placements)
    return OverrideRequest(
        id=row.id,
        series_id=row.series_id,
        clinic_id=row.clinic_id,
        zone=row.zone,
        patient_id=row.patient_id,
        patient=row.patient,
        phone=row.phone,
        session=wanted.session or 0,
        slot=slot_after(wanted),
        on=wanted.on,
        treatment_extra=wanted.treatment_extra,
        reason=row.reason or "",
        requested_by=row.requested_by,
        requested_at=row.created_at,
        kept_until=row.kept_until,
    )
