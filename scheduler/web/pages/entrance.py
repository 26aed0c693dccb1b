"""The way in: every page about logging in, and about one's own account."""

from scheduler.web.pages import account, first_run, login, login_demo, login_switch, passwords, second_factor, tokens

TABLES = (
    first_run.pages,
    login.pages,
    login_demo.pages,
    login_switch.pages,
    second_factor.pages,
    passwords.pages,
    account.pages,
    tokens.pages,
)
