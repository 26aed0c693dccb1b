"""The main job, end to end over the API: planned, booked, moved, undone, recorded."""

from datetime import timedelta
from typing import Any

import pytest

from scheduler.domain.access import Role
from tests.support.api import Api

WISHES = {
    "start_on": "2026-03-03",
    "prefer": [{"weekday": 1, "from": "14:00", "to": "18:00"}],
    "avoid": [{"from": "2026-04-06", "to": "2026-04-20"}],
}


@pytest.fixture
def series(api: Api) -> dict[str, Any]:
    """A draft series of four for a patient who has just been added."""
    patient = api.post("/patients", {"name": "Nadia Okonjo", "phone": "+49 30 5550142"}).json
    wanted = {"patient_id": patient["patient"]["id"], "protocol": "microneedling-rejuvenation", "sessions": 4}
    answer = api.post("/series", {**wanted, "body_sites": ["face"]})
    assert answer.status_code == 201, answer.json
    return dict(answer.json)


def _plans(api: Api, series: dict[str, Any], **wishes: Any) -> list[dict[str, Any]]:
    answer = api.post(f"/series/{series['id']}/plans", {**WISHES, **wishes})
    assert answer.status_code == 200, answer.json
    return list(answer.json["plans"])


def _booked(api: Api, series: dict[str, Any]) -> dict[str, Any]:
    best = _plans(api, series)[0]
    answer = api.post(f"/series/{series['id']}/bookings", {"appointments": best["appointments"], "wishes": WISHES})
    assert answer.status_code == 201, answer.json
    return dict(answer.json)


def _shown(api: Api, series: dict[str, Any]) -> dict[str, Any]:
    return dict(api.get(f"/series/{series['id']}").json)


def test_the_best_plan_is_booked_as_it_was_offered(api: Api, series: dict[str, Any]) -> None:
    best = _plans(api, series)[0]
    _booked(api, series)
    shown = _shown(api, series)
    starts = [session["appointment"]["starts_at"] for session in shown["sessions"]]
    assert starts == [one["starts_at"] for one in best["appointments"]]
    assert shown["state"] == "active"
    assert all(gap is None or 28 <= gap <= 42 for gap in best["gaps_days"])


def test_five_plans_are_five(api: Api, series: dict[str, Any]) -> None:
    plans = _plans(api, series)
    firsts = {(p["appointments"][0]["starts_at"][:10], p["appointments"][0]["practitioner_id"]) for p in plans}
    assert len(plans) == len(firsts) == 5
    assert plans[0]["sentence"].startswith("Tuesday 17 March, 21 April, ")


def test_session_two_moves_with_what_must_follow_and_back(api: Api, series: dict[str, Any]) -> None:
    _booked(api, series)
    before = _shown(api, series)
    second = before["sessions"][1]["appointment"]
    wanted = {"appointment_id": second["id"], "starts_at": "2026-04-29T14:00:00+02:00"}
    offered = api.post(f"/series/{series['id']}/replans", {"move": wanted})
    assert offered.status_code == 200, offered.json
    assert offered.json["conflicts"] == []
    best = offered.json["replans"][0]
    changed = api.post(
        f"/series/{series['id']}/changes", {"appointments": best["appointments"]}, seen=before["revision"]
    )
    assert changed.status_code == 200, changed.json
    after = _shown(api, series)
    assert after["sessions"][1]["appointment"]["on_date"] == "2026-04-29"
    assert after["sessions"][1]["appointment"]["uid"] == second["uid"]
    undone = api.post(f"/changes/{changed.json['id']}/undo")
    assert undone.status_code == 200, undone.json
    dates = [session["appointment"]["on_date"] for session in _shown(api, series)["sessions"]]
    assert dates == [session["appointment"]["on_date"] for session in before["sessions"]]


def test_after_three_minutes_nothing_is_undone(api: Api, series: dict[str, Any]) -> None:
    deed = _booked(api, series)
    api.clock.pass_time(timedelta(minutes=3, seconds=1))
    late = api.post(f"/changes/{deed['id']}/undo")
    assert (late.status_code, late.json["code"]) == (409, "undo_too_late")


