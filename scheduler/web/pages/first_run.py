"""The first page of an empty service: its organisation, and the manager who sets up the rest."""

from dataclasses import dataclass

from scheduler.domain.passwords import check_password, login_name
from scheduler.domain.refusals import Refusal
from scheduler.operations.naming import has_organisation
from scheduler.operations.staff.devices import device_for
from scheduler.operations.staff.first_run import FirstManager, set_up_first
from scheduler.operations.staff.hashes import slow_hash
from scheduler.operations.staff.logins import open_login
from scheduler.web.origins import origin
from scheduler.web.pages.demo_loading import LOADING, is_loading, nothing_here
from scheduler.web.pages.login import after
from scheduler.web.pages.login_steps import enter
from scheduler.web.pages.login_words import status_of, told
from scheduler.web.pages.passwords import expect_same
from scheduler.web.pages.registry import ANYBODY, Answer, Before, Form, Page, PageCall, Pages, See

pages = Pages("first_run")


class FirstForm(Form):
    organisation: str = ""
    name: str = ""
    login: str = ""
    password: str = ""
    again: str = ""


@dataclass(frozen=True, slots=True)
class Ready:
    """What was typed, fit to be stored."""

    first: FirstManager
    password_hash: str


@pages.get("/welcome", ANYBODY)
def show(call: PageCall) -> Answer:
    """Ask for all of it; once there is an organisation, there is nothing here but a demo that is being loaded."""
    return See(LOADING) if is_loading(call) else _asking(call)


def _again(call: PageCall, refusal: Refusal) -> Answer:
    return _asking(call, refusal)


def _prepare(before: Before, form: FirstForm) -> Ready:
    """Nothing is hashed for strangers once there is an organisation."""
    with before.service.database.read() as tx:
        _expect_empty(has_organisation(tx))
    expect_same(form.password, form.again)
    check_password(form.password, login_name(form.login), form.name, form.organisation)
    return Ready(FirstManager(form.organisation, form.name, form.login), slow_hash(form.password))


@pages.post("/welcome", ANYBODY, prepare=_prepare, on_refusal=_again)
def begin(call: PageCall, ready: Ready) -> See:
    """Set up the organisation, and let its manager in."""
    user_id = set_up_first(call.tx, ready.first, password_hash=ready.password_hash, now=call.now)
    come_from = origin()
    device = device_for(call.tx, come_from.device_secret, come_from.browser, call.now)
    made = open_login(call.tx, user_id, device, call.service.demand, call.now)
    enter(made)
    return after(made, "/")


def _asking(call: PageCall, refusal: Refusal | None = None) -> Page:
    _expect_empty(has_organisation(call.tx))
    values = {"typed": call.typed, "refusal": told(refusal), "has_demo": not call.service.production}
    return Page("welcome.html", values, status_of(refusal))


def _expect_empty(is_set_up: bool) -> None:
    if is_set_up:
        raise nothing_here()
