"""Personal links in mails: who gets one, which, and that it changes nothing about when a message is sent."""

from datetime import timedelta
from uuid import UUID

import pytest

from scheduler.domain.contact import CalendarBy, Contact
from scheduler.domain.patient_links import LASTS, MAILED, LinkScope
from scheduler.operations.messages.sending import Attempt, Outcome
from scheduler.operations.patients.patient_links import (
    PatientLink,
    follow_link,
    issue_patient_link,
    list_patient_links,
    revoke_patient_link,
)
from tests.support.desk import Desk
from tests.support.post import LINK_KEY, POST, SOON, PostRoom, mail_of
from tests.support.rows import NOW

DOUBT = Attempt(Outcome.IN_DOUBT, "the mail server could not be reached: TimeoutError")
LATER = NOW + timedelta(days=1)


def links(desk: Desk, patient_id: UUID) -> tuple[PatientLink, ...]:
    return desk.do(lambda c: list_patient_links(c, LINK_KEY, patient_id=patient_id))


def plain(content: dict[str, str]) -> str:
    """A mail's plain text."""
    body = mail_of(content).get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def address(link: PatientLink) -> str:
    return f"{POST.public_url}/p/{link.token}"


def test_news_by_mail_leads_to_the_patient_s_own_page(room: PostRoom, desk: Desk) -> None:
    patient_id = room.mail_patient()
    desk.course({1: 10}, patient_id=patient_id)
    (sent,) = room.send()
    (link,) = links(desk, patient_id)
    assert address(link) in plain(sent)
    assert (link.scope, link.expires_at) == (LinkScope.VISITS, SOON + LASTS[LinkScope.VISITS])
    follower = desk.read(lambda tx: follow_link(tx, link.token, None, SOON))
    assert follower.actor.patient_id == patient_id


def test_a_link_that_lasts_is_used_again_and_a_fresh_one_stands_in_for_others(room: PostRoom, desk: Desk) -> None:
    patient_id = room.mail_patient()
    kept = desk.do(lambda c: issue_patient_link(c, LINK_KEY, patient_id=patient_id, scope=LinkScope.VISITS))
    desk.do(lambda c: issue_patient_link(c, LINK_KEY, patient_id=patient_id, scope=LinkScope.CARE))
    desk.visit(patient_id, 100, "consultation")
    assert address(kept) in plain(room.send()[0])
    desk.do(lambda c: revoke_patient_link(c, link_id=kept.id))
    desk.visit(patient_id, 101, "consultation")
    assert address(links(desk, patient_id)[-1]) not in plain(room.send(LATER)[0])
    assert len(links(desk, patient_id)) == 3


def test_a_link_that_ends_soon_is_not_mailed(room: PostRoom, desk: Desk) -> None:
    patient_id = room.mail_patient()
    ends_soon = SOON - LASTS[LinkScope.VISITS] + MAILED - timedelta(seconds=1)
    scope = LinkScope.VISITS
    old = desk.do(lambda c: issue_patient_link(c, LINK_KEY, patient_id=patient_id, scope=scope), now=ends_soon)
    desk.visit(patient_id, 10, "consultation")
    assert address(old) not in plain(room.send()[0])
    assert len(links(desk, patient_id)) == 2


@pytest.mark.parametrize("contact", [Contact.TEXT, Contact.PHONE, Contact.NONE])
def test_who_is_not_told_by_mail_gets_no_link(room: PostRoom, desk: Desk, contact: Contact) -> None:
    patient_id = room.mail_patient(contact=contact)
    desk.course({1: 10}, patient_id=patient_id)
    room.send()
    assert links(desk, patient_id) == ()


def test_an_address_that_the_patient_has_left_gets_no_link(room: PostRoom, desk: Desk) -> None:
    patient_id = room.mail_patient(calendar_by=CalendarBy.INVITATIONS)
    desk.course({1: 10}, patient_id=patient_id)
    room.send()
    room.choose(patient_id, email="new@example.org")
    later = [*room.send(LATER), *room.send(LATER)]
    assert sorted((sent["to"], "/p/" in plain(sent)) for sent in later) == [
        ("nadia@example.org", False),
        ("new@example.org", False),
    ]


def test_who_wants_calls_gets_invitations_without_a_link(room: PostRoom, desk: Desk) -> None:
    patient_id = room.mail_patient(contact=Contact.PHONE, calendar_by=CalendarBy.INVITATIONS)
    desk.course({1: 10}, patient_id=patient_id)
    room.send()
    assert links(desk, patient_id) == ()


def test_a_mail_that_is_sent_again_is_the_same_though_its_link_was_ended(room: PostRoom, desk: Desk) -> None:
    patient_id = room.mail_patient(email="again@example.org")
    desk.course({1: 10}, patient_id=patient_id)
    room.send(SOON, lambda _: DOUBT)
    (link,) = links(desk, patient_id)
    desk.do(lambda c: revoke_patient_link(c, link_id=link.id))
    room.send(LATER)
    first, second = [sent for sent in room.out if sent["to"] == "again@example.org"]
    assert first == second
