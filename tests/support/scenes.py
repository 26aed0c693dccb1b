"""The scenes: every page in every state that it has. Each is drawn, and searched by axe, in all widths and themes.

To show a further page or state, add a row.
"""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from scheduler.domain.access import Role
from tests.support.catalogue_scenes import CATALOGUE_SCENES
from tests.support.day_scenes import DAY_SCENES
from tests.support.entrance_scenes import ENTRANCE_SCENES
from tests.support.people_scenes import PEOPLE_SCENES
from tests.support.places_scenes import PLACES_SCENES
from tests.support.report_scenes import REPORT_SCENES
from tests.support.scene import Act, Scene
from tests.support.series_scenes import SERIES_SCENES
from tests.support.staff_scenes import STAFF_SCENES
from tests.support.stage import CLOSED, House


def _at(path: str) -> Callable[[House], str]:
    return lambda house: path.format(held=house.full.held, first=house.full.appointments[5])


def _opened(selector: str) -> Act:
    return lambda page: page.locator(selector).click()


def _arrived(page: Page) -> None:
    page.locator(".rail .act").first.click()
    page.locator("#undo").wait_for()


def _cancelling(page: Page) -> None:
    page.locator("#cancel > summary").click()


def _booking_for_somebody(choice: str = "") -> Callable[[House], str]:
    def path(house: House) -> str:
        told: Any = house.api.get(f"/appointments/{house.full.appointments[5]}").json
        return f"/book?patient={told['patient_id']}&{choice}"

    return path


def _booking(page: Page) -> None:
    page.locator("#book").click()
    page.locator("#caller").fill("a")
    page.locator(".hit").first.wait_for()


GERMAN = (("language", "de"),)
NEEDLING = "what=protocol:microneedling-rejuvenation&site=face"

SCENES = (
    Scene("day", _at("/day")),
    Scene("day-of-a-practitioner", _at("/day"), Role.PRACTITIONER),
    Scene("day-of-a-manager", _at("/day"), Role.MANAGER),
    Scene("day-by-room", _at("/day?by=room")),
    Scene("day-in-german", _at("/day"), session=(("language", "de"),)),
    Scene("day-with-12-practitioners", _at("/day"), house=lambda stage: stage.crowded),
    Scene("day-appointment", _at("/day?open={first}")),
    Scene("day-appointment-on-hold", _at("/day?open={held}"), act=_cancelling),
    Scene("day-appointment-on-hold-for-a-practitioner", _at("/day?open={held}"), Role.PRACTITIONER),
    Scene("day-appointment-gone", _at("/day?open=00000000-0000-7000-8000-000000000000")),
    Scene("day-arrived", _at("/day"), house=lambda stage: stage.crowded, act=_arrived),
    Scene("day-closed", _at(f"/day/{CLOSED}")),
    Scene("day-quiet", _at("/day/2026-11-25"), house=lambda stage: stage.quiet),
    Scene("day-menu", _at("/day"), act=_opened("#who > summary")),
    Scene("day-clinics", _at("/day"), act=_opened("#clinics > summary")),
    Scene("day-sheet", _at("/day/2026-11-24/sheet")),
    *DAY_SCENES,
    Scene("booking-search", _at("/book?q=a")),
    Scene("booking-newcomer", _at("/book?q=Quirina")),
    Scene("booking-first-time", _booking_for_somebody()),
    Scene("booking-plans", _booking_for_somebody(f"{NEEDLING}&day=1")),
    Scene("booking-no-plan", _booking_for_somebody(f"{NEEDLING}&pin={CLOSED}T10:00")),
    Scene("booking-visit-in-german", _booking_for_somebody("what=visit:consultation"), session=GERMAN),
    Scene("booking-beside-the-day", _at("/day"), act=_booking),
    *SERIES_SCENES,
    *REPORT_SCENES,
    *CATALOGUE_SCENES,
    *PLACES_SCENES,
    *STAFF_SCENES,
    *PEOPLE_SCENES,
    *ENTRANCE_SCENES,
    Scene("error-not-found", _at("/nothing")),
    Scene("error-not-allowed", _at("/nothing"), Role.MANAGER),
)
