"""Clinics and closures over the API."""

from typing import Any

import pytest

from scheduler.domain.access import Role
from tests.support.api import Api

NEW = {"name": "Harbour", "zone": "Australia/Lord_Howe", "country": "AU", "region": "NSW"}
HOURS = [{"weekday": 0, "from": "09:00", "to": "12:30"}, {"weekday": 6, "from": "18:00", "to": "24:00"}]


@pytest.fixture
def manager(api: Api) -> Api:
    return api.as_role(Role.MANAGER)


def test_a_clinic_is_set_up_shown_and_listed(manager: Api) -> None:
    made = manager.post("/clinics", {**NEW, "opening": HOURS})
    assert (made.status_code, made.headers["ETag"]) == (201, '"1"')
    path = made.headers["Location"].removeprefix("http://localhost:8000/api/v1")
    shown = manager.get(path).json
    assert shown == made.json
    assert (shown["zone"], shown["address"], shown["opening"]) == ("Australia/Lord_Howe", "", HOURS)
    listed = manager.as_role(Role.RECEPTION).get("/clinics").json["items"]
    assert [clinic["name"] for clinic in listed] == ["Main street", "Harbour"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"zone": "Europe/Nowhere"}, "unknown_zone"),
        ({"region": "XX"}, "unknown_region"),
        ({"country": "Germany"}, "invalid_request"),
        ({"opening": [{"weekday": 0, "from": "12:00", "to": "09:00"}]}, "hours_unclear"),
        ({"opening": [{"weekday": 0, "from": "24:30", "to": "09:00"}]}, "invalid_request"),
        ({"opening": [HOURS[0], HOURS[0]]}, "hours_overlap"),
    ],
)
def test_a_clinic_that_makes_no_sense_is_refused(manager: Api, given: dict[str, Any], code: str) -> None:
    answer = manager.post("/clinics", {**NEW, **given})
    assert (answer.status_code, answer.json["code"]) == (422, code)


def test_a_clinic_is_edited_under_its_revision(manager: Api) -> None:
    path = f"/clinics/{manager.clinic.clinic_id}"
    edited = manager.patch(path, {"address": "1 High Street\nBerlin"}, seen=1)
    assert (edited.json["address"], edited.json["name"], edited.headers["ETag"]) == (
        "1 High Street\nBerlin",
        "Main street",
        '"2"',
    )
    assert manager.patch(path, {"phone": None}, seen=1).status_code == 412
    assert manager.patch(path, {"phone": None}).status_code == 428
    assert manager.patch(path, {"address": None}, seen=2).json["address"] == ""


def test_new_opening_hours_name_the_affected(manager: Api) -> None:
    path = f"/clinics/{manager.clinic.clinic_id}/hours"
    changed = manager.post(path, {"opening": HOURS}, seen=1)
    assert (changed.status_code, changed.json["clinic"]["opening"], changed.json["affected"]) == (200, HOURS, [])
    assert manager.post(path, {"opening": HOURS}).status_code == 428


def test_a_closure_is_made_listed_and_taken_back(manager: Api) -> None:
    path = f"/clinics/{manager.clinic.clinic_id}/closures"
    dates = {"starts_on": "2026-05-01", "ends_on": "2026-05-02", "label": "Works"}
    made = manager.post(path, dates, seen=1)
    assert (made.status_code, made.headers["ETag"], made.json["affected"]) == (201, '"2"', [])
    (closure,) = made.json["closures"]
    assert closure == {"id": closure["id"], "source": "staff", **dates}
    assert manager.get(path).json == {"items": [closure], "next": None}
    gone = manager.delete(f"{path}/{closure['id']}", seen=2)
    assert (gone.status_code, gone.headers["ETag"]) == (204, '"3"')
    assert manager.get(path).json["items"] == []
    assert manager.delete(f"{path}/{closure['id']}", seen=3).status_code == 404


def test_a_reversed_closure_is_refused(manager: Api) -> None:
    dates = {"starts_on": "2026-05-02", "ends_on": "2026-05-01", "label": "Works"}
    answer = manager.post(f"/clinics/{manager.clinic.clinic_id}/closures", dates, seen=1)
    assert (answer.status_code, answer.json["code"]) == (422, "dates_reversed")


def test_public_holidays_are_tried_dry_then_taken_once(manager: Api) -> None:
    clinic = f"/clinics/{manager.clinic.clinic_id}"
    path, holidays = f"{clinic}/closures", f"{clinic}/holidays"
    dry = manager.call("POST", holidays, {"years": [2026]}, query={"dry_run": "true"}, seen=1)
    assert (dry.status_code, len(dry.json["closures"]), dry.headers["ETag"]) == (200, 9, '"1"')
    assert manager.get(path).json["items"] == []
    taken = manager.post(holidays, {"years": [2026]}, seen=1)
    assert [one["starts_on"] for one in taken.json["closures"]] == [one["starts_on"] for one in dry.json["closures"]]
    again = manager.post(holidays, {"years": [2026]}, seen=2)
    assert (again.json["closures"], again.json["known"], again.headers["ETag"]) == ([], 9, '"2"')
    first = manager.get(path, limit=1).json
    second = manager.get(path, limit=1, cursor=first["next"]).json
    assert [one["label"] for one in (*first["items"], *second["items"])] == ["Good Friday", "Easter Monday"]


@pytest.mark.parametrize("role", [Role.RECEPTION, Role.PRACTITIONER])
def test_only_a_manager_changes_clinics(api: Api, role: Role) -> None:
    caller, path = api.as_role(role), f"/clinics/{api.clinic.clinic_id}"
    assert caller.get(path).status_code == 200
    for answer in (
        caller.post("/clinics", NEW),
        caller.patch(path, {"name": "X"}, seen=1),
        caller.post(f"{path}/hours", {"opening": []}, seen=1),
        caller.post(f"{path}/holidays", {"years": [2026]}, seen=1),
    ):
        assert (answer.status_code, answer.json["code"]) == (403, "not_allowed")
