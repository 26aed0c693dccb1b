"""Decisions, clearances and requests for overrides over the API."""

from typing import Any
from uuid import UUID

import pytest

from scheduler.domain.access import Role
from scheduler.domain.protocol import SpacingRule
from tests.operations.test_importing_series import imported
from tests.support.api import Api
from tests.support.desk import NEEDLING, Desk, at, day
from tests.support.versions import new_protocol_version


@pytest.fixture
def practitioner(api: Api) -> Api:
    return api.as_role(Role.PRACTITIONER)


@pytest.fixture
def series(desk: Desk) -> UUID:
    """Session 1 is booked on day 0: the window of session 2 is day 28 to 42."""
    return desk.course({1: 0})


def decide(api: Api, series: UUID, seen: int | None = None, **decision: Any) -> Any:
    revision = api.get(f"/series/{series}").json["revision"] if seen is None else seen
    return api.post(f"/series/{series}/decisions", {"reason": "Was abroad.", **decision}, seen=revision)


def wanted(desk: Desk, number: int) -> dict[str, Any]:
    slot = desk.place.slot(number, device="microneedling-pen")
    named = {f"{kind.value}_id": str(resource) for kind, resource in slot.resources.items()}
    return {"session": 2, "starts_at": slot.starts_at.isoformat(), **named}


def ask(api: Api, desk: Desk, series: UUID, number: int = 25) -> Any:
    return api.post(f"/series/{series}/override-requests", {**wanted(desk, number), "reason": "Flies out."})


def test_a_lapsed_window_is_continued(practitioner: Api, series: UUID) -> None:
    practitioner.clock.now = at(50)
    done = decide(practitioner, series, on="lapse", choose="continue")
    assert (done.status_code, done.json["new_series_id"]) == (200, None)
    assert [change["type"] for change in done.json["change"]["changes"]] == ["WindowStored"]
    window = practitioner.get(f"/series/{series}").json["sessions"][1]["window"]
    assert (window["earliest"]["on"], window["latest"]["on"], window["lapsed"]) == (str(day(50)), str(day(64)), False)


def test_a_restart_answers_with_the_new_series(practitioner: Api, series: UUID) -> None:
    practitioner.clock.now = at(50)
    done = decide(practitioner, series, on="lapse", choose="restart", start_on=str(day(60)))
    new = practitioner.get(f"/series/{done.json['new_series_id']}").json
    assert (new["state"], new["start_on"]) == ("draft", str(day(60)))
    assert practitioner.get(f"/series/{series}").json["state"] == "revoked"


def test_nothing_is_decided_while_the_window_is_open(practitioner: Api, series: UUID) -> None:
    done = decide(practitioner, series, on="lapse", choose="cease")
    assert (done.status_code, done.json["code"]) == (409, "not_lapsed")


def test_a_decision_wants_the_series_revision(practitioner: Api, series: UUID) -> None:
    body = {"on": "lapse", "choose": "cease", "reason": "So."}
    assert practitioner.post(f"/series/{series}/decisions", body).status_code == 428
    assert decide(practitioner, series, seen=99, on="lapse", choose="cease").status_code == 412


def test_reception_does_not_decide(api: Api, series: UUID) -> None:
    assert decide(api, series, on="lapse", choose="continue").status_code == 403


def test_a_newer_protocol_version_is_adopted_as_it_was_shown(practitioner: Api, desk: Desk, series: UUID) -> None:
    desk.book(series, {2: 35})
    new_protocol_version(desk.clinic, NEEDLING, spacing=SpacingRule(30, 40, 45, 50, 28))
    address = f"/series/{series}/newest-protocol"
    shown = practitioner.get(address).json
    assert [(change["type"], change["session"]) for change in shown["changes"]] == [("RiskChanged", 2)]
    body = {"reason": "New rules.", "digest": shown["digest"]}
    done = practitioner.post(address, body, seen=shown["revision"])
    assert (done.status_code, done.json["to_version"]) == (200, 2)
    again = practitioner.get(f"/series/{series}").json
    assert (again["protocol_version"], again["revision"]) == (2, done.json["revision"])
    stale = practitioner.post(address, body, seen=done.json["revision"])
    assert (stale.status_code, stale.json["code"]) == (409, "version_is_newest")


