"""One's own account: where one is in, the password, the PIN and the second factor."""

from functools import partial
from uuid import UUID

from scheduler.domain.access import Action, allowance
from scheduler.domain.passwords import check_password
from scheduler.domain.refusals import Refusal
from scheduler.operations.staff.accounts import change_password, secrets_of, set_pin
from scheduler.operations.staff.attempts import succeed
from scheduler.operations.staff.ending import end_everywhere, end_login, list_logins
from scheduler.operations.staff.hashes import slow_hash
from scheduler.operations.staff.logins import open_login
from scheduler.operations.staff.passkeys import list_passkeys
from scheduler.web.pages.login_steps import Right, check_again, enter, pin_hash
from scheduler.web.pages.login_words import moment, status_of, told
from scheduler.web.pages.passwords import expect_same
from scheduler.web.pages.registry import Answer, Before, Form, Page, PageCall, Pages, See

pages = Pages("account")

HOME = "/account"


class ChangeForm(Form):
    old: str = ""
    password: str = ""
    again: str = ""


class PinForm(Form):
    old: str = ""
    pin: str = ""


def account_page(call: PageCall, refusal: Refusal | None = None) -> Page:
    """The whole account, and why something was refused."""
    visitor = call.somebody
    values = {
        "logins": list_logins(call.context, user_id=visitor.user_id),
        "here": visitor.login_id,
        "secrets": secrets_of(call.context),
        "passkeys": list_passkeys(call.context),
        "may_manage": allowance(visitor.roles, Action.MANAGE_STAFF) is not None,
        "refusal": told(refusal),
        "at": partial(moment, call),
    }
    return Page("account.html", values, status_of(refusal))


@pages.get(HOME, Action.OWN_ACCOUNT)
def show(call: PageCall) -> Answer:
    """All of it."""
    return account_page(call)


def _new_password(before: Before, form: ChangeForm) -> tuple[Right, str]:
    right = check_again(before, form.old)
    expect_same(form.password, form.again)
    visitor = before.visitor
    check_password(form.password, *((visitor.login, visitor.name) if visitor else ()))
    return right, slow_hash(form.password)


@pages.post(f"{HOME}/password", Action.OWN_ACCOUNT, prepare=_new_password, on_refusal=account_page)
def change(call: PageCall, ready: tuple[Right, str]) -> See:
    """Another password. Whoever else was in with the old one is out; this browser gets a new log-in."""
    right, new_hash = ready
    user_id, device = succeed(call.tx, right.attempt, right.origin, call.now)
    was_trusted = secrets_of(call.context).has_second_factor
    change_password(call.context, password_hash=new_hash)
    made = open_login(call.tx, user_id, device, call.service.demand, call.now, shown=was_trusted)
    enter(made)
    return See(HOME)


def _new_pin(before: Before, form: PinForm) -> tuple[Right, str]:
    return check_again(before, form.old), pin_hash(before, form.pin)


@pages.post(f"{HOME}/pin", Action.OWN_ACCOUNT, prepare=_new_pin, on_refusal=account_page)
def choose_pin(call: PageCall, ready: tuple[Right, str]) -> See:
    """A PIN for shared desks."""
    right, new_hash = ready
    succeed(call.tx, right.attempt, right.origin, call.now)
    set_pin(call.context, pin_hash=new_hash)
    return See(HOME)


@pages.post(f"{HOME}/pin/remove", Action.OWN_ACCOUNT)
def remove_pin(call: PageCall) -> See:
    """No PIN any more."""
    set_pin(call.context, pin_hash=None)
    return See(HOME)


@pages.post(f"{HOME}/logins/{{login_id}}/end", Action.OWN_ACCOUNT)
def end(call: PageCall, login_id: UUID) -> See:
    """End one log-in, one's own, or as a manager a colleague's. Raises ``NotFound``."""
    end_login(call.context, login_id=login_id)
    return See(HOME)


@pages.post(f"{HOME}/logins/end", Action.OWN_ACCOUNT)
def end_others(call: PageCall) -> See:
    """End all but this one, and let every device ask for everything again."""
    end_everywhere(call.context, user_id=call.somebody.user_id, but=call.somebody.login_id)
    return See(HOME)
