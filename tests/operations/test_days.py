from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from scheduler.catalogue import protocol_to_json, visit_type_to_json
from scheduler.domain.access import Role
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.refusals import NotAllowed, NotFound
from scheduler.domain.series import AppointmentStatus
from scheduler.operations.days.day_columns import Column
from scheduler.operations.days.days import Day, show_day
from scheduler.storage import entries
from scheduler.storage.rows import CatalogueEntryRow, EntryKind, PatientAnswer
from tests.support.queries import counted
from tests.support.rows import BERLIN, NOW, Ground

MONDAY = date(2026, 3, 2)
HOUR = timedelta(hours=1)


def protocol(ground: Ground) -> UUID:
    shipped = entries.shipped().protocols["microneedling-rejuvenation"]
    return entry(ground, EntryKind.PROTOCOL, shipped.code, protocol_to_json(shipped))


def consultation(ground: Ground) -> UUID:
    shipped = entries.shipped().visit_types["consultation"]
    return entry(ground, EntryKind.VISIT_TYPE, shipped.code, visit_type_to_json(shipped))


def entry(ground: Ground, kind: EntryKind, code: str, definition: dict[str, object]) -> UUID:
    kept = {"kind": kind, "code": code, "version": 1, "definition": definition, "created_at": NOW}
    return ground.add(CatalogueEntryRow(organisation_id=ground.organisation_id, **kept))


def shown(ground: Ground, on: date = MONDAY) -> Day:
    return show_day(ground.context(Role.RECEPTION), clinic_id=ground.clinic_id, on=on)


def session(ground: Ground, patient: UUID, at: datetime = NOW, **values: object) -> UUID:
    """The second session of four, at this time."""
    series, sessions = ground.series(patient, 4, protocol_id=protocol(ground), revision=7)
    return ground.appointment(patient, at, 90, series_id=series, session_id=sessions[1], **values)


def clock(at: datetime) -> str:
    return f"{at.astimezone(ZoneInfo(BERLIN)):%H:%M}"


def working(column: Column) -> list[str]:
    return [f"{clock(start)}-{clock(end)}" for start, end in column.working]


def closed(column: Column) -> list[str]:
    return [
        f"{clock(one.starts_at)}-{clock(one.ends_at)} {one.because.value} {one.label}".strip() for one in column.closed
    ]


def test_an_appointment_is_shown_with_patient_session_treatment_and_state(ground: Ground) -> None:
    ada, room, patient = ground.resource(), ground.resource(ResourceKind.ROOM, "Room"), ground.patient("Zoë")
    values = {"status": AppointmentStatus.ARRIVED, "arrived_at": NOW, "at_risk": True, "risk_reason": "Too near."}
    appointment = session(ground, patient, practitioner_id=ada, room_id=room, **values)
    (practitioner,) = shown(ground).practitioners
    (one,) = practitioner.appointments
    assert (one.id, one.patient, one.phone, one.session, one.sessions) == (appointment, "Zoë", "+49 30 1234", 2, 4)
    assert (one.treatment, one.revision) == ("Microneedling, rejuvenation", 7)
    assert (one.status, one.arrived_at, one.at_risk, one.risk_reason) == ("arrived", NOW, True, "Too near.")
    assert (one.practitioner_id, one.room_id, one.device_id) == (ada, room, None)
    assert (one.patient_answer, one.to_decide) == (PatientAnswer.NEEDS_ACTION, False)


def test_its_phases_follow_one_another_and_say_what_they_need(ground: Ground) -> None:
    session(ground, ground.patient(), practitioner_id=ground.resource(), treatment_extra=15)
    phases = shown(ground).practitioners[0].appointments[0].phases
    every = (ResourceKind.PRACTITIONER, ResourceKind.ROOM, ResourceKind.DEVICE)
    assert [(phase.name, clock(phase.starts_at), clock(phase.ends_at)) for phase in phases] == [
        ("numbing", "09:00", "09:30"),
        ("treatment", "09:30", "10:30"),
        ("clean-up", "10:30", "10:45"),
    ]
    assert [(phase.needs, phase.needs_patient) for phase in phases] == [
        ((ResourceKind.ROOM,), True),
        (every, True),
        ((ResourceKind.ROOM, ResourceKind.DEVICE), False),
    ]


def test_a_visit_is_shown_with_its_type_and_no_session(ground: Ground) -> None:
    ground.appointment(ground.patient(), NOW, 30, visit_type_id=consultation(ground), sequence=3)
    (one,) = shown(ground).unassigned
    assert (one.treatment, one.series_id, one.session, one.sessions, one.revision) == (
        "Consultation",
        None,
        None,
        None,
        3,
    )
    assert one.phases[0].starts_at == NOW


def test_an_import_to_decide_is_marked(ground: Ground) -> None:
    session(ground, ground.patient(), import_note="20 days after the one before.")
    assert shown(ground).unassigned[0].to_decide


