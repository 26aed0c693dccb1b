"""Switching on a shared desk: the device stays trusted, and the next one is in with a PIN or the password."""

from urllib.parse import quote
from uuid import UUID

from scheduler.domain.refusals import Refusal
from scheduler.operations.staff.attempts import succeed
from scheduler.operations.staff.devices import trusted_users
from scheduler.operations.staff.logins import open_login
from scheduler.web.origins import origin
from scheduler.web.pages.login import Next, after, end_earlier
from scheduler.web.pages.login_steps import Right, check_switch, enter
from scheduler.web.pages.login_words import status_of, told
from scheduler.web.pages.registry import ANYBODY, Answer, Before, Form, Page, PageCall, Pages, See
from scheduler.web.pages.visitor import own_path

pages = Pages("switch")


class SwitchForm(Form):
    user: UUID
    secret: str = ""
    next: str | None = None


@pages.get("/switch", ANYBODY)
def show(call: PageCall, query: Next) -> Answer:
    """Who was in on this device today."""
    return _asking(call, query.next)


def _again(call: PageCall, refusal: Refusal) -> Answer:
    return _asking(call, call.typed.get("next"), refusal)


def _prepare(before: Before, form: SwitchForm) -> Right:
    return check_switch(before, form.user, form.secret)


@pages.post("/switch", ANYBODY, prepare=_prepare, on_refusal=_again)
def switch(call: PageCall, form: SwitchForm, ready: Right) -> See:
    """Somebody else is in from now on, under the own name."""
    user_id, device = succeed(call.tx, ready.attempt, ready.origin, call.now)
    end_earlier(call)
    made = open_login(call.tx, user_id, device, call.service.demand, call.now)
    enter(made)
    return after(made, form.next)


def _asking(call: PageCall, following: str | None, refusal: Refusal | None = None) -> Answer:
    users = trusted_users(call.tx, origin().device_secret, call.now)
    wanted = own_path(following, "")
    if not users:
        return See(f"/login?next={quote(wanted)}")
    values = {"users": users, "chosen": call.typed.get("user"), "following": wanted, "refusal": told(refusal)}
    return Page("switch.html", values, status_of(refusal))
