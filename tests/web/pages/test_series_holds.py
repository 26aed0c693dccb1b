"""Holds placed and decided from a series: looked at first, then done, and reception never learns why."""

import re

import pytest

from scheduler.domain.access import Role
from tests.support.api import Api
from tests.support.desk import Desk, day
from tests.support.series_pages import SeriesPage, words_of

DAYS = {1: 7, 2: 42, 3: 77, 4: 105}
ISO = [str(day(on)) for on in DAYS.values()]
CODE, LABEL, NOTE = "retinoid-acid", "Retinol, tretinoin, AHA or BHA on the site", "Used it yesterday."
WISH = {"code": CODE, "site": "face", "starts_on": str(day(35)), "ends_on": str(day(50)), "note": NOTE}


@pytest.fixture
def page(api: Api, desk: Desk) -> SeriesPage:
    return SeriesPage(api, desk.course(DAYS))


@pytest.fixture
def reception(api: Api, page: SeriesPage) -> SeriesPage:
    return SeriesPage(api, page.series_id, Role.RECEPTION)


def form(page: SeriesPage) -> str:
    """Where the page of the series leads to place a hold."""
    found = re.search(r'href="(/patients/[0-9a-f-]{36}/hold\?series=[0-9a-f-]{36})"', page.look())
    assert found
    return found[1]


def previewed(page: SeriesPage, **wish: str) -> str:
    return page.send(page.open(form(page)), "/hold/preview", **WISH | wish).text


def placed(page: SeriesPage, **wish: str) -> str:
    """Place it as a person does; where that leads."""
    to, sent = page.form(previewed(page, **wish), "/hold/preview")
    return page.browser.post(to.removesuffix("/preview"), **sent | WISH | wish).headers["Location"]


def hold_path(page: SeriesPage) -> str:
    found = re.search(r'href="(/holds/[0-9a-f-]{36}\?series=[0-9a-f-]{36})"', page.look())
    assert found
    return found[1]


def test_a_preview_says_what_is_cancelled_and_stores_nothing(page: SeriesPage) -> None:
    told = words_of(previewed(page))
    assert "It blocks treatment from Monday 6 April 2026 to Tuesday 21 April 2026." in told
    assert "Microneedling, rejuvenation: Session 2 on Monday 13 April at 10:00 is cancelled" in told
    assert page.dates() == ISO


def test_a_practitioner_places_it(page: SeriesPage) -> None:
    assert placed(page) == f"{page.path}?told=placed"
    assert page.dates() == [ISO[0], None, *ISO[2:]]
    assert LABEL in page.look()


def test_a_hold_whose_effects_have_changed_is_shown_afresh(page: SeriesPage) -> None:
    to, sent = page.form(previewed(page), "/hold/preview")
    moved = page.look(f"?move=2&to={day(40)}&at=10:00")
    page.send(moved, "/move")
    answer = page.browser.post(to.removesuffix("/preview"), **sent | WISH)
    assert answer.status_code == 409
    told = words_of(answer.text)
    assert "The effects have changed meanwhile. Nothing was saved" in told
    assert "Session 2 on Saturday 11 April at 10:00 is cancelled" in told
    assert page.dates()[1] == str(day(40))


def test_what_was_typed_is_kept_when_something_is_missing(page: SeriesPage) -> None:
    answer = page.send(page.open(form(page)), "/hold/preview", **WISH | {"code": ""})
    assert answer.status_code == 422
    assert NOTE in answer.text
    assert f'value="{day(35)}"' in answer.text


def test_reception_proposes_and_then_does_not_see_why(page: SeriesPage, reception: SeriesPage) -> None:
    assert placed(reception) == f"{reception.path}?told=proposed"
    assert reception.dates() == ISO
    for query in ("", "?session=2", "?told=proposed"):
        assert [word for word in (CODE, LABEL, NOTE) if word in reception.look(query)] == []
    assert LABEL in page.look()


def test_a_proposal_is_confirmed_with_its_preview(page: SeriesPage, reception: SeriesPage) -> None:
    placed(reception)
    shown = page.open(hold_path(page))
    assert "Session 2 on Monday 13 April at 10:00 is cancelled" in shown
    page.send(shown, "/confirm", tell="call")
    assert page.dates() == [ISO[0], None, *ISO[2:]]


def test_a_proposal_is_dismissed_with_a_reason(page: SeriesPage, reception: SeriesPage) -> None:
    placed(reception)
    path = hold_path(page)
    answer = page.send(page.open(path), "/dismiss", reason="Another cream.")
    assert answer.headers["Location"] == f"{page.path}?told=dismissed"
    assert "Dismissed by practitioner" in page.words()


def test_an_extension_shows_first_what_it_hits(page: SeriesPage) -> None:
    placed(page)
    path = hold_path(page)
    shown = page.open(f"{path}&ends_on={day(80)}")
    assert "Session 3 on Monday 18 May at 10:00 is cancelled" in shown
    page.send(shown, "/extend", tell="message")
    assert page.dates() == [ISO[0], None, None, ISO[3]]


def test_what_is_lifted_is_planned_anew_at_once(page: SeriesPage) -> None:
    placed(page)
    path = hold_path(page)
    answer = page.send(page.open(path), "/lift", reason="Skin is calm.", on=str(day(0)))
    assert answer.headers["Location"] == f"{page.path}?told=lifted&replan=1"
    shown = page.look("?told=lifted&replan=1")
    assert "Session 2 takes Monday 13 April at 10:00." in shown
    page.send(shown, "/move")
    assert page.dates() == ISO


@pytest.mark.parametrize(
    ("choose", "state", "then", "said"),
    [
        ("defer", "active", "due", "The sessions of Nadia Okonjo wait until the hold is over."),
        ("omit", "active", "omitted", "A session of Nadia Okonjo is left out."),
        ("cease", "revoked", "due", "The series of Nadia Okonjo has ended."),
    ],
)
def test_while_it_stands_the_session_that_waits_is_decided_about(
    page: SeriesPage, choose: str, state: str, then: str, said: str
) -> None:
    placed(page)
    path = hold_path(page)
    shown = page.open(path)
    assert "Session 2 waits meanwhile" in shown
    answer = page.send(shown, "/decide", choose=choose, reason="It takes long.")
    assert answer.headers["Location"] == page.path
    assert (page.state()["state"], page.state()["sessions"][1]["state"]) == (state, then)
    assert f"Decided. {said}" in page.words()


def test_a_hold_that_was_never_right_goes(page: SeriesPage) -> None:
    placed(page, ends_on=str(day(36)))
    path = hold_path(page)
    page.send(page.open(path), "/wrong", reason="Wrong person.")
    assert LABEL not in page.look()


def test_a_decision_needs_its_reason(page: SeriesPage) -> None:
    placed(page)
    path = hold_path(page)
    page.send(page.open(path), "/lift", reason=" ")
    assert 'class="refused"' in page.open(path)
    assert page.state()["holds"][0]["state"] == "active"


def test_reception_cannot_open_a_hold(page: SeriesPage, reception: SeriesPage) -> None:
    placed(page)
    path = hold_path(page)
    assert reception.browser.get(path).status_code == 403
    assert path not in reception.look()


def test_the_series_of_another_patient_does_not_go_with_a_hold(api: Api, desk: Desk, page: SeriesPage) -> None:
    placed(page)
    other = SeriesPage(api, desk.course({1: 8}))
    path = hold_path(page).replace(str(page.series_id), str(other.series_id))
    assert other.browser.get(path).status_code == 404
