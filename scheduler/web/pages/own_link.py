"""Following a patient's personal link: who it speaks for, and how the answer is kept from others."""

from dataclasses import dataclass
from datetime import datetime

from flask import Response, after_this_request, g, session
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from scheduler.domain.refusals import NotAllowed
from scheduler.messages.words import words_of
from scheduler.operations.context import Context
from scheduler.operations.patients.patient_links import Follower, follow_link
from scheduler.storage.rows import PatientRow
from scheduler.web.pages.registry import PageCall

PROOF = "born"
"""Where the session keeps the proof that the date of birth was given."""
_LANGUAGE = select(PatientRow.language).where(PatientRow.id == bindparam("patient"))


@dataclass(frozen=True, slots=True)
class Own:
    """Whoever follows a link. ``sees_all`` when the date of birth was given on this browser."""

    follower: Follower
    context: Context
    token: str

    @property
    def home(self) -> str:
        return f"/p/{self.token}"

    @property
    def sees_all(self) -> bool:
        return self.follower.is_proven


def follow(call: PageCall, token: str) -> Own:
    """Who follows this link, with the page in the patient's language. Raises ``NotFound``."""
    hide()
    return _followed(call.tx, token, call.now)


def follow_confirmed(call: PageCall, token: str) -> Own:
    """The same for what needs all that the link asks for. Raises ``NotAllowed`` until the date of birth was given."""
    own = follow(call, token)
    if not own.follower.is_confirmed:
        raise NotAllowed("Please give your date of birth first.", code="not_confirmed")
    return own


def _followed(tx: Session, token: str, now: datetime) -> Own:
    follower = follow_link(tx, token, session.get(PROOF), now)
    context = Context(tx, follower.actor, now)
    g.words = words_of(tx.execute(_LANGUAGE, {"patient": follower.actor.patient_id}).scalar_one())
    return Own(follower, context, token)


def hide() -> None:
    """No page elsewhere and no search engine learns the address, which is a secret."""

    @after_this_request
    def mark(response: Response) -> Response:
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        return response
