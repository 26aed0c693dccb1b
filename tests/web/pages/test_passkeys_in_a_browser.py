"""Passkeys in a real browser, with an authenticator that Chromium plays: made, shown, removed, and without scripts."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from scheduler.domain.access import Role
from scheduler.web.service import NAME
from tests.support.accounts import PASSWORD, account
from tests.support.api import api_of, database_of
from tests.support.chromium import found_by_axe
from tests.support.databases import Databases
from tests.support.serving import served

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass(frozen=True)
class Desk:
    """A served application, and somebody who can log in."""

    browser: Browser
    base: str
    login: str

    def context(self, **options: bool) -> BrowserContext:
        return self.browser.new_context(base_url=self.base, locale="en-GB", **options)  # type: ignore[arg-type]


@pytest.fixture
def desk(databases: Databases, chrome: Browser) -> Iterator[Desk]:
    """Passkeys hold for a name and not for an address, so the application is reached at one."""
    url = databases.new("sqlite")
    api = api_of(url)
    with served(api.app) as base:
        named = base.replace("127.0.0.1", "localhost")
        api.app.extensions[NAME] = replace(api.app.extensions[NAME], public_url=named)
        yield Desk(chrome, named, account(api.clinic, Role.MANAGER).login)
    database_of(api.app).dispose()
    databases.drop(url)


def plug_in(page: Page) -> str:
    """Give the page an authenticator with a finger on it."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    return str(devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})["authenticatorId"])


def log_in(page: Page, login: str) -> None:
    page.goto("/login?next=/account")
    page.fill("main #login", login)
    page.fill("main #password", PASSWORD)
    page.click("main form.stack button.primary")


def log_out_everywhere(page: Page) -> None:
    """As on a browser that nobody was ever in with."""
    page.context.clear_cookies()


def make(page: Page, name: str) -> None:
    page.goto("/account")
    page.fill("#passkey-old", PASSWORD)
    page.fill("#name", name)
    page.click("text=Set up a passkey")
    assert found_by_axe(page) == []
    page.click("text=Go on")


def remove(page: Page) -> None:
    page.goto("/account")
    page.click("summary:has-text('Remove')")
    page.fill("details[open] input[type=password]", PASSWORD)
    page.click("text=Remove the passkey")
    assert page.locator("text=You have none.").is_visible()


def test_a_passkey_is_made_lets_in_and_once_removed_no_longer_does(desk: Desk) -> None:
    with desk.context() as context:
        page = context.new_page()
        plug_in(page)
        log_in(page, desk.login)
        make(page, "My laptop")
        page.locator("ul.codes").wait_for()
        assert page.locator("ul.codes li").count() == 10
        log_out_everywhere(page)

        log_in(page, desk.login)
        assert page.url.endswith("/login/code?next=/account")
        assert found_by_axe(page) == []
        page.click("text=Use a passkey")
        page.wait_for_url("**/account")
        row = page.locator("tr", has_text="My laptop")
        assert "never" not in row.inner_text()

        inside = context.cookies()
        log_out_everywhere(page)
        log_in(page, desk.login)
        page.locator("text=Use a passkey").wait_for()
        waiting = context.cookies()
        with desk.context() as elsewhere:
            elsewhere.add_cookies(inside)  # type: ignore[arg-type]  # what one context gives, another takes
            remove(elsewhere.new_page())
        assert context.cookies() == waiting
        page.click("text=Use a passkey")
        page.locator("text=This passkey is not right.").wait_for()
        assert page.locator("text=Use a passkey").count() == 0


def test_a_browser_that_has_another_key_says_that_it_gave_none(desk: Desk) -> None:
    with desk.context() as context, desk.context() as other:
        page, stranger = context.new_page(), other.new_page()
        plug_in(page)
        log_in(page, desk.login)
        make(page, "My laptop")
        page.locator("ul.codes").wait_for()
        plug_in(stranger)
        log_in(stranger, desk.login)
        stranger.click("text=Use a passkey")
        stranger.locator("text=Your browser gave no passkey.").wait_for()


def test_without_scripts_there_is_no_button_and_a_code_lets_in(desk: Desk) -> None:
    with desk.context() as context, desk.context(java_script_enabled=False) as plain:
        page, quiet = context.new_page(), plain.new_page()
        plug_in(page)
        log_in(page, desk.login)
        make(page, "My laptop")
        code = page.locator("ul.codes li").first.inner_text()
        log_in(quiet, desk.login)
        assert quiet.locator("text=Use a passkey").is_visible() is False
        quiet.fill("#code", code)
        quiet.click("form:not([hidden]) button.primary")
        assert quiet.url.endswith("/account")
