"""What a journey may ask for: one browser and one street for all journeys of a module, and a house of its own."""

import gc
import warnings
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.support.chromium import chromium_or_skip
from tests.support.databases import Databases
from tests.support.journeys.house import House, next_door, street


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    """The system's Chromium."""
    with chromium_or_skip() as browser:
        yield browser


@pytest.fixture(scope="module")
def first_house(databases: Databases) -> Iterator[House]:
    url = databases.new("sqlite")
    with street(url) as made:
        yield made
    databases.drop(url)
    with warnings.catch_warnings(action="ignore"):
        gc.collect()


@pytest.fixture
def house(first_house: House) -> House:
    """A clinic in which nothing is booked yet."""
    return next_door(first_house)


def pytest_itemcollected(item: pytest.Item) -> None:
    """A closed browser leaves files half sent, whose server complains when it forgets them: no fault of ours."""
    item.add_marker(pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"))
