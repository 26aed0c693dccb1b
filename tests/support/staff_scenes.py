"""The scenes of the staff's pages."""

from collections.abc import Callable

from scheduler.domain.access import Role
from tests.support.scene import Scene
from tests.support.stage import House


def _one(role: Role, rest: str = "") -> Callable[[House], str]:
    return lambda house: f"/staff/{house.api.clinic.users[role]}{rest}"


def _scene(name: str, path: Callable[[House], str]) -> Scene:
    return Scene(name, path, Role.MANAGER)


STAFF_SCENES = (
    _scene("staff", lambda _house: "/staff"),
    _scene("staff-new", lambda _house: "/staff/new"),
    _scene("staff-one", _one(Role.RECEPTION)),
    _scene("staff-own", _one(Role.MANAGER)),
    _scene("staff-end", _one(Role.RECEPTION, "/end")),
    _scene("staff-tokens", lambda _house: "/staff/tokens"),
)
