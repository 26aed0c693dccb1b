"""The scenes of the pages of patients and tasks, and of a patient's own pages in every state."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, time, timedelta
from functools import partial
from uuid import UUID

from playwright.sync_api import Page
from sqlalchemy import select

from scheduler.domain.access import Role
from scheduler.domain.contact import Language
from scheduler.domain.patient_links import LASTS, LinkScope
from scheduler.domain.refusals import RuleBroken
from scheduler.domain.wishes import Preference
from scheduler.operations.context import Context
from scheduler.operations.messages.move_requests import Wish, close_requests, request_move
from scheduler.operations.patients.patient_links import issue_patient_link
from scheduler.operations.patients.patients import edit_patient
from scheduler.operations.waitlist.joining import WaitlistWish, join_waitlist
from scheduler.storage.rows import AppointmentRow, SeriesRow
from scheduler.web.service import NAME
from tests.support.scene import Act, Scene
from tests.support.series_scenes import series_of
from tests.support.stage import House, Stage

BORN = date(1990, 2, 28)

Path = Callable[[House], str]


def patient_of(house: House, state: str) -> UUID:
    """The patient of the house's series in this state."""
    with house.api.clinic.database.read() as tx:
        return tx.get_one(SeriesRow, series_of(house, state)).patient_id


def own_path(house: House, state: str, rest: str = "", language: Language = Language.ENGLISH) -> str:
    """The address of a fresh link of that patient, who has a date of birth and this language."""
    clinic, patient_id = house.api.clinic, patient_of(house, state)
    given = {"date_of_birth": BORN, "language": language}
    clinic.do(lambda c: edit_patient(c, patient_id=patient_id, seen=None, given=given), now=house.api.clock.now)
    key = house.api.app.extensions[NAME].link_key
    link = clinic.do(
        lambda c: issue_patient_link(c, key, patient_id=patient_id, scope=LinkScope.VISITS), now=house.api.clock.now
    )
    return f"/p/{link.token}{rest}"


def waitlist_path(house: House) -> str:
    """The waitlist with two who wait for a visit, one of them for mornings with a practitioner."""
    clinic = house.api.clinic
    mornings = tuple(Preference(day, time(8), time(12)) for day in (0, 2))
    asked = WaitlistWish(visit_type="review", clinic_id=clinic.clinic_id, note="Rings back after five.")
    wishes = {"rest": replace(asked, prefer=mornings, until=date(2026, 12, 18)), "held": asked}
    for state, wish in wishes.items():
        patient_id = patient_of(house, state)
        with suppress(RuleBroken):
            clinic.do(partial(join_waitlist, patient_id=patient_id, wish=wish), now=house.api.clock.now)
    return "/waitlist"


def request_path(house: House) -> str:
    """Somebody's wish to come at another time."""
    patient_id, now = patient_of(house, "rest"), house.api.clock.now
    coming = (AppointmentRow.patient_id == patient_id, AppointmentRow.starts_at > now)

    def ask(context: Context) -> UUID:
        row = context.tx.scalars(select(AppointmentRow).where(*coming).order_by(AppointmentRow.starts_at)).first()
        assert row is not None
        close_requests(context, row.id)
        return request_move(context, row, Wish(row.starts_at + timedelta(7), "Rather a week later."))

    return f"/tasks/moves/{house.api.clinic.do(ask, now=now)}"


def confirm(page: Page) -> None:
    """Give the date of birth."""
    page.locator("#confirm-born").fill(BORN.isoformat())
    page.locator("main form button").click()
    page.locator("#all-title").wait_for()


def _choices(page: Page) -> None:
    confirm(page)
    page.locator(".linklist a").last.click()
    page.locator("#choices-privacy").wait_for()


def _asked(page: Page) -> None:
    """Another time was asked for."""
    confirm(page)
    page.locator(".linklist a").first.click()
    page.locator("#move-words").fill("Tuesdays after four")
    page.locator("main form button").first.click()
    page.locator("[role=status]").wait_for()


