"""Sixteen clients want the same thing at the same moment: one gets it, and all are told the truth."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.support.crowded_clinic import GAP, SESSIONS, STARTS, CrowdedClinic, day
from tests.support.ledger import claims_amiss, double_bookings, stored_bookings
from tests.support.live_line import Journal, Line, Reply
from tests.support.live_service import LiveService
from tests.support.size import sized
from tests.support.together import together

pytestmark = pytest.mark.system
RIVALS = 16
APART = STARTS[::3]
"""Starts so far apart that a treatment of ninety minutes ends before the next."""
SLOT_ROUNDS = sized(small=6, full=60)
KEY_ROUNDS = sized(small=4, full=50)
EDIT_ROUNDS = sized(small=2, full=20)


@pytest.fixture
def lines(service: LiveService, clinic: CrowdedClinic) -> Iterator[list[Line]]:
    """Sixteen connections of one token."""
    journal = Journal()
    made = [Line(service.port, clinic.token, journal) for _ in range(RIVALS)]
    yield made
    for line in made:
        line.close()
    assert journal.failures == [], service.said
    journal.tell(f"{RIVALS} rivals")


def course(clinic: CrowdedClinic, first: int = 3) -> dict[str, Any]:
    """The body that books four sessions, each at its target."""
    dates = [day(first) + timedelta(GAP * number) for number in range(SESSIONS)]
    placed = [clinic.placement(number + 1, on) for number, on in enumerate(dates)]
    return {"appointments": placed, "start_on": dates[0].isoformat()}


def codes(reply: Reply) -> set[str]:
    return {conflict["code"] for conflict in reply.json["conflicts"]}


def test_of_sixteen_bookings_of_one_slot_one_is_made(clinic: CrowdedClinic, lines: list[Line]) -> None:
    rivals = [f"/series/{clinic.series()}/bookings" for _ in lines]
    for number in range(SLOT_ROUNDS):
        on, at = day(3 + number // len(APART)), APART[number % len(APART)]
        body = {"appointments": [clinic.placement(1, on, at)], "start_on": on.isoformat()}
        replies = together([partial(line.post, path, body) for line, path in zip(lines, rivals, strict=True)])
        assert Counter(reply.status for reply in replies) == {201: 1, 409: 15}
        lost = [codes(reply) for reply in replies if reply.status == 409]
        assert lost == [{"practitioner_taken", "room_taken", "device_taken"}] * 15
        (won,) = (reply.json for reply in replies if reply.status == 201)
        (booked,) = stored_bookings(clinic)
        assert won["changes"][0]["appointment_id"] == str(booked[2])
        cancelled = lines[0].post(f"/appointments/{booked[2]}/actions", {"action": "cancel", "cancel_reason": "clinic"})
        assert cancelled.status == 200
    assert claims_amiss(clinic) == Counter()


def test_the_same_key_sixteen_times_is_one_booking_and_one_answer(clinic: CrowdedClinic, lines: list[Line]) -> None:
    booked: set[UUID] = set()
    for number in range(KEY_ROUNDS):
        series, key = clinic.series(), str(uuid4())
        on, at = day(3 + number // len(APART)), APART[number % len(APART)]
        body = {"appointments": [clinic.placement(1, on, at)], "start_on": on.isoformat()}
        path = f"/series/{series}/bookings"
        replies = together([partial(line.post, path, body, key=key) for line in lines])
        assert {(reply.status, reply.body) for reply in replies} == {(201, replies[0].body)}
        assert {reply.headers["ETag"] for reply in replies} == {'"2"'}
        booked.add(series)
        other = lines[0].post(path, body | {"start_on": day(2).isoformat()}, key=key)
        assert (other.status, other.json["code"]) == (422, "idempotency_key_reused")
        assert sorted(one[0] for one in stored_bookings(clinic)) == sorted(booked)
    assert double_bookings(clinic) == 0


def test_of_sixteen_edits_of_one_revision_one_is_made(clinic: CrowdedClinic, lines: list[Line]) -> None:
    series = clinic.series()
    seen = lines[0].post(f"/series/{series}/bookings", course(clinic)).json["revision"]
    path, on = f"/series/{series}/changes", day(3 + GAP)
    for number in range(EDIT_ROUNDS):
        bodies = [
            {"appointments": [clinic.placement(2, on, STARTS[(n + number) % len(STARTS)], n)]} for n in range(RIVALS)
        ]
        edits = [partial(line.post, path, body, seen=seen) for line, body in zip(lines, bodies, strict=True)]
        replies = together(edits)
        assert Counter(reply.status for reply in replies) == {200: 1, 412: 15}
        (made,) = (reply.json for reply in replies if reply.status == 200)
        assert {reply.json["code"] for reply in replies if reply.status == 412} == {"stale"}
        seen = made["revision"]
        assert lines[0].get(f"/series/{series}").json["revision"] == seen
    assert lines[0].post(path, bodies[0]).status == 428
    assert claims_amiss(clinic) == Counter()
