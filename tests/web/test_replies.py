"""Replies over the API: the mail server's hook, the list, what becomes of a wish for another time."""

import pytest

from scheduler.calendars.reading.mail import MOST_BYTES
from scheduler.domain.access import Role
from tests.support.api import Api
from tests.support.desk import desk_of
from tests.support.invitations import LATER, Invitation, invite

MAIL = {"Content-Type": "message/rfc822"}


@pytest.fixture
def visit(api: Api) -> Invitation:
    """A consultation on Thursday at three, to which its patient was invited."""
    desk = desk_of(api.clinic)
    api.clock.now = LATER
    link_key = api.app.extensions["interval"].link_key
    return invite(desk, desk.visit(desk.patient(), 3, "consultation"), link_key)


def send(api: Api, data: bytes, **more: str) -> tuple[str, str]:
    answer = api.as_role(Role.MANAGER).post("/replies", data, headers=MAIL, **more)
    assert answer.status_code == 200, answer.text
    return answer.json["outcome"], answer.json["reason"]


def test_a_message_is_taken_and_shown(api: Api, visit: Invitation) -> None:
    assert send(api, visit.mail("DECLINED", "COMMENT:Away")) == ("applied", "")
    shown = api.get(f"/appointments/{visit.appointment_id}").json
    assert (shown["patient_answer"], shown["status"]) == ("declined", "booked")
    (task,) = api.get("/tasks", kind="declined").json["items"]
    assert (task["appointment_id"], task["note"]) == (str(visit.appointment_id), "Away")
    (kept,) = api.get("/replies", appointment=visit.appointment_id).json["items"]
    assert (kept["outcome"], kept["answer"], kept["comment"]) == ("applied", "DECLINED", "Away")
    assert (kept["patient"], kept["received_at"]) == ("Nadia Okonjo", "2026-03-02T10:00:00Z")


def test_messages_that_count_for_nothing_are_taken_too_and_listed_by_what_became_of_them(
    api: Api, visit: Invitation
) -> None:
    assert send(api, b"Hello") == ("refused", "The message has no calendar part.")
    assert send(api, visit.mail(sequence=9)) == ("quarantined", "It answers an invitation that was never sent.")
    outcomes = {
        outcome: [item["reason"] for item in api.get("/replies", outcome=outcome).json["items"]]
        for outcome in ("refused", "quarantined", "applied")
    }
    assert outcomes == {
        "refused": ["The message has no calendar part."],
        "quarantined": ["It answers an invitation that was never sent."],
        "applied": [],
    }


def test_the_list_of_replies_has_pages_the_newest_first(api: Api, visit: Invitation) -> None:
    for sequence in (7, 8, 9):
        send(api, visit.mail(sequence=sequence))
    first = api.get("/replies", limit=2).json
    second = api.get("/replies", limit=2, cursor=first["next"]).json
    read = [item["id"] for item in (*first["items"], *second["items"])]
    assert read == [str(row.id) for row in reversed(visit.kept)]


def test_a_key_makes_sending_twice_harmless(api: Api, visit: Invitation) -> None:
    for _ in range(2):
        assert send(api, visit.mail(), key="a") == ("applied", "")
    assert len(visit.kept) == 1


def test_a_message_has_its_own_media_type_and_its_own_limit(api: Api) -> None:
    manager = api.as_role(Role.MANAGER)
    assert manager.post("/replies", b"Hello").status_code == 415
    assert send(api, b"a" * MOST_BYTES) == ("refused", "The message has no calendar part.")
    assert manager.post("/replies", b"a" * (MOST_BYTES + 1), headers=MAIL).status_code == 413


def test_the_hook_needs_a_token_of_those_who_may(api: Api) -> None:
    statuses = [
        api.as_role(role).post("/replies", b"Hello", headers=MAIL).status_code
        for role in (None, Role.PRACTITIONER, Role.RECEPTION, Role.MANAGER)
    ]
    assert statuses == [401, 403, 200, 200]
    assert api.as_role(Role.MANAGER).get("/replies").status_code == 403


def test_a_wish_for_another_time_comes_with_an_offer_that_can_be_posted(api: Api, visit: Invitation) -> None:
    send(api, visit.counter("DTSTART:20260306T130000Z", "COMMENT:After lunch"))
    (task,) = api.get("/tasks", kind="move_request").json["items"]
    assert (task["wanted_at"], task["note"]) == ("2026-03-06T13:00:00Z", "After lunch")
    wish = api.get(f"/move-requests/{task['id']}").json
    assert (wish["is_open"], wish["words"], wish["zone"]) == (True, "After lunch", "Europe/Berlin")
    (offer,) = wish["offers"]["replans"]
    assert wish["offers"]["conflicts"] == []
    place = {name: offer["appointments"][0][name] for name in ("starts_at", "practitioner_id", "room_id")}
    moved = api.post(f"/visits/{visit.appointment_id}/moves", place, seen=wish["offers"]["revision"])
    assert moved.status_code == 200
    after = api.get(f"/move-requests/{task['id']}").json
    assert (after["is_open"], after["offers"], after["closed_at"]) == (False, None, None)


def test_staff_closes_a_wish_with_or_without_a_reason(api: Api, visit: Invitation) -> None:
    send(api, visit.counter("DTSTART:20260306T130000Z"))
    wish_id = visit.requests[0].id
    closed = api.post(f"/move-requests/{wish_id}/actions", {"action": "decline", "reason": "Full until May."})
    assert (closed.status_code, closed.json["is_open"], closed.json["closed_at"]) == (
        200,
        False,
        "2026-03-02T10:00:00Z",
    )
    again = api.post(f"/move-requests/{wish_id}/actions", {"action": "done"})
    assert (again.status_code, again.json["code"]) == (409, "request_closed")


def test_reception_notes_an_answer_that_came_by_phone(api: Api, visit: Invitation) -> None:
    send(api, visit.mail("DECLINED"))
    noted = api.post(f"/appointments/{visit.appointment_id}/answers", {"answer": "accepted"})
    assert (noted.status_code, noted.json["patient_answer"]) == (200, "accepted")
    assert api.get("/tasks", kind="declined").json["items"] == []


def test_nothing_of_a_message_stands_in_the_audit_trail(api: Api, visit: Invitation) -> None:
    send(api, visit.counter("DTSTART:20260306T130000Z", "COMMENT:Allergic to lilies"))
    trail = api.as_role(Role.MANAGER).get("/audit", about=visit.appointment_id)
    assert "reply_taken" in trail.text
    assert "lilies" not in trail.text
