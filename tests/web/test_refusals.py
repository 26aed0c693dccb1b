"""Refusals over the API: each has its status, its code, the facts behind it and what would work instead."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from scheduler.domain.access import Role
from scheduler.storage.rows import ClosureRow, QualificationRow
from tests.support.api import Api
from tests.support.crowded_clinic import add_of_each
from tests.support.desk import NEEDLING, Desk, day

PEN = "microneedling-pen"
WINDOW = {"earliest": str(day(28)), "latest": str(day(42))}
"""The window of session 2 when session 1 is booked on day 0."""
ANY_DAY = f"Any free day from {day(28)} to {day(42)} would do."


@pytest.fixture
def practitioner(api: Api) -> Api:
    return api.as_role(Role.PRACTITIONER)


@pytest.fixture
def patient(desk: Desk) -> UUID:
    return desk.patient()


@pytest.fixture
def series(desk: Desk, patient: UUID) -> UUID:
    return desk.course({1: 0}, patient_id=patient)


def placement(desk: Desk, number: int, session: int = 2, hour: int = 10, **more: Any) -> dict[str, Any]:
    """A session at this hour on that day, as the API takes it; ``more`` replaces resources or overrides."""
    slot = desk.place.slot(number, hour, PEN)
    named = {f"{kind.value}_id": str(resource) for kind, resource in slot.resources.items()}
    return {"session": session, "starts_at": slot.starts_at.isoformat(), **named, **more}


def book(api: Api, series: UUID, wanted: Mapping[str, Any]) -> Any:
    return api.post(f"/series/{series}/bookings", {"appointments": [wanted]})


def only_conflict(answer: Any) -> dict[str, Any]:
    """The conflict of a 409 that has but one, which the problem's own members repeat."""
    assert answer.status_code == 409, answer.json
    (conflict,) = answer.json["conflicts"]
    assert {name: answer.json[name] for name in conflict} == conflict
    return dict(conflict)


@pytest.mark.parametrize(("gap", "code"), [(27, "gap_too_short"), (43, "gap_too_long")])
def test_a_gap_of_27_or_43_days_is_refused_with_the_window(
    api: Api, desk: Desk, series: UUID, gap: int, code: str
) -> None:
    answer = book(api, series, placement(desk, gap))
    conflict = only_conflict(answer)
    assert (conflict["code"], conflict["session"], conflict["date"]) == (code, 2, str(day(gap)))
    assert (conflict["gap_days"], conflict["reference"], conflict["window"]) == (gap, str(day(0)), WINDOW)
    assert conflict["detail"].startswith(f"Session 2 on {day(gap)} would be {gap} days after {day(0)}. ")
    assert conflict["remedy"] == ANY_DAY
    assert len(answer.json["plans"]) == 5


@pytest.mark.parametrize("gap", [28, 42])
def test_a_gap_of_28_or_42_days_is_booked(api: Api, desk: Desk, series: UUID, gap: int) -> None:
    assert book(api, series, placement(desk, gap)).status_code == 201


@pytest.mark.parametrize(("sessions", "code"), [(2, "too_few_sessions"), (7, "too_many_sessions")])
def test_2_or_7_sessions_are_refused_with_the_bounds(api: Api, patient: UUID, sessions: int, code: str) -> None:
    wanted = {"patient_id": str(patient), "protocol": NEEDLING, "sessions": sessions, "body_sites": ["face"]}
    conflict = only_conflict(api.post("/series", wanted))
    assert (conflict["code"], conflict["sessions"]) == (code, sessions)
    assert (conflict["min_sessions"], conflict["max_sessions"]) == (3, 6)
    assert conflict["remedy"] == "Choose 3 to 6 sessions."
    assert api.post("/series", wanted | {"sessions": 3}).status_code == 201


def test_a_qualification_counts_to_its_last_day(api: Api, desk: Desk, series: UUID) -> None:
    ada = api.clinic.practitioner_id
    ends = update(QualificationRow).where(QualificationRow.resource_id == ada).values(valid_until=day(30))
    api.clinic.database.write(lambda tx: tx.execute(ends))
    conflict = only_conflict(book(api, series, placement(desk, 31)))
    assert (conflict["code"], conflict["session"]) == ("qualification_expired", 2)
    assert (conflict["resource_id"], conflict["resource"]) == (str(ada), "Ada")
    assert conflict["valid_until"] == str(day(30))
    assert conflict["remedy"] == "Choose somebody else, or renew it."
    assert book(api, series, placement(desk, 30)).status_code == 201


