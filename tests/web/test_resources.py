"""Resources, their hours and absences over the API."""

from typing import Any

import pytest

from scheduler.domain.access import Role
from tests.support.api import Api
from tests.support.rows import NOW

TODAY = {"starts_at": "2026-03-02T09:00:00+01:00", "ends_at": "2026-03-02T12:00:00+01:00"}
TOMORROW = {"starts_at": "2026-03-03T09:00:00+01:00", "ends_at": "2026-03-03T12:00:00+01:00"}


@pytest.fixture
def manager(api: Api) -> Api:
    return api.as_role(Role.MANAGER)


@pytest.fixture
def ada(api: Api) -> str:
    """The path of the clinic's practitioner."""
    return f"/resources/{api.clinic.practitioner_id}"


def shift(api: Api, weekday: int = 0, **more: Any) -> dict[str, Any]:
    return {"clinic_id": str(api.clinic.clinic_id), "weekday": weekday, "from": "09:00", "to": "12:00", **more}


def booked(api: Api) -> dict[str, Any]:
    """A consultation today at eleven with the practitioner, by a patient who can be called."""
    patient = api.post("/patients", {"name": "Zoë Ångström", "phone": "+49 30 1234567"}).json["patient"]["id"]
    visit = {
        "patient_id": patient,
        "visit_type": "consultation",
        "starts_at": "2026-03-02T11:00:00+01:00",
        "practitioner_id": str(api.clinic.practitioner_id),
        "room_id": str(api.clinic.room_id),
    }
    made = api.post("/visits", visit)
    assert made.status_code == 201, made.json
    return dict(made.json)


def test_resources_are_added_and_listed_by_kind(manager: Api) -> None:
    new = {"clinic_id": str(manager.clinic.clinic_id), "kind": "device", "name": "Laser 9", "type": "laser"}
    made = manager.post("/resources", new)
    assert (made.status_code, made.headers["ETag"], made.json["week"]) == (201, '"1"', [])
    assert manager.get(f"/resources/{made.json['id']}").json == made.json
    listed = manager.as_role(Role.RECEPTION).get("/resources", kind="practitioner").json
    assert [(one["name"], one["kind"]) for one in listed["items"]] == [("Ada", "practitioner")]
    assert manager.post("/resources", {**new, "kind": "room"}).json["code"] == "type_of_no_device"
    assert manager.get("/resources", kind="chair").status_code == 422


def test_a_page_of_resources_leads_to_the_next(manager: Api) -> None:
    whole = [one["id"] for one in manager.get("/resources", limit=100).json["items"]]
    read, page = [], manager.get("/resources", limit=2).json
    read += page["items"]
    while page["next"]:
        page = manager.get("/resources", limit=2, cursor=page["next"]).json
        read += page["items"]
    assert [one["id"] for one in read] == whole


def test_a_resource_is_renamed_and_taken_out_of_use_under_its_revision(manager: Api, ada: str) -> None:
    renamed = manager.patch(ada, {"name": "Ada L."}, seen=1)
    assert (renamed.json["resource"]["name"], renamed.json["affected"]) == ("Ada L.", [])
    gone = manager.patch(ada, {"active": False}, seen=2)
    assert (gone.json["resource"]["active"], gone.headers["ETag"]) == (False, '"3"')
    assert manager.patch(ada, {"active": True}, seen=2).status_code == 412


def test_a_usual_week_is_laid_down(manager: Api, ada: str) -> None:
    week = [shift(manager), shift(manager, 1, valid_from="2026-04-01", valid_until=None)]
    changed = manager.post(f"{ada}/hours", {"week": week}, seen=1)
    told = [{"valid_from": None, "valid_until": None} | one for one in week]
    assert (changed.status_code, changed.json["resource"]["week"]) == (200, told)
    overlapping = manager.post(f"{ada}/hours", {"week": [shift(manager), shift(manager)]}, seen=2)
    assert (overlapping.status_code, overlapping.json["code"]) == (422, "hours_overlap")
    reversed_dates = shift(manager, valid_from="2026-04-01", valid_until="2026-03-01")
    assert manager.post(f"{ada}/hours", {"week": [reversed_dates]}, seen=2).json["code"] == "dates_reversed"


