"""Confirming by date of birth that the right person follows a personal link. Each guess is counted first."""

from flask import session

from scheduler.domain.refusals import Refusal
from scheduler.domain.throttling import Guarded
from scheduler.operations.patients.own_page import own_page
from scheduler.operations.patients.patient_links import confirm_birth, follow_link
from scheduler.operations.staff.guessing import Guess, count_guesses, guess_at, take_back
from scheduler.web.api.fields import Day
from scheduler.web.pages.own_link import PROOF, follow
from scheduler.web.pages.own_refusals import typed_by_patient
from scheduler.web.pages.registry import ANYBODY, Before, Form, Page, PageCall, Pages, See
from scheduler.web.problems import status_of

pages = Pages("own_confirm")


class BornForm(Form):
    """The date of birth."""

    born: Day


def _count(before: Before, token: str) -> Guess:
    """Count the guess before anybody looks at it. Raises ``TooSoon``, ``NotFound``."""
    database, key = before.service.database, before.service.secret_key
    with database.read() as tx:
        link_id = follow_link(tx, token, None, before.now).link_id
    guess = guess_at(Guarded.LINK, str(link_id), key)
    database.write(lambda tx: count_guesses(tx, [guess], before.now))
    return guess


@pages.get("/p/{token}/confirm", ANYBODY)
def ask(call: PageCall, token: str) -> Page:
    """Ask for the date of birth."""
    own = follow(call, token)
    return Page("own_confirm.html", {"own": own, "clinic": own_page(own.context).clinic})


def _again(call: PageCall, refusal: Refusal, token: str) -> Page:
    own = follow(call, token)
    values = {"own": own, "clinic": own_page(own.context).clinic, "typed": typed_by_patient("confirm", {}, refusal)}
    return Page("own_confirm.html", values, status_of(refusal))


@pages.post("/p/{token}/confirm", ANYBODY, prepare=_count, on_refusal=_again)
def confirm(call: PageCall, token: str, form: BornForm, ready: Guess) -> See:
    """Show all from now on, for an hour on this browser."""
    own = follow(call, token)
    session[PROOF] = confirm_birth(call.tx, link_id=own.follower.link_id, born=form.born, now=call.now)
    take_back(call.tx, [ready], call.now)
    return See(own.home)
