"""One's own passkeys: made, named and removed, with the password given once more."""

from uuid import UUID

from scheduler.domain.access import Action
from scheduler.domain.refusals import Refusal
from scheduler.operations.context import Context
from scheduler.operations.staff.attempts import succeed
from scheduler.operations.staff.passkeys import add_passkey, begin_passkey, own_passkey, passkey_name, remove_passkey
from scheduler.web.pages.account import HOME, account_page
from scheduler.web.pages.login_steps import Right, check_again
from scheduler.web.pages.passkey_steps import AnswerForm, Asked, keep, site, take
from scheduler.web.pages.registry import Answer, Before, Form, Page, PageCall, Pages, See

pages = Pages("passkeys")

OWN = f"{HOME}/passkeys"


class NameForm(Form):
    name: str = ""
    old: str = ""


class AgainForm(Form):
    old: str = ""


def _named(before: Before, form: NameForm) -> tuple[Right, str]:
    name = passkey_name(form.name)
    return check_again(before, form.old), name


@pages.post(f"{OWN}/begin", Action.OWN_ACCOUNT, prepare=_named, on_refusal=account_page)
def begin(call: PageCall, ready: tuple[Right, str]) -> Page:
    """Ask the browser to make a passkey. Raises ``RuleBroken`` when there are too many."""
    right, name = ready
    succeed(call.tx, right.attempt, right.origin, call.now)
    question = begin_passkey(call.context, site(call))
    keep(question, call.now, name)
    return Page("passkey.html", {"options": question.options, "name": name})


def _asked(before: Before) -> Asked:
    return take(before.now)


@pages.post(OWN, Action.OWN_ACCOUNT, prepare=_asked, on_refusal=account_page)
def add(call: PageCall, form: AnswerForm, ready: Asked) -> Answer:
    """Keep the passkey that the browser has made."""
    codes = add_passkey(
        call.context,
        call.service.link_key,
        site=site(call),
        challenge=ready.challenge,
        name=ready.name,
        answer=form.answer,
    )
    return Page("recovery_codes.html", {"codes": codes, "following": HOME}) if codes else See(HOME)


def _own_again(before: Before, passkey_id: UUID, form: AgainForm) -> Right:
    """The password, asked for only where there is such a passkey to remove."""
    if before.visitor is None:
        raise LookupError("a page for anybody asked who is there")
    actor = before.visitor.actor
    with before.service.database.read() as tx:
        own_passkey(Context(tx, actor, before.now), passkey_id)
    return check_again(before, form.old)


def _account_again(call: PageCall, refusal: Refusal, **_path: UUID) -> Page:
    return account_page(call, refusal)


@pages.post(f"{OWN}/{{passkey_id}}/remove", Action.OWN_ACCOUNT, prepare=_own_again, on_refusal=_account_again)
def remove(call: PageCall, passkey_id: UUID, ready: Right) -> See:
    """Ask for this passkey no more. Raises ``NotFound``."""
    succeed(call.tx, ready.attempt, ready.origin, call.now)
    remove_passkey(call.context, passkey_id=passkey_id)
    return See(HOME)
