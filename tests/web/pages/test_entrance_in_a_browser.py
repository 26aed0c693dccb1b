"""The way in, in a real browser without scripts: from an empty service to the account, and nothing for axe to find."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from config import Settings
from scheduler import create_app
from scheduler.domain.access import Role
from scheduler.operations.context import Context
from scheduler.operations.staff.accounts import give_login, use_password_link
from tests.support.accounts import HASH, PASSWORD
from tests.support.api import database_of
from tests.support.chromium import WIDTHS, found_by_axe
from tests.support.clinic import open_clinic
from tests.support.databases import Databases
from tests.support.serving import served


@pytest.fixture
def app(databases: Databases) -> Iterator[Flask]:
    url = databases.new("sqlite")
    app = create_app(Settings(environment="test", database_url=url, log_level="ERROR", second_factor="managers"))
    yield app
    database_of(app).dispose()
    databases.drop(url)


@pytest.fixture
def page(app: Flask, chrome: Browser) -> Iterator[Page]:
    """A page on a service that is served; scripts are run for axe alone, since no page at the way in has any."""
    with served(app) as base:
        context = chrome.new_context(base_url=base, locale="en-GB")
        yield context.new_page()
        context.close()


def expect_nothing_wrong(page: Page, title: str) -> None:
    """Axe finds nothing in both themes and all widths, and nothing sticks out at the side."""
    assert page.title() == f"{title} – Interval"
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of the two that there are
            assert found_by_axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), title


def send(page: Page, **fields: str) -> None:
    """Fill in the first form of the page and press its button."""
    for name, value in fields.items():
        page.fill(f"main #{name}", value)
    page.click("main form.stack button.primary")


def test_an_empty_service_is_set_up_and_its_manager_asked_for_a_second_factor(page: Page) -> None:
    page.goto("/")
    expect_nothing_wrong(page, "Welcome")
    send(page, organisation="Skin & Co", name="Lena Wolf", login="lena@clinic.example", password="short", again="short")
    expect_nothing_wrong(page, "Error: Welcome")
    send(page, password=PASSWORD, again=PASSWORD)
    expect_nothing_wrong(page, "Set up your second factor")


def test_somebody_logs_in_and_finds_the_account(app: Flask, page: Page) -> None:
    clinic = open_clinic(database_of(app))
    now = datetime.now(UTC)

    def work(context: Context) -> None:
        link = give_login(context, user_id=clinic.users[Role.RECEPTION], login="desk@clinic.example")
        use_password_link(context.tx, secret=link.secret, password_hash=HASH, now=now)

    clinic.do(work, Role.MANAGER, now)
    page.goto("/account")
    expect_nothing_wrong(page, "Log in")
    send(page, login="desk@clinic.example", password="wrong")
    expect_nothing_wrong(page, "Error: Log in")
    send(page, password=PASSWORD)
    assert page.url.endswith("/account")
    expect_nothing_wrong(page, "Your account")
    page.goto("/switch")
    expect_nothing_wrong(page, "Switch user")
    send(page, secret=PASSWORD)
    assert page.url.endswith("/day")
