"""Lapsing: the running series that may have a lapsed window, so that of the many others no window need be computed.

The last day of a window that counts from a date is known; a window that counts from a forecast is still to come. Either
has a free day unless the clinic is closed throughout, or something rare bears on the series: a hold, another procedure,
a decision to continue or to omit. Whatever is rare is let through, and its windows tell.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, text
from sqlalchemy.orm import Session as Transaction
from sqlalchemy.orm import aliased

from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.closed_days import ClosedDays, closed_days
from scheduler.domain.holds import BLOCKING_STATES, EndRule
from scheduler.domain.protocol import Protocol, SpacingRule
from scheduler.storage import entries
from scheduler.storage.neighbours import ENDED, TAKING_PLACE
from scheduler.storage.rows import AppointmentRow, CatalogueEntryRow, EntryKind, HoldRow, SeriesRow, SessionRow
from scheduler.storage.rows.appointments import LIVE_SQL
from scheduler.storage.rows.series import ACTIVE_SQL, DECIDED_SQL, DUE_SQL
from scheduler.storage.surroundings import closures_of

Condition = ColumnElement[bool]
K = TypeVar("K")

# Made once: to make an alias costs more than to look at its rows.
WAITING, BEFORE = aliased(SessionRow, name="waiting"), aliased(SessionRow, name="before")
DONE, OTHER = aliased(SessionRow, name="done"), aliased(SeriesRow, name="other")
LIVE, VISIT = aliased(AppointmentRow, name="live"), aliased(AppointmentRow, name="visit")
EXPIRING = tuple(rule for rule in EndRule if rule.expires)


@dataclass(frozen=True, slots=True)
class _Around:
    """The closed days of each clinic, every protocol, and the earliest of the clinics' dates of today."""

    clinics: Mapping[UUID, ClosedDays]
    protocols: Mapping[UUID, Protocol]
    today: date


def may_have_lapsed(tx: Transaction, organisation_id: UUID, clinics: Sequence[Any], now: datetime) -> Select[UUID]:
    """The ids of running series that have begun, in which the window of a session without an appointment may have
    lapsed: of those whose windows have lapsed none is missing. ``clinics`` have an ``id`` and a ``zone``.
    """
    around = _around(tx, organisation_id, clinics, now)
    booked = exists().where(LIVE.session_id == WAITING.id, text(f"live.{LIVE_SQL}"))
    unbooked = (WAITING.series_id == SeriesRow.id, text(f"waiting.{DUE_SQL}"), ~booked)
    reasons = (WAITING.number == 1, _too_long_ago(around), _closed_throughout(around), *_rare(around))
    return select(SeriesRow.id).where(
        SeriesRow.clinic_id.in_(around.clinics),
        text(f"series.{ACTIVE_SQL}"),
        exists().where(DONE.series_id == SeriesRow.id, DONE.performed_on.is_not(None)),
        exists().where(*unbooked, or_(*reasons)),
    )


def _around(tx: Transaction, organisation_id: UUID, clinics: Sequence[Any], now: datetime) -> _Around:
    entry = CatalogueEntryRow
    mine = (entry.organisation_id == organisation_id, entry.kind == EntryKind.PROTOCOL)
    versions = tx.scalars(select(entry.id).where(*mine)).all()
    today = {clinic.id: clinic_date(now, clinic.zone) for clinic in clinics}
    closures = closures_of(tx, today)
    return _Around(
        {id_: closed_days(on, closures[id_].closures, closures[id_].weekdays) for id_, on in today.items()},
        {id_: entries.protocol(tx, id_) for id_ in versions},
        min(today.values(), default=date.max),
    )


