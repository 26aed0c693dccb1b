"""The scenes of reports: a life-like history, nothing at all, dates that cannot be used."""

from uuid import UUID

from scheduler.domain.access import Role
from tests.support.report_history import twelve_weeks
from tests.support.scene import Scene
from tests.support.stage import NOW, House, Stage

_made: set[UUID] = set()


def _with_history(stage: Stage) -> House:
    """The crowded house, with its history once it is asked for."""
    house = stage.crowded
    if house.api.clinic.organisation_id not in _made:
        _made.add(house.api.clinic.organisation_id)
        twelve_weeks(house.api.clinic, NOW.date())
    return house


def _scene(name: str, query: str = "", role: Role = Role.MANAGER, language: str = "en") -> Scene:
    return Scene(
        f"reports{name}", lambda _house: f"/reports{query}", role, _with_history, session=(("language", language),)
    )


REPORT_SCENES = (
    _scene(""),
    _scene("-of-a-year", "?period=year"),
    _scene("-of-a-practitioner", "", Role.PRACTITIONER),
    _scene("-in-german", "", language="de"),
    _scene("-of-dates-that-cannot-be", "?period=dates&first=2026-12-01&last=2026-11-01"),
    _scene("-of-nothing", "?period=dates&first=2026-01-01&last=2026-01-31"),
)
