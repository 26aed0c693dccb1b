"""A request that is sent twice is one deed."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from scheduler.domain.access import Role
from scheduler.storage.kept_answers import forget_answers
from scheduler.storage.rows import IdempotencyRow, PatientRow
from tests.support.api import Api
from tests.support.size import sized
from tests.support.together import together

ZOE = {"name": "Zoë", "phone": "0301234"}
WAYS = 16
ROUNDS = sized(small=3, full=50)


def count(api: Api, row: Any) -> int:
    with api.clinic.database.read() as tx:
        mine = select(func.count()).select_from(row).where(row.organisation_id == api.clinic.organisation_id)
        return tx.scalars(mine).one()


def whole(answer: TestResponse) -> tuple[int, dict[str, str], bytes]:
    return answer.status_code, dict(answer.headers), answer.data


def test_the_same_request_gets_the_same_answer_and_is_done_once(api: Api) -> None:
    first = api.post("/patients", ZOE, key="one")
    second = api.post("/patients", ZOE, key="one")
    assert first.status_code == 201
    assert whole(second) == whole(first)
    assert count(api, PatientRow) == 1


def test_a_body_is_the_same_in_another_order_and_spelling(api: Api) -> None:
    first = api.post("/patients", b'{"name": "Zo\\u00eb", "phone": "0301234"}', key="one")
    second = api.post("/patients", '{"phone":"0301234",\n"name":"Zoë"}'.encode(), key="one")
    assert whole(second) == whole(first)


@pytest.mark.parametrize("body", [ZOE | {"note": "x"}, {"name": "Zoe", "phone": "0301234"}])
def test_the_same_key_with_another_body_is_refused(api: Api, body: dict[str, Any]) -> None:
    api.post("/patients", ZOE, key="one")
    answer = api.post("/patients", body, key="one")
    assert (answer.status_code, answer.json["code"]) == (422, "idempotency_key_reused")
    assert count(api, PatientRow) == 1


def test_the_same_key_at_another_address_is_refused(api: Api) -> None:
    patient = api.post("/patients", ZOE, key="one").json["patient"]
    answer = api.post(f"/patients/{patient['id']}/merge", {"other_id": patient["id"]}, key="one", seen=1)
    assert (answer.status_code, answer.json["code"]) == (422, "idempotency_key_reused")


def test_another_token_s_equal_key_is_another_key(api: Api) -> None:
    answers = [api.as_role(role).post("/patients", ZOE, key="one") for role in (Role.RECEPTION, Role.PRACTITIONER)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert count(api, PatientRow) == 2


def test_without_a_key_every_request_is_a_deed(api: Api) -> None:
    assert [api.post("/patients", ZOE).status_code for _ in range(2)] == [201, 201]
    assert count(api, PatientRow) == 2


def test_a_refusal_is_not_kept(api: Api) -> None:
    assert api.post("/patients", {"name": "Zoë"}, key="one").status_code == 422
    assert api.post("/patients", ZOE, key="one").status_code == 201


def test_the_answer_is_given_again_although_the_revision_has_moved_on(api: Api) -> None:
    survivor, other = (api.post("/patients", ZOE).json["patient"]["id"] for _ in range(2))
    merge = partial(api.post, f"/patients/{survivor}/merge", {"other_id": other}, key="one")
    first = merge(seen=1)
    assert first.status_code == 200
    assert whole(merge(seen=1)) == whole(first)
    assert api.post(f"/patients/{survivor}/merge", {"other_id": other}, key="two", seen=1).status_code == 404


def test_a_token_that_lost_its_right_gets_no_answer_again(api: Api) -> None:
    api.post("/patients", ZOE, key="one")
    answer = api.as_role(None).post("/patients", ZOE, key="one")
    assert answer.status_code == 401


def test_a_key_is_kept_for_a_day_and_then_free(api: Api) -> None:
    first = api.post("/patients", ZOE, key="one")
    api.clock.pass_time(timedelta(hours=24) - timedelta(seconds=1))
    assert whole(api.post("/patients", ZOE, key="one")) == whole(first)
    api.clock.pass_time(timedelta(seconds=1))
    again = api.post("/patients", ZOE | {"note": "another"}, key="one")
    assert (again.status_code, count(api, PatientRow), count(api, IdempotencyRow)) == (201, 2, 1)


def test_answers_older_than_a_day_are_forgotten(api: Api) -> None:
    api.post("/patients", ZOE, key="one")
    api.clock.pass_time(timedelta(hours=1))
    api.post("/patients", ZOE, key="two")
    api.clock.pass_time(timedelta(hours=23))
    api.clinic.database.write(lambda tx: forget_answers(tx, api.clock.now))
    assert count(api, IdempotencyRow) == 1


def test_sixteen_at_once_are_one_deed_and_one_answer(api: Api) -> None:
    for turn in range(ROUNDS):
        before = count(api, PatientRow)
        answers = together([partial(api.post, "/patients", ZOE, key=f"turn-{turn}")] * WAYS)
        assert [whole(answer) for answer in answers] == [whole(answers[0])] * WAYS
        assert answers[0].status_code == 201
        assert count(api, PatientRow) == before + 1


def test_sixteen_bodies_with_one_key_are_one_deed_and_fifteen_refusals(api: Api) -> None:
    for turn in range(ROUNDS):
        bodies = [ZOE | {"note": f"note {number}"} for number in range(WAYS)]
        answers = together([partial(api.post, "/patients", body, key=f"turn-{turn}") for body in bodies])
        assert sorted(answer.status_code for answer in answers) == [201] + [422] * (WAYS - 1)
        codes = {answer.json["code"] for answer in answers if answer.status_code == 422}
        assert codes == {"idempotency_key_reused"}


def test_when_the_first_of_twins_is_refused_the_next_does_the_deed(api: Api) -> None:
    bodies = [{"name": "Zoë"}] * 8 + [ZOE] * 8
    answers = together([partial(api.post, "/patients", body, key="one") for body in bodies])
    done = [answer for answer in answers if answer.status_code == 201]
    assert len({answer.data for answer in done}) == 1
    assert (len(done), count(api, PatientRow)) == (8, 1)
