from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from scheduler.catalogue import contraindication_to_json, protocol_to_json
from scheduler.domain.access import Role
from scheduler.domain.holds import EndRule, HoldState, Scope
from scheduler.domain.refusals import NotAllowed, NotFound
from scheduler.domain.series import AppointmentStatus, SessionState
from scheduler.operations.tasks.task_kinds import Task, TaskKind
from scheduler.operations.tasks.tasks import list_tasks
from scheduler.storage import entries
from scheduler.storage.rows import (
    BusyFileRow,
    BusyOutcome,
    CatalogueEntryRow,
    EntryKind,
    HoldRow,
    KeepKind,
    MessageKind,
    MoveRequestRow,
    OutboxRow,
    OutboxState,
    PatientAnswer,
    SessionRow,
)
from scheduler.storage.types import new_id
from tests.support.queries import counted
from tests.support.rows import NOW, Ground

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WORKED_OUT = {TaskKind.LAPSED_WINDOW, TaskKind.FREED_SLOT, TaskKind.CLOSING_WINDOW}
OF_ROWS = [kind for kind in TaskKind if kind not in WORKED_OUT]
"""The others are worked out and not stored; the tests of the main job and of the waitlist have them."""
TODAY = date(2026, 3, 2)


@pytest.fixture
def rule(ground: Ground) -> UUID:
    """A contraindication of the catalogue."""
    shipped = next(iter(entries.shipped().contraindications.values()))
    return entry(ground, EntryKind.CONTRAINDICATION, contraindication_to_json(shipped))


def entry(ground: Ground, kind: EntryKind, definition: dict[str, Any]) -> UUID:
    kept = {"kind": kind, "code": definition["code"], "version": 1, "definition": definition, "created_at": NOW}
    return ground.add(CatalogueEntryRow(organisation_id=ground.organisation_id, **kept))


def hold(ground: Ground, rule: UUID, patient: UUID, state: HoldState, **values: Any) -> UUID:
    kept = {
        "code": "secret-code",
        "scope": Scope.SYSTEMIC,
        "starts_on": TODAY - 9 * DAY,
        "end_rule": EndRule.ON_CLEARANCE,
        "review_on": TODAY + 9 * DAY,
        "note": "secret note",
        "placed_by": ground.user_id,
        "placed_at": NOW,
    }
    owner = {"organisation_id": ground.organisation_id, "patient_id": patient, "rule_id": rule, "state": state}
    return ground.add(HoldRow(**owner, **(kept | values)))


def tasks(ground: Ground, *kinds: TaskKind, role: Role = Role.RECEPTION, **more: Any) -> list[Task]:
    return list(list_tasks(ground.context(role), kinds=kinds, **more).items)


def test_a_proposed_hold_is_told_without_its_reasons_even_to_a_practitioner(ground: Ground, rule: UUID) -> None:
    patient = ground.patient("Zoë", "+49 30 1")
    proposed = hold(ground, rule, patient, HoldState.PROPOSED)
    for state in (HoldState.ACTIVE, HoldState.LIFTED, HoldState.DISMISSED):
        hold(ground, rule, patient, state)
    found = tasks(ground)
    assert found == tasks(ground, role=Role.PRACTITIONER)
    told = {"on": TODAY - 9 * DAY, "until": TODAY + 9 * DAY}
    assert found == [Task(TaskKind.PROPOSED_HOLD, proposed, patient, "Zoë", "+49 30 1", **told)]
    assert "secret" not in repr(found)


def test_an_overdue_hold_names_the_appointments_of_the_next_three_days(ground: Ground, rule: UUID) -> None:
    patient = ground.patient()
    overdue = hold(ground, rule, patient, HoldState.ACTIVE, review_on=TODAY)
    needling = protocol_to_json(entries.shipped().protocols["microneedling-rejuvenation"])
    series, sessions = ground.series(patient, 4, protocol_id=entry(ground, EntryKind.PROTOCOL, needling))
    made = [
        ground.appointment(patient, NOW + days * DAY, series_id=series, session_id=session)
        for days, session in zip((0, 3, 4), sessions, strict=False)
    ]
    (task,) = tasks(ground)
    assert (task.kind, task.id) == (TaskKind.OVERDUE_HOLD, overdue)
    assert [one.appointment_id for one in task.appointments] == made[:2]


