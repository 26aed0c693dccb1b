"""Who runs late, over the API."""

from datetime import timedelta

from scheduler.domain.access import Role
from tests.support.api import Api


def test_a_delay_is_put_read_shown_in_the_day_and_taken_back(api: Api) -> None:
    practitioner, on = str(api.clinic.practitioner_id), api.clock.now.date().isoformat()
    path = f"/practitioners/{practitioner}/delay"
    assert api.get(path).json == {"practitioner_id": practitioner, "on": on, "minutes": 0}
    late = {"practitioner_id": practitioner, "on": on, "minutes": 20}
    assert [api.call("PUT", path, {"minutes": 20}).json for _ in range(2)] == [late, late]
    assert api.get(path).json == late
    (column,) = api.get(f"/days/{on}").json["practitioners"]
    assert (column["resource_id"], column["delay"]) == (practitioner, 20)
    assert [api.call("DELETE", path).status_code for _ in range(2)] == [204, 204]
    assert api.get(path).json["minutes"] == 0


def test_a_delay_is_of_its_day_only(api: Api) -> None:
    path = f"/practitioners/{api.clinic.practitioner_id}/delay"
    api.call("PUT", path, {"minutes": 480})
    api.clock.now += timedelta(days=1)
    assert api.get(path).json["minutes"] == 0


def test_a_room_is_never_late_and_nobody_is_for_more_than_eight_hours(api: Api) -> None:
    assert api.get(f"/practitioners/{api.clinic.room_id}/delay").status_code == 404
    answer = api.call("PUT", f"/practitioners/{api.clinic.practitioner_id}/delay", {"minutes": 481})
    assert (answer.status_code, answer.json["errors"][0]["at"]) == (422, "/minutes")


def test_a_practitioner_marks_their_own_column(api: Api) -> None:
    path = f"/practitioners/{api.clinic.practitioner_id}/delay"
    assert api.as_role(Role.PRACTITIONER).call("PUT", path, {"minutes": 5}).json["minutes"] == 5
