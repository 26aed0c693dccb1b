"""The call list and dead letters over the API."""

from datetime import timedelta
from uuid import UUID

import pytest

from scheduler.domain.access import Role
from scheduler.domain.contact import Contact
from scheduler.operations.messages.sending import Attempt, Outcome
from tests.support.api import Api
from tests.support.desk import desk_of
from tests.support.post import SOON, PostRoom
from tests.support.rows import NOW

REFUSED = Attempt(Outcome.REFUSED, "the mail server answered 550 unknown")


@pytest.fixture
def room(api: Api) -> PostRoom:
    return PostRoom(desk_of(api.clinic))


def untold(room: PostRoom, contact: Contact, day: int = 3) -> UUID:
    """A patient with a visit that no message could tell of."""
    patient_id = room.mail_patient(contact=contact)
    room.desk.visit(patient_id, day, "consultation")
    room.send(answer=lambda _: REFUSED)
    return patient_id


def test_a_call_is_read_made_and_done(api: Api, room: PostRoom) -> None:
    patient_id = untold(room, Contact.PHONE)
    (call,) = api.get("/calls").json["items"]
    assert (call["patient_id"], call["phone"], call["no_answers"]) == (str(patient_id), "+49 30 5550142", 0)
    assert "Thu 5 Mar" in call["say"]
    address = f"/calls/{call['id']}/actions"
    assert api.post(address, {"action": "no_answer", "note": "Engaged."}).json["no_answers"] == 1
    assert api.post(address, {"action": "accepted"}).status_code == 200
    assert api.get("/calls").json["items"] == []
    assert api.post(address, {"action": "called"}).json["code"] == "dealt_with"


def test_a_dead_letter_is_sent_again_by_hand(api: Api, room: PostRoom) -> None:
    untold(room, Contact.EMAIL)
    (letter,) = api.get("/dead-letters").json["items"]
    assert letter["why"] == REFUSED.error
    api.clock.now = SOON + timedelta(hours=1)
    manager = api.as_role(Role.MANAGER)
    assert manager.post(f"/dead-letters/{letter['id']}/actions", {"action": "retry"}).status_code == 200
    assert api.get("/dead-letters").json["items"] == []
    assert len(room.send(NOW + timedelta(hours=2))) == 1


def test_both_are_tasks(api: Api, room: PostRoom) -> None:
    untold(room, Contact.PHONE)
    untold(room, Contact.EMAIL, 4)
    kinds = [api.get("/tasks", kind=kind).json["items"][0]["kind"] for kind in ("call", "dead_letter")]
    assert kinds == ["call", "dead_letter"]
