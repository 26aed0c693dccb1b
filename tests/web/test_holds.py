"""Holds over the API: looked at, placed, decided about, listed; and reception never learns why."""

from typing import Any
from uuid import UUID

import pytest

from scheduler.domain.access import Role
from tests.support.api import Api
from tests.support.desk import Desk, day

SECRETS = ("hsv-active", "hsv", "Cold sore", "cold sore", "Tingles", "lips", "on_clearance", "contraindication")


@pytest.fixture
def practitioner(api: Api) -> Api:
    return api.as_role(Role.PRACTITIONER)


@pytest.fixture
def patient(desk: Desk) -> UUID:
    return desk.patient()


@pytest.fixture
def series(desk: Desk, patient: UUID) -> UUID:
    """Four sessions on the face; the third is as near to the second as it may be, but for three days."""
    return desk.course({1: 0, 2: 35, 3: 66, 4: 101}, patient_id=patient)


def body(first: int = 30, last: int = 40, **more: Any) -> dict[str, Any]:
    """A cold sore that is looked at again on the last of these days."""
    dates = {"starts_on": day(first).isoformat(), "review_on": day(last).isoformat()}
    return {"code": "hsv-active", "body_site": "lips", "note": "Tingles.", **dates, **more}


def place(api: Api, patient: UUID, wanted: dict[str, Any]) -> dict[str, Any]:
    """Look at the preview, then place it with what the preview answered."""
    address = f"/patients/{patient}/holds"
    seen = api.get(f"/patients/{patient}").json["revision"]
    shown = api.post(f"{address}?dry_run=true", wanted, seen=seen)
    assert shown.status_code == 200, shown.json
    answer = api.post(address, {**wanted, "digest": shown.json["preview"]["digest"]}, seen=seen)
    assert answer.status_code == 200, answer.json
    return dict(answer.json)


def act(api: Api, hold: dict[str, Any], action: str, dry_run: str = "", **more: Any) -> Any:
    """Decide about a hold under its patient's revision."""
    return api.post(f"/holds/{hold['id']}/actions{dry_run}", {"action": action, **more}, seen=hold["revision"])


def test_a_dry_run_shows_the_effects_and_does_nothing(
    practitioner: Api, desk: Desk, patient: UUID, series: UUID
) -> None:
    shown = practitioner.post(f"/patients/{patient}/holds?dry_run=true", body(), seen=1)
    preview = shown.json["preview"]
    assert (shown.status_code, shown.json["hold"], shown.headers["ETag"]) == (200, None, '"1"')
    assert (preview["state"], preview["starts_on"], preview["until"]) == ("active", str(day(30)), str(day(40)))
    (effect,) = preview["effects"]
    assert (effect["series_id"], effect["appointment_id"], effect["zone"]) == (str(series), None, "Europe/Berlin")
    assert [(change["type"], change["session"]) for change in effect["changes"]] == [
        ("AppointmentCancelled", 2),
        ("RiskChanged", 3),
    ]
    assert list(desk.dates(series)) == [1, 2, 3, 4]


def test_a_practitioners_hold_is_active_and_releases_what_was_shown(
    practitioner: Api, desk: Desk, patient: UUID, series: UUID
) -> None:
    placed = place(practitioner, patient, body())
    assert (placed["hold"]["state"], placed["revision"], placed["logged"]) == ("active", 2, None)
    assert placed["hold"]["why"]["code"] == "hsv-active"
    assert [change["about_id"] for change in placed["changes"]] == [str(series)]
    assert list(desk.dates(series)) == [1, 3, 4]


def test_stale_effects_are_answered_with_409_and_a_fresh_preview(
    practitioner: Api, desk: Desk, patient: UUID, series: UUID
) -> None:
    answer = practitioner.post(f"/patients/{patient}/holds", body(digest="0" * 32), seen=1)
    assert (answer.status_code, answer.json["code"]) == (409, "effects_changed")
    again = practitioner.post(f"/patients/{patient}/holds", body(digest=answer.json["preview"]["digest"]), seen=1)
    assert again.status_code == 200


