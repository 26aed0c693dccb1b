"""Moving sessions on the page of a series: a preview is an address, and only its button saves."""

from collections.abc import Callable
from uuid import UUID

import pytest

from scheduler.domain.access import Role
from tests.support.api import Api
from tests.support.desk import Desk, at, day
from tests.support.series_pages import SeriesPage, words_of

DAYS = {1: 7, 2: 42, 3: 77, 4: 105}
ISO = [str(day(on)) for on in DAYS.values()]
Opened = Callable[..., SeriesPage]


@pytest.fixture
def series_id(desk: Desk) -> UUID:
    return desk.course(DAYS)


@pytest.fixture
def opened(api: Api, series_id: UUID) -> Opened:
    return lambda role=Role.PRACTITIONER: SeriesPage(api, series_id, role)


def wish(session: int, on: int, hour: str = "10:00") -> str:
    return f"?move={session}&to={day(on)}&at={hour}"


def test_a_preview_says_what_would_move_and_why_and_saves_nothing(opened: Opened) -> None:
    page = opened()
    told = page.words(wish(3, 84))
    assert (
        "Preview. Session 3 moves to Monday 25 May at 10:00. Session 4 must move too, to Monday 22 June at 10:00. "
        "Nothing is saved yet. Discard Esc Move 2 sessions"
    ) in told
    assert "Mon 18 May Mon 25 May , 10:00 allowed Mon 11 May to Mon 25 May 42 days Ada Last allowed day" in told
    assert "Mon 15 Jun Mon 22 Jun , 10:00" in told
    assert "Was 21 days, too soon" in told
    assert page.dates() == ISO


@pytest.mark.parametrize("role", [Role.RECEPTION, Role.PRACTITIONER])
def test_the_button_moves_all_of_it_and_the_undo_all_of_it_back(opened: Opened, role: Role) -> None:
    page = opened(role)
    answer = page.send(page.look(wish(3, 84)), "/move")
    assert (answer.status_code, answer.headers["Location"]) == (303, page.path)
    assert page.dates() == [*ISO[:2], str(day(84)), str(day(112))]
    shown = page.look()
    assert "Nadia Okonjo: session 3 moved to Monday 25 May, 10:00, session 4 follows." in words_of(shown)
    assert 'id="undo"' in shown
    undo = shown[shown.index('formaction="/changes/') + 12 :]
    page.browser.post(undo[: undo.index('"')], back=page.path)
    assert page.dates() == ISO


def test_a_rival_s_change_is_shown_and_the_wish_is_kept(opened: Opened, desk: Desk) -> None:
    page, rival = opened(), opened(Role.RECEPTION)
    seen = page.look(wish(3, 80))
    rival.send(rival.look(wish(4, 107)), "/move")
    answer = page.send(seen, "/move")
    assert answer.headers["Location"] == f"{page.path}?move=3&to={day(80)}&at=10%3A00"
    assert page.dates() == [*ISO[:3], str(day(107))]
    told = page.words(wish(3, 80))
    assert "Somebody has changed this meanwhile. Nothing of yours was saved." in told
    assert "Session 3 moves to Thursday 21 May at 10:00." in told
    page.send(page.look(wish(3, 80)), "/move")
    assert page.dates() == [*ISO[:2], str(day(80)), str(day(108))]


def test_a_slot_that_was_taken_meanwhile_is_told_with_what_would_do(opened: Opened, desk: Desk) -> None:
    page = opened()
    seen = page.look(wish(4, 110))
    desk.course({1: 110})
    page.send(seen, "/move")
    assert page.dates() == ISO
    told = page.words(wish(4, 110))
    assert "Not possible like this. Ada is taken at that time." in told
    assert "What would do:" in told


@pytest.fixture
def begun(api: Api, desk: Desk) -> Opened:
    """Session 1 was performed on day 7, session 2 is booked for day 42 and nothing behind it."""
    series_id = desk.course({1: 7, 2: 42})
    api.clock.now = at(7, 12)
    page = SeriesPage(api, series_id)
    page.send(page.look("?session=1"), "/record", on=str(day(7)))
    return lambda role=Role.PRACTITIONER: SeriesPage(api, series_id, role)