def test_a_single_day_is_set_and_cleared_and_names_the_affected(api: Api, manager: Api, ada: str) -> None:
    booked(api)
    off = manager.post(f"{ada}/days", {"on": "2026-03-02", "shifts": []}, seen=1)
    assert [one["patient"] for one in off.json["affected"]] == ["Zoë Ångström"]
    hours = {"clinic_id": str(api.clinic.clinic_id), "from": "10:00", "to": "12:00"}
    assert manager.post(f"{ada}/days", {"on": "2026-03-02", "shifts": [hours]}, seen=2).json["affected"] == []
    cleared = manager.post(f"{ada}/days", {"on": "2026-03-02", "shifts": None}, seen=3)
    assert (cleared.json["affected"], cleared.headers["ETag"]) == ([], '"4"')


def test_a_roster_is_published(manager: Api, ada: str) -> None:
    published = manager.post(f"{ada}/roster", {"until": "2026-06-30"}, seen=1)
    assert published.json["resource"]["roster_until"] == "2026-06-30"


def test_a_qualification_ends_and_is_taken_away(manager: Api, ada: str) -> None:
    wanted = {"protocol": "rf-microneedling", "valid_until": "2026-06-30", "renewal_expected": True}
    given = manager.post(f"{ada}/qualifications", wanted, seen=1)
    assert wanted in given.json["resource"]["qualifications"]
    gone = manager.delete(f"{ada}/qualifications/rf-microneedling", seen=2)
    assert (gone.status_code, gone.headers["ETag"]) == (204, '"3"')
    assert manager.delete(f"{ada}/qualifications/rf-microneedling", seen=3).status_code == 404
    assert manager.post(f"{ada}/qualifications", {"protocol": "none"}, seen=3).json["code"] == "unknown_protocol"


def test_who_is_ill_today_leaves_a_list_of_patients_to_call(api: Api, ada: str) -> None:
    visit = booked(api)
    answer = api.post(f"{ada}/absences", {**TODAY, "label": "Ill"}, seen=1)
    assert (answer.status_code, answer.headers["ETag"]) == (201, '"2"')
    (affected,) = answer.json["affected"]
    assert (affected["patient"], affected["phone"], affected["treatment"]) == (
        "Zoë Ångström",
        "+49 30 1234567",
        "Consultation",
    )
    assert affected["appointment_id"] == visit["appointment"]["id"]
    assert api.get(f"/appointments/{affected['appointment_id']}").json["status"] == "booked"
    assert [one["label"] for one in api.get(f"{ada}/absences").json["items"]] == ["Ill"]


def test_an_absence_is_taken_back(api: Api, ada: str) -> None:
    absence = api.post(f"{ada}/absences", TODAY, seen=1).json["absence"]
    assert api.delete(f"{ada}/absences/{absence['id']}").status_code == 428
    assert api.delete(f"{ada}/absences/{absence['id']}", seen=2).status_code == 204
    assert api.get(f"{ada}/absences").json == {"items": [], "next": None}


@pytest.mark.parametrize(
    ("role", "path", "times", "status"),
    [
        (Role.RECEPTION, "room", TODAY, 201),
        (Role.RECEPTION, "practitioner", TOMORROW, 403),
        (Role.PRACTITIONER, "practitioner", TODAY, 201),
        (Role.PRACTITIONER, "practitioner", TOMORROW, 403),
        (Role.PRACTITIONER, "room", TODAY, 403),
        (Role.MANAGER, "room", TOMORROW, 201),
    ],
)
def test_who_may_block_what_and_when(api: Api, role: Role, path: str, times: dict[str, str], status: int) -> None:
    resource = api.clinic.room_id if path == "room" else api.clinic.practitioner_id
    answer = api.as_role(role).post(f"/resources/{resource}/absences", times, seen=1)
    assert answer.status_code == status, answer.json


def test_an_absence_must_end_after_it_starts(api: Api, ada: str) -> None:
    at = NOW.isoformat()
    answer = api.post(f"{ada}/absences", {"starts_at": at, "ends_at": at}, seen=1)
    assert (answer.status_code, answer.json["code"]) == (422, "dates_reversed")


@pytest.mark.parametrize("role", [Role.RECEPTION, Role.PRACTITIONER])
def test_only_a_manager_lays_down_hours(api: Api, ada: str, role: Role) -> None:
    caller = api.as_role(role)
    for answer in (
        caller.patch(ada, {"name": "X"}, seen=1),
        caller.post(f"{ada}/hours", {"week": []}, seen=1),
        caller.post(f"{ada}/days", {"on": "2026-03-02", "shifts": []}, seen=1),
        caller.post(f"{ada}/roster", {"until": None}, seen=1),
        caller.post(f"{ada}/qualifications", {"protocol": "rf-microneedling"}, seen=1),
    ):
        assert (answer.status_code, answer.json["code"]) == (403, "not_allowed")
