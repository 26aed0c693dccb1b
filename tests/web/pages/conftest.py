"""What tests in a browser may ask for: one browser and one stage for all tests of a module."""

import gc
import warnings
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.support.chromium import chromium_or_skip
from tests.support.databases import Databases
from tests.support.stage import Stage, stage


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    """The system's Chromium."""
    with chromium_or_skip() as browser:
        yield browser


@pytest.fixture(scope="module")
def on_stage(databases: Databases) -> Iterator[Stage]:
    """The houses of the scenes. What one test of a module does there, the next one finds."""
    with stage(databases) as made:
        yield made
    with warnings.catch_warnings(action="ignore"):
        gc.collect()


def pytest_itemcollected(item: pytest.Item) -> None:
    """A closed browser leaves files half sent, whose server complains when it forgets them: no fault of ours."""
    if "chrome" in getattr(item, "fixturenames", ()):
        item.add_marker(pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"))
