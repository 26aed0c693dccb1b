"""Logging in and out: name and password, then the second factor where there is one, or its set-up where it must be."""

from urllib.parse import quote

from scheduler.domain.access import Action
from scheduler.domain.logins import Stage
from scheduler.domain.refusals import Refusal
from scheduler.operations.naming import has_organisation
from scheduler.operations.staff.attempts import succeed
from scheduler.operations.staff.guessing import Guess, take_back
from scheduler.operations.staff.logins import LoggedIn, NewLogin, complete_login, log_out, open_login
from scheduler.operations.staff.second_factors import check_second_factor
from scheduler.web.origins import origin
from scheduler.web.pages.demo_loading import is_loading
from scheduler.web.pages.login_demo import offered
from scheduler.web.pages.login_steps import Right, check_login, count_code, enter, leave
from scheduler.web.pages.login_words import status_of, told
from scheduler.web.pages.passkey_steps import asking
from scheduler.web.pages.registry import ANYBODY, Answer, Before, Choice, Form, Page, PageCall, Pages, See
from scheduler.web.pages.visitor import current_login, own_path

pages = Pages("login")

CODE, ENROLMENT = "/login/code", "/login/second-factor"
"""Where the second factor is asked for, and where it is set up by who must have one."""


class Next(Choice):
    """Where to go once somebody is in."""

    next: str | None = None


class LoginForm(Form):
    login: str = ""
    password: str = ""
    next: str | None = None


class CodeForm(Form):
    code: str = ""
    next: str | None = None


@pages.get("/login", ANYBODY)
def show(call: PageCall, query: Next) -> Answer:
    """Ask who is there. In an empty database, or in half a demo, there is nobody to ask for."""
    if not has_organisation(call.tx) or is_loading(call):
        return See("/welcome")
    return _asking(call, query.next)


def _again(call: PageCall, refusal: Refusal) -> Answer:
    return _asking(call, call.typed.get("next"), refusal)


def _prepare(before: Before, form: LoginForm) -> Right:
    return check_login(before, form.login, form.password)


@pages.post("/login", ANYBODY, prepare=_prepare, on_refusal=_again)
def log_in(call: PageCall, form: LoginForm, ready: Right) -> See:
    """Take name and password. Whoever was in with this browser is out."""
    user_id, device = succeed(call.tx, ready.attempt, ready.origin, call.now)
    end_earlier(call)
    made = open_login(call.tx, user_id, device, call.service.demand, call.now)
    enter(made)
    return after(made, form.next)


@pages.get(CODE, ANYBODY)
def ask_code(call: PageCall, query: Next) -> Answer:
    """Ask for the second factor of whoever gave the password."""
    return _asking_code(call, query.next)


def code_again(call: PageCall, refusal: Refusal | None = None) -> Answer:
    """Ask for it once more; for name and password where nobody has given them."""
    return _asking_code(call, call.typed.get("next"), refusal)


def _count(before: Before) -> Guess:
    return count_code(before)


@pages.post(CODE, ANYBODY, prepare=_count, on_refusal=code_again)
def take_code(call: PageCall, form: CodeForm, ready: Guess) -> See:
    """Take a code of the app, or a recovery code."""
    login = waiting(Stage.CODE)
    if login is None:
        return See(_login(form.next))
    check_second_factor(call.tx, login.actor.user_id, form.code, call.service.link_key, call.now)
    take_back(call.tx, [ready], call.now)
    enter(complete_login(call.tx, login, origin().device_secret or "", call.now))
    return See(own_path(form.next))


@pages.post("/logout", Action.OWN_ACCOUNT)
def go(call: PageCall) -> See:
    """Nobody is in any more. The device stays trusted for the day, for whoever was in on it."""
    end_earlier(call)
    leave()
    return See("/login")


def end_earlier(call: PageCall) -> None:
    """End the log-in that this browser has, if any."""
    if login := current_login():
        log_out(call.tx, login, call.now)


def after(made: NewLogin, following: str | None) -> See:
    """Where to go after the password: to what is still asked for, or to where somebody wanted."""
    wanted = own_path(following)
    more = {Stage.CODE: CODE, Stage.ENROLMENT: ENROLMENT}.get(made.stage)
    return See(f"{more}?next={quote(wanted)}" if more else wanted)


def _asking(call: PageCall, following: str | None, refusal: Refusal | None = None) -> Page:
    values = {
        "following": own_path(following, ""),
        "typed": call.typed.get("login", ""),
        "refusal": told(refusal),
        "visitor": call.visitor,
        "roles": offered(call),
        "is_plain": not call.service.is_https and call.service.production,
    }
    return Page("login.html", values, status_of(refusal))


def _asking_code(call: PageCall, following: str | None, refusal: Refusal | None = None) -> Answer:
    login = waiting(Stage.CODE)
    if login is None:
        return See(_login(following))
    passkey = asking(call, login.actor.user_id)
    values = {"following": own_path(following, ""), "refusal": told(refusal), "passkey": passkey}
    return Page("login_code.html", values, status_of(refusal))


def waiting(stage: Stage) -> LoggedIn | None:
    """Whoever is on the way in, if this is what is still asked for."""
    login = current_login()
    return login if login and login.stage is stage else None


def _login(following: str | None) -> str:
    return f"/login?next={quote(own_path(following))}"
