"""The demo's history, whole: nothing in it breaks a rule without saying so."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from sqlalchemy import func, select

from scheduler.demo.houses import HOUSES
from scheduler.demo.play import PATIENTS
from scheduler.domain.access import Actor, Role
from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.dating import risks
from scheduler.domain.evaluation import Verdict, evaluate
from scheduler.domain.holds import HoldState
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.series import AppointmentStatus, SeriesState
from scheduler.operations.booking.series import sheet_of
from scheduler.operations.context import Context
from scheduler.operations.tasks.task_kinds import TaskKind
from scheduler.operations.tasks.tasks import list_tasks
from scheduler.storage.database import Database
from scheduler.storage.overlap import overlaps
from scheduler.storage.rows import (
    AppointmentRow,
    AuditRow,
    ClearanceRow,
    ClinicRow,
    HoldRow,
    KeepKind,
    KeepRow,
    OrganisationRow,
    OutboxRow,
    OutboxState,
    PatientRow,
    ResourceRow,
    SeriesRow,
    SessionRow,
    ToldRow,
)
from scheduler.storage.snapshots import Snapshot, load_snapshot
from tests.support.databases import Databases
from tests.support.whole_demo import WEDNESDAY, whole_demo

A = AppointmentRow
FROM_OUTSIDE = {
    TaskKind.IMPORT_TO_DECIDE,
    TaskKind.UNREAD_CALENDAR,
    TaskKind.DECLINED,
    TaskKind.MOVE_REQUEST,
    TaskKind.DEAD_LETTER,
}
"""Tasks that come of other people's files, replies and mail servers, which the demo does without."""


@pytest.fixture(scope="module")
def whole(databases: Databases) -> Iterator[tuple[Database, UUID]]:
    """The whole demo and its organisation."""
    database = Database(f"sqlite:///{whole_demo(databases)}")
    with database.read() as tx:
        yield database, tx.scalars(select(OrganisationRow.id)).one()
    database.dispose()


@pytest.fixture(scope="module")
def database(whole: tuple[Database, UUID]) -> Database:
    return whole[0]


@pytest.fixture(scope="module")
def snapshots(whole: tuple[Database, UUID]) -> list[Snapshot]:
    """Every series as it stands."""
    database, organisation_id = whole
    with database.read() as tx:
        ids = tx.scalars(select(SeriesRow.id).order_by(SeriesRow.id)).all()
        return [load_snapshot(tx, organisation_id, series_id, WEDNESDAY) for series_id in ids]


def counted(database: Database, column: object) -> Counter[object]:
    with database.read() as tx:
        return Counter(tx.scalars(select(column)))  # type: ignore[call-overload]


def test_it_is_as_large_as_was_promised(database: Database) -> None:
    kinds = {ResourceKind.PRACTITIONER: 6, ResourceKind.ROOM: 6, ResourceKind.DEVICE: 4}
    zones = [house.zone for house in HOUSES]
    with database.read() as tx:
        patients = tx.scalar(select(func.count()).select_from(PatientRow))
    assert (patients, counted(database, ResourceRow.kind)) == (PATIENTS, kinds)
    assert counted(database, ClinicRow.zone) == Counter(zones)


def test_its_names_come_from_many_scripts(database: Database) -> None:
    scripts = ("Łê", "Ж", "Ω", "ش", "ש", "श", "王", "김", "ส", "გ", "さ")
    ranges = [(0x100, 0x24F), (0x400, 0x4FF), (0x370, 0x3FF), (0x600, 0x6FF), (0x590, 0x5FF), (0x900, 0x97F)]
    ranges += [(0x4E00, 0x9FFF), (0xAC00, 0xD7AF), (0xE00, 0xE7F), (0x10A0, 0x10FF), (0x3040, 0x309F)]
    signs = {ord(sign) for name in counted(database, PatientRow.name) for sign in str(name)}
    missing = [scripts[n] for n, (first, last) in enumerate(ranges) if not signs & set(range(first, last + 1))]
    assert missing == []


def test_nothing_overlaps(database: Database) -> None:
    assert overlaps(database) == 0


def test_its_patients_know_of_their_visits_and_some_wait_for_a_call(database: Database) -> None:
    known = select(ToldRow.appointment_id).where(ToldRow.cancelled.is_(False))
    untold = select(func.count()).where(
        A.status == AppointmentStatus.BOOKED, A.starts_at > WEDNESDAY, A.id.not_in(known)
    )
    with database.read() as tx:
        waiting = tx.scalar(select(func.count()).where(OutboxRow.state == OutboxState.WAITING))
        calls = tx.scalars(select(OutboxRow.content).where(OutboxRow.state == OutboxState.TO_CALL)).all()
        assert (tx.scalar(untold), waiting) == (0, 0)
    assert [bool(content and content["say"]) for content in calls] == [True] * max(len(calls), 2)


def test_what_breaks_a_gap_is_flagged(snapshots: list[Snapshot]) -> None:
    """Time alone lapses a window and sets no flag: then the lapse of the session before is on the task list."""
    unflagged = [
        reason
        for snapshot in snapshots
        for number, reason in risks(snapshot.series, snapshot.around).items()
        if reason and (booking := snapshot.series.session(number).booking) and not booking.at_risk
    ]
    assert set(unflagged) <= {"An earlier session has no date."}


