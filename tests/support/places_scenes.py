"""Scenes of the clinic: its resources, hours, closures and settings, and the patients whom an absence affects."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from playwright.sync_api import Page, expect

from scheduler.domain.access import Role
from scheduler.domain.protocol import ResourceKind
from scheduler.operations.places.absences import add_absence
from tests.support.day_scenes import person_of
from tests.support.desk import Desk, at, day, desk_of
from tests.support.scene import Act, Scene
from tests.support.stage import NOW, House, Stage

TOMORROW = (NOW.date() - day(0)).days + 1
CALLERS = ("Priya Raman", "Joan Merriweather", "Llanfairpwllgwyngyll Hernández de la Cruz", "Ніна Шевченко", "Wen Li")

_ill: dict[UUID, UUID] = {}


def _with_somebody_ill(stage: Stage) -> House:
    """The crowded house, in which a colleague is ill tomorrow, once it is asked for."""
    house = stage.crowded
    owner = house.api.clinic.organisation_id
    if owner not in _ill:
        _ill[owner] = _somebody_ill(_desk(house))
    return house


def _somebody_ill(desk: Desk) -> UUID:
    for hour, name in enumerate(CALLERS, 9):
        desk.visit(desk.patient(name), TOMORROW, "consultation", hour)
    desk.book(desk.series(desk.patient("Teodora Ilić"), now=NOW), {1: TOMORROW}, hour=14, now=NOW)
    who, times = desk.clinic.practitioner_id, {"starts_at": at(TOMORROW, 5), "ends_at": at(TOMORROW, 23)}
    added = desk.do(lambda c: add_absence(c, resource_id=who, label="Ill", seen=None, **times), Role.MANAGER, NOW)
    return added.absence.id


def _desk(house: House) -> Desk:
    """The desk of the house, with the colleague who has all hours."""
    desk = desk_of(house.api.clinic)
    people = {**desk.place.resources, ResourceKind.PRACTITIONER: house.api.clinic.practitioner_id}
    return replace(desk, place=replace(desk.place, resources=people))


def _affected(house: House) -> str:
    return f"/affected?absence={_ill[house.api.clinic.organisation_id]}"


def _absence(house: House) -> str:
    return f"/clinic/resources/{house.api.clinic.practitioner_id}/absences/new?on={day(TOMORROW)}"


def _resource(more: str = "") -> Callable[[House], str]:
    return lambda house: f"/clinic/resources/{person_of(house)}{more}"


def _plans(page: Page) -> None:
    expect(page.locator(".plan-place > .links")).to_have_count(0, timeout=20_000)


def _called(page: Page) -> None:
    page.locator('[value="accepted"]').first.click()
    page.locator('[value="no_answer"]').nth(1).click()
    _plans(page)


def _looked(page: Page) -> None:
    page.locator("main form .btn.primary").click()
    page.locator('[name="known"]').wait_for(state="attached")


def _wrong(page: Page) -> None:
    page.locator("#hours-d0").fill("nine to five")
    page.locator("main form .btn.primary").click()
    page.locator("#hours-refusal").wait_for()


def _opened(page: Page) -> None:
    for one in page.locator("main details > summary").all():
        one.click()


def _scene(
    name: str,
    path: str | Callable[[House], str],
    role: Role = Role.MANAGER,
    act: Act = lambda _page: None,
    house: Callable[[Stage], House] = lambda stage: stage.usual,
    language: str = "en",
) -> Scene:
    find = path if callable(path) else (lambda _house: path)
    return Scene(f"clinic{name}", find, role, house, act, (("language", language),))


PLACES_SCENES = (
    _scene("", "/clinic"),
    _scene("-for-reception", "/clinic", Role.RECEPTION),
    _scene("-in-german", "/clinic", language="de", house=_with_somebody_ill),
    _scene("-settings", "/clinic/settings"),
    _scene("-hours", "/clinic/hours"),
    _scene("-hours-wrong", "/clinic/hours", act=_wrong),
    _scene("-closures", "/clinic/closures"),
    _scene("-holidays", "/clinic/closures/holidays?year=2026"),
    _scene("-resource-new", "/clinic/resources/new?kind=device"),
    _scene("-resource", _resource()),
    _scene("-resource-opened", _resource(), act=_opened),
    _scene("-resource-for-reception", _resource(), Role.RECEPTION),
    _scene("-resource-in-german", _resource(), house=_with_somebody_ill, language="de"),
    _scene("-absence", _resource("/absences/new"), Role.RECEPTION),
    _scene("-absence-looked-at", _absence, act=_looked, house=_with_somebody_ill),
    _scene("-affected", _affected, Role.RECEPTION, _plans, _with_somebody_ill),
    _scene("-affected-called", _affected, Role.RECEPTION, _called, _with_somebody_ill),
    _scene("-affected-for-a-manager", _affected, house=_with_somebody_ill, language="de"),
    _scene("-affected-nobody", "/affected", house=lambda stage: stage.quiet),
)
