"""What bears on series from outside: holds, other procedures, closures and the weekdays without opening hours."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session as Transaction

from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.closed_days import WEEKDAYS, Closure
from scheduler.domain.holds import BLOCKING_STATES, Hold, applies
from scheduler.domain.series import Series, Surroundings
from scheduler.storage import entries
from scheduler.storage.keyed import Keyed
from scheduler.storage.neighbours import other_procedures
from scheduler.storage.rows import ClosureRow, HoldRow, OpeningHoursRow, table

HOLDS = table(HoldRow)
CLOSURES = table(ClosureRow)
OPENING_HOURS = table(OpeningHoursRow)

_HOLDS = Keyed.by(
    HOLDS.c.patient_id,
    select(
        HOLDS.c.id,
        HOLDS.c.rule_id,
        HOLDS.c.code,
        HOLDS.c.scope,
        HOLDS.c.site,
        HOLDS.c.starts_on,
        HOLDS.c.ends_on,
        HOLDS.c.end_rule,
        HOLDS.c.state,
        HOLDS.c.review_on,
    )
    .where(HOLDS.c.state.in_(BLOCKING_STATES))
    .order_by(HOLDS.c.starts_on, HOLDS.c.id),
)
_CLOSURES = Keyed.by(
    CLOSURES.c.clinic_id,
    select(CLOSURES.c.starts_on, CLOSURES.c.ends_on, CLOSURES.c.label).order_by(CLOSURES.c.starts_on),
)
_OPENED = Keyed.by(OPENING_HOURS.c.clinic_id, select(OPENING_HOURS.c.weekday))


@dataclass(frozen=True, slots=True)
class Closed:
    """When a clinic is closed: its closures, and the weekdays without any opening hours."""

    closures: tuple[Closure, ...]
    weekdays: frozenset[int]


def closures_of(tx: Transaction, clinic_ids: Collection[UUID]) -> dict[UUID, Closed]:
    """By clinic, past closures included."""
    closures, opened = _CLOSURES.rows(tx, clinic_ids), _OPENED.rows(tx, clinic_ids)
    return {
        id_: Closed(
            tuple((row.starts_on, row.ends_on, row.label) for row in closures[id_]),
            WEEKDAYS - {row.weekday for row in opened[id_]},
        )
        for id_ in clinic_ids
    }


def blocking_holds(tx: Transaction, patient_ids: Collection[UUID]) -> dict[UUID, tuple[Hold, ...]]:
    """By patient: the proposed and active holds, in every clinic, expired ones included."""
    found = _HOLDS.rows(tx, patient_ids)
    return {patient_id: tuple(hold_of(tx, row) for row in found[patient_id]) for patient_id in patient_ids}


def hold_of(tx: Transaction, row: Any) -> Hold:
    """The domain's value of a hold's row."""
    rule = entries.contraindication(tx, row.rule_id)
    return Hold(
        id=row.id,
        code=row.code,
        scope=row.scope,
        site=row.site,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        end_rule=row.end_rule,
        state=row.state,
        review_on=row.review_on,
        only_modalities=rule.only_modalities,
    )


def surroundings(
    tx: Transaction, courses: Sequence[Series], holds: Mapping[UUID, Sequence[Hold]], now: datetime
) -> dict[UUID, Surroundings]:
    """By series: its patient's holds that apply, other procedures, closures. ``holds`` are all holds by patient."""
    sites = entries.shipped().sites
    others = other_procedures(tx, courses)
    closed = closures_of(tx, {one.clinic_id for one in courses})
    return {
        one.id: Surroundings(
            today=clinic_date(now, one.zone),
            holds=tuple(h for h in holds[one.patient_id] if applies(h, one.protocol, one.sites, sites)),
            others=others[one.id],
            closures=closed[one.clinic_id].closures,
            closed_weekdays=closed[one.clinic_id].weekdays,
        )
        for one in courses
    }
