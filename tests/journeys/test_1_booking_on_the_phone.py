"""Reception books a series while the caller is on the phone: a search, a protocol, a wish, a plan read out, Enter."""

from datetime import timedelta
from itertools import pairwise

import pytest
from playwright.sync_api import Browser

from tests.support.journeys.house import UNDO_TIME, House
from tests.support.journeys.people import PLAIN_WAYS, WAYS, Way
from tests.support.journeys.staff import Reception, reception

NEEDLING = "Microneedling, rejuvenation"
TUESDAY, AFTER_FOUR = 1, "16:00"
A_SECOND = timedelta(seconds=1)

every_way = pytest.mark.parametrize("way", [*WAYS, *PLAIN_WAYS], ids=str)


def book_tuesdays_after_four(desk: Reception) -> str:
    """The call; what was read to the caller."""
    desk.answers_a_call_of("okonjo", "Nadia Okonjo")
    desk.chooses(NEEDLING, site="Face", sessions=4)
    desk.asks_for(TUESDAY, since=AFTER_FOUR)
    read = desk.reads_out()
    desk.books_all()
    return read


@every_way
def test_all_sessions_are_booked_the_feed_shows_them_and_the_message_leaves_three_minutes_later(
    chrome: Browser, house: House, way: Way
) -> None:
    nadia = house.patient("Nadia Okonjo")
    phone = house.phone_of(nadia)
    with reception(chrome, house, way) as desk:
        read = book_tuesdays_after_four(desk)
        desk.sees(read, "The patient is told in three minutes.")
    booked = house.booked(nadia)
    assert [(at.weekday(), at.hour >= 16) for at in booked] == [(TUESDAY, True)] * 4
    assert {(later - at).days for at, later in pairwise(booked)} == {35}
    assert (phone.poll(), phone.starts_on_the_wall) == (200, booked)
    house.pass_time(UNDO_TIME - A_SECOND)
    assert house.post_to(nadia) == []
    house.pass_time(A_SECOND)
    (mail,) = house.post_to(nadia)
    assert mail == f"Main street: Appointments: {'; '.join(f'{at:%a} {at.day} {at:%b %H:%M}' for at in booked)}."


@every_way
def test_what_is_undone_within_three_minutes_was_never_told(chrome: Browser, house: House, way: Way) -> None:
    nadia = house.patient("Nadia Okonjo")
    phone = house.phone_of(nadia)
    with reception(chrome, house, way) as desk:
        book_tuesdays_after_four(desk)
        desk.undoes()
    house.pass_time(UNDO_TIME)
    assert (house.booked(nadia), house.post_to(nadia)) == ([], [])
    assert (phone.poll(), phone.starts) == (200, [])
