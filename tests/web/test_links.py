"""Calendar links over HTTP: who may have which, what they open, and how a phone gets at them."""

import io
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import segno
from icalendar import Calendar
from werkzeug.test import TestResponse

from scheduler.domain.access import Role
from tests.support.api import Api
from tests.support.ics_bytes import check_feed, check_file

SERIES = {"protocol": "microneedling-rejuvenation", "sessions": 3, "body_sites": ["face"]}


@pytest.fixture
def patient(api: Api) -> str:
    added = api.post("/patients", {"name": "Nadia Okonjo", "email": "nadia@clinic.example", "note": "secret"})
    return str(added.json["patient"]["id"])


@pytest.fixture
def appointments(api: Api, patient: str) -> list[dict[str, Any]]:
    """A booked series of three."""
    series = api.post("/series", SERIES | {"patient_id": patient}).json["id"]
    plan = api.post(f"/series/{series}/plans", {}).json["plans"][0]
    api.post(f"/series/{series}/bookings", {"appointments": plan["appointments"]})
    return [session["appointment"] for session in api.get(f"/series/{series}").json["sessions"]]


def paths(api: Api) -> dict[str, str]:
    clinic = api.clinic
    return {
        "own": f"/resources/{clinic.practitioner_id}/links",
        "room": f"/resources/{clinic.room_id}/links",
        "clinic": f"/clinics/{clinic.clinic_id}/links",
    }


def issued(api: Api, path: str, role: Role = Role.MANAGER, **body: Any) -> dict[str, Any]:
    answer = api.as_role(role).post(path, {"device": "Phone", **body})
    assert answer.status_code == 201, answer.json
    return dict(answer.json)


def fetch(api: Api, link: dict[str, Any], method: str = "GET", part: str = ".ics", **headers: str) -> TestResponse:
    path = urlsplit(link["https_url"]).path.removesuffix(".ics") + part
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return api.app.test_client().open(path, method=method, headers=named)


def events(answer: TestResponse) -> list[Any]:
    return list(Calendar.from_ical(answer.data).walk("VEVENT"))


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.MANAGER, {"own": 201, "room": 201, "clinic": 201}),
        (Role.PRACTITIONER, {"own": 201, "room": 403, "clinic": 403}),
        (Role.RECEPTION, {"own": 403, "room": 403, "clinic": 403}),
    ],
)
def test_a_practitioner_has_links_to_the_own_calendar_and_a_manager_to_all(
    api: Api, role: Role, status: dict[str, int]
) -> None:
    found = {name: api.as_role(role).post(path, {"device": "Phone"}) for name, path in paths(api).items()}
    assert {name: answer.status_code for name, answer in found.items()} == status
    shown = {name: api.as_role(role).get(path).status_code for name, path in paths(api).items()}
    assert shown == {name: 200 if code == 201 else 403 for name, code in status.items()}


@pytest.mark.parametrize("name", ["own", "room", "clinic"])
def test_a_staff_link_opens_a_feed_that_is_kept(api: Api, appointments: list[dict[str, Any]], name: str) -> None:
    link = issued(api, paths(api)[name])
    first = fetch(api, link)
    check_feed(first.data)
    assert {str(event["SUMMARY"]) for event in events(first)} == {"N. O.: Microneedling, rejuvenation"}
    assert {str(event["UID"]) for event in events(first)} == {one["uid"] for one in appointments}
    assert fetch(api, link, If_None_Match=first.headers["ETag"]).status_code == 304
    api.post(f"/appointments/{appointments[2]['id']}/actions", {"action": "cancel", "cancel_reason": "patient"})
    after = fetch(api, link, If_None_Match=first.headers["ETag"])
    assert [str(event["STATUS"]) for event in events(after)] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert b"secret" not in first.data


def test_two_levels_of_one_calendar_are_kept_apart(api: Api, appointments: list[dict[str, Any]]) -> None:
    discreet, detailed = (issued(api, paths(api)["clinic"], privacy=level) for level in ("discreet", "detailed"))
    for link, name in ((discreet, "N. O."), (detailed, "Nadia Okonjo"), (discreet, "N. O.")):
        assert str(events(fetch(api, link))[0]["SUMMARY"]).split(":")[0] == name


