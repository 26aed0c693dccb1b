"""Lapsing: no lapsed window is missed, whatever bears on it, and few others are looked at."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from scheduler.domain.series import SeriesState, SessionState
from scheduler.domain.spacing import windows
from scheduler.storage.database import Database
from scheduler.storage.lapsing import may_have_lapsed
from scheduler.storage.rows import ClinicRow, OpeningHoursRow, SeriesRow, SessionRow
from scheduler.storage.snapshots import Snapshot, load_snapshots
from tests.support.courses_at_random import CoursesAtRandom
from tests.support.rows import NOW, Ground

DAYS = (-7, 0, 6, 45)
"""From ``NOW``."""


@pytest.fixture
def ground(database_url: str) -> Iterator[Ground]:
    database = Database(database_url)
    with database.read() as tx:
        yield Ground(tx)
    database.dispose()


def suspects(ground: Ground, now: datetime) -> set[UUID]:
    clinics = ground.tx.execute(select(ClinicRow.id, ClinicRow.zone)).all()
    return set(ground.tx.scalars(may_have_lapsed(ground.tx, ground.organisation_id, clinics, now)))


def running(tx: Session, organisation_id: UUID, now: datetime) -> list[Snapshot]:
    """The series that have begun."""
    ids = tx.scalars(select(SeriesRow.id).where(SeriesRow.state == SeriesState.ACTIVE)).all()
    found = load_snapshots(tx, organisation_id, ids, now)
    return [one for one in found if any(s.state is SessionState.SATISFIED for s in one.series.sessions)]


def has_lapsed(snapshot: Snapshot) -> bool:
    found = windows(snapshot.series, snapshot.around)
    waiting = (found[s.number] for s in snapshot.series.sessions if s.open and s.booking is None)
    return any(window is not None and window.lapsed for window in waiting)


@pytest.mark.parametrize("seed", [2, 3])
def test_no_lapsed_window_is_missed_whatever_bears_on_it(ground: Ground, seed: int) -> None:
    CoursesAtRandom(ground, Random(seed)).write()
    lapsed_ever, unsuspected_ever = set(), set()
    for now in (NOW + timedelta(days=days) for days in DAYS):
        courses, suspected = running(ground.tx, ground.organisation_id, now), suspects(ground, now)
        lapsed = {one.series.id for one in courses if has_lapsed(one)}
        assert lapsed - suspected == set()
        lapsed_ever |= lapsed
        unsuspected_ever |= {one.series.id for one in courses} - suspected
    assert (len(lapsed_ever) > 50, len(unsuspected_ever) > 50) == (True, True)


def begun(ground: Ground, days_ago: int, number: int = 1, patient_id: UUID | None = None) -> UUID:
    """A running series of three one of whose sessions was performed so many days ago; it was to start then."""
    on = NOW.date() - timedelta(days_ago)
    values = {"state": SeriesState.ACTIVE, "start_on": on}
    series_id, sessions = ground.series(patient_id or ground.patient(), 3, **values)
    session = ground.tx.get_one(SessionRow, sessions[number - 1])
    session.performed_on, session.state = on, SessionState.SATISFIED
    ground.tx.flush()
    return series_id


def test_of_plain_courses_only_the_lapsed_are_looked_at(ground: Ground) -> None:
    """The window of the second session ends 42 days after the first."""
    made = [begun(ground, days_ago) for days_ago in (41, 42, 43)]
    assert suspects(ground, NOW) == {made[2]}


def test_a_first_session_that_was_passed_over_is_looked_at(ground: Ground) -> None:
    series_id = begun(ground, 10, number=2)
    assert suspects(ground, NOW) == {series_id}


def test_a_patient_who_was_treated_in_another_series_is_looked_at_while_that_is_near(ground: Ground) -> None:
    """This protocol keeps no distance from others, so only the day itself is taken."""
    patient_id = ground.patient()
    series_id = begun(ground, 10, patient_id=patient_id)
    begun(ground, 0, patient_id=patient_id)
    assert suspects(ground, NOW) == {series_id}


def test_a_patient_with_another_series_that_is_booked_is_looked_at(ground: Ground) -> None:
    patient_id = ground.patient()
    series_id = begun(ground, 10, patient_id=patient_id)
    assert suspects(ground, NOW) == set()
    ground.appointment(patient_id, NOW + timedelta(20))
    assert suspects(ground, NOW) == {series_id}


def test_of_a_clinic_whose_hours_are_unknown_all_are_looked_at(ground: Ground) -> None:
    series_id = begun(ground, 0)
    assert suspects(ground, NOW) == set()
    ground.tx.execute(delete(OpeningHoursRow))
    assert suspects(ground, NOW) == {series_id}
