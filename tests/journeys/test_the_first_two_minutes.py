"""Somebody new, before a demo that was loaded just now: the first screen, one press, and a series is booked by hand."""

import gc
import warnings
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import func, select

from config import Settings
from scheduler import create_app
from scheduler.demo.courses import Scale
from scheduler.demo.play import play_demo
from scheduler.domain.series import AppointmentStatus, SeriesState
from scheduler.storage.rows import AppointmentRow, PatientRow, SeriesRow
from tests.support.api import database_of
from tests.support.databases import Databases
from tests.support.journeys.people import WAYS, Way, before_a_screen
from tests.support.journeys.staff import Reception
from tests.support.serving import served
from tests.support.whole_demo import WEDNESDAY

MOST_PRESSES = 8
"""From the day to the booked series, beyond the name."""
NEEDLING = "Microneedling, rejuvenation"


@pytest.fixture(scope="module")
def demo(databases: Databases) -> Iterator[Flask]:
    """A small demo as `make run` leaves it, on the afternoon for which it was loaded."""
    url = databases.new("sqlite")
    app = create_app(Settings(environment="development", database_url=url, log_level="ERROR"), lambda: WEDNESDAY)
    play_demo(database_of(app), "k" * 40, WEDNESDAY, lambda _: None, scale=Scale(0.05))
    yield app
    database_of(app).dispose()
    databases.drop(url)
    with warnings.catch_warnings(action="ignore"):
        gc.collect()


def somebody_without_a_series(app: Flask) -> str:
    """The name of a patient with no series under way; one that nobody else has."""
    alone = select(PatientRow.name).group_by(PatientRow.name).having(func.count() == 1)
    under_way = select(SeriesRow.patient_id).where(SeriesRow.state.in_((SeriesState.DRAFT, SeriesState.ACTIVE)))
    query = select(PatientRow.name).where(PatientRow.id.not_in(under_way), PatientRow.name.in_(alone))
    with database_of(app).read() as tx:
        return str(tx.scalars(query.order_by(PatientRow.name)).first())


def booked_for(app: Flask, name: str) -> int:
    """How many sessions of the patient's are still to come."""
    mine = select(PatientRow.id).where(PatientRow.name == name).scalar_subquery()
    to_come = (AppointmentRow.status == AppointmentStatus.BOOKED, AppointmentRow.series_id.is_not(None))
    query = select(func.count()).where(AppointmentRow.patient_id == mine, *to_come)
    with database_of(app).read() as tx:
        return int(tx.scalars(query).one())


@pytest.mark.parametrize("way", [WAYS[0], WAYS[2]], ids=str)
def test_a_series_is_booked_with_a_handful_of_presses(chrome: Browser, demo: Flask, way: Way) -> None:
    name = somebody_without_a_series(demo)
    with served(demo) as base, before_a_screen(chrome, base, way, Reception) as new:
        new.opens("/")
        new.sees("Look around in the demo")
        new.presses("Reception")
        new.answers_a_call_of(name, name)
        new.chooses(NEEDLING, site="Face")
        new.books_all()
        sessions = new.page.locator(".booked-days li").count()
    assert (booked_for(demo, name), sessions >= 3) == (sessions, True)
    assert new.hands.presses <= MOST_PRESSES