def test_names_that_change_show_in_the_calendars_of_the_staff(
    api: Api, patient: str, appointments: list[dict[str, Any]]
) -> None:
    link = issued(api, paths(api)["own"], privacy="detailed")
    fetch(api, link)
    revision = api.get(f"/patients/{patient}").json["revision"]
    api.patch(f"/patients/{patient}", {"name": "Nadia Weiß"}, seen=revision)
    assert str(events(fetch(api, link))[0]["SUMMARY"]).startswith("Nadia Weiß")
    room = f"/resources/{api.clinic.room_id}"
    seen = api.get(room).json["revision"]
    assert api.as_role(Role.MANAGER).patch(room, {"name": "Blue room"}, seen=seen).status_code == 200
    assert str(events(fetch(api, link))[0]["LOCATION"]).startswith("Blue room")


def test_each_device_has_a_link_that_ends_alone(api: Api) -> None:
    first, second = (issued(api, paths(api)["clinic"], device=device) for device in ("Desk", "Phone"))
    assert api.as_role(Role.MANAGER).delete(f"/links/{first['id']}").status_code == 204
    assert [fetch(api, link).status_code for link in (first, second)] == [404, 200]
    items = api.as_role(Role.MANAGER).get(paths(api)["clinic"]).json["items"]
    assert [(item["device"], item["revoked_at"] is not None) for item in items] == [("Desk", True), ("Phone", False)]
    assert [item["https_url"] for item in items] == [first["https_url"], second["https_url"]]


def test_the_links_of_a_practitioner_who_has_left_end_for_good(api: Api) -> None:
    manager, resource = api.as_role(Role.MANAGER), f"/resources/{api.clinic.practitioner_id}"
    own, house = issued(api, paths(api)["own"]), issued(api, paths(api)["clinic"])
    for active in (False, True):
        answer = manager.patch(resource, {"active": active}, seen=api.get(resource).json["revision"])
        assert answer.status_code == 200, answer.json
        assert [fetch(api, link).status_code for link in (own, house)] == [404, 200]


def test_nobody_gets_a_link_to_the_calendar_of_who_has_left(api: Api) -> None:
    manager, resource = api.as_role(Role.MANAGER), f"/resources/{api.clinic.practitioner_id}"
    manager.patch(resource, {"active": False}, seen=api.get(resource).json["revision"])
    refused = manager.post(f"{resource}/links", {"device": "Phone"})
    assert (refused.status_code, refused.json["code"]) == (409, "resource_not_active")


@pytest.mark.parametrize("role", [Role.RECEPTION, Role.PRACTITIONER])
def test_who_may_not_issue_a_link_can_neither_see_nor_end_it(api: Api, role: Role) -> None:
    link = issued(api, paths(api)["clinic"])
    for method, part in (("GET", "/qr.svg"), ("GET", "/qr.png"), ("DELETE", "")):
        assert api.as_role(role).call(method, f"/links/{link['id']}{part}").status_code == 403
    assert fetch(api, link).status_code == 200


def test_who_gets_invitations_has_an_empty_feed_and_no_new_link(
    api: Api, patient: str, appointments: list[dict[str, Any]]
) -> None:
    link = issued(api, f"/patients/{patient}/links", Role.RECEPTION)
    assert len(events(fetch(api, link))) == 3
    _choose(api, patient, "invitations")
    empty = fetch(api, link)
    check_feed(empty.data)
    assert events(empty) == []
    assert fetch(api, link, part=f"/{appointments[0]['uid']}.ics").status_code == 404
    refused = api.post(f"/patients/{patient}/links", {"device": "Tablet"})
    assert (refused.status_code, refused.json["code"]) == (409, "calendar_by_mail")
    assert "feed" in refused.json["remedy"]
    _choose(api, patient, "feed")
    assert len(events(fetch(api, link, If_None_Match=empty.headers["ETag"]))) == 3
    assert api.post(f"/patients/{patient}/links", {"device": "Tablet"}).status_code == 201