def test_an_override_request_is_a_task_until_its_slot_is_free_again(ground: Ground) -> None:
    patient = ground.patient("Zoë", None)
    ground.keep(patient, NOW + DAY)
    ground.keep(patient, NOW, kind=KeepKind.OVERRIDE_REQUEST)
    request = ground.keep(patient, NOW + DAY, kind=KeepKind.OVERRIDE_REQUEST, reason="Leaves on Friday.")
    (task,) = tasks(ground)
    assert (task.kind, task.id, task.patient, task.phone) == (TaskKind.OVERRIDE_REQUEST, request, "Zoë", None)
    assert (task.kept_until, task.note) == (NOW + DAY, "Leaves on Friday.")


def test_visits_of_earlier_dates_that_nobody_closed_come_oldest_first(ground: Ground) -> None:
    patient = ground.patient()
    late = ground.appointment(patient, NOW - DAY, status=AppointmentStatus.ARRIVED)
    early = ground.appointment(patient, NOW - 3 * DAY)
    ground.appointment(patient, NOW - 2 * DAY, status=AppointmentStatus.FULFILLED)
    ground.appointment(patient, NOW - 4 * DAY, status=AppointmentStatus.NOSHOW)
    ground.appointment(patient, NOW)
    found = tasks(ground)
    assert [(task.kind, task.id) for task in found] == [(TaskKind.VISIT_TO_CLOSE, id_) for id_ in (early, late)]
    assert (found[0].appointment_id, found[0].session, found[0].on) == (early, 1, TODAY - 3 * DAY)


def test_today_is_today_at_each_clinic(ground: Ground) -> None:
    patient, auckland = ground.patient(), ground.clinic("Pacific/Auckland")
    evening = NOW + timedelta(hours=5)  # already Tuesday in Auckland
    for clinic in (ground.clinic_id, auckland):
        ground.appointment(patient, NOW, clinic_id=clinic)
    context = ground.context(Role.RECEPTION, now=evening)
    assert [task.clinic_id for task in list_tasks(context).items] == [auckland]


def test_imports_that_break_a_rule_are_to_be_decided(ground: Ground) -> None:
    patient = ground.patient()
    booked = ground.appointment(patient, NOW + DAY, import_note="Closed that day.")
    gone = {"status": AppointmentStatus.CANCELLED, "cancel_reason": "patient", "import_note": "Closed that day."}
    ground.appointment(patient, NOW + 2 * DAY, **gone)
    _, (session,) = ground.series(patient)
    row = ground.tx.get_one(SessionRow, session)
    row.state, row.performed_on, row.import_note = SessionState.SATISFIED, TODAY - 30 * DAY, "20 days after the last."
    ground.tx.flush()
    found = tasks(ground)
    assert {(task.id, task.appointment_id, task.on, task.note) for task in found} == {
        (booked, booked, TODAY + DAY, "Closed that day."),
        (session, None, TODAY - 30 * DAY, "20 days after the last."),
    }
    assert {task.kind for task in found} == {TaskKind.IMPORT_TO_DECIDE}


def calendar_file(ground: Ground, outcome: BusyOutcome, reason: str | None, **values: Any) -> UUID:
    """What became of the calendar file of a practitioner of its own."""
    resource = ground.resource()
    here = {"organisation_id": ground.organisation_id, "clinic_id": ground.clinic_id, "resource_id": resource}
    kept = {"digest": "0", "read_at": NOW, "outcome": outcome, "reason": reason}
    ground.tx.add(BusyFileRow(**here, **(kept | values)))
    ground.tx.flush()
    return resource


def clash(ground: Ground) -> UUID:
    """A visit tomorrow whose practitioner is away."""
    ada = ground.resource()
    ground.absence(ada, NOW + DAY, NOW + DAY + HOUR)
    return ground.appointment(ground.patient("Zoë", "+49 30 1"), NOW + DAY, practitioner_id=ada)


def test_a_calendar_that_cannot_be_read_is_a_task_without_a_patient(ground: Ground) -> None:
    calendar_file(ground, BusyOutcome.READ, None)
    unread = calendar_file(ground, BusyOutcome.UNREAD, "It is no calendar.")
    partly = calendar_file(ground, BusyOutcome.PARTLY, "It ends before it starts.", refused=2)
    gone = calendar_file(ground, BusyOutcome.READ, None, read_at=NOW - 2 * DAY)
    found = {task.id: task for task in tasks(ground)}
    assert {id_: task.note for id_, task in found.items()} == {
        unread: "It is no calendar.",
        partly: "Parts of it cannot be read, 2 in all. The first: It ends before it starts.",
        gone: "It was last read on 2026-02-28: its file is gone, or the worker does not run.",
    }
    whole = {"clinic_id": ground.clinic_id, "note": "It is no calendar.", "resource": "Ada"}
    assert found[unread] == Task(TaskKind.UNREAD_CALENDAR, unread, None, None, **whole)


