"""Bookings with an override: a practitioner's counts, reception's is a request that keeps the slot."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from scheduler.domain.access import Role
from tests.support.api import Api
from tests.support.desk import Desk, day

WISH = {"override": {"reason": "Flies out."}}


@pytest.fixture
def practitioner(api: Api) -> Api:
    return api.as_role(Role.PRACTITIONER)


@pytest.fixture
def series(desk: Desk) -> UUID:
    """Session 1 is booked on day 0: the window of session 2 is day 28 to 42, nobody may go below day 21."""
    return desk.course({1: 0})


def placement(desk: Desk, session: int, number: int, **more: Any) -> dict[str, Any]:
    slot = desk.place.slot(number, 10, "microneedling-pen")
    named = {f"{kind.value}_id": str(resource) for kind, resource in slot.resources.items()}
    return {"session": session, "starts_at": slot.starts_at.isoformat(), **named, **more}


def book(api: Api, series: UUID, *wanted: dict[str, Any], key: str | None = None, **more: Any) -> Any:
    return api.post(f"/series/{series}/bookings", {"appointments": list(wanted), **more}, key=key)


def waiting(practitioner: Api) -> list[dict[str, Any]]:
    return list(practitioner.get("/override-requests").json["items"])


def test_receptions_override_is_a_request_that_keeps_the_slot(
    api: Api, practitioner: Api, desk: Desk, series: UUID
) -> None:
    answer = book(api, series, placement(desk, 2, 25, **WISH))
    assert (answer.status_code, answer.json) == (202, {"requests": waiting(practitioner)})
    (request,) = answer.json["requests"]
    assert (request["on_date"], request["reason"], request["requested_by"]) == (str(day(25)), "Flies out.", "reception")
    assert (desk.dates(series), "ETag" in answer.headers) == ({1: 0}, False)
    rival = book(api, desk.series(desk.patient()), placement(desk, 1, 25))
    assert "practitioner_taken" in {conflict["code"] for conflict in rival.json["conflicts"]}


def test_what_was_asked_for_in_a_booking_is_booked_when_a_practitioner_grants_it(
    api: Api, practitioner: Api, desk: Desk, series: UUID
) -> None:
    (request,) = book(api, series, placement(desk, 2, 25, **WISH)).json["requests"]
    granted = practitioner.post(f"/override-requests/{request['id']}/actions", {"action": "grant"})
    assert (granted.status_code, desk.dates(series), desk.at_risk(series)) == (200, {1: 0, 2: 25}, [])


def test_a_practitioners_override_counts(practitioner: Api, desk: Desk, series: UUID) -> None:
    answer = book(practitioner, series, placement(desk, 2, 25, **WISH))
    assert (answer.status_code, answer.json["requests"], desk.dates(series)) == (201, [], {1: 0, 2: 25})


def test_what_needs_no_override_is_booked_beside_the_request(
    api: Api, practitioner: Api, desk: Desk, series: UUID
) -> None:
    answer = book(api, series, placement(desk, 2, 35), placement(desk, 3, 60, **WISH))
    assert (answer.status_code, answer.json["requests"]) == (201, waiting(practitioner))
    assert [one["type"] for one in answer.json["changes"]] == ["AppointmentBooked"]
    assert desk.dates(series) == {1: 0, 2: 35}
    assert [one["appointment"]["session"] for one in answer.json["requests"]] == [3]
    assert api.get(f"/series/{series}").json["revision"] == answer.json["revision"]


@pytest.mark.parametrize(
    ("session", "number", "code"),
    [
        pytest.param(3, 55, "below_absolute_minimum", id="what nobody may do"),
        pytest.param(3, 70, "override_not_needed", id="what lies in its window"),
        pytest.param(1, 60, "session_already_booked", id="what is booked already"),
    ],
)
def test_when_the_request_is_refused_nothing_is_booked(
    api: Api, practitioner: Api, desk: Desk, series: UUID, session: int, number: int, code: str
) -> None:
    answer = book(api, series, placement(desk, 2, 35), placement(desk, session, number, **WISH))
    assert (answer.status_code, answer.json["code"]) == (409, code)
    assert (waiting(practitioner), desk.dates(series)) == ([], {1: 0})


def test_when_the_booking_is_refused_nothing_is_asked_for(
    api: Api, practitioner: Api, desk: Desk, series: UUID
) -> None:
    """Session 3 would keep its distance to what is asked for, but not to the day that session 2 is expected on."""
    answer = book(api, series, placement(desk, 2, 25, **WISH), placement(desk, 3, 55))
    assert (answer.status_code, answer.json["code"]) == (409, "gap_too_short")
    assert (waiting(practitioner), desk.dates(series)) == ([], {1: 0})


def test_a_session_is_either_booked_or_asked_for(api: Api, practitioner: Api, desk: Desk, series: UUID) -> None:
    answer = book(api, series, placement(desk, 2, 35), placement(desk, 2, 25, **WISH))
    assert (answer.status_code, answer.json["code"]) == (422, "sessions_unclear")
    assert (waiting(practitioner), desk.dates(series)) == ([], {1: 0})


def test_a_stale_booking_asks_for_nothing(api: Api, practitioner: Api, desk: Desk, series: UUID) -> None:
    wanted = {"appointments": [placement(desk, 2, 25, **WISH)]}
    assert api.post(f"/series/{series}/bookings", wanted, seen=0).status_code == 412
    assert waiting(practitioner) == []


def test_the_start_that_is_asked_for_counts_for_a_request_too(api: Api, desk: Desk) -> None:
    series = desk.series(desk.patient())
    answer = book(api, series, placement(desk, 1, 5, **WISH), start_on=str(day(7)))
    assert (answer.status_code, api.get(f"/series/{series}").json["start_on"]) == (202, str(day(7)))


def test_a_repeated_request_with_its_key_is_answered_alike_and_made_once(
    api: Api, practitioner: Api, desk: Desk, series: UUID
) -> None:
    key, wanted = uuid4().hex, placement(desk, 2, 25, **WISH)
    first, again = (book(api, series, wanted, key=key) for _ in range(2))
    assert (first.status_code, again.status_code, again.json) == (202, 202, first.json)
    assert [one["id"] for one in waiting(practitioner)] == [first.json["requests"][0]["id"]]


def test_both_answers_are_described(shared_api: Api) -> None:
    responses = shared_api.get("/openapi.json").json["paths"]["/series/{series_id}/bookings"]["post"]["responses"]
    views = {
        status: responses[status]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
        for status in ("201", "202")
    }
    assert views == {"201": "BookedView", "202": "AskedView"}
