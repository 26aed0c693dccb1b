"""What a browser was asked about a passkey: kept in its session for minutes, and taken out by the first answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import session

from scheduler.domain.refusals import Invalid
from scheduler.operations.staff.guessing import Guess
from scheduler.operations.staff.passkey_questions import Question, Site, site_of
from scheduler.operations.staff.passkeys import passkey_question
from scheduler.web.pages.login_steps import count_code
from scheduler.web.pages.registry import Before, Form, PageCall

ASKED = "passkey"
"""Where the session keeps it."""

LASTS = timedelta(minutes=5)


class AnswerForm(Form):
    """What the browser says of a passkey, as JSON; the script of the page fills it in."""

    answer: str = ""
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, and how a passkey that is being made shall be called."""

    challenge: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer that was counted."""

    asked: Asked
    guess: Guess


def keep(question: Question, now: datetime, name: str = "") -> None:
    """Remember what this browser is asked, instead of what it was asked before."""
    session[ASKED] = [question.challenge, now.isoformat(), name]


def take(now: datetime) -> Asked:
    """What was asked; it can be answered once. A log-in that is completed has another secret, so that a copy of the
    session answers nothing either. Raises ``Invalid`` after ``LASTS``.
    """
    found: Any = session.pop(ASKED, None)
    if found is None or now >= datetime.fromisoformat(found[1]) + LASTS:
        raise Invalid("That took too long.", code="passkey_late", remedy="Try again.")
    return Asked(found[0], found[2])


def count_shown(before: Before) -> Shown:
    """Count an answer as a code is counted, and take out what it answers. Raises ``TooSoon``, ``Invalid``."""
    guess = count_code(before)
    return Shown(take(before.now), guess)


def asking(call: PageCall, user_id: UUID) -> str | None:
    """Options with which this user's browser asks for a passkey, or ``None`` without any."""
    question = passkey_question(call.tx, user_id, site(call))
    if question is None:
        return None
    keep(question, call.now)
    return question.options


def site(call: PageCall) -> Site:
    """Where this service's passkeys hold."""
    return site_of(call.service.public_url)
