"""Tokens of programs, for managers: made, shown once, listed and revoked."""

from datetime import UTC, date, datetime
from functools import partial
from typing import Literal
from uuid import UUID

from scheduler.domain.access import Action, Role
from scheduler.domain.refusals import Refusal
from scheduler.operations.staff.staff import list_users
from scheduler.operations.staff.tokens import NewToken, create_token, list_tokens, revoke_token
from scheduler.web.pages.login_words import moment, status_of, told
from scheduler.web.pages.registry import Answer, Form, Page, PageCall, Pages, See
from scheduler.web.pages.words import say

pages = Pages("tokens")

HOME = "/staff/tokens"


class TokenForm(Form):
    name: str
    user: UUID
    role: Literal["reception", "practitioner", "manager"]
    ends: date | None = None


@pages.get(HOME, Action.MANAGE_STAFF)
def show(call: PageCall) -> Answer:
    """The tokens that work, and a form for another."""
    return _tokens(call)


def _again(call: PageCall, refusal: Refusal) -> Answer:
    return _tokens(call, refusal=refusal)


@pages.post(HOME, Action.MANAGE_STAFF, on_refusal=_again)
def create(call: PageCall, form: TokenForm) -> Answer:
    """Make a token, and show it in the answer to this form alone."""
    ends = datetime(form.ends.year, form.ends.month, form.ends.day, tzinfo=UTC) if form.ends else None
    made = create_token(call.context, user_id=form.user, role=Role(form.role), name=form.name[:120], expires_at=ends)
    return _tokens(call, made)


@pages.post(f"{HOME}/{{token_id}}/revoke", Action.MANAGE_STAFF)
def revoke(call: PageCall, token_id: UUID) -> See:
    """End a token at once. Raises ``NotFound``."""
    revoke_token(call.context, token_id=token_id)
    return See(HOME)


def _tokens(call: PageCall, made: NewToken | None = None, refusal: Refusal | None = None) -> Page:
    values = {
        "tokens": list_tokens(call.context),
        "users": [user for user in list_users(call.context) if user.active],
        "roles": {
            "reception": say("Reception"),
            "practitioner": say("Practitioner"),
            "manager": say("Manager"),
        },
        "made": made,
        "typed": {} if made else call.typed,
        "refusal": told(refusal),
        "at": partial(moment, call),
    }
    return Page("tokens.html", values, status_of(refusal))