def test_what_was_early_or_late_was_decided_by_a_practitioner(database: Database, snapshots: list[Snapshot]) -> None:
    with database.read() as tx:
        overridden = {
            (row.session_id, row.override_on)
            for row in tx.execute(select(A.session_id, A.override_on).where(A.override_on.is_not(None)))
        }
    verdicts = [(snapshot, one) for snapshot in snapshots for one in evaluate(snapshot.series)]
    odd = [(snapshot, one) for snapshot, one in verdicts if one.verdict is not Verdict.VALID]
    undecided = [
        (one.number, one.reason)
        for snapshot, one in odd
        if (snapshot.session_ids[one.number], one.performed_on) not in overridden
        and snapshot.series.session(one.number).continued is None
    ]
    told = Counter(one.verdict for _, one in odd)
    assert (undecided, min(told[Verdict.EARLY], told[Verdict.LATE]) >= 5) == ([], True)


def test_nobody_was_treated_inside_a_hold(database: Database) -> None:
    """A hold that stands or stood: from the day it was placed to the day it was lifted, or to its end."""
    with database.read() as tx:
        holds = tx.execute(
            select(HoldRow.patient_id, HoldRow.placed_at, HoldRow.decided_at, HoldRow.ends_on).where(
                HoldRow.state.in_((HoldState.ACTIVE, HoldState.LIFTED)), HoldRow.scope == "systemic"
            )
        ).all()
        treated = [
            hold
            for hold in holds
            for at in tx.scalars(
                select(A.ended_at).where(
                    A.patient_id == hold.patient_id, A.ended_at.is_not(None), A.series_id.is_not(None)
                )
            )
            if hold.placed_at < at < (hold.decided_at or WEDNESDAY)
        ]
    assert treated == []


def test_every_state_that_the_desks_know_is_there(database: Database) -> None:
    states = set(counted(database, A.status))
    series = set(counted(database, SeriesRow.state))
    assert states >= {
        AppointmentStatus.BOOKED,
        AppointmentStatus.CHECKED_IN,
        AppointmentStatus.FULFILLED,
        AppointmentStatus.NOSHOW,
        AppointmentStatus.CANCELLED,
    }
    assert series == {SeriesState.ACTIVE, SeriesState.COMPLETED, SeriesState.REVOKED, SeriesState.DRAFT}
    assert set(counted(database, HoldRow.state)) == {
        HoldState.PROPOSED,
        HoldState.ACTIVE,
        HoldState.LIFTED,
        HoldState.DISMISSED,
    }
    assert set(counted(database, KeepRow.kind)) == set(KeepKind)
    assert len(counted(database, ClearanceRow.code)) == 2


def test_some_windows_have_lapsed_and_wait_for_a_decision(
    whole: tuple[Database, UUID], snapshots: list[Snapshot]
) -> None:
    reception = Actor(UUID(int=1), whole[1], "x", frozenset({Role.RECEPTION}))
    with whole[0].read() as tx:
        sheets = [sheet_of(Context(tx, reception, WEDNESDAY), one) for one in snapshots]
    lapsed = [sheet for sheet in sheets if sheet.snapshot.series.state is SeriesState.ACTIVE and sheet.lapsed]
    assert len(lapsed) >= 5


def test_today_is_a_busy_day_half_way_through(database: Database) -> None:
    with database.read() as tx:
        rows = tx.execute(
            select(ClinicRow.zone, A.on_date, A.status).join(ClinicRow, ClinicRow.id == A.clinic_id)
        ).all()
    today = Counter((zone, status) for zone, on, status in rows if on == clinic_date(WEDNESDAY, zone))
    for zone in ("Europe/London", "America/New_York"):
        live = [today[zone, status] for status in (AppointmentStatus.BOOKED, AppointmentStatus.CHECKED_IN)]
        assert (zone, sum(live) + today[zone, AppointmentStatus.FULFILLED] >= 9) == (zone, True)
    assert today["Europe/London", AppointmentStatus.FULFILLED] >= 3
    assert today["America/New_York", AppointmentStatus.BOOKED] >= 3


def test_every_kind_of_task_waits_for_somebody(whole: tuple[Database, UUID]) -> None:
    reception = Actor(UUID(int=1), whole[1], "x", frozenset({Role.RECEPTION}))
    with whole[0].read() as tx:
        tasks = list_tasks(Context(tx, reception, WEDNESDAY), limit=100).items
    kinds = Counter(task.kind for task in tasks)
    assert [kind for kind in TaskKind if not kinds[kind] and kind not in FROM_OUTSIDE] == []


def test_history_is_told_in_the_order_in_which_it_happened(database: Database) -> None:
    with database.read() as tx:
        instants = tx.scalars(select(AuditRow.at).order_by(AuditRow.number)).all()
    backwards = [(a, b) for a, b in pairwise(instants) if b < a - timedelta(hours=1)]
    assert (backwards, instants[-1] <= WEDNESDAY) == ([], True)
    assert instants[0] < WEDNESDAY - timedelta(days=730)


def test_nothing_was_performed_in_the_future(database: Database) -> None:
    with database.read() as tx:
        latest = tx.scalar(select(func.max(SessionRow.performed_on)))
    assert latest is not None
    assert latest <= WEDNESDAY.date()