def hold(practitioner: Api, patient: UUID, first: int, last: int) -> str:
    """A cold sore that blocks these days, both included."""
    dates = {"starts_on": str(day(first)), "review_on": str(day(last))}
    wanted = {"code": "hsv-active", "body_site": "lips", **dates}
    shown = practitioner.post(f"/patients/{patient}/holds?dry_run=true", wanted, seen=1)
    digest = shown.json["preview"]["digest"]
    placed = practitioner.post(f"/patients/{patient}/holds", wanted | {"digest": digest}, seen=1)
    assert placed.status_code == 200, placed.json
    return str(placed.json["hold"]["id"])


@pytest.mark.parametrize("on", [30, 40])
def test_the_first_and_the_last_day_of_a_hold_are_blocked(
    api: Api, practitioner: Api, desk: Desk, patient: UUID, series: UUID, on: int
) -> None:
    placed = hold(practitioner, patient, 30, 40)
    conflict = only_conflict(book(api, series, placement(desk, on)))
    assert (conflict["code"], conflict["session"], conflict["date"]) == ("on_hold", 2, str(day(on)))
    assert (conflict["hold"], conflict["blocked_from"], conflict["blocked_to"]) == (placed, str(day(30)), str(day(40)))
    assert conflict["remedy"] == f"The next free day in the window is {day(41)}."


@pytest.mark.parametrize("on", [29, 41])
def test_the_days_around_a_hold_are_free(
    api: Api, practitioner: Api, desk: Desk, patient: UUID, series: UUID, on: int
) -> None:
    hold(practitioner, patient, 30, 40)
    assert book(api, series, placement(desk, on)).status_code == 201


def test_a_closed_day_is_refused_with_the_next_open_one(api: Api, desk: Desk, series: UUID) -> None:
    here = {"organisation_id": api.clinic.organisation_id, "clinic_id": api.clinic.clinic_id}
    closed = ClosureRow(**here, starts_on=day(34), ends_on=day(35), label="Works")
    api.clinic.database.write(lambda tx: tx.add(closed))
    answer = book(api, series, placement(desk, 35))
    assert (answer.status_code, answer.json["code"]) == (409, "closed_day")
    conflict = answer.json["conflicts"][0]
    assert conflict["detail"] == "The clinic is closed: Works."
    assert (conflict["blocked_from"], conflict["blocked_to"]) == (str(day(34)), str(day(35)))
    assert conflict["remedy"] == f"The next free day in the window is {day(36)}."
    assert {one["code"] for one in answer.json["conflicts"]} == {"closed_day", "not_available"}
    assert book(api, series, placement(desk, 36)).status_code == 201


TAKEN = {"practitioner": ("10:30", "11:15"), "room": ("10:00", "11:30"), "device": ("10:30", "11:30")}
"""Which part of a needling from 10:00 to 11:30 occupies what."""


@pytest.mark.parametrize("kind", TAKEN)
def test_each_thing_that_overlaps_is_named(api: Api, desk: Desk, series: UUID, kind: str) -> None:
    others = {f"{one.value}_id": str(made) for one, made in add_of_each(api.clinic, 2).items()}
    shared = placement(desk, 0, session=1)
    wanted = shared | {name: made for name, made in others.items() if name != f"{kind}_id"}
    rival = desk.series(desk.patient("Ravi Menon"))
    conflict = only_conflict(book(api, rival, wanted))
    assert (conflict["code"], conflict["session"]) == (f"{kind}_taken", 1)
    assert conflict["resource_id"] == shared[f"{kind}_id"]
    first, last = TAKEN[kind]
    assert conflict["detail"].endswith(f" is taken on Monday 2 March 2026 from {first} to {last}.")
    assert [conflict[edge] for edge in ("starts_at", "ends_at")] == [
        f"{day(0)}T{_utc(at)}:00+00:00" for at in (first, last)
    ]
    assert conflict["remedy"] == "Choose another time or another one."
    assert book(api, rival, wanted | others).status_code == 201


