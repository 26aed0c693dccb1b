"""The scenes of a series' page: every state that it has, as a practitioner and as reception see it."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from playwright.sync_api import Page

from scheduler.domain.access import Role
from scheduler.operations.booking.series import show_series
from scheduler.storage.rows import SeriesRow
from tests.support.courses_on_stage import courses_at
from tests.support.desk import day
from tests.support.rows import NOW
from tests.support.scene import Scene
from tests.support.stage import NOW as STAGED
from tests.support.stage import House

TODAY = (STAGED.date() - NOW.date()) // timedelta(1)
"""The stage's day, counted from the day of the clinics of tests."""

_made: dict[UUID, Mapping[str, UUID]] = {}


def series_of(house: House, state: str) -> UUID:
    """The house's series in this state; all are made when the first is asked for."""
    clinic = house.api.clinic
    if clinic.organisation_id not in _made:
        _made[clinic.organisation_id] = courses_at(clinic, TODAY)
    return _made[clinic.organisation_id][state]


def _scene(name: str, state: str, query: str = "", role: Role = Role.PRACTITIONER, **session: str) -> Scene:
    return Scene(
        f"series-{name}",
        lambda house: f"/series/{series_of(house, state)}{query}",
        role,
        lambda stage: stage.quiet,
        session=tuple(session.items()),
    )


def _hold(name: str, state: str, from_series: bool = True) -> Scene:
    """The page on which a practitioner decides about a hold, come from the series or from the patient."""

    def path(house: House) -> str:
        series_id = series_of(house, state)
        found = house.api.clinic.do(lambda context: show_series(context, series_id), now=STAGED)
        return f"/holds/{found.snapshot.around.holds[0].id}{f'?series={series_id}' if from_series else ''}"

    return Scene(f"series-{name}", path, Role.PRACTITIONER, lambda stage: stage.quiet)


def _previewed(page: Page) -> None:
    page.locator("#code").select_option("sunburn-tan")
    page.locator(".holdform > .acts button").click()
    page.locator(".holdeffects").wait_for()


def _form(house: House) -> str:
    return f"/patients/{_patient(house)}/hold?series={series_of(house, 'rest')}"


def _form_of_patient(house: House) -> str:
    return f"/patients/{_patient(house)}/hold"


def _patient(house: House) -> UUID:
    """Whose series is at rest."""
    with house.api.clinic.database.read() as tx:
        return tx.get_one(SeriesRow, series_of(house, "rest")).patient_id


def _booked_late(name: str, role: Role) -> Scene:
    """The booking panel with a day on which the next session of a series lies outside its window."""

    def path(house: House) -> str:
        series_id = series_of(house, "overdue")
        with house.api.clinic.database.read() as tx:
            patient_id = tx.get_one(SeriesRow, series_id).patient_id
        return f"/book?patient={patient_id}&what=series:{series_id}&pin={day(TODAY + 6)}T10:00"

    def offered(page: Page) -> None:
        page.locator('form[action="/book/outside"]').wait_for()

    return Scene(f"booking-outside{name}", path, role, lambda stage: stage.quiet, offered)


MOVED, OUTSIDE = day(TODAY + 28), day(TODAY + 39)

SERIES_SCENES = (
    _scene("at-rest", "rest"),
    _scene("session", "rest", "?session=3"),
    _scene("preview", "rest", f"?move=3&to={MOVED}"),
    _scene("preview-in-german", "rest", f"?move=3&to={MOVED}", language="de"),
    _scene("outside", "rest", f"?move=3&to={OUTSIDE}"),
    _scene("outside-for-reception", "rest", f"?move=3&to={OUTSIDE}", Role.RECEPTION),
    _scene("hold-proposed", "proposed"),
    _scene("on-hold", "held"),
    _scene("on-hold-for-reception", "held", role=Role.RECEPTION),
    _scene("planned-anew", "held", "?replan=1"),
    _scene("overdue", "overdue"),
    _scene("lapsed", "lapsed"),
    _scene("lapsed-for-reception", "lapsed", role=Role.RECEPTION),
    _scene("complete", "complete"),
    _scene("for-a-manager", "long", role=Role.MANAGER),
    Scene("series-hold-form", _form, Role.RECEPTION, lambda stage: stage.quiet),
    Scene("series-hold-previewed", _form, Role.PRACTITIONER, lambda stage: stage.quiet, _previewed),
    _booked_late("", Role.PRACTITIONER),
    _booked_late("-for-reception", Role.RECEPTION),
    _hold("hold-to-confirm", "proposed"),
    _hold("hold-to-lift", "held"),
    Scene("patient-hold-form", _form_of_patient, Role.PRACTITIONER, lambda stage: stage.quiet),
    _hold("hold-to-confirm-for-the-patient", "proposed", from_series=False),
    _hold("hold-to-lift-for-the-patient", "held", from_series=False),
)