def test_what_was_called_off_or_is_elsewhere_is_not_shown(ground: Ground) -> None:
    visit = consultation(ground)
    gone = {"visit_type_id": visit, "status": AppointmentStatus.CANCELLED, "cancel_reason": "patient"}
    ground.appointment(ground.patient("cancelled"), NOW, 30, **gone)
    error = {"visit_type_id": visit, "status": AppointmentStatus.ENTERED_IN_ERROR}
    ground.appointment(ground.patient("in error"), NOW, 30, **error)
    ground.appointment(ground.patient("no-show"), NOW, 30, visit_type_id=visit, status=AppointmentStatus.NOSHOW)
    ground.appointment(ground.patient("tomorrow"), NOW + 24 * HOUR, 30, visit_type_id=visit)
    ground.appointment(ground.patient("elsewhere"), NOW, 30, visit_type_id=visit, clinic_id=ground.clinic())
    assert [one.patient for one in shown(ground).unassigned] == ["no-show"]


def test_practitioners_come_by_name_with_their_appointments_by_start(ground: Ground) -> None:
    bo, ada = ground.resource(name="Bo"), ground.resource(name="Ada")
    visit = consultation(ground)
    for name, hours, who in (("late", 4, ada), ("early", 1, ada), ("other", 2, bo)):
        ground.appointment(ground.patient(name), NOW + hours * HOUR, 30, visit_type_id=visit, practitioner_id=who)
    found = [(one.column.name, [a.patient for a in one.appointments]) for one in shown(ground).practitioners]
    assert found == [("Ada", ["early", "late"]), ("Bo", ["other"])]


def test_closed_time_is_told_with_its_reason(ground: Ground) -> None:
    ada = ground.resource()
    ground.weekly(ada, 0, 8, 12)
    ground.weekly(ada, 0, 13, 17)
    for starts, ends, label in ((11, 14, "Dentist"), (13, 15, "Training"), (20, 23, "Dinner")):
        ground.absence(ada, NOW + (starts - 9) * HOUR, NOW + (ends - 9) * HOUR, label)
    column = shown(ground).practitioners[0].column
    assert working(column) == ["09:00-11:00", "15:00-17:00"]
    assert closed(column) == [
        "00:00-09:00 off",
        "11:00-12:00 absence Dentist",
        "12:00-13:00 off",
        "13:00-14:00 absence Dentist",
        "14:00-15:00 absence Training",
        "17:00-00:00 off",
    ]


def test_a_closed_day_says_so_and_shows_everybody(ground: Ground) -> None:
    ground.resource()
    ground.closure(MONDAY, MONDAY, "Carnival")
    found = shown(ground)
    assert (found.opening, found.closures) == ((), ("Carnival",))
    assert closed(found.practitioners[0].column) == ["00:00-00:00 closure"]


def test_the_opening_of_an_ordinary_day_is_told(ground: Ground) -> None:
    found = shown(ground)
    assert [(clock(start), clock(end)) for start, end in found.opening] == [("09:00", "18:00")]
    assert (found.closures, found.zone, found.clinic) == ((), BERLIN, "Main street")


def test_a_day_of_a_clock_change_lasts_as_long_as_it_lasts(ground: Ground) -> None:
    found = shown(ground, date(2026, 3, 29))
    assert (found.begins_at, found.ends_at) == (
        datetime(2026, 3, 28, 23, tzinfo=UTC),
        datetime(2026, 3, 29, 22, tzinfo=UTC),
    )


def test_who_does_not_work_that_day_is_left_out_unless_booked(ground: Ground) -> None:
    ada, bo, _, away = (ground.resource(name=name) for name in ("Ada", "Bo", "Cy", "Away"))
    for who in (ada, bo):
        ground.weekly(who, 3, 9, 12)
    gone = ground.resource(name="Gone", active=False)
    ground.absence(away, NOW - 24 * HOUR, NOW + 24 * HOUR)
    visit = consultation(ground)
    for who in (bo, gone):
        ground.appointment(ground.patient(), NOW, 30, visit_type_id=visit, practitioner_id=who)
    found = [one.column.name for one in shown(ground).practitioners]
    assert found == ["Away", "Bo", "Cy", "Gone"]


def test_rooms_and_devices_have_columns_of_their_own(ground: Ground) -> None:
    ground.resource(ResourceKind.ROOM, "Room")
    ground.resource(ResourceKind.DEVICE, "Laser")
    found = shown(ground)
    assert ([one.name for one in found.rooms], [one.name for one in found.devices]) == (["Room"], ["Laser"])
    assert closed(found.rooms[0]) == ["00:00-09:00 off", "18:00-00:00 off"]


def test_the_day_of_another_organisation_is_not_found(ground: Ground) -> None:
    with pytest.raises(NotFound):
        show_day(Ground(ground.tx).context(Role.RECEPTION), clinic_id=ground.clinic_id, on=MONDAY)


def test_a_patient_does_not_see_the_day(ground: Ground) -> None:
    with pytest.raises(NotAllowed):
        show_day(ground.context(Role.PATIENT), clinic_id=ground.clinic_id, on=MONDAY)


@pytest.mark.parametrize("how_many", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_day(ground: Ground, how_many: int) -> None:
    visit = consultation(ground)
    for n in range(how_many):
        ada = ground.resource(name=f"Ada {n}")
        ground.appointment(ground.patient(), NOW, 30, visit_type_id=visit, practitioner_id=ada)
        ground.absence(ada, NOW, NOW + HOUR)
    shown(ground)
    with counted(ground.tx.get_bind().engine) as sent:
        shown(ground)
    assert len(sent) == 14