def test_a_day_outside_the_window_names_the_window_and_days_that_would_do(begun: Opened) -> None:
    told = begun().words(wish(2, 54))
    assert "This would be day 47; day 28 to 42 is allowed, Mon 6 Apr to Mon 20 Apr." in told
    assert "What would do: Mon 20 Apr, 10:00 Sun 19 Apr, 10:00 Sat 18 Apr, 10:00" in told


def test_a_practitioner_may_override_with_a_reason(begun: Opened) -> None:
    page = begun()
    seen = page.look(wish(2, 54))
    assert "Override and move" in seen
    page.send(seen, "/override", reason="Abroad until then.")
    assert page.dates()[1] == str(day(54))
    assert "Override" in page.words()
    assert "Sat 25 Apr: Abroad until then." in page.words("?session=2")


@pytest.fixture
def halfway(api: Api, desk: Desk) -> Opened:
    """Session 1 was performed on day 7; sessions 2 and 3 are booked 35 days apart."""
    series_id = desk.course({1: 7, 2: 42, 3: 77})
    api.clock.now = at(7, 12)
    page = SeriesPage(api, series_id)
    page.send(page.look("?session=1"), "/record", on=str(day(7)))
    return lambda role=Role.PRACTITIONER: SeriesPage(api, series_id, role)


def test_an_override_takes_those_along_that_must_follow(halfway: Opened) -> None:
    page = halfway()
    seen = page.look(wish(2, 54))
    assert "Session 3 must move too, to Saturday 23 May at 10:00." in seen
    assert "Override and move 2 sessions" in seen
    page.send(seen, "/override", reason="Abroad until then.")
    assert page.dates()[1:3] == [str(day(54)), str(day(82))]


def test_a_request_takes_nobody_along(halfway: Opened) -> None:
    assert "override-reason" not in halfway(Role.RECEPTION).look(wish(2, 54))


def test_reception_asks_for_the_override_and_the_time_is_kept(begun: Opened, api: Api) -> None:
    page = begun(Role.RECEPTION)
    seen = page.look(wish(2, 54))
    assert "Ask a practitioner" in seen
    answer = page.send(seen, "/override", reason="Abroad until then.")
    assert answer.headers["Location"] == f"{page.path}?told=asked"
    assert page.dates()[1] == str(day(42))
    asked = api.as_role(Role.PRACTITIONER).get("/override-requests").json["items"]
    assert [(one["on_date"], one["reason"]) for one in asked if one["series_id"] == str(page.series_id)] == [
        (str(day(54)), "Abroad until then.")
    ]
    assert "A practitioner has been asked." in page.words("?told=asked")


def test_nobody_is_offered_less_than_the_least(begun: Opened) -> None:
    assert "override-reason" in begun().look(wish(2, 28))
    assert "override-reason" not in begun().look(wish(2, 27))


@pytest.mark.parametrize("placement", ["", "x", "3|tomorrow|0|||", "3|2026-05-20T10:00:00Z|0|x||", "x" * 200])
def test_a_preview_that_cannot_be_read_changes_nothing(opened: Opened, placement: str) -> None:
    page = opened()
    answer = page.send(page.look(wish(3, 84)), "/move", place=placement)
    assert answer.status_code == 303
    assert page.dates() == ISO


def test_what_has_begun_cannot_be_moved(opened: Opened, api: Api) -> None:
    page = opened()
    api.clock.now = at(78, 9)
    assert "Nothing is saved yet." not in page.look(wish(3, 84))
    assert "handle-3" not in page.look()


@pytest.mark.parametrize(
    "query", ["?move=9&to=2026-05-20", "?move=3", "?session=9", "?replan=1", "?move=3&to=2026-05-18"]
)
def test_what_leads_nowhere_shows_the_series_as_it_stands(opened: Opened, query: str) -> None:
    assert "Sessions" in opened().words(query)
