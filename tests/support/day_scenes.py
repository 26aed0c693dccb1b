"""Scenes of the day beside the plain ones: a column that is opened, somebody who runs late, a week."""

from collections.abc import Callable
from uuid import UUID

from playwright.sync_api import Page
from sqlalchemy import select

from scheduler.domain.access import Role
from scheduler.storage.rows import AppointmentRow
from tests.support.scene import Scene
from tests.support.stage import NOW, House

ON = NOW.date().isoformat()


def person_of(house: House) -> UUID:
    """Who has the first appointment of the full day."""
    with house.api.clinic.database.read() as tx:
        query = select(AppointmentRow.practitioner_id).where(AppointmentRow.id == house.full.appointments[0])
        found = tx.scalars(query).one()
    assert found is not None
    return found


def column(more: str = "") -> Callable[[House], str]:
    """The column of that practitioner, opened."""
    return lambda house: f"/day/{ON}/column/{person_of(house)}{more}"


def week(house: House) -> str:
    """The week of that practitioner."""
    return f"/week/{person_of(house)}/{ON}"


def quiet_week(house: House) -> str:
    """A week in which nothing is booked."""
    return f"/week/{person_of(house)}/2027-02-01"


def moved(house: House) -> str:
    """An appointment of the afternoon that is wanted at another time."""
    return f"/day/{ON}/move/{house.full.appointments[8]}?to={ON}&at=17:00"


PREVIEW = "?look=yes&start=13:00&end=15:00&label=Ill"
WRONG = "?look=yes&start=15:00&end=13:00&label="


def _late(page: Page) -> None:
    """Mark the practitioner as late."""
    page.locator(".pick").nth(3).click()
    page.locator("#on-time").wait_for()


DAY_SCENES = (
    Scene("day-column", column()),
    Scene("day-column-preview", column(PREVIEW)),
    Scene("day-column-wrong", column(WRONG)),
    Scene("day-column-of-somebody-else", column(), Role.PRACTITIONER),
    Scene("day-late", column(), act=_late),
    Scene("day-move", moved),
    Scene("week", week),
    Scene("week-quiet", quiet_week, Role.PRACTITIONER),
)