@pytest.mark.parametrize("dry_run", ["", "?dry_run=true"])
def test_a_hold_wants_the_patients_revision(practitioner: Api, patient: UUID, dry_run: str) -> None:
    address = f"/patients/{patient}/holds{dry_run}"
    assert practitioner.post(address, body()).status_code == 428
    assert practitioner.post(address, body(), seen=7).status_code == 412


def test_reversed_dates_are_answered_with_422(practitioner: Api, patient: UUID) -> None:
    wanted = {"code": "filler", "starts_on": str(day(5)), "ends_on": str(day(4))}
    answer = practitioner.post(f"/patients/{patient}/holds", wanted, seen=1)
    assert (answer.status_code, answer.json["code"]) == (422, "hold_reversed")


def test_a_proposal_is_confirmed_with_its_preview(
    api: Api, practitioner: Api, desk: Desk, patient: UUID, series: UUID
) -> None:
    hold = place(api, patient, body())["hold"]
    assert (hold["state"], list(desk.dates(series))) == ("proposed", [1, 2, 3, 4])
    unseen = act(practitioner, hold, "confirm")
    assert (unseen.status_code, unseen.json["code"]) == (409, "effects_unseen")
    shown = act(practitioner, hold, "confirm", "?dry_run=true")
    done = act(practitioner, hold, "confirm", digest=shown.json["preview"]["digest"], reason="Seen.", tell="call")
    assert (done.status_code, done.json["hold"]["state"], done.headers["ETag"]) == (200, "active", '"3"')
    assert list(desk.dates(series)) == [1, 3, 4]


def test_a_hold_is_extended_with_its_preview(practitioner: Api, desk: Desk, patient: UUID, series: UUID) -> None:
    hold = place(practitioner, patient, body(31, 34))["hold"]
    later = {"review_on": str(day(35))}
    shown = act(practitioner, hold, "extend", "?dry_run=true", **later)
    done = act(practitioner, hold, "extend", digest=shown.json["preview"]["digest"], **later)
    assert (done.json["hold"]["until"], list(desk.dates(series))) == (str(day(35)), [1, 3, 4])


def test_a_lift_names_what_can_be_planned_anew_and_may_leave_a_clearance(
    practitioner: Api, patient: UUID, series: UUID
) -> None:
    hold = place(practitioner, patient, body())["hold"]
    done = act(
        practitioner, hold, "lift", reason="Healed.", evidence_on=str(day(0)), clearance={"valid_until": str(day(60))}
    )
    assert (done.status_code, done.json["hold"]["state"]) == (200, "lifted")
    assert [(one["series_id"], one["sessions"]) for one in done.json["replan"]] == [(str(series), [2])]
    (clearance,) = practitioner.get("/clearances", patient=str(patient), in_force="true").json["items"]
    assert (clearance["id"], clearance["answer"]) == (done.json["clearance_id"], "Tingles.")


def test_an_absolute_contraindication_is_not_lifted(practitioner: Api, patient: UUID) -> None:
    hold = place(practitioner, patient, {"code": "bleeding-disorder"})["hold"]
    lifted = act(practitioner, hold, "lift", reason="Please.")
    assert (lifted.status_code, lifted.json["code"]) == (409, "permanent_hold")
    assert (
        act(practitioner, hold, "entered_in_error", reason="Wrong patient.").json["hold"]["state"] == "entered_in_error"
    )


@pytest.mark.parametrize("action", ["dismiss", "lift", "entered_in_error"])
def test_an_ending_needs_its_reason_and_has_no_dry_run(practitioner: Api, patient: UUID, action: str) -> None:
    hold = place(practitioner, patient, body())["hold"]
    without = act(practitioner, hold, action)
    assert (without.status_code, without.json["code"]) == (422, "reason_missing")
    dry = act(practitioner, hold, action, "?dry_run=true", reason="So.")
    assert (dry.status_code, dry.json["code"]) == (422, "no_preview")