def run_out(house: House) -> str:
    """The address of a link that has run out by itself."""
    clinic, key = house.api.clinic, house.api.app.extensions[NAME].link_key
    long_ago = house.api.clock.now - LASTS[LinkScope.VISITS] - timedelta(days=1)
    link = clinic.do(
        lambda c: issue_patient_link(c, key, patient_id=patient_of(house, "rest"), scope=LinkScope.VISITS), now=long_ago
    )
    return f"/p/{link.token}"


def _calendar(page: Page) -> None:
    """The link of the page, made if need be."""
    if page.locator("#address").count() == 0:
        page.locator("#calendar button").first.click()
        page.locator("#address").wait_for()
    elif not page.locator("#address").is_visible():
        page.locator("#calendar summary").click()


def _scene(
    name: str,
    path: Path,
    role: Role | None = Role.RECEPTION,
    act: Act = lambda _page: None,
    house: Callable[[Stage], House] = lambda stage: stage.quiet,
) -> Scene:
    return Scene(name, path, role, house, act)


def _own(name: str, state: str, rest: str = "", act: Act = lambda _page: None) -> Scene:
    return _scene(f"own-{name}", lambda house: own_path(house, state, rest), None, act)


PEOPLE_SCENES = (
    _scene("patients", lambda _house: "/patients"),
    _scene("patients-nobody", lambda _house: "/patients?q=Quirina"),
    _scene("patient-new", lambda _house: "/patients/new?name=Quirina"),
    _scene("patient", lambda house: f"/patients/{patient_of(house, 'rest')}"),
    _scene("patient-on-hold", lambda house: f"/patients/{patient_of(house, 'held')}", Role.PRACTITIONER),
    _scene("patient-for-a-manager", lambda house: f"/patients/{patient_of(house, 'rest')}", Role.MANAGER),
    _scene("patient-merge", lambda house: f"/patients/{patient_of(house, 'rest')}/merge?q=a"),
    _scene(
        "patient-merge-preview",
        lambda house: f"/patients/{patient_of(house, 'rest')}/merge?other={patient_of(house, 'held')}",
    ),
    _scene("holds", lambda _house: "/holds?state=proposed", Role.PRACTITIONER),
    _scene("holds-for-reception", lambda _house: "/holds?state=proposed"),
    _scene("holds-none", lambda _house: "/holds?state=dismissed"),
    _scene("tasks", lambda _house: "/tasks"),
    _scene("tasks-for-a-practitioner", lambda _house: "/tasks", Role.PRACTITIONER),
    _scene("move-request", request_path),
    _scene("tasks-none", lambda _house: "/tasks?kind=dead_letter"),
    _scene("waitlist", waitlist_path),
    _scene("waitlist-empty", lambda _house: "/waitlist", house=lambda stage: stage.usual),
    _scene("waitlist-join", lambda house: f"/patients/{patient_of(house, 'rest')}/waitlist"),
    _scene("waitlist-slot-nobody", lambda _house: f"/waitlist?at=2026-11-25T10:00&who={UUID(int=1)}"),
    _own("times", "rest"),
    _own("everything", "rest", "/confirm", confirm),
    _own("calendar", "rest", "", _calendar),
    _own("on-hold", "held"),
    _own("complete", "complete"),
    _own("nothing-booked", "overdue"),
    _own("long-name", "proposed", "/confirm", confirm),
    _own("in-arabic", "held", "/confirm", confirm),
    _own("asked-to-move", "long", "/confirm", _asked),
    _scene("own-run-out", run_out, None),
    _own("confirm", "rest", "/confirm"),
    _own("move", "rest", "/move"),
    _own("choices", "rest", "/confirm", _choices),
    _scene("own-in-german", lambda house: own_path(house, "long", language=Language.GERMAN), None),
)