def request_to_move(ground: Ground) -> UUID:
    """A visit in two days whose patient would rather come in three."""
    patient, starts_at = ground.patient(), NOW + 2 * DAY
    visit = ground.appointment(patient, starts_at)
    here = {"organisation_id": ground.organisation_id, "clinic_id": ground.clinic_id, "patient_id": patient}
    times = {"starts_at": starts_at, "wanted_at": NOW + 3 * DAY, "made_at": NOW}
    return ground.add(MoveRequestRow(**here, appointment_id=visit, **times))


def message(ground: Ground, state: OutboxState) -> UUID:
    """News for a patient that did not go out by itself."""
    here = {"organisation_id": ground.organisation_id, "clinic_id": ground.clinic_id}
    times = {"due_at": NOW, "created_at": NOW}
    about = {"patient_id": ground.patient(), "dedupe_key": str(new_id()), "kind": MessageKind.NEWS, "payload": {}}
    return ground.add(OutboxRow(**here, **times, **about, state=state))


def one_of_each(ground: Ground, rule: UUID) -> None:
    clash(ground)
    message(ground, OutboxState.TO_CALL)
    message(ground, OutboxState.DEAD)
    ground.appointment(ground.patient(), NOW + 2 * DAY, patient_answer=PatientAnswer.DECLINED)
    request_to_move(ground)
    calendar_file(ground, BusyOutcome.UNREAD, "It is no calendar.")
    patient = ground.patient()
    ground.appointment(patient, NOW + DAY, import_note="Closed that day.")
    ground.appointment(patient, NOW - DAY)
    hold(ground, rule, patient, HoldState.PROPOSED)
    hold(ground, rule, patient, HoldState.ACTIVE, review_on=TODAY)
    ground.keep(patient, NOW + DAY, kind=KeepKind.OVERRIDE_REQUEST)


@pytest.mark.parametrize("limit", [1, 2, 3, 21, 22])
def test_pages_follow_one_another_through_all_kinds(ground: Ground, rule: UUID, limit: int) -> None:
    for _ in range(2):
        one_of_each(ground, rule)
    whole = tasks(ground)
    assert [task.kind for task in whole] == [kind for kind in OF_ROWS for _ in range(2)]
    read: list[Task] = []
    page = list_tasks(ground.context(Role.RECEPTION), limit=limit)
    read += page.items
    while page.last is not None:
        page = list_tasks(ground.context(Role.RECEPTION), limit=limit, after=int(page.last))
        read += page.items
    assert read == whole


def test_kinds_can_be_chosen(ground: Ground, rule: UUID) -> None:
    one_of_each(ground, rule)
    for kind in OF_ROWS:
        assert [task.kind for task in tasks(ground, kind)] == [kind]


def test_a_clinic_can_be_chosen_and_holds_belong_to_all(ground: Ground, rule: UUID) -> None:
    one_of_each(ground, rule)
    found = tasks(ground, clinic_id=ground.clinic())
    assert [task.kind for task in found] == [TaskKind.OVERDUE_HOLD, TaskKind.PROPOSED_HOLD]
    assert len(tasks(ground, clinic_id=ground.clinic_id)) == len(OF_ROWS)
    with pytest.raises(NotFound):
        tasks(ground, clinic_id=Ground(ground.tx).clinic_id)


def test_another_organisation_sees_nothing(ground: Ground, rule: UUID) -> None:
    one_of_each(ground, rule)
    assert tasks(Ground(ground.tx)) == []


def test_a_patient_sees_no_tasks(ground: Ground) -> None:
    with pytest.raises(NotAllowed):
        tasks(ground, role=Role.PATIENT)


@pytest.mark.parametrize("how_many", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_tasks(ground: Ground, rule: UUID, how_many: int) -> None:
    for _ in range(how_many):
        one_of_each(ground, rule)
    tasks(ground, limit=100)
    with counted(ground.tx.get_bind().engine) as sent:
        assert len(tasks(ground, limit=100)) == len(OF_ROWS) * how_many
    assert len(sent) == 27
