"""The second step of a log-in with a passkey, beside the code."""

from scheduler.domain.logins import Stage
from scheduler.domain.refusals import Refusal
from scheduler.operations.staff.guessing import take_back
from scheduler.operations.staff.logins import complete_login
from scheduler.operations.staff.passkeys import check_passkey
from scheduler.web.origins import origin
from scheduler.web.pages.login import code_again, waiting
from scheduler.web.pages.login_steps import enter
from scheduler.web.pages.passkey_steps import AnswerForm, Shown, count_shown, site
from scheduler.web.pages.registry import ANYBODY, Answer, Before, PageCall, Pages, See
from scheduler.web.pages.visitor import own_path

pages = Pages("login_passkey")


def _count(before: Before) -> Shown:
    return count_shown(before)


def _again(call: PageCall, refusal: Refusal) -> Answer:
    return code_again(call, refusal)


@pages.post("/login/passkey", ANYBODY, prepare=_count, on_refusal=_again)
def show(call: PageCall, form: AnswerForm, ready: Shown) -> Answer:
    """Take a passkey of whoever gave the password."""
    login = waiting(Stage.CODE)
    if login is None:
        return code_again(call)
    challenge = ready.asked.challenge
    check_passkey(call.tx, login.actor.user_id, site=site(call), challenge=challenge, answer=form.answer, now=call.now)
    take_back(call.tx, [ready.guess], call.now)
    enter(complete_login(call.tx, login, origin().device_secret or "", call.now))
    return See(own_path(form.next))
