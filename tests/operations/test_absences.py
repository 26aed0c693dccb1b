from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from scheduler.domain.access import Role
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.refusals import Invalid, NotAllowed, NotFound, Stale
from scheduler.domain.series import AppointmentStatus
from scheduler.operations.context import Context
from scheduler.operations.places.absences import Absence, add_absence, list_absences, remove_absence
from scheduler.operations.places.affected import Affected
from scheduler.storage.database import Database
from scheduler.storage.rows import AbsenceRow, AbsenceSource, AppointmentRow, AuditRow
from tests.support.queries import counted
from tests.support.rows import BERLIN, NOW, Ground

HOUR = timedelta(hours=1)
MIDNIGHT = datetime(2026, 3, 1, 23, tzinfo=UTC)  # as Monday begins in Berlin


def absent(
    context: Context, ada: UUID, starts_at: datetime = NOW, ends_at: datetime = NOW + 2 * HOUR, **more: Any
) -> tuple[Affected, ...]:
    return add_absence(context, resource_id=ada, starts_at=starts_at, ends_at=ends_at, seen=None, **more).affected


def test_an_absence_is_stored_audited_and_moves_the_revision_on(ground: Ground) -> None:
    ada, context = ground.resource(), ground.context(Role.RECEPTION)
    added = add_absence(context, resource_id=ada, starts_at=NOW, ends_at=NOW + HOUR, label="Ill", seen=1)
    kept = Absence(added.absence.id, ada, NOW, NOW + HOUR, "Ill", AbsenceSource.STAFF)
    assert list_absences(context, resource_id=ada).items == (kept,)
    assert added.revision == 2
    audit = ground.tx.scalars(select(AuditRow).where(AuditRow.action == "absence_added")).one()
    times = {"starts_at": "2026-03-02T08:00:00+00:00", "ends_at": "2026-03-02T09:00:00+00:00"}
    assert (audit.about_id, audit.facts) == (ada, {"absence_id": str(kept.id), **times})


def test_it_names_the_patients_to_call_and_cancels_nothing(ground: Ground) -> None:
    ada, patient = ground.resource(), ground.patient("Zoë Ångström", "+49 30 1234")
    series, (_, second) = ground.series(patient, 2, revision=5)
    session = {"series_id": series, "session_id": second}
    appointment = ground.appointment(patient, NOW + HOUR, practitioner_id=ada, **session)
    (one,) = absent(ground.context(Role.RECEPTION), ada)
    assert one == Affected(
        appointment_id=appointment,
        patient_id=patient,
        patient="Zoë Ångström",
        phone="+49 30 1234",
        series_id=series,
        session=2,
        treatment="Probe",
        status=AppointmentStatus.BOOKED,
        starts_at=NOW + HOUR,
        on_date=NOW.date(),
        zone=BERLIN,
        revision=5,
    )
    assert ground.tx.scalars(select(AppointmentRow.status)).all() == [AppointmentStatus.BOOKED]


def test_only_live_appointments_that_claim_the_resource_in_that_time_are_affected(ground: Ground) -> None:
    ada, room = ground.resource(), ground.resource(ResourceKind.ROOM, "Room")
    gone = {"status": AppointmentStatus.CANCELLED, "cancel_reason": "clinic"}
    for name, hours, minutes, values in (
        ("ends as it begins", 1, 30, {"practitioner_id": ada}),
        ("over its start", 1.5, 60, {"practitioner_id": ada}),
        ("in the room", 2, 60, {"room_id": room}),
        ("cancelled", 2.5, 30, {"practitioner_id": ada, **gone}),
        ("over its end", 3, 90, {"practitioner_id": ada}),
        ("begins as it ends", 4.5, 30, {"practitioner_id": ada}),
    ):
        ground.appointment(ground.patient(name), NOW + hours * HOUR, minutes, **values)
    affected = absent(ground.context(Role.RECEPTION), ada, NOW + 1.5 * HOUR, NOW + 4 * HOUR)
    assert [one.patient for one in affected] == ["over its start", "over its end"]


def test_what_is_over_already_is_not_affected(ground: Ground) -> None:
    ada = ground.resource()
    ground.appointment(ground.patient("Over"), NOW - 2 * HOUR, practitioner_id=ada)
    ground.appointment(ground.patient("Begun"), NOW - HOUR / 2, practitioner_id=ada)
    affected = absent(ground.context(Role.RECEPTION), ada, MIDNIGHT, MIDNIGHT + 24 * HOUR)
    assert [one.patient for one in affected] == ["Begun"]


def test_who_is_needed_for_a_later_phase_only_is_affected_by_that_phase(ground: Ground) -> None:
    ada, room, patient = ground.resource(), ground.resource(ResourceKind.ROOM, "Room"), ground.patient()
    appointment = ground.appointment(patient, NOW + HOUR, 60, room_id=room)
    ground.claim(ada, NOW + 1.5 * HOUR, 30, appointment_id=appointment)
    context = ground.context(Role.RECEPTION)
    assert absent(context, ada, NOW + HOUR, NOW + 1.5 * HOUR) == ()
    assert len(absent(context, ada, NOW + 1.5 * HOUR, NOW + 2 * HOUR)) == 1


@pytest.mark.parametrize(("role", "own"), [(Role.RECEPTION, False), (Role.MANAGER, False), (Role.PRACTITIONER, True)])
def test_today_may_be_blocked_by_reception_managers_and_the_practitioner(ground: Ground, role: Role, own: bool) -> None:
    ada = ground.resource()
    context = ground.context(role, resource_id=ada if own else None)
    absent(context, ada, MIDNIGHT, MIDNIGHT + 24 * HOUR)
    assert len(list_absences(context, resource_id=ada).items) == 1


