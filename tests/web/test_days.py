"""The day and the task list over the API."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from scheduler.domain.access import Role
from scheduler.domain.hold_terms import HoldWish
from scheduler.operations.holds.holding import place_hold
from tests.support.api import Api

VISIT = {"visit_type": "consultation", "starts_at": "2026-03-02T11:00:00+01:00"}


def booked(api: Api) -> dict[str, Any]:
    patient = api.post("/patients", {"name": "Zoë Ångström", "phone": "+49 30 1234567"}).json["patient"]["id"]
    used = {"practitioner_id": str(api.clinic.practitioner_id), "room_id": str(api.clinic.room_id)}
    made = api.post("/visits", {"patient_id": patient, **VISIT, **used})
    assert made.status_code == 201, made.json
    return dict(made.json["appointment"])


def test_the_day_shows_each_practitioner_with_appointments_and_closed_time(api: Api) -> None:
    visit = booked(api)
    answer = api.get("/days/2026-03-02", clinic=str(api.clinic.clinic_id))
    assert answer.status_code == 200, answer.json
    day = answer.json
    (practitioner,) = day["practitioners"]
    (appointment,) = practitioner["appointments"]
    assert (practitioner["name"], appointment["id"], appointment["patient"]) == ("Ada", visit["id"], "Zoë Ångström")
    assert (appointment["status"], appointment["treatment"], appointment["at_risk"]) == (
        "booked",
        "Consultation",
        False,
    )
    assert appointment["phases"] == [
        {
            "name": "consultation",
            "starts_at": "2026-03-02T10:00:00Z",
            "ends_at": "2026-03-02T10:45:00Z",
            "needs": ["practitioner", "room"],
            "needs_patient": True,
        }
    ]
    assert practitioner["working"] == [{"starts_at": "2026-03-02T08:00:00Z", "ends_at": "2026-03-02T17:00:00Z"}]
    assert [(one["because"], one["ends_at"]) for one in practitioner["closed"]] == [
        ("off", "2026-03-02T08:00:00Z"),
        ("off", "2026-03-02T23:00:00Z"),
    ]
    assert (day["zone"], day["opening"], day["rooms"][0]["name"]) == (
        "Europe/Berlin",
        practitioner["working"],
        "Room 1",
    )


def test_without_a_clinic_the_first_one_is_meant(api: Api) -> None:
    assert api.get("/days/2026-03-02").json["clinic_id"] == str(api.clinic.clinic_id)
    assert api.get("/days/2026-03-02", clinic=str(uuid4())).status_code == 404
    assert api.get("/days/2026-02-30").status_code == 422


def test_every_member_of_the_staff_sees_the_day_and_the_tasks(api: Api) -> None:
    for role in (Role.RECEPTION, Role.PRACTITIONER, Role.MANAGER):
        assert api.as_role(role).get("/days/2026-03-02").status_code == 200
        assert api.as_role(role).get("/tasks").status_code == 200


def test_a_visit_that_nobody_closed_is_a_task_the_day_after(api: Api) -> None:
    visits = [booked(api)]
    assert api.get("/tasks").json == {"items": [], "next": None}
    api.clock.pass_time(timedelta(days=1))
    (task,) = api.get("/tasks", kind="visit_to_close").json["items"]
    assert (task["kind"], task["appointment_id"], task["on"]) == ("visit_to_close", visits[0]["id"], "2026-03-02")
    assert (task["patient"], task["phone"]) == ("Zoë Ångström", "+49 30 1234567")
    assert api.get("/tasks", kind="proposed_hold").json["items"] == []


def test_a_page_of_tasks_leads_to_the_next(api: Api) -> None:
    patient = api.post("/patients", {"name": "Zoë", "phone": "+49 30 1234567"}).json["patient"]["id"]
    used = {"practitioner_id": str(api.clinic.practitioner_id), "room_id": str(api.clinic.room_id)}
    for hour in (10, 12, 14):
        at = f"2026-03-02T{hour}:00:00+01:00"
        api.post("/visits", {"patient_id": patient, **VISIT, **used, "starts_at": at})
    api.clock.pass_time(timedelta(days=1))
    first = api.get("/tasks", limit=2).json
    second = api.get("/tasks", limit=2, cursor=first["next"]).json
    assert ([len(page["items"]) for page in (first, second)], second["next"]) == ([2, 1], None)
    assert len({task["id"] for page in (first, second) for task in page["items"]}) == 3


def test_reception_gets_neither_code_nor_note_of_a_proposed_hold(api: Api) -> None:
    patient = api.post("/patients", {"name": "Zoë", "phone": "+49 30 1234567"}).json["patient"]["id"]
    today, soon = date(2026, 3, 2), date(2026, 3, 20)
    wish = HoldWish("retinoid-acid", site="face", starts_on=today, ends_on=soon, note="A secret.")
    api.clinic.do(lambda context: place_hold(context, patient_id=UUID(patient), wish=wish))
    answer = api.get("/tasks")
    (task,) = answer.json["items"]
    assert (task["kind"], task["patient"], task["on"], task["until"]) == (
        "proposed_hold",
        "Zoë",
        "2026-03-02",
        "2026-03-20",
    )
    assert [word for word in ("retinoid", "secret") if word in answer.get_data(as_text=True)] == []
