"""What a scene is: a page in one of its states, to be drawn and tried. All of them are listed in ``scenes.py``."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from scheduler.domain.access import Role
from tests.support.stage import House, Stage

Act = Callable[[Page], None]


@dataclass(frozen=True)
class Scene:
    """A page of a house, as a role sees it (``None``: a stranger), after something was done with it."""

    name: str
    path: Callable[[House], str]
    role: Role | None = Role.RECEPTION
    house: Callable[[Stage], House] = lambda stage: stage.usual
    act: Act = lambda page: None
    session: tuple[tuple[str, str], ...] = ()
