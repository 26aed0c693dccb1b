"""Who may call: a token first, then its role, then everything else."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from scheduler.domain.access import TABLE, Role
from scheduler.operations.staff.tokens import create_token, revoke_token
from scheduler.web.api import ENDPOINTS
from scheduler.web.api.registry import Endpoint
from tests.support.api import Api
from tests.support.clinic import STAFF
from tests.support.rows import NOW

EXAMPLES: Mapping[type, str] = {UUID: "00000000-0000-7000-8000-000000000000", date: "2026-03-05", str: "x"}


def path_of(endpoint: Endpoint) -> str:
    """The endpoint's path with identifiers that belong to nobody."""
    kinds = {name: field.annotation for name, field in endpoint.path_model.model_fields.items()}
    return endpoint.path.format(**{name: EXAMPLES[kind] for name, kind in kinds.items() if kind})


def named(endpoint: Endpoint) -> str:
    return f"{endpoint.method} {endpoint.path}"


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=named)
def test_every_endpoint_asks_for_a_token(shared_api: Api, endpoint: Endpoint) -> None:
    answer = shared_api.as_role(None).call(endpoint.method, path_of(endpoint))
    assert (answer.status_code, answer.json["code"]) == (401, "token_missing")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Interval"'


@pytest.mark.parametrize("role", STAFF)
@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=named)
def test_every_endpoint_is_closed_to_roles_that_the_table_leaves_out(
    shared_api: Api, endpoint: Endpoint, role: Role
) -> None:
    answer = shared_api.as_role(role).call(endpoint.method, path_of(endpoint))
    refused = answer.status_code == 403 and "roles" in answer.json
    assert refused is (role not in TABLE[endpoint.action])
    if refused:
        assert answer.json["roles"] == sorted(one.value for one in TABLE[endpoint.action])


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "interval_abc", "Token interval_abc"],
)
def test_anything_but_a_bearer_token_counts_as_none(api: Api, header: str) -> None:
    answer = api.as_role(None).call("GET", "/protocols", headers={"Authorization": header})
    assert (answer.status_code, answer.json["code"]) == (401, "token_missing")


def test_an_unknown_token_is_told_apart_from_none(api: Api) -> None:
    answer = api.as_role(None).call("GET", "/protocols", headers={"Authorization": "Bearer interval_abc"})
    assert (answer.status_code, answer.json["code"]) == (401, "token_unknown")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Interval", error="invalid_token"'


def test_the_scheme_may_be_written_in_any_case(api: Api) -> None:
    secret = api.clinic.tokens[Role.RECEPTION]
    answer = api.as_role(None).call("GET", "/protocols", headers={"Authorization": f"bearer {secret}"})
    assert answer.status_code == 200


def called_with(api: Api, secret: str) -> int:
    return api.as_role(None).call("GET", "/protocols", headers={"Authorization": f"Bearer {secret}"}).status_code


def made(api: Api, **values: Any) -> Any:
    clinic = api.clinic
    wanted = {"user_id": clinic.users[Role.RECEPTION], "role": Role.RECEPTION, "name": "kiosk"} | values
    return clinic.do(lambda context: create_token(context, **wanted), Role.MANAGER)


def test_a_token_that_has_expired_is_unknown(api: Api) -> None:
    token = made(api, expires_at=NOW + timedelta(hours=1))
    assert called_with(api, token.secret) == 200
    api.clock.pass_time(timedelta(hours=1))
    assert called_with(api, token.secret) == 401


def test_a_token_that_was_revoked_is_unknown_at_once(api: Api) -> None:
    token = made(api)
    assert called_with(api, token.secret) == 200
    api.clinic.do(lambda context: revoke_token(context, token_id=token.id), Role.MANAGER)
    assert called_with(api, token.secret) == 401