def _too_long_ago(around: _Around) -> Condition:
    """The session before lies so far back that the last day is past, or that the clinic does not open until then.

    It was performed; or it is still booked for a date that is as long past, of which there are few.
    """
    days = _grouped((id_, min(rule.max_days for rule in _rules(one))) for id_, one in around.protocols.items())
    opens = _grouped((id_, one.opens_on) for id_, one in around.clinics.items() if one.opens_on)
    ends = [
        (_at(clinics, protocols), opens_on - timedelta(most))
        for opens_on, clinics in opens.items()
        for most, protocols in days.items()
    ]
    latest = max((on for _, on in ends), default=date.min)
    past = select(LIVE.series_id).where(
        LIVE.clinic_id.in_(around.clinics), LIVE.on_date < latest, text(f"live.{LIVE_SQL}")
    )
    performed = (
        exists()
        .correlate(SeriesRow, WAITING)
        .where(
            BEFORE.series_id == WAITING.series_id,
            BEFORE.number == WAITING.number - 1,
            or_(false(), *(and_(where, BEFORE.performed_on < on) for where, on in ends)),
        )
    )
    return or_(performed, SeriesRow.id.in_(past))


def _closed_throughout(around: _Around) -> Condition:
    """The clinic is never open again, or is closed for as long as a window is, at whatever time."""
    lengths = _grouped((id_, min(_length(rule) for rule in _rules(one))) for id_, one in around.protocols.items())
    longest = _grouped((id_, one.longest) for id_, one in around.clinics.items() if one.opens_on)
    never = [id_ for id_, one in around.clinics.items() if one.opens_on is None]
    long = (
        _at(clinics, protocols)
        for most, clinics in longest.items()
        for length, protocols in lengths.items()
        if most >= length
    )
    return or_(SeriesRow.clinic_id.in_(never), *long)


def _rare(around: _Around) -> tuple[Condition, ...]:
    """A decision changed a window's ends, a hold blocks, or another treatment is near or yet to come."""
    hold, decided = HoldRow, select(SessionRow.series_id).where(text(f"({DECIDED_SQL})"))
    decisions = decided.where(SessionRow.clinic_id.in_(around.clinics))
    held = (
        exists()
        .correlate(SeriesRow)
        .where(
            hold.patient_id == SeriesRow.patient_id,
            hold.state.in_(BLOCKING_STATES),
            or_(hold.end_rule.not_in(EXPIRING), hold.ends_on >= around.today),
        )
    )
    since = around.today - timedelta(_distance(around.protocols.values()))
    return SeriesRow.id.in_(decisions), held, _other_course(since), _other_visit(since)


def _other_course(since: date) -> Condition:
    """Another series of the patient has a session that took place or is booked on or after a date."""
    performed = exists().where(DONE.series_id == OTHER.id, DONE.performed_on >= since)
    booked = exists().where(LIVE.series_id == OTHER.id, LIVE.on_date >= since, text(f"live.{LIVE_SQL}"))
    return (
        exists()
        .correlate(SeriesRow)
        .where(
            OTHER.patient_id == SeriesRow.patient_id,
            OTHER.id != SeriesRow.id,
            OTHER.state.not_in(ENDED),
            or_(performed, booked),
        )
    )


def _other_visit(since: date) -> Condition:
    """No clock is a day ahead of UTC, so a visit of that date starts after the midnight before it."""
    return (
        exists()
        .correlate(SeriesRow)
        .where(
            VISIT.patient_id == SeriesRow.patient_id,
            VISIT.starts_at >= datetime.combine(since - timedelta(1), time.min, UTC),
            VISIT.visit_type_id.is_not(None),
            VISIT.status.in_(TAKING_PLACE),
        )
    )


def _distance(protocols: Iterable[Protocol]) -> int:
    """The most days that any of them keeps from another treatment before."""
    return max((one.spacing.after_other_min_days for one in protocols), default=0)


def _rules(protocol: Protocol) -> tuple[SpacingRule, ...]:
    return protocol.spacing, *protocol.step_spacing.values()


def _length(rule: SpacingRule) -> int:
    return rule.max_days - rule.min_days + 1


def _at(clinics: Sequence[UUID], protocols: Sequence[UUID]) -> Condition:
    return and_(SeriesRow.clinic_id.in_(clinics), SeriesRow.protocol_id.in_(protocols))


def _grouped(pairs: Iterable[tuple[UUID, K]]) -> Mapping[K, list[UUID]]:
    """Ids by what they have in common, so that a query names each value once."""
    found: defaultdict[K, list[UUID]] = defaultdict(list)
    for id_, value in pairs:
        found[value].append(id_)
    return found
