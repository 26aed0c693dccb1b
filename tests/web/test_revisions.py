"""A change names the revision that its author saw."""

from functools import partial
from typing import Any

import pytest

from tests.support.api import Api
from tests.support.size import sized
from tests.support.together import together

ROUNDS = sized(small=2, full=20)


@pytest.fixture
def patient(api: Api) -> dict[str, Any]:
    return dict(api.post("/patients", {"name": "Zoë", "phone": "0301234"}).json["patient"])


def test_an_answer_carries_the_revision_that_the_next_change_must_name(api: Api, patient: dict[str, Any]) -> None:
    path = f"/patients/{patient['id']}"
    tag = api.get(path).headers["ETag"]
    for note in ("first", "second"):
        answer = api.call("PATCH", path, {"note": note}, headers={"If-Match": tag})
        assert answer.status_code == 200
        tag = answer.headers["ETag"]
    assert (tag, api.get(path).headers["ETag"]) == ('"3"', '"3"')


def test_a_change_without_a_revision_is_428(api: Api, patient: dict[str, Any]) -> None:
    answer = api.patch(f"/patients/{patient['id']}", {"note": "x"})
    assert (answer.status_code, answer.json["code"]) == (428, "revision_missing")


def test_a_change_of_another_revision_is_412_and_tells_today_s(api: Api, patient: dict[str, Any]) -> None:
    for seen in (0, 2):
        answer = api.patch(f"/patients/{patient['id']}", {"note": "x"}, seen=seen)
        assert (answer.status_code, answer.json["code"]) == (412, "stale")
        assert (answer.json["revision"], answer.json["seen"]) == (1, seen)


@pytest.mark.parametrize("tag", ["1", '"1', "*", 'W/"1"', '"1", "2"', '"01"', '"-1"', '"x"', '"99999999999"', ""])
def test_a_revision_in_another_spelling_is_422(api: Api, patient: dict[str, Any], tag: str) -> None:
    answer = api.call("PATCH", f"/patients/{patient['id']}", {"note": "x"}, headers={"If-Match": tag})
    assert (answer.status_code, answer.json["errors"][0]["at"]) == (422, "/If-Match")


def test_what_is_not_there_is_404_whatever_revision_is_named(api: Api) -> None:
    assert api.patch("/patients/00000000-0000-7000-8000-000000000000", {}, seen=1).status_code == 404


def test_of_sixteen_changes_of_one_revision_one_is_made(api: Api, patient: dict[str, Any]) -> None:
    path = f"/patients/{patient['id']}"
    for seen in range(1, ROUNDS + 1):
        changes = [partial(api.patch, path, {"note": f"{seen}-{number}"}, seen=seen) for number in range(16)]
        answers = together(changes)
        assert sorted(answer.status_code for answer in answers) == [200] + [412] * 15
        (made,) = [answer.json for answer in answers if answer.status_code == 200]
        assert api.get(path).json == made
