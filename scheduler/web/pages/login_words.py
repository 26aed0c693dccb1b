"""What people are told when logging in, or something about an account, is refused."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.passwords import LONGEST_PASSWORD, LONGEST_PIN, SHORTEST_PASSWORD, SHORTEST_PIN
from scheduler.domain.refusals import Refusal
from scheduler.domain.throttling import TooSoon
from scheduler.operations.staff.passkeys import LONGEST_NAME
from scheduler.web.pages.places import chosen_clinic, clinics
from scheduler.web.pages.registry import PageCall
from scheduler.web.pages.words import clock, counted, say, short_day
from scheduler.web.problems import status_of as status_of_problem

TWO_MINUTES = 120


@dataclass(frozen=True, slots=True)
class Told:
    """What is not right, and what would work."""

    detail: str
    remedy: str


def told(refusal: Refusal | None) -> Told | None:
    """A refusal in the visitor's language."""
    if refusal is None:
        return None
    if isinstance(refusal, TooSoon):
        return Told(say("There were too many attempts in a short time."), _wait(refusal.facts["retry_after_seconds"]))
    known = {**_about_logging_in(), **_about_passkeys(), **_about_passwords()}.get(refusal.code)
    return Told(*known) if known else Told(refusal.detail, refusal.remedy)


def status_of(refusal: Refusal | None) -> HTTPStatus:
    """The status of a page that asks, or asks again."""
    return HTTPStatus.OK if refusal is None else status_of_problem(refusal)


def moment(call: PageCall, instant: datetime) -> str:
    """A day and a time on the wall of the clinic that is shown, or in UTC where there is none."""
    zone = chosen_clinic(call).zone if clinics(call) else "UTC"
    return f"{short_day(clinic_date(instant, zone))}, {clock(instant, zone)}"


def _wait(seconds: int) -> str:
    if seconds < TWO_MINUTES:
        return counted("Try again in a second.", "Try again in %(number)d seconds.", seconds)
    return say("Try again in %(minutes)s minutes.", minutes=-(-seconds // 60))


def _about_logging_in() -> dict[str, tuple[str, str]]:
    return {
        "login_wrong": (
            say("Name or password is not right."),
            say("Check both, or ask a manager for a link that sets a new password."),
        ),
        "login_ended": (say("This log-in has ended."), say("Log in again.")),
        "code_wrong": (
            say("This code is not right, or was used before."),
            say("Wait for the next one of your app, or use a recovery code."),
        ),
        "pin_locked": (say("There were too many wrong PINs."), say("Use your password.")),
        "login_taken": (say("Somebody has this log-in name already."), say("Choose another one.")),
        "second_factor_exists": (say("You have a second factor already."), say("Remove it before you set up another.")),
        "nothing_to_confirm": (say("There is nothing to confirm."), say("Begin again.")),
    }


def _about_passkeys() -> dict[str, tuple[str, str]]:
    return {
        "passkey_wrong": (say("This passkey is not right."), say("Try again, or use a code.")),
        "passkey_late": (say("That took too long."), say("Try again.")),
        "passkey_taken": (say("This passkey is set up already."), ""),
        "passkey_unnamed": (say("A passkey needs a name of at most %(most)s characters.", most=LONGEST_NAME), ""),
        "passkeys_full": (say("You have as many passkeys as there can be."), say("Remove one that you no longer use.")),
    }


def _about_passwords() -> dict[str, tuple[str, str]]:
    words = say("Several words in a row are easy to remember.")
    return {
        "password_length": (
            say("A password has %(least)s to %(most)s characters.", least=SHORTEST_PASSWORD, most=LONGEST_PASSWORD),
            words,
        ),
        "password_weak": (say("This password would soon be guessed."), words),
        "passwords_differ": (say("The two passwords differ."), say("Type the same twice.")),
        "pin_unfit": (say("A PIN has %(least)s to %(most)s digits.", least=SHORTEST_PIN, most=LONGEST_PIN), ""),
        "pin_weak": (say("This PIN would soon be guessed."), say("Choose digits without a pattern.")),
        "name_missing": (say("Your name and that of the organisation are needed."), ""),
        "login_unfit": (say("This cannot be a log-in name."), say("Use an e-mail address.")),
    }
