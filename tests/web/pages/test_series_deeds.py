"""What is recorded, corrected and decided on the page of a series."""

import re
from datetime import timedelta
from uuid import UUID

import pytest

from scheduler.domain.access import Role
from tests.support.api import Api
from tests.support.desk import Desk, at, day
from tests.support.series_pages import SeriesPage

DAYS = {1: 7, 2: 42, 3: 77, 4: 105}


@pytest.fixture
def page(api: Api, desk: Desk) -> SeriesPage:
    return SeriesPage(api, desk.course(DAYS))


def session(page: SeriesPage, number: int) -> dict[str, object]:
    found = page.state()["sessions"][number - 1]
    return {"state": found["state"], "performed_on": found["performed_on"]}


@pytest.mark.parametrize("role", [Role.RECEPTION, Role.PRACTITIONER])
def test_a_session_is_recorded_on_an_earlier_day_and_in_part(api: Api, page: SeriesPage, role: Role) -> None:
    api.clock.now = at(9, 9)
    mine = SeriesPage(api, page.series_id, role)
    answer = mine.send(mine.look("?session=1"), "/record", on=str(day(8)), partial="yes")
    assert answer.headers["Location"] == page.path
    assert session(page, 1) == {"state": "satisfied", "performed_on": str(day(8))}
    assert "Done in part" in page.words()
    assert "The treatment of Nadia Okonjo is done." in mine.words()


def test_a_day_to_come_is_not_recorded(api: Api, page: SeriesPage) -> None:
    api.clock.now = at(7, 9)
    page.send(page.look("?session=1"), "/record", on=str(day(8)))
    assert session(page, 1)["state"] == "due"
    assert 'class="refused"' in page.look()


def test_what_nobody_has_closed_is_to_be_recorded(api: Api, page: SeriesPage) -> None:
    api.clock.now = at(7, 20)
    assert "To be recorded" not in page.words()
    api.clock.now = at(8, 9)
    assert page.words().count("To be recorded") == 3


def test_a_late_session_is_judged_by_the_rule(api: Api, page: SeriesPage) -> None:
    for number, on in ((1, 7), (2, 51)):
        api.clock.now = at(on, 12)
        page.send(page.look(f"?session={number}"), "/record", on=str(day(on)))
    assert "Late, after 44 days" in page.words()
    assert "1 late" in page.words()


def test_a_practitioner_takes_a_record_back(api: Api, page: SeriesPage) -> None:
    api.clock.now = at(7, 12)
    page.send(page.look("?session=1"), "/record", on=str(day(7)))
    page.send(page.look("?session=1"), "/correct", reason="It was somebody else.")
    assert session(page, 1) == {"state": "due", "performed_on": None}
    assert "Corrected. What was recorded for Nadia Okonjo is taken back." in page.words()
    assert "Correct this record" not in SeriesPage(api, page.series_id, Role.RECEPTION).look("?session=1")


def test_arrival_check_in_and_no_show_are_offered_on_their_day(api: Api, page: SeriesPage) -> None:
    api.clock.now = at(7, 9)
    steps = re.findall(r'formaction="/appointments/[^/]+/([a-z-]+)"', page.look("?session=1"))
    assert steps == ["arrive", "no-show"]
    assert re.findall(r'formaction="/appointments/[^/]+/([a-z-]+)"', page.look("?session=2")) == []


def test_the_appointment_of_another_series_is_not_recorded_here(api: Api, desk: Desk, page: SeriesPage) -> None:
    other = SeriesPage(api, desk.course({1: 8}))
    api.clock.now = at(8, 12)
    theirs = other.state()["sessions"][0]["appointment"]["id"]
    answer = page.send(page.look("?session=1"), "/record", appointment=theirs, on=str(day(8)))
    assert answer.status_code == 404


@pytest.fixture
def lapsed(api: Api, desk: Desk) -> SeriesPage:
    """Session 2 of a series whose window has passed."""
    page = SeriesPage(api, desk.course({1: 7}))
    api.clock.now = at(7, 12)
    page.send(page.look("?session=1"), "/record", on=str(day(7)))
    api.clock.now = at(60, 9)
    return page


def test_a_lapsed_window_asks_a_practitioner(lapsed: SeriesPage) -> None:
    told = lapsed.words()
    assert "Session 2 has no day left" in told
    assert "A new window is kept: Fri 1 May to Fri 15 May." in told


def test_reception_is_told_that_a_practitioner_decides(api: Api, lapsed: SeriesPage) -> None:
    page = SeriesPage(api, lapsed.series_id, Role.RECEPTION).look()
    assert "A practitioner has to decide what becomes of it." in page
    assert "/decide" not in page


@pytest.mark.parametrize(
    ("choose", "state", "then", "said"),
    [
        ("continue", "active", "due", "The series of Nadia Okonjo goes on in a new window."),
        ("omit", "active", "omitted", "A session of Nadia Okonjo is left out."),
        ("cease", "revoked", "due", "The series of Nadia Okonjo has ended."),
    ],
)
def test_each_decision_is_carried_out_and_told(
    lapsed: SeriesPage, choose: str, state: str, then: str, said: str
) -> None:
    answer = lapsed.send(lapsed.look(), "/decide", choose=choose, reason="Well again.")
    assert answer.headers["Location"] == lapsed.path
    assert (lapsed.state()["state"], lapsed.state()["sessions"][1]["state"]) == (state, then)
    told = lapsed.words()
    assert ("has no day left" in told, f"Decided. {said}" in told) == (False, True)


def test_a_restart_leads_to_the_new_series(api: Api, lapsed: SeriesPage) -> None:
    answer = lapsed.send(lapsed.look(), "/decide", choose="restart", reason="Too long ago.")
    new = SeriesPage(api, UUID(answer.headers["Location"].rsplit("/", 1)[1]))
    assert new.series_id != lapsed.series_id
    assert "Not booked yet" in new.words()
    assert "Ended early" in lapsed.words()


def test_a_decision_after_a_rival_s_is_told(api: Api, lapsed: SeriesPage) -> None:
    seen = lapsed.look()
    lapsed.send(seen, "/decide", choose="continue", reason="Well again.")
    api.clock.pass_time(timedelta(minutes=1))
    lapsed.send(seen, "/decide", choose="cease", reason="Gone.")
    assert lapsed.state()["state"] == "active"
    assert "Somebody has changed this meanwhile." in lapsed.words()
