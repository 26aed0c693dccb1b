"""The way in: every page about logging in, and about accounts: one's own, and those of the staff."""

from scheduler.web.pages import (
    account,
    colleague,
    demo_loading,
    first_run,
    landing,
    login,
    login_demo,
    login_passkey,
    login_switch,
    passkeys,
    passwords,
    second_factor,
    staff,
    tokens,
)

TABLES = (
    landing.pages,
    first_run.pages,
    demo_loading.pages,
    login.pages,
    login_passkey.pages,
    login_demo.pages,
    login_switch.pages,
    second_factor.pages,
    passwords.pages,
    account.pages,
    passkeys.pages,
    tokens.pages,
    staff.pages,
    colleague.pages,
)
