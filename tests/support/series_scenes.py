"""The scenes of a series' page: every state that it has, as a practitioner and as reception see it."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from scheduler.domain.access import Role
from tests.support.courses_on_stage import courses_at
from tests.support.desk import day
from tests.support.rows import NOW
from tests.support.scenes import Scene
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
    Scene("hold-form", lambda house: f"/series/{series_of(house, 'rest')}/hold", Role.PRACTITIONER, lambda s: s.quiet),
)
