"""What patients change on their own page: another time is asked for, a no is said, and how to be told is chosen."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from scheduler.calendars.privacy import PrivacyLevel
from scheduler.domain.contact import Contact, Language
from scheduler.domain.refusals import Invalid, NotAllowed, Refusal
from scheduler.domain.reminders import LONGEST_NOTICE_DAYS
from scheduler.domain.series import AppointmentStatus
from scheduler.operations.patients.own_choices import choose_own
from scheduler.operations.patients.own_page import OwnPage, own_page
from scheduler.operations.patients.own_requests import OwnWish, ask_for_move, cannot_come
from scheduler.web.api.fields import Day, Prose
from scheduler.web.pages import people_words
from scheduler.web.pages.own_link import Own, follow, follow_confirmed
from scheduler.web.pages.own_refusals import typed_by_patient
from scheduler.web.pages.own_words import own_time
from scheduler.web.pages.registry import ANYBODY, Answer, Form, Page, PageCall, Pages, See
from scheduler.web.problems import status_of

pages = Pages("own_changes")


class MoveForm(Form):
    """Which session, what would suit, and whether it is a wish for another time or a plain no."""

    appointment: UUID | None = None
    on: Day | None = None
    words: Prose | None = None
    deed: Literal["move", "no"]


class ChoiceForm(Form):
    """How the patient is told; ``seen`` is the revision that was looked at."""

    seen: int
    contact: Contact
    language: Language
    privacy: PrivacyLevel
    reminder_days: Annotated[int, Field(ge=0, le=LONGEST_NOTICE_DAYS)] | None = None


@pages.get("/p/{token}/move", ANYBODY)
def ask(call: PageCall, token: str) -> Answer:
    """The form for another time."""
    own = follow(call, token)
    if not own.follower.is_confirmed:
        return See(f"{own.home}/confirm")
    return Page("own_move.html", _to_move(call, own))


def _to_move(call: PageCall, own: Own) -> dict[str, object]:
    found = own_page(own.context)
    coming = [
        (one, own_time(found.visits[one.id].view.starts_at, one.zone))
        for one in found.appointments
        if one.status is AppointmentStatus.BOOKED and one.starts_at > call.now
    ]
    return {"own": own, "page": found, "clinic": found.clinic, "coming": coming}


def _move_again(call: PageCall, refusal: Refusal, token: str) -> Page:
    own = follow_confirmed(call, token)
    typed = typed_by_patient("move", call.typed, refusal)
    return Page("own_move.html", _to_move(call, own) | {"typed": typed}, status_of(refusal))


@pages.post("/p/{token}/move", ANYBODY, on_refusal=_move_again)
def move(call: PageCall, token: str, form: MoveForm) -> See:
    """Ask for it. Nothing moves and nothing is cancelled until somebody has called."""
    own = follow_confirmed(call, token)
    if form.appointment is None:
        fault = {"field": "appointment", "detail": "Choose a session."}
        raise Invalid("Which session?", code="invalid_form", errors=[fault])
    if form.deed == "no":
        cannot_come(own.context, appointment_id=form.appointment, words=form.words or "")
        return See(f"{own.home}?done=declined")
    wish = OwnWish(form.on, form.words or "")
    ask_for_move(own.context, appointment_id=form.appointment, wish=wish)
    return See(f"{own.home}?done=asked")


@pages.get("/p/{token}/choices", ANYBODY)
def look_at_choices(call: PageCall, token: str) -> Answer:
    """How the patient is told. It shows more than times, so the date of birth is asked for first."""
    own = follow(call, token)
    if not own.sees_all:
        return See(f"{own.home}/confirm")
    return Page("own_choices.html", _choices(own, own_page(own.context)))


def _proven(call: PageCall, token: str) -> Own:
    """What shows and changes personal data, whatever the link. Raises ``NotAllowed``."""
    own = follow(call, token)
    if not own.sees_all:
        raise NotAllowed("Please give your date of birth first.", code="not_confirmed")
    return own


def _choices(own: Own, found: OwnPage) -> dict[str, object]:
    days = found.patient.reminder_days
    return {
        "own": own,
        "page": found,
        "clinic": found.clinic,
        "reminder": "" if days is None else str(days),
        "options": {
            "contact": people_words.contact_options(),
            "privacy": people_words.privacy_options(),
            "language": people_words.language_options(),
            "reminder_days": people_words.reminder_options(),
        },
    }


def _choose_again(call: PageCall, refusal: Refusal, token: str) -> Page:
    own = _proven(call, token)
    typed = typed_by_patient("choices", call.typed, refusal)
    return Page("own_choices.html", _choices(own, own_page(own.context)) | {"typed": typed}, status_of(refusal))


@pages.post("/p/{token}/choices", ANYBODY, on_refusal=_choose_again)
def choose(call: PageCall, token: str, form: ChoiceForm) -> See:
    """Keep the choices."""
    own = _proven(call, token)
    choose_own(own.context, seen=form.seen, given=form.model_dump(exclude={"seen"}))
    return See(f"{own.home}?done=saved")
