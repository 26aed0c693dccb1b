"""The patient's feed over HTTP: kept bytes, their tags, and what a phone sees after each change."""

import gzip
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from icalendar import Calendar
from sqlalchemy import select
from werkzeug.test import TestResponse

from scheduler.domain.access import Role
from scheduler.operations.calendars import feeds
from scheduler.storage.rows import LinkRow
from tests.support.api import Api, database_of
from tests.support.ics_bytes import check_feed


@pytest.fixture
def booked(api: Api) -> dict[str, Any]:
    """A booked series of three, and the path of the patient's feed."""
    patient = api.post("/patients", {"name": "Nadia Okonjo", "phone": "+49 30 5550142"}).json["patient"]["id"]
    wanted = {"patient_id": patient, "protocol": "microneedling-rejuvenation", "sessions": 3, "body_sites": ["face"]}
    series = api.post("/series", wanted).json["id"]
    plan = api.post(f"/series/{series}/plans", {}).json["plans"][0]
    deed = api.post(f"/series/{series}/bookings", {"appointments": plan["appointments"]}).json
    link = api.post(f"/patients/{patient}/links", {"device": "Phone"}).json
    return {"patient": patient, "series": series, "deed": deed, "link": link, "path": _path(link)}


def _path(link: dict[str, Any]) -> str:
    return str(link["https_url"]).split("localhost", 1)[-1].split("/", 1)[-1].removeprefix(":8000/")


def _fetch(api: Api, path: str, method: str = "GET", **headers: str) -> TestResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return api.app.test_client().open("/" + path, method=method, headers=named)


