"""Booking as forms: search, plans, the deed, and what happens when a rival was faster."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from scheduler.domain.access import Role
from scheduler.domain.wishes import Wishes
from scheduler.operations.booking.planning import plan_series
from scheduler.operations.patients.patient_merging import merge_patients
from scheduler.storage.free_time import FreeTime
from scheduler.storage.rows import AppointmentRow, ClaimRow, KeepRow, PatientRow, SeriesRow
from tests.support.api import Api
from tests.support.booking_pages import asked, booked, count, new_series, plans, sessions
from tests.support.browse import Browser
from tests.support.desk import Desk

HTMX = {"HX-Request": "true"}


@pytest.fixture
def browser(api: Api) -> Browser:
    return Browser(api)


def test_a_caller_is_found_by_part_of_the_name_and_the_link_goes_on_with_the_pinned_time(
    browser: Browser, desk: Desk
) -> None:
    patient = desk.patient("Nadia Okonjo")
    page = browser.get("/book?q=okon&pin=2026-03-05T11:00").text
    assert f"/book?patient={patient}&amp;pin=2026-03-05T11%3A00" in page
    assert "One patient found" in page


def test_a_script_gets_the_panel_alone(browser: Browser) -> None:
    part, whole = (browser.get("/book", **headers).text for headers in (HTMX, {}))
    assert ("<html" in part, 'id="booking"' in part, "<html" in whole, 'id="booking"' in whole) == (
        False,
        True,
        True,
        True,
    )


def test_five_plans_are_offered_with_the_best_one_chosen_and_nothing_is_stored(browser: Browser, desk: Desk) -> None:
    page = browser.get(new_series(desk.patient())).text
    assert (len(plans(page)), page.count(" checked autofocus"), count(desk, SeriesRow)) == (5, 1, 0)
    assert re.search(r"Best 5 of \d+ plans, 28 to 42 days apart", page)
    assert "Every 5 weeks." in page
    assert re.search(r"<q>\w+ \d+ March, \d+ April, \d+ May and \d+ June, each at 09:00 with Ada.</q>", page)


def test_the_number_of_all_plans_is_told(browser: Browser, desk: Desk) -> None:
    patient = desk.patient()
    series = desk.series(patient, 3)
    told = re.findall(r"Best 5 of (\d+) plans", browser.get(f"/book?patient={patient}").text)
    every = desk.do(lambda context: plan_series(context, FreeTime(), series_id=series, wishes=Wishes(), limit=999))
    assert told == [str(len(every.plans))]


def test_an_add_on_is_booked_with_the_series(browser: Browser, desk: Desk) -> None:
    booked(browser, new_series(desk.patient(), addon="serum", sessions="3"))
    ours = SeriesRow.organisation_id == desk.clinic.organisation_id
    assert desk.read(lambda tx: tx.scalars(select(SeriesRow.addons).where(ours)).one()) == ["serum"]


def test_an_add_on_that_the_treatment_does_not_have_is_not_asked_for(browser: Browser, desk: Desk) -> None:
    page = browser.get(new_series(desk.patient(), addon="gold")).text
    assert ("addon=" in asked(page), len(plans(page))) == (False, 5)
    assert re.findall(r'name="addon" value="(\w+)"', page) == ["serum", "prp"]


def test_the_whole_plan_is_booked_and_what_was_booked_is_shown_with_its_undo(browser: Browser, desk: Desk) -> None:
    answer = booked(browser, new_series(desk.patient()))
    assert (answer.status_code, [len(one) for one in sessions(desk)]) == (303, [4])
    page = browser.get(answer.location).text
    assert ("Booked for Nadia Okonjo, who will be told" in page, 'id="undo"' in page) == (True, True)
    assert page.count("circle-check") == 4


@pytest.mark.parametrize(("deed", "number"), [("all", 4), ("next", 1), ("first", 2)])
def test_all_sessions_the_first_few_or_only_the_next_are_booked(
    browser: Browser, desk: Desk, deed: str, number: int
) -> None:
    booked(browser, new_series(desk.patient()), deed=deed, count=2)
    assert [sorted(one) for one in sessions(desk)] == [list(range(1, number + 1))]


def test_a_rival_who_was_faster_is_told_of_with_fresh_plans_and_the_choice_kept(browser: Browser, desk: Desk) -> None:
    path = new_series(desk.patient(), day="1", since="10:00")
    page = browser.get(path).text
    booked(browser, new_series(desk.patient("Wen Li"), day="1", since="10:00"))
    answer = browser.post("/book", asked=asked(page), plan=plans(page)[0])
    assert (answer.status_code, "Just taken, here are the next five." in answer.text) == (409, True)
    assert (len(plans(answer.text)), plans(page)[0] in plans(answer.text)) == (5, False)
    assert (asked(answer.text), count(desk, SeriesRow)) == (asked(page), 1)


def test_wishes_are_heard(browser: Browser, desk: Desk) -> None:
    page = browser.get(new_series(desk.patient(), day="1", since="16:00", start="2026-03-09")).text
    assert ("Tuesdays, 16:00, Ada" in page, page.count(" checked><span>Tue</span>")) == (True, 1)


def test_a_pinned_time_is_the_only_start(browser: Browser, desk: Desk) -> None:
    page = browser.get(new_series(desk.patient(), pin="2026-03-05T11:00")).text
    assert {one[:18] for one in plans(page)} == {"1,20260305T100000Z"}
    assert "Only Thursday 5 March at 11:00" in page


def test_where_a_wish_excludes_all_plans_it_is_named_and_can_be_given_up(browser: Browser, desk: Desk) -> None:
    page = browser.get(new_series(desk.patient(), pin="2026-03-05T03:00")).text
    assert (plans(page), "No plan fits." in page) == ([], True)
    assert "A session is pinned to one time." in page
    link = re.search(r'href="(/book[^"]+)"[^>]*>Let go of the pinned time', page)
    assert len(plans(browser.get(unescape(link[1]) if link else "/").text)) == 5


def test_a_rule_that_excludes_all_plans_is_told_in_words(browser: Browser, desk: Desk) -> None:
    page = browser.get(new_series(desk.patient(), start="2029-01-01")).text
    assert (plans(page), "Plans begin within 730 days from today." in page) == ([], True)


def test_a_series_that_goes_on_is_meant_first(browser: Browser, desk: Desk) -> None:
    patient = desk.patient()
    series = desk.course({1: 0, 2: 35}, patient_id=patient)
    answer = booked(browser, f"/book?patient={patient}")
    assert (answer.location, sorted(desk.dates(series))) == (f"/book?booked=series%3A{series}", [1, 2, 3, 4])


def test_a_returning_patient_is_offered_the_same_treatment_again(browser: Browser, desk: Desk) -> None:
    patient = desk.patient()
    desk.course({1: 0, 2: 35, 3: 70}, 3, patient)
    assert asked(browser.get(f"/book?patient={patient}").text).endswith(
        "what=protocol%3Amicroneedling-rejuvenation&sessions=3&site=face"
    )


def test_a_visit_is_booked_from_its_free_times(browser: Browser, desk: Desk) -> None:
    answer = booked(browser, f"/book?patient={desk.patient()}&what=visit:consultation&start=2026-03-03")
    ours = AppointmentRow.organisation_id == desk.clinic.organisation_id
    rows = desk.read(lambda tx: list(tx.scalars(select(AppointmentRow.on_date).where(ours))))
    assert (answer.status_code, [str(on) for on in rows]) == (303, ["2026-03-03"])
    assert "Tuesday 3 March at 09:00 with Ada." in browser.get(answer.location).text


def test_a_visit_that_fits_nowhere_names_the_wishes_that_could_be_given_up(browser: Browser, desk: Desk) -> None:
    path = f"/book?patient={desk.patient()}&what=visit:consultation&away=2026-03-01&back=2026-05-01"
    page = browser.get(path).text
    assert ("Nothing is free within four weeks." in page, plans(page)) == (True, [])
    link = re.search(r'href="(/book[^"]+)"[^>]*>Allow these dates', page)
    assert len(plans(browser.get(unescape(link[1]) if link else "/").text)) == 5


def test_a_record_that_was_merged_leads_to_the_one_that_stays(browser: Browser, desk: Desk) -> None:
    stays, goes = desk.patient("Nadia Okonjo"), desk.patient("Okonjo Nadia")
    desk.do(lambda context: merge_patients(context, patient_id=stays, other_id=goes, seen=None))
    assert browser.get(f"/book?patient={goes}").location == f"/book?patient={stays}"


def test_slots_are_kept_shown_as_kept_and_given_back(browser: Browser, desk: Desk) -> None:
    kept = booked(browser, new_series(desk.patient()), deed="keep").location
    page = browser.get(kept).text
    assert ("Kept until 09:10." in page, count(desk, KeepRow), "Keep for today" in page) == (True, 1, True)
    answer = browser.post("/book/release", asked=asked(page))
    assert ([count(desk, row) for row in (KeepRow, ClaimRow, SeriesRow)], "keep=" in answer.location) == (
        [0, 0, 0],
        False,
    )


def test_what_is_kept_can_be_booked(browser: Browser, desk: Desk) -> None:
    kept = booked(browser, new_series(desk.patient()), deed="keep").location
    booked(browser, kept)
    assert (count(desk, KeepRow), [len(one) for one in sessions(desk)]) == (0, [4])


def test_a_booking_is_put_aside_and_taken_up_again(browser: Browser, desk: Desk) -> None:
    page = browser.get(new_series(desk.patient(), day="3"))
    browser.post("/book/park", asked=asked(page.text))
    aside = browser.get("/book").text
    assert ("Put aside" in aside, "Nadia Okonjo" in aside) == (True, True)
    taken_up = browser.post("/book/parked/take-up", asked=asked(page.text)).location
    assert asked(browser.get(taken_up).text) == asked(page.text)
    assert "Nadia Okonjo" not in browser.get("/book").text


def test_a_new_caller_is_added_and_the_booking_goes_on(browser: Browser, desk: Desk) -> None:
    answer = browser.post("/book/patients", name="Wen Li", phone="020 5550199", asked="pin=2026-03-05T11%3A00")
    assert (answer.status_code, count(desk, PatientRow)) == (303, 1)
    assert ("Wen Li" in browser.get(answer.location).text, "pin=" in answer.location) == (True, True)


def test_a_caller_who_may_be_on_file_is_asked_about_and_can_be_added_all_the_same(browser: Browser, desk: Desk) -> None:
    known = desk.patient("Wen Li")
    answer = browser.post("/book/patients", name="Li Wen", phone="+49 30 5550142", asked="")
    assert (answer.status_code, f"/book?patient={known}" in answer.text) == (409, True)
    assert 'name="is_new" value="yes"' in answer.text
    sure = browser.post("/book/patients", name="Li Wen", phone="+49 30 5550142", asked="", is_new="yes")
    assert (sure.status_code, count(desk, PatientRow)) == (303, 2)


def test_what_is_missing_is_said_beside_its_field_and_what_was_typed_stays(browser: Browser) -> None:
    answer = browser.post("/book/patients", name="Wen Li", phone="12", asked="")
    assert answer.status_code == 422
    assert 'id="new-phone-fault">must be a phone number of 5 to 15 digits' in answer.text
    assert 'value="Wen Li"' in answer.text


def test_a_plan_that_no_page_made_is_refused(browser: Browser, desk: Desk) -> None:
    page = browser.get(new_series(desk.patient())).text
    assert browser.post("/book", asked=asked(page), plan="1,now").status_code == 409
    assert count(desk, SeriesRow) == 0


@pytest.mark.parametrize(
    "query", ["what=series:1", "pin=2026-02-30T10:00", "pin=soon", "booked=visit:1", "patient=1", "start=tomorrow"]
)
def test_an_address_that_makes_no_sense_is_refused_in_words(browser: Browser, query: str) -> None:
    assert browser.get(f"/book?{query}").status_code == 422


@pytest.mark.parametrize("choice", ["", "what=protocol:x", "what=visit:consultation", "what=nothing"])
def test_a_form_without_a_complete_choice_books_nothing(browser: Browser, desk: Desk, choice: str) -> None:
    plan = plans(browser.get(new_series(desk.patient())).text)[0]
    assert browser.post("/book", asked=choice, plan=plan).status_code in (409, 422)
    assert count(desk, SeriesRow) == 0


def test_the_page_speaks_german(api: Api, desk: Desk) -> None:
    browser = Browser(api)
    browser.remember(language="de")
    page = browser.get(new_series(desk.patient(), day="1")).text
    assert "Alle 5 Wochen." in page
    assert re.search(
        r"<q>Dienstag, \d+. März, \d+. April, \d+. Mai und \d+. Juni, jeweils um 09:00 Uhr bei Ada.</q>", page
    )


def test_a_manager_does_not_book(api: Api) -> None:
    assert Browser(api, Role.MANAGER).get("/book").status_code == 403
