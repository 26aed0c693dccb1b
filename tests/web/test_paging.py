"""Lists come in pages; a cursor is sealed and belongs to its list."""

import pytest

from scheduler.domain.access import Role
from tests.support.api import Api


def fill(api: Api, count: int = 7) -> None:
    for number in range(count):
        assert api.post("/patients", {"name": f"Anna {number}", "phone": f"03012340{number}"}).status_code == 201


def walk(api: Api, path: str, **query: str | int) -> list[str]:
    """The identifiers of a whole list, page by page."""
    ids: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = api.get(path, **query, **cursor).json
        ids += [item["id"] for item in page["items"]]
        if page["next"] is None:
            return ids
        cursor = {"cursor": page["next"]}


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8, 100])
def test_pages_of_any_size_make_the_whole_list(api: Api, limit: int) -> None:
    fill(api)
    names = [item["name"] for item in api.get("/patients", limit=100).json["items"]]
    assert names == [f"Anna {number}" for number in range(7)]
    assert walk(api, "/patients", limit=limit) == walk(api, "/patients", limit=100)
    assert walk(api, "/patients", q="anna", limit=limit) == walk(api, "/patients", limit=100)


def test_protocols_come_in_pages_too(api: Api) -> None:
    assert walk(api, "/protocols", limit=3) == walk(api, "/protocols", limit=100)


def test_a_page_has_25_items_unless_another_size_is_asked_for(api: Api) -> None:
    fill(api, 10)
    for number in range(16):
        api.post("/patients", {"name": f"Bo {number}", "phone": "0301234"})
    page = api.get("/patients").json
    assert (len(page["items"]), page["next"] is None) == (25, False)


def test_a_list_that_changed_between_two_pages_repeats_nothing(api: Api) -> None:
    fill(api, 4)
    first = api.get("/patients", limit=2).json
    api.post("/patients", {"name": "Aaron", "phone": "0301234"})
    rest = api.get("/patients", limit=100, cursor=first["next"]).json
    assert [item["name"] for item in rest["items"]] == ["Anna 2", "Anna 3"]


def test_a_cursor_tells_no_name(api: Api) -> None:
    fill(api, 2)
    assert len(api.get("/patients", limit=1).json["next"]) < 100


@pytest.mark.parametrize(
    "spoil", [lambda c: c[:-1], lambda c: "A" + c, lambda c: c + "A", lambda c: "x", lambda c: "."]
)
def test_a_cursor_that_was_changed_is_refused(api: Api, spoil: object) -> None:
    fill(api, 2)
    cursor = api.get("/patients", limit=1).json["next"]
    answer = api.get("/patients", cursor=spoil(cursor))  # type: ignore[operator]
    assert (answer.status_code, answer.json["code"]) == (422, "cursor_invalid")


def test_a_cursor_of_another_list_or_other_filters_is_refused(api: Api) -> None:
    fill(api, 2)
    cursor = api.get("/patients", q="anna", limit=1).json["next"]
    answers = [api.get("/patients", cursor=cursor), api.get("/patients", q="ann", cursor=cursor)]
    answers.append(api.get("/protocols", cursor=cursor))
    answers.append(api.as_role(Role.MANAGER).get("/audit", about=api.clinic.clinic_id, cursor=cursor))
    assert [answer.json["code"] for answer in answers] == ["cursor_invalid"] * 4
    assert api.get("/patients", q="anna", limit=5, cursor=cursor).status_code == 200
