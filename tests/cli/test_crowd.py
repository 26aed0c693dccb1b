"""Many clinics for measuring: as large as asked for, true to every constraint, and real to the planner."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TypeVar

import pytest
from sqlalchemy import func, select

from scheduler.domain.dating import risks
from scheduler.domain.evaluation import Verdict, evaluate
from scheduler.domain.series import AppointmentStatus, SeriesState
from scheduler.domain.wishes import Wishes
from scheduler.operations.booking.booking import book_sessions
from scheduler.operations.booking.placing import Placement
from scheduler.operations.booking.planning import plan_series
from scheduler.operations.booking.series import SeriesRequest, start_series
from scheduler.operations.context import Context
from scheduler.operations.patients.patients import add_patient
from scheduler.operations.staff.operators import operator_of
from scheduler.storage.free_time import FreeTime
from scheduler.storage.overlap import overlaps
from scheduler.storage.rows import AppointmentRow, ClaimRow, ClinicRow, SeriesRow
from scheduler.storage.schema import probe
from scheduler.storage.snapshots import load_snapshot
from tests.support.command_line import CommandLine
from tests.support.rows import NOW

T = TypeVar("T")
CLINICS, APPOINTMENTS = 1, 12_000
A = AppointmentRow


@pytest.fixture(scope="module")
def loaded(module_database_url: str) -> Iterator[CommandLine]:
    """A clinic, loaded once for the tests of this module on each engine."""
    line = CommandLine.on(module_database_url)
    said = line.run("demo", "load", "--clinics", str(CLINICS), "--appointments", str(APPOINTMENTS))
    assert (said.exit_code, said.stderr) == (0, "")
    yield line
    line.database.dispose()


def test_it_is_about_as_large_as_was_asked_for(loaded: CommandLine) -> None:
    with loaded.database.read() as tx:
        appointments = tx.scalar(select(func.count()).select_from(A)) or 0
        clinics = tx.scalar(select(func.count()).select_from(ClinicRow))
    assert (clinics, abs(appointments - APPOINTMENTS) < APPOINTMENTS / 10) == (CLINICS, True)


def test_nothing_overlaps_and_the_constraints_still_bite(loaded: CommandLine) -> None:
    assert overlaps(loaded.database) == 0
    probe(loaded.database)


def test_every_appointment_claims_its_patient_and_its_resources(loaded: CommandLine) -> None:
    per = (
        select(func.count().label("claims"))
        .where(ClaimRow.appointment_id.is_not(None))
        .group_by(ClaimRow.appointment_id)
    )
    with loaded.database.read() as tx:
        counts = set(tx.scalars(select(per.subquery().c.claims)))
        owners = tx.scalar(select(func.count(ClaimRow.appointment_id.distinct())))
        appointments = tx.scalar(select(func.count()).select_from(A))
    assert (counts, owners) == ({4}, appointments)


def test_the_series_keep_their_rules(loaded: CommandLine) -> None:
    with loaded.database.read() as tx:
        some = tx.execute(select(SeriesRow.id, SeriesRow.organisation_id).order_by(SeriesRow.id).limit(300)).all()
        snapshots = [load_snapshot(tx, row.organisation_id, row.id, NOW) for row in some]
    verdicts = {one.verdict for snapshot in snapshots for one in evaluate(snapshot.series)}
    reasons = {reason for snapshot in snapshots for reason in risks(snapshot.series, snapshot.around).values()}
    states = {snapshot.series.state for snapshot in snapshots}
    assert (verdicts, reasons - {None}) == ({Verdict.VALID}, set())
    assert states == {SeriesState.ACTIVE, SeriesState.COMPLETED}


def test_the_next_months_are_three_quarters_full(loaded: CommandLine) -> None:
    first, last = NOW.date() + timedelta(1), NOW.date() + timedelta(100)
    with loaded.database.read() as tx:
        booked = tx.scalar(
            select(func.count()).where(A.on_date.between(first, last), A.status == AppointmentStatus.BOOKED)
        )
    places = CLINICS * 8 * 6 * sum((first + timedelta(n)).weekday() < 6 for n in range(100))
    assert 0.6 < (booked or 0) / places < 0.85


def test_a_plan_is_found_between_the_others_and_booked(loaded: CommandLine) -> None:
    with loaded.database.read() as tx:
        clinic_id, organisation_id = tx.execute(select(ClinicRow.id, ClinicRow.organisation_id).limit(1)).one()

    def do(deed: Callable[[Context], T]) -> T:
        return loaded.database.write(lambda tx: deed(Context(tx, operator_of(tx, organisation_id), NOW)))

    patient = do(lambda c: add_patient(c, name="Ada", phone="1")).patient
    wanted = SeriesRequest(clinic_id, patient.id, "microneedling-rejuvenation", 6, ["face"])
    series_id = do(lambda c: start_series(c, wanted)).snapshot.series.id
    plans = do(lambda c: plan_series(c, FreeTime(), series_id=series_id, wishes=Wishes())).plans
    placements = [Placement(one.number, one.slot) for one in plans[0].plan.placements]
    deed = do(lambda c: book_sessions(c, series_id=series_id, placements=placements))
    assert (len(plans), len(placements), len(deed.changes)) == (5, 6, 7)
