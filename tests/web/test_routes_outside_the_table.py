"""What asks for no right of the access table is named here: a route beside the tables, or open to anybody, fails."""

from scheduler.web.pages import ENDPOINTS
from scheduler.web.pages.registry import ANYBODY
from tests.support.api import Api

BESIDE = {"/bundles/<name>", "/healthz", "/metrics", "/problems/<code>", "/readyz", "/static/<path:filename>"}
"""Neither a page nor a call of the API."""
AT_THE_DOOR = {
    "/",
    "/login",
    "/login/as/{role}",
    "/login/code",
    "/login/passkey",
    "/login/second-factor",
    "/preferences",
    "/switch",
}
SET_UP = {"/set-password/{token}", "/welcome", "/welcome/demo"}
BY_PERSONAL_LINK = {f"/p/{{token}}{rest}" for rest in ("", "/calendar", "/choices", "/confirm", "/move", "/renew")}


def test_only_these_routes_stand_beside_the_tables(shared_api: Api) -> None:
    rules = shared_api.app.url_map.iter_rules()
    assert {rule.rule for rule in rules if rule.endpoint.split(".")[0] not in ("pages", "api")} == BESIDE


def test_only_these_pages_are_open_to_anybody() -> None:
    asking_nothing = {one.path for one in ENDPOINTS if one.action is ANYBODY}
    assert asking_nothing == AT_THE_DOOR | SET_UP | BY_PERSONAL_LINK