def _utc(wall: str) -> str:
    """Berlin's winter time of a day, in UTC."""
    return f"{int(wall[:2]) - 1:02}{wall[2:]}"


def test_a_patient_is_not_in_two_places(api: Api, desk: Desk, patient: UUID, series: UUID) -> None:
    others = {f"{one.value}_id": str(made) for one, made in add_of_each(api.clinic, 2).items()}
    second = desk.series(patient, sites=["back"])
    conflict = only_conflict(book(api, second, placement(desk, 0, session=1) | others))
    assert (conflict["code"], conflict["session"]) == ("patient_taken", 1)
    assert conflict["detail"] == ("The patient already has an appointment on Monday 2 March 2026 from 10:00 to 11:15.")
    assert (conflict["starts_at"], conflict["remedy"]) == (f"{day(0)}T09:00:00+00:00", "Choose another time.")
    later = placement(desk, 0, session=1, hour=12) | others
    assert book(api, second, later).status_code == 201


WISH = {"override": {"reason": "Flies out."}}


def test_an_override_does_not_go_below_the_absolute_minimum(practitioner: Api, desk: Desk, series: UUID) -> None:
    conflict = only_conflict(book(practitioner, series, placement(desk, 20, **WISH)))
    assert (conflict["code"], conflict["gap_days"]) == ("below_absolute_minimum", 20)
    assert (conflict["absolute_min_days"], conflict["window"]) == (21, WINDOW)
    assert conflict["remedy"] == ANY_DAY
    assert book(practitioner, series, placement(desk, 21, **WISH)).status_code == 201


def test_an_override_does_not_go_against_a_hold(practitioner: Api, desk: Desk, patient: UUID, series: UUID) -> None:
    placed = hold(practitioner, patient, 24, 26)
    conflict = only_conflict(book(practitioner, series, placement(desk, 26, **WISH)))
    assert (conflict["code"], conflict["hold"], conflict["blocked_to"]) == ("on_hold", placed, str(day(26)))
    assert conflict["remedy"] == f"The next free day in the window is {day(28)}."
    assert book(practitioner, series, placement(desk, 27, **WISH)).status_code == 201


def test_receptions_override_of_a_move_is_refused_with_what_it_may_do(api: Api, desk: Desk, series: UUID) -> None:
    desk.book(series, {2: 35})
    revision = api.get(f"/series/{series}").json["revision"]
    moved = {"appointments": [placement(desk, 27, **WISH)]}
    answer = api.post(f"/series/{series}/changes", moved, seen=revision)
    assert (answer.status_code, answer.json["code"]) == (403, "override_not_allowed")
    assert answer.json["remedy"] == ("Request the override instead: the slot is kept until a practitioner decides.")


def test_a_preview_that_is_no_longer_true_is_refused_with_a_fresh_one(
    practitioner: Api, desk: Desk, patient: UUID, series: UUID
) -> None:
    desk.book(series, {2: 35})
    wanted = {"code": "hsv-active", "body_site": "lips", "starts_on": str(day(30)), "review_on": str(day(36))}
    address = f"/patients/{patient}/holds"
    seen = desk.revision(patient)
    preview = practitioner.post(f"{address}?dry_run=true", wanted, seen=seen).json["preview"]
    changes = {"appointments": [placement(desk, 38)]}
    revision = practitioner.get(f"/series/{series}").json["revision"]
    assert practitioner.post(f"/series/{series}/changes", changes, seen=revision).status_code == 200
    answer = practitioner.post(address, wanted | {"digest": preview["digest"]}, seen=seen)
    assert (answer.status_code, answer.json["code"]) == (409, "effects_changed")
    assert answer.json["remedy"] == "Look at the preview, then send its digest."
    assert (len(preview["effects"]), answer.json["preview"]["effects"]) == (1, [])
    again = practitioner.post(address, wanted | {"digest": answer.json["preview"]["digest"]}, seen=seen)
    assert (again.status_code, list(desk.dates(series))) == (200, [1, 2])
