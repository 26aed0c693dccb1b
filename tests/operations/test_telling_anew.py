"""Patients who are told in another way from now on, and clinics that move: calendars are brought up to date."""

from datetime import datetime, timedelta
from uuid import UUID

from scheduler.domain.access import Role
from scheduler.domain.contact import CalendarBy, Contact
from scheduler.operations.patients.patient_merging import merge_patients
from scheduler.operations.places.clinics import edit_clinic
from tests.support.desk import Desk
from tests.support.post import PostRoom, events_in, mail_of
from tests.support.rows import NOW

HOUR = timedelta(hours=1)
BY_MAIL = {"calendar_by": CalendarBy.INVITATIONS}


def told(room: PostRoom, **choices: object) -> UUID:
    """A patient who was told of two sessions."""
    patient_id = room.mail_patient(**choices)
    room.desk.course({1: 10, 2: 45}, patient_id=patient_id)
    room.send()
    return patient_id


def sent_after(room: PostRoom, hours: int) -> list[tuple[str, list[tuple[str, str]]]]:
    """To whom mails went, with the METHOD and SEQUENCE of each event."""
    sent = room.send(NOW + hours * HOUR)
    return [(content["to"], [(event["METHOD"], event["SEQUENCE"]) for event in events_in(content)]) for content in sent]


def test_who_chooses_invitations_gets_one_for_each_visit_to_come(room: PostRoom) -> None:
    patient_id = told(room)
    room.choose(patient_id, NOW + HOUR, **BY_MAIL)
    assert sent_after(room, 2) == [("nadia@example.org", [("REQUEST", "1"), ("REQUEST", "1")])]
    assert [known.invited for known in room.told(patient_id).values()] == ["nadia@example.org"] * 2
    assert sent_after(room, 3) == []


def test_who_chooses_the_link_again_has_the_events_taken_back_and_reads_that_the_visits_stand(room: PostRoom) -> None:
    patient_id = told(room, **BY_MAIL)
    room.choose(patient_id, NOW + HOUR, calendar_by=CalendarBy.FEED)
    (sent,) = room.send(NOW + 2 * HOUR)
    assert [(event["METHOD"], event["SEQUENCE"]) for event in events_in(sent)] == [("CANCEL", "1"), ("CANCEL", "1")]
    assert "your appointments stand as they are" in mail_of(sent).get_body(("plain",)).get_content().lower()  # type: ignore[union-attr]
    room.choose(patient_id, NOW + 3 * HOUR, **BY_MAIL)
    assert sent_after(room, 4) == [("nadia@example.org", [("REQUEST", "2"), ("REQUEST", "2")])]


def test_another_address_gets_the_invitations(room: PostRoom) -> None:
    patient_id = told(room, **BY_MAIL)
    room.choose(patient_id, NOW + HOUR, email="new@example.org")
    cancels = ("nadia@example.org", [("CANCEL", "1"), ("CANCEL", "1")])
    requests = ("new@example.org", [("REQUEST", "1"), ("REQUEST", "1")])
    assert sorted(sent_after(room, 2) + sent_after(room, 3)) == [cancels, requests]


def test_an_address_that_was_left_is_told_nothing_of_the_patient(room: PostRoom) -> None:
    patient_id = told(room, **BY_MAIL)
    room.choose(patient_id, NOW + HOUR, email="new@example.org")
    sent = room.send(NOW + 2 * HOUR) + room.send(NOW + 3 * HOUR)
    (left,) = [content for content in sent if content["to"] == "nadia@example.org"]
    mail = mail_of(left)
    told_there = [str(mail["To"]), *(part.get_content() for part in mail.walk() if not part.is_multipart())]
    assert not any(word in text for text in told_there for word in ("Nadia", "Okonjo", "new@example.org"))


def test_an_address_that_is_taken_again_at_once_keeps_its_events(room: PostRoom) -> None:
    patient_id = told(room, **BY_MAIL)
    room.choose(patient_id, NOW + HOUR, email="new@example.org")
    room.choose(patient_id, NOW + HOUR, email="nadia@example.org")
    assert [sent_after(room, hours) for hours in (2, 3, 4)] == [[], [], []]


def test_who_wants_mails_instead_of_calls_leaves_the_call_list(room: PostRoom) -> None:
    patient_id = told(room, contact=Contact.PHONE)
    assert room.states(patient_id) == ["to_call"]
    room.choose(patient_id, NOW + HOUR, contact=Contact.EMAIL)
    assert sent_after(room, 2) == [("nadia@example.org", [])]
    assert sorted(room.states(patient_id)) == ["dropped", "sent"]


def test_another_choice_with_nothing_to_come_sends_nothing(room: PostRoom) -> None:
    patient_id = room.mail_patient()
    room.choose(patient_id, **BY_MAIL)
    assert room.rows(patient_id) == []


def test_a_clinic_that_moves_tells_everybody_who_is_expected(room: PostRoom, desk: Desk) -> None:
    move_clinic(desk, "Main street 1", NOW)
    told(room, **BY_MAIL)
    move_clinic(desk, "Side street 2", NOW + HOUR)
    (sent,) = room.send(NOW + 2 * HOUR)
    assert mail_of(sent)["Subject"] == "2 of your appointments are at another place"
    assert [event["METHOD"] for event in events_in(sent)] == ["REQUEST", "REQUEST"]


def test_an_address_that_is_noted_later_is_no_news(room: PostRoom, desk: Desk) -> None:
    told(room)
    move_clinic(desk, "Main street 1", NOW + HOUR)
    assert room.send(NOW + 2 * HOUR) == []


def move_clinic(desk: Desk, address: str, now: datetime) -> None:
    given = {"address": address}
    desk.do(lambda c: edit_clinic(c, clinic_id=desk.place.clinic_id, seen=None, given=given), Role.MANAGER, now)


def test_records_that_become_one_have_one_calendar(room: PostRoom, desk: Desk) -> None:
    survivor, other = room.mail_patient(), told(room, email="other@example.org", **BY_MAIL)
    desk.do(lambda c: merge_patients(c, patient_id=survivor, other_id=other, seen=None), now=NOW + HOUR)
    assert sent_after(room, 2) == [("other@example.org", [("CANCEL", "1"), ("CANCEL", "1")])]
    assert [known.invited for known in room.told(survivor).values()] == [None, None]


def test_records_that_become_one_before_the_mail_is_sent_get_one_mail(room: PostRoom, desk: Desk) -> None:
    survivor, other = room.mail_patient(), room.mail_patient("N. Okonjo")
    desk.course({1: 10}, patient_id=survivor)
    desk.course({1: 12}, patient_id=other)
    desk.do(lambda c: merge_patients(c, patient_id=survivor, other_id=other, seen=None))
    assert [mail_of(content)["Subject"] for content in room.send()] == ["Your 2 appointments"]
    assert room.send(NOW + HOUR) == []
