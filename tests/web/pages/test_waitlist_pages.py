"""The pages of the waitlist: who waits, who could have a slot that is free again, and the way onto the list."""

import re
from uuid import UUID

from scheduler.domain.access import Role
from scheduler.domain.changes import CancelReason
from scheduler.domain.protocol import ResourceKind
from scheduler.operations.booking.attending import cancel
from scheduler.operations.waitlist.waiting import WaitlistEntry, list_waitlist
from tests.support.api import Api
from tests.support.browse import Browser
from tests.support.desk import Desk


def put_on(browser: Browser, patient_id: UUID, thing: str, **given: object) -> str:
    """Send the form; where it leads."""
    sent = browser.post(f"/patients/{patient_id}/waitlist", thing=thing, **given)
    return str(sent.location) if sent.status_code == 303 else sent.text


def waiting(desk: Desk) -> tuple[WaitlistEntry, ...]:
    return desk.do(lambda context: list_waitlist(context, clinic_id=desk.place.clinic_id))


def test_the_form_offers_what_the_patient_could_wait_for(api: Api, desk: Desk) -> None:
    patient_id = desk.patient()
    series_id = desk.course({1: 7}, patient_id=patient_id)
    page = Browser(api).get(f"/patients/{patient_id}/waitlist?thing=series:{series_id}").text
    assert f'<option value="series:{series_id}" selected>Microneedling, rejuvenation, session 2</option>' in page
    assert re.search(r'<option value="appointment:[0-9a-f-]{36}">Microneedling, rejuvenation, Monday 9 March, ', page)
    assert '<option value="visit:consultation">' in page


def test_whoever_is_put_on_the_list_stands_there_with_what_suits(api: Api, desk: Desk) -> None:
    patient_id = desk.patient()
    series_id = desk.course({1: 7}, patient_id=patient_id)
    browser = Browser(api)
    given = {"day": ["1", "3"], "since": "16:00", "note": "Works in <Potsdam>"}
    assert put_on(browser, patient_id, f"series:{series_id}", **given) == "/waitlist?joined=1"
    page = browser.get("/waitlist?joined=1").text
    assert "The patient is on the waitlist." in page
    assert "Microneedling, rejuvenation, session 2" in page
    assert "Monday 6 April to Monday 20 April 2026; Tuesday, Thursday from 16:00; since Monday 2 March, " in page
    assert "Works in &lt;Potsdam&gt;" in page
    assert f'href="/book?patient={patient_id}&amp;what=series:{series_id}"' in page


def test_hours_that_do_not_follow_one_another_come_back_as_they_were_typed(api: Api, desk: Desk) -> None:
    patient_id = desk.patient()
    given = {"day": ["4"], "since": "16:00", "until": "09:00", "note": "Anytime"}
    page = put_on(Browser(api), patient_id, "visit:consultation", **given)
    assert "<title>Error: " in page
    assert 'href="#join-until">The hours must follow one another.</a>' in page
    assert 'value="Anytime"' in page
    assert re.search(r'name="day" value="4" checked', page)
    assert waiting(desk) == ()


def test_nobody_is_put_on_the_list_twice(api: Api, desk: Desk) -> None:
    patient_id, browser = desk.patient(), Browser(api)
    assert put_on(browser, patient_id, "visit:consultation") == "/waitlist?joined=1"
    assert "The patient waits for this already." in put_on(browser, patient_id, "visit:consultation")
    assert len(waiting(desk)) == 1


def test_a_slot_that_is_free_again_leads_to_those_who_could_have_it(api: Api, desk: Desk) -> None:
    browser, visit_id = Browser(api), desk.visit(desk.patient("Gives back"), 3, "consultation")
    patient_id = desk.patient("Waits")
    put_on(browser, patient_id, "visit:consultation")
    desk.do(lambda context: cancel(context, appointment_id=visit_id, cancel_reason=CancelReason.PATIENT))
    who = desk.place.resources[ResourceKind.PRACTITIONER]
    page = browser.get("/waitlist").text
    assert "Thursday 5 March, 15:00" in page
    assert f'href="/waitlist?at=2026-03-05T15:00&amp;who={who}">One would like it' in page
    found = browser.get(f"/waitlist?at=2026-03-05T15:00&who={who}").text
    assert "Who could come on Thursday 5 March at 15:00" in found
    assert f"what=visit:consultation&amp;pin=2026-03-05T15:00&amp;who={who}" in found
    assert "Waits" in found
    assert f'href="/waitlist?at=2026-03-05T15:00&amp;who={who}">Who could come?' in browser.get("/tasks").text


def test_a_time_that_nobody_can_have_says_so(api: Api, desk: Desk) -> None:
    who = desk.place.resources[ResourceKind.PRACTITIONER]
    assert (
        "Nobody on the waitlist can have this time" in Browser(api).get(f"/waitlist?at=2026-03-05T15:00&who={who}").text
    )
    assert Browser(api).get(f"/waitlist?at=2026-13-05T15:00&who={who}").status_code == 422


def test_who_is_taken_off_is_gone(api: Api, desk: Desk) -> None:
    browser = Browser(api)
    put_on(browser, desk.patient(), "visit:consultation")
    (entry,) = waiting(desk)
    assert browser.post(f"/waitlist/{entry.id}/leave").status_code == 303
    assert waiting(desk) == ()
    assert "Nobody waits for a time." in browser.get("/waitlist").text


def test_managers_have_no_waitlist(api: Api) -> None:
    assert Browser(api, Role.MANAGER).get("/waitlist").status_code == 403
    assert '"/waitlist"' not in Browser(api, Role.MANAGER).get("/tasks").text
    assert 'href="/waitlist"' in Browser(api).get("/tasks").text


def test_where_no_time_fits_the_way_onto_the_list_is_there(api: Api, desk: Desk) -> None:
    path = f"/book?patient={desk.patient()}&what=visit:consultation"
    nothing, something = (Browser(api).get(f"{path}{wish}").text for wish in ("&pin=2026-03-05T03:00", ""))
    link = re.search(r'id="wait" href="(/patients/[^"]*)"', nothing)
    assert link
    assert '<option value="visit:consultation" selected>' in Browser(api).get(link[1]).text
    assert 'id="wait"' not in something


def test_who_owes_a_deposit_is_marked_while_booking(api: Api, desk: Desk) -> None:
    patient_id, browser = desk.patient(), Browser(api)
    assert "Deposit asked for" not in browser.get(f"/book?patient={patient_id}").text
    sent = browser.post(f"/patients/{patient_id}/note", note="", deposit="asked", seen=1)
    assert sent.status_code == 303
    assert "Deposit asked for" in browser.get(f"/book?patient={patient_id}").text
    assert "Deposit asked for" in browser.get(f"/patients/{patient_id}").text
