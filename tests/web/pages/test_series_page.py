"""The page of a series: what it shows to whom, in every state."""

import re
from collections.abc import Iterator, Mapping
from uuid import UUID

import pytest

from scheduler.domain.access import Role
from tests.support.api import Api, api_of, database_of
from tests.support.browse import Browser
from tests.support.courses_on_stage import CODE, LABEL, REASON, courses_at
from tests.support.desk import at, day
from tests.support.queries import counted

TODAY = 60


@pytest.fixture(scope="module")
def looked(module_database_url: str) -> Iterator[tuple[Api, Mapping[str, UUID]]]:
    api = api_of(module_database_url)
    made = courses_at(api.clinic, TODAY)
    api.clock.now = at(TODAY, 9)
    yield api, made
    database_of(api.app).dispose()


def page(looked: tuple[Api, Mapping[str, UUID]], state: str, role: Role = Role.PRACTITIONER, query: str = "") -> str:
    api, made = looked
    answer = Browser(api, role).get(f"/series/{made[state]}{query}")
    assert answer.status_code == 200
    return answer.text


def words_of(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text))


def rows_of(text: str) -> list[str]:
    table = text[text.index("<tbody>") : text.index("</tbody>")]
    return [words_of(row).strip() for row in table.split("<tr")[1:]]


@pytest.mark.parametrize(
    ("state", "sign"),
    [
        ("rest", "On track"),
        ("proposed", "On hold"),
        ("held", "On hold"),
        ("overdue", "Overdue"),
        ("lapsed", "Window lapsed"),
        ("complete", "Complete"),
    ],
)
def test_the_state_stands_beside_the_name(looked: tuple[Api, Mapping[str, UUID]], state: str, sign: str) -> None:
    text = page(looked, state)
    head = text[text.index('<div class="headrow">') : text.index('<div class="acts')]
    assert words_of(head).strip().endswith(f", Microneedling, rejuvenation {sign}")


def test_the_facts_say_how_far_it_has_come(looked: tuple[Api, Mapping[str, UUID]]) -> None:
    text = page(looked, "rest")
    facts = words_of(text[text.index('<dl class="card facts">') : text.index("</dl>")])
    told = (
        "2 of 5 done",
        "Every gap in its window",
        "Sat 23 May, 10:00",
        "28 to 42 days",
        "Face",
        "Saturday 25 July 2026",
    )
    assert [one for one in told if one not in facts] == []


def test_the_table_says_what_the_timeline_draws(looked: tuple[Api, Mapping[str, UUID]]) -> None:
    rows = rows_of(page(looked, "rest"))
    assert [row.split(" ", 1)[1] for row in rows][1:3] == [
        "2 Sat 18 Apr, 10:00 35 days Ada Done View session 2",
        "3 Sat 23 May, 10:00 allowed Sat 16 May to Sat 30 May 35 days Ada Booked Move… session 3",
    ]


def test_each_window_has_the_reason_for_its_ends(looked: tuple[Api, Mapping[str, UUID]]) -> None:
    assert (
        "<title>Allowed from Sat 16 May (28 days after the session of Saturday 18 April) "
        "to Sat 30 May (42 days after it).</title>"
    ) in page(looked, "rest")


@pytest.mark.parametrize("state", ["rest", "proposed", "held"])
def test_reception_never_receives_why(looked: tuple[Api, Mapping[str, UUID]], state: str) -> None:
    for query in ("", "?session=3", "?replan=1", f"?move=3&to={day(TODAY + 28)}"):
        text = page(looked, state, Role.RECEPTION, query)
        assert [one for one in (CODE, LABEL, REASON) if one in text] == []


def test_reception_is_told_until_when_and_whom_to_ask(looked: tuple[Api, Mapping[str, UUID]]) -> None:
    told = words_of(page(looked, "held", Role.RECEPTION))
    assert "On hold until Wednesday 27 May 2026. Ask practitioner." in told


def test_a_practitioner_sees_why(looked: tuple[Api, Mapping[str, UUID]]) -> None:
    text = page(looked, "held")
    assert LABEL in text
    assert REASON in text


def test_a_manager_looks_and_does_nothing(looked: tuple[Api, Mapping[str, UUID]]) -> None:
    text = page(looked, "rest", Role.MANAGER, f"?session=3&move=3&to={day(TODAY + 28)}")
    told = ("Preview", "Move…", "Record session", "Place hold", "Propose hold", "handle-3")
    assert [one for one in told if one in words_of(text) or one in text] == []


@pytest.mark.parametrize(("state", "word"), [("overdue", "Book"), ("proposed", "Book the rest")])
def test_what_is_not_booked_leads_to_booking(looked: tuple[Api, Mapping[str, UUID]], state: str, word: str) -> None:
    text = page(looked, state, Role.RECEPTION)
    found = re.search(r'<a class="btn sm noprint" href="(/book[^"]+)">([^<]+)</a>', text)
    assert found
    assert (found[2], Browser(looked[0]).get(found[1].replace("&amp;", "&")).status_code) == (word, 200)
    assert "/book" not in page(looked, state, Role.MANAGER)


def test_an_early_session_stays_marked(api: Api) -> None:
    made = courses_at(api.clinic, TODAY)
    api.clock.now = at(TODAY, 9)
    browser = Browser(api, Role.PRACTITIONER)
    opened = browser.get(f"/series/{made['rest']}?session=3").text
    sent = {name: re.search(rf'name="{name}" value="([^"]+)"', opened)[1] for name in ("appointment", "seen")}  # type: ignore[index]
    browser.post(f"/series/{made['rest']}/record", **sent, on=str(day(TODAY)))
    text = words_of(browser.get(f"/series/{made['rest']}").text)
    assert "Early, after 13 days" in text
    assert "1 early" in text


def test_nothing_is_styled_in_place(looked: tuple[Api, Mapping[str, UUID]]) -> None:
    pages = [page(looked, state) for state in looked[1]]
    assert [text for text in pages if " style=" in text or "<style" in text or "<script>" in text] == []


def test_a_script_gets_the_timeline_and_the_table_alone(looked: tuple[Api, Mapping[str, UUID]]) -> None:
    api, made = looked
    answer = Browser(api).get(f"/series/{made['rest']}?move=3&to={day(TODAY + 28)}", **{"HX-Target": "series-live"})
    assert answer.text.lstrip().startswith('<div id="series-live">')
    assert "Nothing is saved yet." in answer.text


def test_a_longer_series_asks_the_database_no_more(looked: tuple[Api, Mapping[str, UUID]]) -> None:
    api, made = looked
    browser = Browser(api, Role.PRACTITIONER)
    numbers = []
    for state in ("rest", "long", "rest", "long"):
        with counted(database_of(api.app).engine) as sent:
            browser.get(f"/series/{made[state]}")
        numbers.append(len(sent))
    assert numbers[2] == numbers[3] <= 16


def test_it_speaks_german(looked: tuple[Api, Mapping[str, UUID]]) -> None:
    api, made = looked
    browser = Browser(api, Role.PRACTITIONER)
    browser.remember(language="de")
    text = words_of(browser.get(f"/series/{made['rest']}?move=3&to={day(TODAY + 28)}").text)
    assert "Vorschau. Sitzung 3 wird auf Freitag, 29. Mai um 10:00 verlegt." in text
    assert [word for word in ("Session", "Move", "Nothing", "Allowed", "Hold:") if word in text] == []