def test_a_rival_gets_the_conflict_and_fresh_plans(api: Api, series: dict[str, Any]) -> None:
    best = _plans(api, series)[0]
    _booked(api, series)
    rival = api.post("/patients", {"name": "Ravi Menon", "phone": "+49 30 5550143"}).json["patient"]["id"]
    other = {"patient_id": rival, "protocol": "microneedling-rejuvenation", "sessions": 4, "body_sites": ["face"]}
    theirs = api.post("/series", other).json
    answer = api.post(f"/series/{theirs['id']}/bookings", {"appointments": best["appointments"], "wishes": WISHES})
    assert answer.status_code == 409
    assert {c["code"] for c in answer.json["conflicts"]} >= {"practitioner_taken", "room_taken", "device_taken"}
    assert len(answer.json["plans"]) == 5


def test_performed_early_and_late_is_told(api: Api, series: dict[str, Any]) -> None:
    _booked(api, series)
    shown = _shown(api, series)
    practitioner = api.as_role(Role.PRACTITIONER)
    for session, on in zip(shown["sessions"][:3], ("2026-03-17", "2026-04-11", "2026-06-03"), strict=True):
        api.clock.now = api.clock.now.fromisoformat(f"{on}T17:00:00+00:00")
        done = practitioner.post(f"/appointments/{session['appointment']['id']}/actions", {"action": "performed"})
        assert done.status_code == 200, done.json
    verdicts = [session["evaluation"]["verdict"] for session in _shown(api, series)["sessions"][:3]]
    assert verdicts == ["valid", "early", "late"]


def test_a_keep_reserves_the_slots_for_its_series_only(api: Api, series: dict[str, Any]) -> None:
    best = _plans(api, series)[0]
    kept = api.post(f"/series/{series['id']}/keeps", {"appointments": best["appointments"]})
    assert kept.status_code == 201, kept.json
    assert _plans(api, series)[0]["appointments"] == best["appointments"]
    _booked(api, series)


def test_a_visit_is_booked_in_a_free_slot(api: Api, series: dict[str, Any]) -> None:
    slots = api.get("/slots", visit_type="consultation").json["slots"]
    assert len(slots) == 20
    body = {"patient_id": series["patient_id"], "visit_type": "consultation", **slots[0]}
    booked = api.post("/visits", body)
    assert booked.status_code == 201, booked.json
    again = api.post("/visits", body)
    assert again.status_code == 409
    undone = api.post(f"/changes/{booked.json['change']['id']}/undo")
    assert undone.status_code == 200, undone.json
    assert api.post("/visits", body).status_code == 201


def test_a_lapsed_window_waits_for_a_practitioner_and_goes_on_by_decision(api: Api, series: dict[str, Any]) -> None:
    first = _plans(api, series)[0]["appointments"][:1]
    api.post(f"/series/{series['id']}/bookings", {"appointments": first, "wishes": WISHES})
    appointment = _shown(api, series)["sessions"][0]["appointment"]
    practitioner = api.as_role(Role.PRACTITIONER)
    api.clock.now = api.clock.now.fromisoformat("2026-03-17T17:00:00+00:00")
    practitioner.post(f"/appointments/{appointment['id']}/actions", {"action": "performed"})
    assert _lapsed(api, series) == []
    api.clock.now = api.clock.now.fromisoformat("2026-04-29T08:00:00+00:00")  # 43 days later
    (task,) = _lapsed(api, series)
    assert (task["session"], task["until"]) == (2, "2026-04-28")
    refused = api.post(f"/series/{series['id']}/plans", {})
    assert (refused.status_code, refused.json["code"]) == (409, "lapsed_window")
    decision = {"on": "lapse", "choose": "continue", "session": 2, "reason": "The skin has healed well."}
    decided = practitioner.post(f"/series/{series['id']}/decisions", decision, seen=_shown(api, series)["revision"])
    assert decided.status_code == 200, decided.json
    assert _lapsed(api, series) == []
    assert len(_plans(api, series, start_on=None)) == 5


def _lapsed(api: Api, series: dict[str, Any]) -> list[dict[str, Any]]:
    items = api.get("/tasks", kind="lapsed_window", limit=100).json["items"]
    return [item for item in items if item["series_id"] == series["id"]]