def test_a_practitioner_blocks_nobody_else(ground: Ground) -> None:
    context = ground.context(Role.PRACTITIONER, resource_id=ground.resource())
    with pytest.raises(NotAllowed) as caught:
        absent(context, ground.resource(name="Bo"))
    assert caught.value.code == "not_your_own"


@pytest.mark.parametrize(
    ("starts_at", "ends_at"),
    [(MIDNIGHT, MIDNIGHT + 25 * HOUR), (MIDNIGHT - HOUR, MIDNIGHT + HOUR), (NOW + 24 * HOUR, NOW + 25 * HOUR)],
)
def test_another_day_is_for_managers(ground: Ground, starts_at: datetime, ends_at: datetime) -> None:
    ada = ground.resource()
    with pytest.raises(NotAllowed) as caught:
        absent(ground.context(Role.RECEPTION), ada, starts_at, ends_at)
    assert caught.value.code == "not_today"
    absent(ground.context(Role.MANAGER), ada, starts_at, ends_at)


def test_a_practitioner_who_is_a_manager_too_blocks_any_day_of_anybody(ground: Ground) -> None:
    context = ground.context(Role.PRACTITIONER, Role.MANAGER, resource_id=ground.resource())
    assert absent(context, ground.resource(name="Bo"), NOW + 24 * HOUR, NOW + 48 * HOUR) == ()


def test_an_absence_that_ends_before_it_starts_is_refused(ground: Ground) -> None:
    with pytest.raises(Invalid) as caught:
        absent(ground.context(Role.MANAGER), ground.resource(), NOW, NOW)
    assert caught.value.code == "dates_reversed"


def test_an_absence_is_taken_back_under_the_same_rules(ground: Ground) -> None:
    ada, manager, desk = ground.resource(), ground.context(Role.MANAGER), ground.context(Role.RECEPTION)
    today = add_absence(manager, resource_id=ada, starts_at=NOW, ends_at=NOW + HOUR, seen=1).absence
    later = add_absence(manager, resource_id=ada, starts_at=NOW, ends_at=NOW + 40 * HOUR, seen=2).absence
    assert remove_absence(desk, resource_id=ada, absence_id=today.id, seen=3) == 4
    with pytest.raises(NotAllowed):
        remove_absence(desk, resource_id=ada, absence_id=later.id, seen=4)
    assert list_absences(manager, resource_id=ada).items == (later,)


def test_the_absence_of_somebody_else_is_not_found(ground: Ground) -> None:
    ada, bo = ground.resource(), ground.resource(name="Bo")
    absence = ground.absence(bo, NOW, NOW + HOUR)
    with pytest.raises(NotFound):
        remove_absence(ground.context(Role.MANAGER), resource_id=ada, absence_id=absence, seen=1)
    stranger = Ground(ground.tx).context(Role.MANAGER)
    for deed in (
        lambda: absent(stranger, bo),
        lambda: remove_absence(stranger, resource_id=bo, absence_id=absence, seen=1),
        lambda: list_absences(stranger, resource_id=bo),
    ):
        with pytest.raises(NotFound):
            deed()


def test_absences_that_are_over_are_not_listed(ground: Ground) -> None:
    ada = ground.resource()
    ground.absence(ada, NOW - 2 * HOUR, NOW)
    assert list_absences(ground.context(Role.RECEPTION), resource_id=ada).items == ()


def test_absences_are_listed_by_start_a_page_at_a_time(ground: Ground) -> None:
    ada, context = ground.resource(), ground.context(Role.RECEPTION)
    late, early = (ground.absence(ada, NOW + n * HOUR, NOW + 9 * HOUR) for n in (2, 1))
    first = list_absences(context, resource_id=ada, limit=1)
    second = list_absences(context, resource_id=ada, limit=1, after=early)
    assert [absence.id for absence in (*first.items, *second.items)] == [early, late]
    assert (first.last, second.last) == (early, None)


@pytest.mark.parametrize("how_many", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_affected(ground: Ground, how_many: int) -> None:
    ada = ground.resource()
    for n in range(how_many):
        ground.appointment(ground.patient(), NOW + n * HOUR, practitioner_id=ada)
    context = ground.context(Role.RECEPTION)
    with counted(ground.tx.get_bind().engine) as sent:
        assert len(absent(context, ada, NOW, NOW + 5 * HOUR)) == how_many
    locks = [statement for statement in sent if "FOR NO KEY UPDATE" in statement]
    assert len(sent) - len(locks) == 6


def test_of_absences_that_saw_the_same_revision_one_is_stored(database_url: str) -> None:
    database = Database(database_url)
    made: dict[str, Any] = {}

    def begin(tx: Any) -> None:
        made["ground"] = Ground(tx)
        made["ada"] = made["ground"].resource()

    database.write(begin)
    actor = made["ground"].actor(Role.MANAGER)

    def block(tx: Any) -> bool:
        context = Context(tx, actor, NOW)
        try:
            add_absence(context, resource_id=made["ada"], starts_at=NOW, ends_at=NOW + HOUR, seen=1)
        except Stale:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        stored = list(pool.map(lambda _: database.write(block), range(8)))
    with database.read() as tx:
        assert (sum(stored), len(tx.scalars(select(AbsenceRow.id)).all())) == (1, 1)
    database.dispose()
