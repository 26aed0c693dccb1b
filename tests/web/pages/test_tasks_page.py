"""The page of tasks: every kind in its order, what can be done at once, and who may."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from scheduler.domain.access import Role
from scheduler.operations.booking.override_requests import list_override_requests
from scheduler.operations.messages.call_list import list_calls
from scheduler.operations.messages.move_requests import show_request
from scheduler.operations.tasks.task_kinds import TaskKind
from scheduler.operations.tasks.tasks import list_tasks
from scheduler.storage.rows import AppointmentRow, OutboxRow, OutboxState, PatientAnswer
from tests.support.api import Api
from tests.support.browse import Browser
from tests.support.clinic import STAFF
from tests.support.desk import desk_of
from tests.support.hold_orders import place, wish
from tests.support.queries import counted
from tests.support.things import Things, things_of


@pytest.fixture
def things(api: Api) -> Things:
    return things_of(api.clinic)


def kinds_in(page: str) -> list[str]:
    return re.findall(r'<section class="card sec" aria-labelledby="k-(\w+)">', page)


def decline(api: Api, appointment_id: UUID) -> None:
    """The patient says no."""

    def say_no(tx: object) -> None:
        tx.get_one(AppointmentRow, appointment_id).patient_answer = PatientAnswer.DECLINED  # type: ignore[attr-defined]

    api.clinic.database.write(say_no)


def state_of(api: Api, message_id: UUID) -> OutboxState:
    with api.clinic.database.read() as tx:
        return tx.execute(select(OutboxRow.state).where(OutboxRow.id == message_id)).scalar_one()


def test_tasks_stand_by_kind_the_most_pressing_first(api: Api, things: Things) -> None:
    decline(api, things["appointment_id"])
    kinds = kinds_in(Browser(api).get("/tasks").text)
    assert kinds == [kind for kind in TaskKind if kind in kinds]
    assert {"override_request", "declined", "move_request", "call", "dead_letter"} <= set(kinds)


@pytest.mark.parametrize("role", STAFF)
def test_each_task_says_what_to_do_whom_to_call_and_leads_to_its_place(api: Api, things: Things, role: Role) -> None:
    page = Browser(api, role).get("/tasks").text
    assert f'href="/patients/{things["patient_id"]}"' in page
    assert 'href="tel:+49305550142"' in page
    does = {
        "call": f'action="/tasks/calls/{things["call_id"]}"' in page,
        "letter": f'action="/tasks/dead-letters/{things["dead_letter_id"]}"' in page,
        "move": f'href="/tasks/moves/{things["move_request_id"]}"' in page,
        "override": f'action="/tasks/overrides/{things["request_id"]}"' in page,
    }
    books, decides = role is not Role.MANAGER, role is Role.PRACTITIONER
    assert does == {"call": books, "letter": True, "move": books, "override": decides}


def test_one_kind_can_be_looked_at_alone(api: Api, things: Things) -> None:
    assert things
    assert kinds_in(Browser(api).get("/tasks?kind=call").text) == ["call"]
    assert Browser(api).get("/tasks?kind=nothing").status_code == 422


def test_an_empty_list_says_so(api: Api) -> None:
    assert "Nothing is left to do." in Browser(api).get("/tasks").text


def test_a_long_list_is_turned_page_by_page(api: Api) -> None:
    desk = desk_of(api.clinic)
    for number in range(27):
        place(desk, desk.patient(f"Patient {number}"), wish(0, 0, "hsv-active"))
    api.clock.pass_time(timedelta(days=15))
    browser, seen, path = Browser(api), [], "/tasks"
    while path:
        page = browser.get(path).text
        seen += re.findall(r'class="name"[^>]*>([^<]*)<', page)
        after = re.search(r'rel="next" href="([^"]*)"', page)
        path = after[1].replace("&amp;", "&") if after else ""
    everything = api.clinic.do(lambda c: list_tasks(c, limit=100), now=api.clock.now).items
    assert len(seen) == 27
    assert seen == [task.patient for task in everything]


@pytest.mark.parametrize(("outcome", "state"), [("called", "called"), ("accepted", "called"), ("no_answer", "to_call")])
def test_what_came_of_a_call_is_noted(api: Api, things: Things, outcome: str, state: str) -> None:
    browser, call_id = Browser(api), things["call_id"]
    answer = browser.post(f"/tasks/calls/{call_id}", outcome=outcome, note="Mornings only", back="/tasks?kind=call")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/tasks?kind=call")
    assert state_of(api, call_id) == state
    left = {call.id: call.no_answers for call in api.clinic.do(lambda c: list_calls(c)).items}
    assert left.get(call_id) == (1 if outcome == "no_answer" else None)


@pytest.mark.parametrize(("action", "state"), [("retry", "waiting"), ("dismiss", "dropped")])
def test_a_message_that_died_is_sent_again_or_left(api: Api, things: Things, action: str, state: str) -> None:
    message_id = things["dead_letter_id"]
    assert Browser(api).post(f"/tasks/dead-letters/{message_id}", action=action).status_code == 303
    assert state_of(api, message_id) == state
    again = Browser(api).post(f"/tasks/dead-letters/{message_id}", action=action, back="/tasks")
    assert again.headers["Location"] == "/tasks"


def test_a_request_for_a_date_outside_the_rules_is_declined_with_a_reason_only(api: Api, things: Things) -> None:
    browser, path = Browser(api, Role.PRACTITIONER), f"/tasks/overrides/{things['request_id']}"
    browser.post(path, decision="decline")
    assert "To decline needs a reason." in browser.get("/tasks").text
    assert browser.post(path, decision="decline", reason="Too soon for the skin").status_code == 303
    assert api.clinic.do(lambda c: list_override_requests(c), Role.PRACTITIONER).items == ()


def test_who_declined_comes_after_all(api: Api, things: Things) -> None:
    decline(api, things["appointment_id"])
    assert Browser(api).post(f"/tasks/declined/{things['appointment_id']}").status_code == 303
    assert "declined" not in kinds_in(Browser(api).get("/tasks").text)


def test_a_request_shows_what_can_be_offered_and_moves_a_visit_there(api: Api, things: Things) -> None:
    browser, path = Browser(api), f"/tasks/moves/{things['move_request_id']}"
    page = browser.get(path).text
    offered = re.search(r'name="place" value="([^"]*)"><input type="hidden" name="seen" value="(\d+)"', page)
    assert offered
    assert browser.post(f"{path}/take", place=offered[1], seen=offered[2]).status_code == 303
    request = api.clinic.do(lambda c: show_request(c, request_id=things["move_request_id"]))
    assert not request.is_open
    assert "This request is closed" in browser.get(path).text


@pytest.mark.parametrize("action", ["done", "decline"])
def test_a_request_is_closed(api: Api, things: Things, action: str) -> None:
    path = f"/tasks/moves/{things['move_request_id']}/close"
    assert Browser(api).post(path, action=action, note="Called").headers["Location"] == "/tasks"
    assert Browser(api).post(path, action=action).headers["Location"] == path.removesuffix("/close")


def test_a_hold_leads_to_its_decision_in_the_patient_s_series_for_who_may_decide(api: Api) -> None:
    desk = desk_of(api.clinic)
    patient_id = desk.patient()
    series_id = desk.series(patient_id)
    hold_id = place(desk, patient_id, wish(0, 0, "hsv-active")).hold.id
    api.clock.pass_time(timedelta(days=15))
    path = f'href="/holds/{hold_id}?series={series_id}"'
    shown = [path in Browser(api, role).get("/tasks").text for role in (Role.PRACTITIONER, Role.RECEPTION)]
    assert shown == [True, False]


def test_no_reason_of_a_hold_is_on_the_page_of_tasks(api: Api) -> None:
    desk = desk_of(api.clinic)
    place(desk, desk.patient(), wish(0, 0, "hsv-active"))
    api.clock.pass_time(timedelta(days=15))
    for role in STAFF:
        page = Browser(api, role).get("/tasks").text.lower()
        assert [word for word in ("used it yesterday", "hsv", "herpes", "cold sore") if word in page] == []
        assert "holds to look at again" in page


def test_the_page_costs_the_same_number_of_queries_for_many_tasks(api: Api, things: Things) -> None:
    assert things
    desk, counts = desk_of(api.clinic), []
    api.clock.pass_time(timedelta(days=15))
    browser = Browser(api)
    for names in (["One"], ["Two", "Three", "Four"]):
        for name in names:
            place(desk, desk.patient(name), wish(0, 0, "hsv-active"))
        assert names[-1] in browser.get("/tasks").text
        with counted(api.clinic.database.engine) as sent:
            browser.get("/tasks")
        counts.append(len(sent))
    assert counts[0] == counts[1]
