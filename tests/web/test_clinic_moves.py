"""A clinic gets another name or address: what the patients' calendars show of it, and when they have to look again."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from scheduler.domain.access import Role
from tests.support.api import Api


@pytest.fixture
def booked(api: Api) -> dict[str, Any]:
    """A patient whose calendar says everything, with a booked series of two, and the path of the feed."""
    given = {"name": "Nadia Okonjo", "phone": "+49 30 5550142"}
    patient = api.post("/patients", given).json["patient"]
    api.patch(f"/patients/{patient['id']}", {"privacy": "detailed"}, seen=patient["revision"])
    wanted = {"patient_id": patient["id"], "protocol": "microneedling-rejuvenation", "body_sites": ["face"]}
    series = api.post("/series", wanted | {"sessions": 3}).json["id"]
    plan = api.post(f"/series/{series}/plans", {}).json["plans"][0]
    deed = api.post(f"/series/{series}/bookings", {"appointments": plan["appointments"]}).json
    link = api.post(f"/patients/{patient['id']}/links", {"device": "Phone"}).json
    return {"deed": deed, "path": "/feeds/" + link["https_url"].rsplit("/", 1)[1], "starts_at": _starts(plan)}


def _starts(plan: dict[str, Any]) -> list[str]:
    return [one["starts_at"] for one in plan["appointments"]]


def _events(api: Api, path: str) -> list[tuple[str, int, datetime]]:
    """Place, SEQUENCE and LAST-MODIFIED of each event, by start."""
    answer = api.app.test_client().get(path)
    events = sorted(Calendar.from_ical(answer.data).walk("VEVENT"), key=lambda event: event["DTSTART"].dt)
    assert all(event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt for event in events)
    return [(str(event["LOCATION"]), int(event["SEQUENCE"]), event["LAST-MODIFIED"].dt) for event in events]


def _edit(api: Api, **given: str | None) -> None:
    path = f"/clinics/{api.clinic.clinic_id}"
    manager = api.as_role(Role.MANAGER)
    answer = manager.patch(path, given, seen=manager.get(path).json["revision"])
    assert answer.status_code == 200, answer.json


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"address": "2 Side Street"}, "Main street, 2 Side Street"),
        ({"name": "Side street"}, "Side street"),
        ({"name": "Harbour", "address": "1 Quay", "phone": "030 9912"}, "Harbour, 1 Quay"),
    ],
)
def test_a_new_name_or_address_is_a_change_of_place(
    api: Api, booked: dict[str, Any], given: dict[str, str], place: str
) -> None:
    before = _events(api, booked["path"])
    api.clock.pass_time(timedelta(minutes=10))
    _edit(api, **given)
    changed_at = api.clock.now.astimezone(UTC)
    assert [one[0] for one in before] == ["Main street"] * 3
    assert _events(api, booked["path"]) == [(place, sequence + 1, changed_at) for _, sequence, _ in before]


@pytest.mark.parametrize("given", [{"phone": "030 9912"}, {"name": "Main street"}, {"address": None}])
def test_what_calendars_do_not_show_changes_none(api: Api, booked: dict[str, Any], given: dict[str, str]) -> None:
    before = _events(api, booked["path"])
    api.clock.pass_time(timedelta(minutes=10))
    _edit(api, **given)
    assert _events(api, booked["path"]) == before


def test_visits_that_are_over_or_called_off_are_not_revised(api: Api, booked: dict[str, Any]) -> None:
    last = booked["deed"]["changes"][2]["appointment_id"]
    api.post(f"/appointments/{last}/actions", {"action": "cancel", "cancel_reason": "patient"})
    before = _events(api, booked["path"])
    api.clock.now = datetime.fromisoformat(booked["starts_at"][0]) + timedelta(days=1)
    _edit(api, address="2 Side Street")
    revised = [(sequence, changed_at) for _, sequence, changed_at in _events(api, booked["path"])]
    (_, *first), (_, sequence, _), (_, *third) = before
    assert revised == [tuple(first), (sequence + 1, api.clock.now), tuple(third)]


def test_other_clinics_stay_where_they_are(api: Api, booked: dict[str, Any]) -> None:
    before = _events(api, booked["path"])
    api.clock.pass_time(timedelta(minutes=10))
    manager = api.as_role(Role.MANAGER)
    harbour = manager.post("/clinics", {"name": "Harbour", "zone": "Europe/Berlin", "country": "DE"}).json["id"]
    assert manager.patch(f"/clinics/{harbour}", {"address": "1 Quay"}, seen=1).status_code == 200
    assert _events(api, booked["path"]) == before