def _choose(api: Api, patient: str, calendar_by: str) -> None:
    revision = api.get(f"/patients/{patient}").json["revision"]
    answer = api.patch(f"/patients/{patient}", {"calendar_by": calendar_by}, seen=revision)
    assert answer.status_code == 200, answer.json


def saved(code: segno.QRCode, kind: str) -> bytes:
    file = io.BytesIO()
    code.save(file, kind=kind, scale=8, border=4)
    return file.getvalue()


@pytest.mark.parametrize("address", ["webcal", "https"])
def test_a_code_carries_the_address(api: Api, patient: str, address: str) -> None:
    link = issued(api, f"/patients/{patient}/links", Role.RECEPTION)
    meant = segno.make(link[f"{address}_url"], error="m", micro=False)
    drawing = api.get(f"/links/{link['id']}/qr.svg", address=address)
    picture = api.get(f"/links/{link['id']}/qr.png", address=address)
    assert (drawing.content_type, picture.content_type) == ("image/svg+xml", "image/png")
    assert (drawing.data, picture.data) == (saved(meant, "svg"), saved(meant, "png"))
    assert picture.data.startswith(b"\x89PNG\r\n\x1a\n")
    for answer in (drawing, picture):
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")


def test_webcal_is_what_a_code_carries_unless_asked(api: Api, patient: str) -> None:
    link = issued(api, f"/patients/{patient}/links", Role.RECEPTION)
    asked: tuple[dict[str, str], ...] = ({}, {"address": "webcal"}, {"address": "https"})
    usual, webcal, https = (api.get(f"/links/{link['id']}/qr.svg", **query).data for query in asked)
    assert usual == webcal != https
    assert api.get(f"/links/{link['id']}/qr.svg", address="gopher").status_code == 422


def test_one_appointment_is_a_file(api: Api, appointments: list[dict[str, Any]]) -> None:
    one = appointments[1]
    answer = api.get(f"/appointments/{one['id']}/calendar.ics")
    check_file(answer.data)
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="appointment.ics"'
    assert [str(event["UID"]) for event in events(answer)] == [one["uid"]]
    assert b"METHOD" not in answer.data
    assert b"needling" not in answer.data.lower()


def test_a_link_gives_its_appointments_as_files_and_no_others(
    api: Api, patient: str, appointments: list[dict[str, Any]]
) -> None:
    other = api.post("/patients", {"name": "Somebody Else", "phone": "+49 30 1234"}).json["patient"]["id"]
    mine, theirs = (issued(api, f"/patients/{one}/links", Role.RECEPTION) for one in (patient, other))
    part = f"/{appointments[0]['uid']}.ics"
    answer = fetch(api, mine, part=part)
    check_file(answer.data)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert [str(event["UID"]) for event in events(answer)] == [appointments[0]["uid"]]
    staff = fetch(api, issued(api, paths(api)["own"]), part=part)
    assert str(events(staff)[0]["SUMMARY"]).startswith("N. O.")
    for link, wrong in ((theirs, part), (mine, "/" + "0" * 36 + ".ics"), (mine, "/.ics"), (mine, "/x/y.ics")):
        assert fetch(api, link, part=wrong).status_code == 404
    api.delete(f"/links/{mine['id']}")
    assert fetch(api, mine, part=part).status_code == 404


def test_a_cancelled_appointment_is_a_file_for_a_fortnight(api: Api, appointments: list[dict[str, Any]]) -> None:
    link = issued(api, paths(api)["own"])
    one = appointments[0]
    api.post(f"/appointments/{one['id']}/actions", {"action": "cancel", "cancel_reason": "patient"})
    part = f"/{one['uid']}.ics"
    assert str(events(fetch(api, link, part=part))[0]["STATUS"]) == "CANCELLED"
    api.clock.now = api.clock.now.fromisoformat(one["starts_at"]) + timedelta(days=15)
    assert fetch(api, link, part=part).status_code == 404