@pytest.mark.parametrize("role", [Role.RECEPTION, Role.MANAGER])
def test_only_a_practitioner_decides(api: Api, patient: UUID, role: Role) -> None:
    hold = place(api, patient, body())["hold"]
    assert act(api.as_role(role), hold, "dismiss", reason="No.").status_code == 403


def test_holds_are_listed_by_state(api: Api, practitioner: Api, patient: UUID) -> None:
    proposed = place(api, patient, body())["hold"]["id"]
    active = place(practitioner, patient, body())["hold"]["id"]
    found = {
        state: [hold["id"] for hold in practitioner.get("/holds", state=state, patient=str(patient)).json["items"]]
        for state in ("proposed", "active", "lifted")
    }
    assert found == {"proposed": [proposed], "active": [active], "lifted": []}


def test_overdue_holds_name_the_appointments_that_wait(
    practitioner: Api, patient: UUID, series: UUID, desk: Desk
) -> None:
    place(practitioner, patient, body(0, 2))
    practitioner.clock.now = practitioner.clock.now.replace(day=5)
    (overdue,) = practitioner.get("/holds", state="overdue").json["items"]
    assert (overdue["overdue"], overdue["appointments"]) == (True, [])
    practitioner.clock.now = practitioner.clock.now.replace(month=4)
    (overdue,) = practitioner.get("/holds", state="overdue").json["items"]
    assert [one["on_date"] for one in overdue["appointments"]] == [str(day(35))]


def test_a_page_of_holds_leads_to_the_next(practitioner: Api, desk: Desk) -> None:
    for _ in range(3):
        place(practitioner, desk.patient(), body())
    first = practitioner.get("/holds", limit=2).json
    second = practitioner.get("/holds", limit=2, cursor=first["next"]).json
    assert len({hold["id"] for hold in (*first["items"], *second["items"])}) == 3
    assert second["next"] is None


def test_reception_and_managers_never_learn_why(
    api: Api, practitioner: Api, desk: Desk, patient: UUID, series: UUID
) -> None:
    proposed = place(api, patient, body(60, 80))
    place(practitioner, patient, body(30, 40))
    refused = api.post(f"/series/{series}/bookings", {"appointments": [_wanted(desk, 35)]})
    assert refused.json["code"] == "on_hold"
    for role in (Role.RECEPTION, Role.MANAGER):
        reader = api.as_role(role)
        answers = [
            reader.get("/holds"),
            reader.get("/holds", state="overdue"),
            reader.get(f"/series/{series}"),
            reader.get(f"/patients/{patient}"),
            reader.get("/appointments", patient=str(patient)),
            reader.get("/tasks"),
            reader.get("/audit", about=str(patient)),
            reader.get("/clearances"),
            reader.get(f"/days/{day(35)}"),
        ]
        assert answers[0].json["items"][0]["why"] is None
        told = "".join(answer.text for answer in answers) + refused.text + str(proposed)
        assert [secret for secret in SECRETS if secret in told] == []


def _wanted(desk: Desk, number: int) -> dict[str, Any]:
    slot = desk.place.slot(number, device="microneedling-pen")
    named = {f"{kind.value}_id": str(resource) for kind, resource in slot.resources.items()}
    return {"session": 2, "starts_at": slot.starts_at.isoformat(), **named}


def test_a_double_click_places_one_hold(practitioner: Api, patient: UUID) -> None:
    wanted = body()
    first = practitioner.post(f"/patients/{patient}/holds", wanted, seen=1, key="twice")
    second = practitioner.post(f"/patients/{patient}/holds", wanted, seen=1, key="twice")
    assert (first.status_code, first.json) == (200, second.json)
    assert len(practitioner.get("/holds").json["items"]) == 1


def test_another_organisations_hold_is_not_there(practitioner: Api, patient: UUID) -> None:
    nobodys = {"id": UUID(int=7), "revision": 1}
    assert act(practitioner, nobodys, "lift", reason="Healed.").status_code == 404