def _events(answer: TestResponse) -> list[Any]:
    return list(Calendar.from_ical(answer.data).walk("VEVENT"))


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Counts renderings."""
    calls: list[int] = []
    render = feeds.render_feed
    monkeypatch.setattr(feeds, "render_feed", lambda feed: calls.append(1) or render(feed))
    return calls


def test_it_shows_every_session_without_the_treatment(api: Api, booked: dict[str, Any]) -> None:
    answer = _fetch(api, booked["path"])
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    check_feed(answer.data)
    assert [str(event["SUMMARY"]) for event in _events(answer)] == ["Appointment"] * 3
    assert b"needling" not in answer.data.lower()


def test_its_times_are_those_of_the_database(api: Api, booked: dict[str, Any]) -> None:
    shown = api.get(f"/series/{booked['series']}").json["sessions"]
    starts = [event["DTSTART"].dt.timestamp() for event in _events(_fetch(api, booked["path"]))]
    assert starts == [datetime.fromisoformat(s["appointment"]["starts_at"]).timestamp() for s in shown]


def test_an_unchanged_feed_is_not_rendered_again(api: Api, booked: dict[str, Any], rendered: list[int]) -> None:
    first = _fetch(api, booked["path"])
    again = _fetch(api, booked["path"], If_None_Match=first.headers["ETag"])
    weak = _fetch(api, booked["path"], If_None_Match=f'W/{first.headers["ETag"]}, "other"')
    dated = _fetch(api, booked["path"], If_Modified_Since=first.headers["Last-Modified"])
    whole = _fetch(api, booked["path"])
    assert [one.status_code for one in (again, weak, dated, whole)] == [304, 304, 304, 200]
    assert (again.data, whole.data) == (b"", first.data)
    assert rendered == [1]


def test_a_tag_counts_for_more_than_a_date(api: Api, booked: dict[str, Any]) -> None:
    first = _fetch(api, booked["path"])
    since = first.headers["Last-Modified"]
    answer = _fetch(api, booked["path"], If_None_Match='"another"', If_Modified_Since=since)
    assert answer.status_code == 200


def test_a_cancelled_session_is_shown_as_cancelled_and_leaves_after_a_fortnight(
    api: Api, booked: dict[str, Any], rendered: list[int]
) -> None:
    before = _fetch(api, booked["path"])
    last = api.get(f"/series/{booked['series']}").json["sessions"][2]["appointment"]
    api.post(f"/appointments/{last['id']}/actions", {"action": "cancel", "cancel_reason": "patient"})
    after = _fetch(api, booked["path"], If_None_Match=before.headers["ETag"])
    assert after.status_code == 200
    gone = {str(event["UID"]): str(event["STATUS"]) for event in _events(after)}
    assert gone[last["uid"]] == "CANCELLED"
    api.clock.now = api.clock.now.fromisoformat(last["starts_at"]) + timedelta(days=13)
    assert len(_events(_fetch(api, booked["path"]))) == 3
    api.clock.pass_time(timedelta(days=2))
    later = _fetch(api, booked["path"], If_None_Match=after.headers["ETag"])
    assert (later.status_code, len(_events(later))) == (200, 2)
    assert rendered == [1, 1, 1]


def test_the_same_bytes_keep_their_tag_and_their_date(api: Api, booked: dict[str, Any]) -> None:
    first = _fetch(api, booked["path"])
    api.clock.pass_time(timedelta(hours=2))
    deed = _move_and_undo(api, booked)
    again = _fetch(api, booked["path"])
    assert deed["undo_until"]
    assert again.headers["ETag"] != first.headers["ETag"]  # the sequence has risen, so the event did change
    patient = api.get(f"/patients/{booked['patient']}")
    api.patch(f"/patients/{booked['patient']}", {"note": "likes mornings"}, seen=patient.json["revision"])
    third = _fetch(api, booked["path"])
    assert (third.headers["ETag"], third.headers["Last-Modified"]) == (
        again.headers["ETag"],
        again.headers["Last-Modified"],
    )


def _move_and_undo(api: Api, booked: dict[str, Any]) -> dict[str, Any]:
    shown = api.get(f"/series/{booked['series']}").json
    second = shown["sessions"][1]["appointment"]
    later = api.clock.now.fromisoformat(second["starts_at"]) + timedelta(days=1)
    move = {"appointment_id": second["id"], "starts_at": later.isoformat()}
    best = api.post(f"/series/{booked['series']}/replans", {"move": move}).json["replans"][0]
    body = {"appointments": best["appointments"]}
    deed = api.post(f"/series/{booked['series']}/changes", body, seen=shown["revision"]).json
    undone = api.post(f"/changes/{deed['id']}/undo")
    assert undone.status_code == 200, undone.json
    return dict(deed)


def test_the_zipped_bytes_have_a_tag_of_their_own(api: Api, booked: dict[str, Any]) -> None:
    plain = _fetch(api, booked["path"])
    zipped = _fetch(api, booked["path"], Accept_Encoding="gzip, deflate")
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.data) == plain.data
    assert zipped.headers["ETag"] != plain.headers["ETag"]
    assert zipped.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    again = _fetch(api, booked["path"], Accept_Encoding="gzip", If_None_Match=zipped.headers["ETag"])
    assert again.status_code == 304
    refused = _fetch(api, booked["path"], Accept_Encoding="gzip;q=0")
    assert "Content-Encoding" not in refused.headers


def test_a_head_has_the_headers_and_no_body(api: Api, booked: dict[str, Any]) -> None:
    get, head = _fetch(api, booked["path"]), _fetch(api, booked["path"], "HEAD")
    assert (head.status_code, head.data) == (200, b"")
    assert dict(head.headers) == dict(get.headers)


def test_unknown_and_revoked_links_are_told_apart_by_nobody(api: Api, booked: dict[str, Any]) -> None:
    assert api.delete(f"/links/{booked['link']['id']}").status_code == 204
    revoked = _fetch(api, booked["path"])
    unknown = _fetch(api, "feeds/" + "A" * 43 + ".ics")
    assert revoked.status_code == unknown.status_code == 404
    assert (revoked.data, dict(revoked.headers)) == (unknown.data, dict(unknown.headers))


def test_a_link_is_shown_again_and_stands_nowhere_in_the_database(api: Api, booked: dict[str, Any]) -> None:
    shown = api.get(f"/patients/{booked['patient']}/links").json["items"]
    assert [link["https_url"] for link in shown] == [booked["link"]["https_url"]]
    assert shown[0]["webcal_url"].startswith("webcal://")
    token = booked["link"]["https_url"].rsplit("/", 1)[1].removesuffix(".ics")
    with database_of(api.app).read() as tx:
        hashes = list(tx.scalars(select(LinkRow.token_hash).where(LinkRow.patient_id == UUID(booked["patient"]))))
    assert len(hashes) == 1
    assert token not in hashes[0]
    assert len(token) == 43


def test_hides_its_address_and_allows_nothing(api: Api, booked: dict[str, Any]) -> None:
    answer = _fetch(api, booked["path"])
    expected = {
        "Cache-Control": "private, max-age=300, must-revalidate",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex",
        "X-Content-Type-Options": "nosniff",
    }
    assert {name: answer.headers[name] for name in expected} == expected
    assert _fetch(api, booked["path"], "POST").status_code == 405
    assert _fetch(api, booked["path"], Accept="application/json").status_code == 200


def test_a_patient_who_asks_for_more_sees_the_treatment(api: Api, booked: dict[str, Any]) -> None:
    _fetch(api, booked["path"])
    patient = api.get(f"/patients/{booked['patient']}").json
    answer = api.patch(f"/patients/{booked['patient']}", {"privacy": "detailed"}, seen=patient["revision"])
    assert answer.status_code == 200, answer.json
    event = _events(_fetch(api, booked["path"]))[0]
    assert "needling" in str(event["SUMMARY"]).lower()
    assert str(event["DESCRIPTION"]) == "Session 1 of 3"


@pytest.mark.parametrize(
    ("privacy", "said"),
    [("discreet", ("Termin", "")), ("detailed", ("Microneedling zur Hautverjüngung", "Sitzung 1 von 3"))],
)
def test_it_speaks_the_language_of_the_patient_from_the_choice_on(
    api: Api, booked: dict[str, Any], privacy: str, said: tuple[str, str]
) -> None:
    choice = {"privacy": privacy}
    for language in ({}, {"language": "de"}):
        patient = api.get(f"/patients/{booked['patient']}").json
        answer = api.patch(f"/patients/{booked['patient']}", choice | language, seen=patient["revision"])
        assert answer.status_code == 200, answer.json
        event = _events(_fetch(api, booked["path"]))[0]
    assert (str(event["SUMMARY"]), str(event.get("DESCRIPTION", ""))) == said


def test_only_those_who_may_issue_links(api: Api, booked: dict[str, Any]) -> None:
    answer = api.as_role(Role.MANAGER).post(f"/patients/{booked['patient']}/links", {"device": "Phone"})
    assert answer.status_code == 403
