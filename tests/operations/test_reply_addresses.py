"""Reply addresses: one for each appointment, which only whoever has the invitation knows."""

from uuid import UUID

from scheduler.operations.messages.reply_addresses import is_proven, reply_address

MAILBOX, KEY = "visits@clinic.example", "a link key that stands in no database"
MINE, OTHER = UUID(int=1), UUID(int=2)
ADDRESS = reply_address(MAILBOX, KEY, MINE)


def test_the_address_stays_the_same_as_long_as_the_key_does() -> None:
    assert reply_address(MAILBOX, KEY, MINE) == "visits+ykdfrhhff25afpwazb7htzflr77fmtoc@clinic.example"


def test_each_appointment_and_each_key_has_an_address_of_its_own() -> None:
    others = {reply_address(MAILBOX, KEY, OTHER), reply_address(MAILBOX, "another key", MINE)}
    assert len({ADDRESS, *others}) == 3


def test_the_part_before_the_at_sign_is_short_enough_for_mail_systems() -> None:
    assert len(reply_address("appointments.and.visits.of.you@clinic.example", KEY, MINE).partition("@")[0]) <= 64


def test_an_address_proves_its_own_appointment_only() -> None:
    assert is_proven([ADDRESS], KEY, MINE)
    assert not is_proven([ADDRESS], KEY, OTHER)
    assert not is_proven([ADDRESS], "another key", MINE)


def test_it_proves_it_in_capitals_and_among_others_and_behind_another_mailbox() -> None:
    forwarded = ADDRESS.replace("visits", "inbox").replace("clinic.example", "mail.example")
    assert is_proven(["ann@patient.example", ADDRESS.upper()], KEY, MINE)
    assert is_proven([forwarded], KEY, MINE)


def test_what_is_no_such_address_proves_nothing() -> None:
    assert not is_proven([], KEY, MINE)
    assert not is_proven(["", "@", "+", MAILBOX, "visits+@clinic.example", "visits+\udc80ß@clinic.example"], KEY, MINE)
