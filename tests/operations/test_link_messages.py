"""Personal links on their way: to the contact on file, once, and without a word to whoever asked."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from scheduler.domain.access import Role
from scheduler.domain.contact import Contact, Language
from scheduler.domain.patient_links import LASTS, LinkScope
from scheduler.domain.refusals import NotAllowed
from scheduler.operations.messages.link_messages import send_fresh_link, send_patient_link
from scheduler.operations.patients.patient_links import follow_link, revoke_patient_link
from scheduler.storage.rows import OutboxRow, PatientLinkRow
from tests.support.post import LINK_KEY, PostRoom, mail_of
from tests.support.rows import NOW

END = LASTS[LinkScope.CARE]
ADDRESS = "https://clinic.example/p/"


def sent_link(room: PostRoom, patient_id: UUID) -> str:
    """The token of a link that reception has sent."""
    return room.desk.do(lambda c: send_patient_link(c, LINK_KEY, patient_id=patient_id, scope=LinkScope.CARE)).token


def ask(room: PostRoom, token: str) -> None:
    """Whoever has an expired link asks for a fresh one."""
    room.desk.clinic.database.write(lambda tx: send_fresh_link(tx, LINK_KEY, token=token, now=NOW + END))


def messages(room: PostRoom) -> int:
    ours = OutboxRow.organisation_id == room.desk.clinic.organisation_id
    return room.desk.read(lambda tx: tx.scalar(select(func.count()).select_from(OutboxRow).where(ours)) or 0)


def test_a_link_goes_by_mail_and_opens_and_is_not_in_the_outbox_before(room: PostRoom) -> None:
    patient_id = room.mail_patient()
    token = sent_link(room, patient_id)
    assert token not in str([vars(row) for row in room.rows(patient_id)])
    (sent,) = room.send(NOW)
    text = mail_of(sent).get_body(("plain",))
    assert text
    assert f"{ADDRESS}{token}" in text.get_content()
    assert "It works until Sunday 15 March 2026." in text.get_content().replace("Sunday, 15", "Sunday 15")
    with room.desk.clinic.database.read() as tx:
        assert follow_link(tx, token, None, NOW).actor.patient_id == patient_id
    assert (room.send(NOW), room.rows(patient_id)[0].content) == ([], None)


def test_a_text_message_says_the_clinic_and_the_link_in_the_patient_s_language(room: PostRoom) -> None:
    patient_id = room.mail_patient(contact=Contact.TEXT, language=Language.GERMAN, phone="+49 30 1234567")
    token = sent_link(room, patient_id)
    (sent,) = room.send(NOW)
    assert sent["text"] == f"Main street: Ihr persönlicher Link: {ADDRESS}{token}"


def test_a_revoked_link_is_not_sent_and_whoever_wants_nothing_gets_nothing(room: PostRoom) -> None:
    first, second = room.mail_patient(), room.mail_patient(contact=Contact.NONE)
    sent_link(room, first)
    sent_link(room, second)
    (link_id,) = room.desk.read(
        lambda tx: tx.scalars(select(PatientLinkRow.id).where(PatientLinkRow.patient_id == first)).all()
    )
    room.desk.do(lambda c: revoke_patient_link(c, link_id=link_id))
    assert room.send(NOW) == []
    assert (room.states(first), room.states(second)) == (["dropped"], ["dropped"])


def test_an_expired_link_sends_a_fresh_one_to_the_contact_on_file_once(room: PostRoom) -> None:
    patient_id = room.mail_patient()
    old = sent_link(room, patient_id)
    room.send(NOW)
    for _ in range(3):
        ask(room, old)
    (sent,) = room.send(NOW + END)
    text = mail_of(sent).get_body(("plain",))
    assert text
    assert sent["to"] == "nadia@example.org"
    assert (ADDRESS in text.get_content(), old in text.get_content()) == (True, False)


def test_any_other_token_sends_nothing_and_says_nothing(room: PostRoom) -> None:
    patient_id = room.mail_patient()
    revoked = sent_link(room, patient_id)
    change = update(PatientLinkRow).where(PatientLinkRow.patient_id == patient_id).values(revoked_at=NOW)
    room.desk.clinic.database.write(lambda tx: tx.execute(change))
    before = messages(room)
    for token in (revoked, "unknown", "", "\ud800"):
        ask(room, token)
    assert messages(room) == before


def test_only_who_may_issue_links_sends_them(room: PostRoom) -> None:
    patient_id = room.mail_patient()
    with pytest.raises(NotAllowed):
        room.desk.clinic.do(
            lambda c: send_patient_link(c, LINK_KEY, patient_id=patient_id, scope=LinkScope.CARE), Role.PRACTITIONER
        )


def test_a_link_that_was_sent_is_gone_after_its_time(room: PostRoom) -> None:
    token = sent_link(room, room.mail_patient())
    assert room.send(NOW + END + timedelta(days=1)) == []
    ask(room, token)
    assert len(room.send(NOW + END)) == 1
