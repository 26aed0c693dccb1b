"""Setting up a second factor: on the way in, where it is demanded, and by choice from the account."""

from typing import Any
from urllib.parse import quote

import segno
from markupsafe import Markup

from scheduler.domain.access import Action
from scheduler.domain.logins import Stage
from scheduler.domain.refusals import Refusal
from scheduler.operations.context import Context
from scheduler.operations.staff.guessing import Guess, take_back
from scheduler.operations.staff.logins import complete_login
from scheduler.operations.staff.second_factors import (
    begin_second_factor,
    check_second_factor,
    confirm_second_factor,
    enrolment_of,
    new_recovery_codes,
    remove_app,
)
from scheduler.web.origins import origin
from scheduler.web.pages.account import account_page
from scheduler.web.pages.login import ENROLMENT, CodeForm, Next, waiting
from scheduler.web.pages.login_steps import count_code, enter
from scheduler.web.pages.login_words import status_of, told
from scheduler.web.pages.registry import ANYBODY, Answer, Before, Page, PageCall, Pages, See
from scheduler.web.pages.visitor import own_path

pages = Pages("second_factor")

OWN = "/account/second-factor"


def _count(before: Before) -> Guess:
    return count_code(before)


@pages.get(ENROLMENT, ANYBODY)
def show_on_the_way(call: PageCall, query: Next) -> Answer:
    """What to put into the app, for somebody who is let in no further without it."""
    return _on_the_way(call, query.next)


def _on_the_way_again(call: PageCall, refusal: Refusal) -> Answer:
    return _on_the_way(call, call.typed.get("next"), refusal)


@pages.post(ENROLMENT, ANYBODY, prepare=_count, on_refusal=_on_the_way_again)
def confirm_on_the_way(call: PageCall, form: CodeForm, ready: Guess) -> Answer:
    """The app works: let its owner in, and show the recovery codes."""
    login = waiting(Stage.ENROLMENT)
    if login is None:
        return See("/login")
    codes = confirm_second_factor(Context(call.tx, login.actor, call.now), call.service.link_key, code=form.code)
    take_back(call.tx, [ready], call.now)
    enter(complete_login(call.tx, login, origin().device_secret or "", call.now))
    return Page("recovery_codes.html", {"codes": codes, "following": own_path(form.next)})


@pages.post(f"{OWN}/begin", Action.OWN_ACCOUNT)
def begin(call: PageCall) -> See:
    """Draw what goes into the app. Raises ``RuleBroken`` for who has a second factor."""
    begin_second_factor(call.context)
    return See(OWN)


@pages.get(OWN, Action.OWN_ACCOUNT)
def show(call: PageCall) -> Answer:
    """What to put into the app."""
    return _own(call)


def _own_again(call: PageCall, refusal: Refusal) -> Answer:
    return _own(call, refusal)


@pages.post(OWN, Action.OWN_ACCOUNT, prepare=_count, on_refusal=_own_again)
def confirm(call: PageCall, form: CodeForm, ready: Guess) -> Answer:
    """The app works: from now on its codes are asked for. Who has a passkey has recovery codes already."""
    codes = confirm_second_factor(call.context, call.service.link_key, code=form.code)
    take_back(call.tx, [ready], call.now)
    return Page("recovery_codes.html", {"codes": codes, "following": "/account"}) if codes else See("/account")


@pages.post(f"{OWN}/remove", Action.OWN_ACCOUNT, prepare=_count, on_refusal=account_page)
def remove(call: PageCall, form: CodeForm, ready: Guess) -> See:
    """Ask for no code any more; a code has to be shown for that."""
    _shown(call, form, ready)
    remove_app(call.context)
    return See("/account")


@pages.post("/account/recovery-codes", Action.OWN_ACCOUNT, prepare=_count, on_refusal=account_page)
def draw(call: PageCall, form: CodeForm, ready: Guess) -> Page:
    """Fresh recovery codes; a code has to be shown for them."""
    _shown(call, form, ready)
    codes = new_recovery_codes(call.context, call.service.link_key)
    return Page("recovery_codes.html", {"codes": codes, "following": "/account"})


def _shown(call: PageCall, form: CodeForm, ready: Guess) -> None:
    check_second_factor(call.tx, call.somebody.user_id, form.code, call.service.link_key, call.now)
    take_back(call.tx, [ready], call.now)


def _on_the_way(call: PageCall, following: str | None, refusal: Refusal | None = None) -> Answer:
    login = waiting(Stage.ENROLMENT)
    if login is None:
        return See(f"/login?next={quote(own_path(following))}")
    values = _enrolment(call, Context(call.tx, login.actor, call.now), ENROLMENT, refusal)
    return Page("login_enrolment.html", values | {"following": own_path(following, "")}, status_of(refusal))


def _own(call: PageCall, refusal: Refusal | None = None) -> Answer:
    values = _enrolment(call, call.context, OWN, refusal)
    return Page("login_enrolment.html", values | {"following": "/account"}, status_of(refusal))


def _enrolment(call: PageCall, context: Context, action: str, refusal: Refusal | None) -> dict[str, Any]:
    begun = enrolment_of(context, call.service.link_key)
    image = segno.make(begun.address, error="m").svg_inline(border=2, omitsize=True, light="#fff", dark="#000")
    grouped = " ".join(begun.secret[at : at + 4] for at in range(0, len(begun.secret), 4))
    drawn = Markup(image)  # noqa: S704 - drawn by the library from an address of ours
    return {"qr": drawn, "secret": grouped, "action": action, "refusal": told(refusal)}
