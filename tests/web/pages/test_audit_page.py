"""The audit trail as people read it: filters, sentences, what each reader may see, and the file."""

import csv
import html
import re
from io import StringIO

import pytest

from scheduler.domain.access import Role
from scheduler.domain.contact import Language
from scheduler.messages.words import words_of
from scheduler.operations.booking.moving import change_sessions
from scheduler.operations.booking.placing import Placement
from tests.support.api import Api
from tests.support.browse import Browser
from tests.support.desk import desk_of
from tests.support.hold_orders import place, wish
from tests.support.recorded import recorded_names
from tests.support.things import Things, things_of

SENTENCE = re.compile(r'<p dir="auto"><strong>(.*?)</strong></p>')


@pytest.fixture
def things(api: Api) -> Things:
    return things_of(api.clinic)


def sentences(api: Api, query: str = "", role: Role = Role.MANAGER) -> list[str]:
    return SENTENCE.findall(Browser(api, role).get(f"/audit{query}").text)


def test_a_move_is_told_with_where_it_was_and_where_it_is(api: Api) -> None:
    desk = desk_of(api.clinic)
    series_id = desk.course({1: 0, 2: 35})
    moved = [Placement(2, desk.place.slot(36, 11, "microneedling-pen"))]
    desk.do(lambda c: change_sessions(c, series_id=series_id, placements=moved))
    page = Browser(api, Role.MANAGER).get(f"/audit?about={series_id}").text
    assert SENTENCE.findall(page)[0] == "reception moved sessions: Nadia Okonjo."
    told = "Session 2: moved from Monday 6 April 2026, 10:00 to Tuesday 7 April 2026, 11:00."
    assert told in page


def test_the_trail_is_filtered_by_person_deed_patient_and_day(api: Api, things: Things) -> None:
    everything = sentences(api)
    assert sentences(api, f"?who={api.clinic.users[Role.MANAGER]}") != everything
    booked = sentences(api, "?what=sessions_booked")
    assert booked == ["reception booked sessions: Nadia Okonjo."]
    assert sentences(api, "?what=sessions_booked&patient=okonjo%20nadia") == booked
    assert sentences(api, "?what=sessions_booked&patient=Quirina") == []
    assert sentences(api, "?what=sessions_booked&first=2026-03-02&last=2026-03-02") == booked
    assert sentences(api, "?what=sessions_booked&first=2026-03-03") == []
    assert sentences(api, f"?what=sessions_booked&about={things['patient_id']}") == booked


def offered(api: Api, language: str) -> dict[str, str]:
    """The kinds of deeds that the filter offers, with their words."""
    browser = Browser(api, Role.MANAGER)
    browser.remember(language=language)
    (filter_,) = re.findall(r'<select id="what".*?</select>', browser.get("/audit").text)
    return {code: html.unescape(word) for code, word in re.findall(r'<option value="(\w+)"[^>]*>(.*?)<', filter_)}


def test_every_deed_that_is_written_down_has_words_of_its_own_in_the_filter(api: Api) -> None:
    english, german = offered(api, "en"), offered(api, "de")
    assert set(english) == set(german) == recorded_names()
    assert len(set(english.values())) == len(set(german.values())) == len(english)
    translated = words_of(Language.GERMAN).translated
    assert german == {code: translated(word) for code, word in english.items()}
    assert [word for code, word in german.items() if not word.startswith("hat ")] == []


def test_the_names_of_deeds_are_found_where_they_are_written() -> None:
    assert {"logged_in", "pin_removed", "keep_stored", "decided_to_omit", "demo_begun"} <= recorded_names()


def test_reception_reads_no_trail(api: Api) -> None:
    answers = [Browser(api).get(path).status_code for path in ("/audit", "/audit/file")]
    assert answers == [403, 403]


def test_a_practitioner_reads_what_was_done_to_own_patients(api: Api, things: Things) -> None:
    assert things
    own = sentences(api, role=Role.PRACTITIONER)
    assert all(one.endswith(": Nadia Okonjo.") for one in own)
    assert "reception added a patient: Another Okonjo." in sentences(api)


def test_a_manager_reads_that_a_hold_was_placed_and_not_why(api: Api) -> None:
    desk = desk_of(api.clinic)
    patient_id = desk.patient()
    desk.course({1: 0, 2: 35}, patient_id=patient_id)
    place(desk, patient_id, wish(34, 37))
    page = Browser(api, Role.MANAGER).get("/audit").text
    assert "practitioner placed a hold: Nadia Okonjo." in SENTENCE.findall(page)
    assert ("retinoid" in page, "Used it yesterday." in page) == (False, False)
    theirs = Browser(api, Role.PRACTITIONER).get("/audit").text
    assert ("retinoid" in theirs, "Used it yesterday." in theirs) == (True, True)


def test_the_file_has_the_same_lines_and_no_formula(api: Api) -> None:
    desk = desk_of(api.clinic)
    desk.patient("=HYPERLINK(1)")
    answer = Browser(api, Role.MANAGER).get("/audit/file?what=patient_added")
    rows = list(csv.reader(StringIO(answer.get_data().decode("utf-8-sig"))))
    assert rows[0][:4] == ["When", "Who", "What", "Patient"]
    assert [row[3] for row in rows[1:]] == ["'=HYPERLINK(1)"]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="audit.csv"'


def test_an_empty_answer_says_so_and_bad_dates_are_refused(api: Api) -> None:
    assert "Nothing was done that fits." in Browser(api, Role.MANAGER).get("/audit?first=2199-01-01").text
    assert Browser(api, Role.MANAGER).get("/audit?first=soon").status_code == 422