def test_a_clearance_is_given_listed_and_revoked(practitioner: Api, desk: Desk) -> None:
    patient = str(desk.patient())
    body = {"patient_id": patient, "code": "keloid-history", "answer": "One.", "reason": "Old and flat."}
    given = practitioner.post("/clearances", body)
    assert (given.status_code, given.json["given_by"], given.json["valid_until"]) == (201, "practitioner", None)
    assert [one["id"] for one in practitioner.get("/clearances", patient=patient).json["items"]] == [given.json["id"]]
    revoked = practitioner.post(f"/clearances/{given.json['id']}/revoke")
    assert (revoked.status_code, revoked.json["revoked_at"]) == (200, "2026-03-02T08:00:00Z")
    assert practitioner.get("/clearances", in_force="true").json["items"] == []


@pytest.mark.parametrize("role", [Role.RECEPTION, Role.MANAGER])
def test_clearances_are_a_practitioners(api: Api, desk: Desk, role: Role) -> None:
    body = {"patient_id": str(desk.patient()), "code": "keloid-history", "answer": "One.", "reason": "Old."}
    assert api.as_role(role).post("/clearances", body).status_code == 403
    assert api.as_role(role).get("/clearances").status_code == 403


def test_an_override_is_asked_for_by_reception_and_granted(
    api: Api, practitioner: Api, desk: Desk, series: UUID
) -> None:
    asked = ask(api, desk, series)
    assert (asked.status_code, asked.json["on_date"], asked.json["kept_until"]) == (
        201,
        str(day(25)),
        "2026-03-03T17:00:00Z",
    )
    (waiting,) = practitioner.get("/override-requests").json["items"]
    assert waiting == asked.json
    done = practitioner.post(f"/override-requests/{waiting['id']}/actions", {"action": "grant"})
    assert (done.status_code, done.json["change"]["about_id"]) == (200, str(series))
    assert desk.dates(series) == {1: 0, 2: 25}
    assert practitioner.get("/override-requests").json["items"] == []


def test_a_decline_needs_a_reason(api: Api, practitioner: Api, desk: Desk, series: UUID) -> None:
    address = f"/override-requests/{ask(api, desk, series).json['id']}/actions"
    assert practitioner.post(address, {"action": "decline"}).json["code"] == "reason_missing"
    done = practitioner.post(address, {"action": "decline", "reason": "Too soon."})
    assert (done.status_code, done.json) == (200, {"change": None})
    assert practitioner.post(address, {"action": "grant"}).status_code == 404


@pytest.mark.parametrize(("number", "code"), [(20, "below_absolute_minimum"), (28, "override_not_needed")])
def test_what_nobody_may_grant_is_refused_at_once(api: Api, desk: Desk, series: UUID, number: int, code: str) -> None:
    refused = ask(api, desk, series, number)
    assert (refused.status_code, refused.json["code"]) == (409, code)


def test_reception_grants_nothing(api: Api, desk: Desk, series: UUID) -> None:
    address = f"/override-requests/{ask(api, desk, series).json['id']}/actions"
    assert api.post(address, {"action": "grant"}).status_code == 403


def test_what_was_imported_against_a_rule_is_accepted_as_it_is(practitioner: Api, desk: Desk) -> None:
    series = imported(desk, desk.patient(), "2026-02-16", "2026-03-23T20:00:00+01:00")
    done = decide(practitioner, series, on="import", choose="accept", session=2)
    assert done.status_code == 200
    assert [change["type"] for change in done.json["change"]["changes"]] == ["ImportDecided", "RiskChanged"]
    assert decide(practitioner, series, on="import", choose="accept").json["code"] == "nothing_imported"
