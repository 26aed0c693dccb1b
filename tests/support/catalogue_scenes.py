"""The scenes of treatments, of a newer version on a series, and of the audit trail."""

from collections.abc import Callable
from uuid import UUID

from playwright.sync_api import Page

from scheduler.domain.access import Role
from scheduler.domain.protocol import SpacingRule
from tests.support.desk import NEEDLING
from tests.support.scene import Act, Scene
from tests.support.series_scenes import series_of
from tests.support.stage import House
from tests.support.versions import new_protocol_version

LONGER = SpacingRule(21, 30, 38, 45, 28)
_newer: dict[UUID, UUID] = {}


def _nothing(_page: Page) -> None:
    """The page as it is."""


def _version(house: House) -> UUID:
    """Version 2 of the treatment, made when it is first asked for; the series of the house are there by then."""
    clinic = house.api.clinic
    series_of(house, "rest")
    if clinic.organisation_id not in _newer:
        _newer[clinic.organisation_id] = new_protocol_version(clinic, NEEDLING, spacing=LONGER, max_sessions=5)
    return _newer[clinic.organisation_id]


def _scene(
    name: str,
    path: Callable[[House], str],
    role: Role = Role.MANAGER,
    act: Act = _nothing,
    language: str = "en",
) -> Scene:
    return Scene(name, path, role, lambda stage: stage.quiet, act, session=(("language", language),))


def _edited(page: Page) -> None:
    page.locator('[name="spacing.max_days"]').fill("49")
    page.locator("main form .btn.primary").click()
    page.locator(".differ").first.wait_for()


def _refused(page: Page) -> None:
    page.locator('[name="spacing.max_days"]').fill("12")
    page.locator("main form .btn.primary").click()
    page.locator(".refusal").wait_for()


def _first(house: House) -> str:
    return f"/protocols/{house.api.clinic.protocol_id(NEEDLING)}"


def _adopting(house: House) -> str:
    _version(house)
    return f"/series/{series_of(house, 'rest')}/version"


CATALOGUE_SCENES = (
    _scene("treatments", lambda _house: "/protocols", Role.RECEPTION),
    _scene("treatments-in-german", lambda _house: "/protocols", Role.RECEPTION, language="de"),
    _scene("contraindications", lambda _house: "/protocols/rules", Role.PRACTITIONER),
    _scene("sites-and-advice", lambda _house: "/protocols/sites", Role.RECEPTION),
    _scene("treatment", lambda house: f"/protocols/{_version(house)}"),
    _scene("treatment-compared", lambda house: f"/protocols/{_version(house)}?since={_first(house)[11:]}"),
    _scene("treatment-older", _first, Role.PRACTITIONER),
    _scene("treatment-edit", lambda house: f"/protocols/{_version(house)}/edit"),
    _scene("treatment-edit-refused", lambda house: f"/protocols/{_version(house)}/edit", act=_refused),
    _scene("treatment-preview", lambda house: f"/protocols/{_version(house)}/edit", act=_edited),
    _scene("series-version", _adopting, Role.PRACTITIONER),
    _scene("audit", lambda _house: "/audit"),
    _scene("audit-of-a-practitioner", lambda _house: "/audit", Role.PRACTITIONER),
    _scene("audit-of-nothing", lambda _house: "/audit?patient=Quirina"),
)
