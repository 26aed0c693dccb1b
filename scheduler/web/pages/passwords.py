"""Setting a password with a link that a manager or the command line made."""

from scheduler.domain.refusals import Invalid, Refusal
from scheduler.operations.staff.accounts import holder_of, use_password_link
from scheduler.web.pages.login_steps import leave, link_hash
from scheduler.web.pages.login_words import status_of, told
from scheduler.web.pages.registry import ANYBODY, Answer, Before, Form, Page, PageCall, Pages, See

pages = Pages("password")


class PasswordForm(Form):
    password: str = ""
    again: str = ""


def expect_same(password: str, again: str) -> None:
    """Raise ``Invalid`` for two that differ: one of them is mistyped."""
    if password != again:
        raise Invalid("The two passwords differ.", code="passwords_differ", remedy="Type the same twice.")


@pages.get("/set-password/{token}", ANYBODY)
def show(call: PageCall, token: str) -> Answer:
    """Ask for a password. To look does not use the link up: programs look at links before people do."""
    return _asking(call, token)


def _again(call: PageCall, refusal: Refusal, token: str) -> Answer:
    return _asking(call, token, refusal)


def _prepare(before: Before, token: str, form: PasswordForm) -> str:
    expect_same(form.password, form.again)
    return link_hash(before, token, form.password)


@pages.post("/set-password/{token}", ANYBODY, prepare=_prepare, on_refusal=_again)
def set_password(call: PageCall, token: str, ready: str) -> See:
    """Set the password, and ask for it at once, so that it is known to be remembered."""
    use_password_link(call.tx, secret=token, password_hash=ready, now=call.now)
    leave()
    return See("/login")


def _asking(call: PageCall, token: str, refusal: Refusal | None = None) -> Page:
    holder = holder_of(call.tx, token, call.now)
    return Page("set_password.html", {"holder": holder, "refusal": told(refusal)}, status_of(refusal))
