"""The worker's nights: what time alone puts at risk or mends is marked once on every date of a clinic."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from scheduler.domain.changes import CancelReason
from scheduler.domain.series import SeriesState
from scheduler.operations.booking.attending import cancel, perform
from scheduler.operations.booking.nights import Night, moved_by_time
from scheduler.storage.database import Database
from scheduler.storage.rows import AppointmentRow, AuditRow, ClinicRow, SeriesRow, UserRow
from scheduler.worker.nights import look_at_risks
from scheduler.worker.rounds import Rounds
from tests.support.api import Clock
from tests.support.clinic import open_clinic
from tests.support.desk import Desk, Place, at, day, desk_of, second_clinic
from tests.support.queries import counted


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    database = Database(database_url)
    yield desk_of(open_clinic(database))
    database.dispose()


def begun(desk: Desk, days: dict[int, int], hour: int = 10, place: Place | None = None) -> UUID:
    """A series of four, performed on day 0 and booked on other days."""
    series = desk.series(desk.patient(), place=place)
    desk.book(series, {1: 0, **days}, hour, place)
    first = desk.sheet(series).snapshot.series.session(1).booking
    assert first is not None
    desk.do(lambda c: perform(c, appointment_id=first.appointment_id, on=day(0)), now=at(0, 23))
    return series


def waiting(desk: Desk, hour: int = 10, place: Place | None = None) -> UUID:
    """Session 3 stands on day 65, while session 2, expected on day 35, has no date.

    From day 38 on session 2 is expected on the day itself, so session 3 would come less than 28 days after it.
    """
    return begun(desk, {3: 65}, hour, place)


def night(desk: Desk, now: datetime) -> int:
    return look_at_risks(desk.clinic.database, now)


def marks(desk: Desk, series: UUID) -> list[tuple[date, str]]:
    """When flags of this series were changed by time, and who is on record for it."""
    query = (
        select(AuditRow.at, UserRow.name)
        .join(UserRow, UserRow.id == AuditRow.actor_id)
        .where(AuditRow.about_id == series, AuditRow.action == "risks_changed")
        .order_by(AuditRow.number)
    )
    return [(row.at.date(), row.name) for row in desk.read(lambda tx: tx.execute(query).all())]


def reasons(desk: Desk, series: UUID) -> list[str | None]:
    query = select(AppointmentRow.risk_reason).where(AppointmentRow.series_id == series, AppointmentRow.at_risk)
    return desk.read(lambda tx: list(tx.scalars(query)))


def test_what_time_puts_at_risk_is_marked_on_the_day_and_on_record(desk: Desk) -> None:
    series = waiting(desk)
    revision = desk.sheet(series).snapshot.series.revision
    assert (night(desk, at(37)), desk.at_risk(series, at(37)), marks(desk, series)) == (0, [], [])
    assert (night(desk, at(38)), desk.at_risk(series, at(38)), marks(desk, series)) == (1, [3], [(day(38), "Worker")])
    assert desk.sheet(series).snapshot.series.revision == revision + 1
    (reason,) = reasons(desk, series)
    assert reason is not None
    assert reason.startswith(f"Session 3 on {day(65)} would be 27 days after {day(38)}. ")


def test_a_window_that_lapses_leaves_what_follows_at_risk(desk: Desk) -> None:
    series = begun(desk, {3: 70})
    assert (night(desk, at(42)), night(desk, at(43)), desk.at_risk(series, at(43))) == (0, 1, [3])
    assert reasons(desk, series) == ["An earlier session has no date."]


def test_what_time_mends_is_safe_again(desk: Desk) -> None:
    """Without session 2 its day is expected so early that session 3 comes too late, until the day itself is later."""
    series = begun(desk, {2: 42, 3: 80})
    second = desk.sheet(series).snapshot.series.session(2).booking
    assert second is not None
    gone = second.appointment_id
    desk.do(lambda c: cancel(c, appointment_id=gone, cancel_reason=CancelReason.PATIENT))
    assert (desk.at_risk(series), night(desk, at(37)), night(desk, at(38))) == ([3], 0, 1)
    assert (desk.at_risk(series, at(38)), reasons(desk, series)) == ([], [])


def test_a_date_is_looked_at_once(desk: Desk) -> None:
    waiting(desk)
    night(desk, at(38, 1))
    for hour in (2, 21):
        with counted(desk.clinic.database.engine) as sent:
            assert night(desk, at(38, hour)) == 0
        assert len(sent) == 1
    with counted(desk.clinic.database.engine) as sent:
        night(desk, at(38, 22))  # already the next date in Berlin
    assert len(sent) > 1


def test_each_clinic_has_its_own_date(desk: Desk) -> None:
    elsewhere = second_clinic(desk, "America/New_York")
    here, there = waiting(desk), waiting(desk, place=elsewhere)
    assert night(desk, at(38, 3)) == 1
    assert (desk.at_risk(here), desk.at_risk(there)) == ([3], [])
    assert (night(desk, at(38, 4)), desk.at_risk(there)) == (1, [3])


@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_night_that_is_cut_short_is_finished_later(desk: Desk, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    monkeypatch.setattr("scheduler.worker.nights.AT_ONCE", 1)
    made = [waiting(desk, hour) for hour in (9, 11, 13)]
    asked = iter(range(9))
    done = look_at_risks(desk.clinic.database, at(38), lambda: next(asked) >= after)
    assert (done, [desk.at_risk(one) for one in made].count([3]), seen_on(desk)) == (after, after, None)
    assert (night(desk, at(38, 13)), seen_on(desk)) == (3 - after, day(38))
    assert [len(marks(desk, one)) for one in made] == [1, 1, 1]


def seen_on(desk: Desk) -> date | None:
    query = select(ClinicRow.risks_seen_on).where(ClinicRow.id == desk.clinic.clinic_id)
    return desk.read(lambda tx: tx.scalars(query).one())


def test_only_series_that_time_can_move_are_read(desk: Desk) -> None:
    moved = waiting(desk, 9)
    begun(desk, {2: 35, 3: 70}, 11)
    begun(desk, {2: 35}, 13)
    ended = waiting(desk, 15)
    over = update(SeriesRow).where(SeriesRow.id == ended).values(state=SeriesState.REVOKED)
    desk.clinic.database.write(lambda tx: tx.execute(over))

    def read_on(number: int) -> list[Any]:
        clinic = Night(desk.clinic.clinic_id, desk.clinic.organisation_id, day(number))
        return desk.read(lambda tx: list(moved_by_time(tx, clinic)))

    assert (read_on(38), read_on(65), read_on(66)) == ([moved], [moved], [])


def test_a_series_is_marked_as_somebody_left_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the look and the mark the patient calls and gets a date for session 2."""
    series = waiting(desk)
    look = "scheduler.worker.nights.wrongly_flagged"

    def looked(*_of: object) -> list[UUID]:
        desk.book(series, {2: 37}, now=at(36))
        return [series]

    monkeypatch.setattr(look, looked)
    assert (night(desk, at(38)), desk.at_risk(series), marks(desk, series)) == (0, [], [])


def test_the_workers_round_looks_at_the_risks(desk: Desk) -> None:
    series = waiting(desk)
    Rounds(desk.clinic.database, Clock(at(38))).once()
    assert (desk.at_risk(series), seen_on(desk)) == ([3], day(38))
