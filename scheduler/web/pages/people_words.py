"""Words about people: dates of birth, phone numbers to press, and how a patient wants to be told."""

import re
from collections.abc import Collection
from datetime import date

from babel.dates import format_date
from flask import Flask

from scheduler.calendars.privacy import PrivacyLevel
from scheduler.domain.contact import CalendarBy, Contact, Language
from scheduler.domain.deposits import Deposit
from scheduler.domain.reminders import LONGEST_NOTICE_DAYS
from scheduler.storage.entries import shipped
from scheduler.web.pages.own_hours import opening_words
from scheduler.web.pages.words import counted, say, words

BIRTH = {Language.ENGLISH: "d MMMM y", Language.GERMAN: "d. MMMM y"}
Options = tuple[tuple[str, str], ...]


def install(app: Flask) -> None:
    """Let templates use them."""
    app.jinja_env.globals.update(
        {name.__name__: name for name in (born, opening_words, tel, shared_words, site_words, treatment_words)}
    )


def born(on: date) -> str:
    """A date of birth: “28 February 1990”."""
    return format_date(on, BIRTH[words().language], locale=words().locale)


def tel(phone: str) -> str:
    """The address that dials a number."""
    return "tel:" + re.sub(r"[^0-9+]", "", phone)


def shared_words(shared: Collection[str]) -> str:
    """What two records have in common."""
    known = {"name": say("name"), "phone": say("phone"), "email": say("e-mail")}
    return ", ".join(known[one] for one in shared)


def site_words(sites: Collection[str]) -> str:
    """Parts of the body in the visitor's language."""
    known = shipped().body_sites
    return ", ".join(words().translated(known[one].label) for one in sites if one in known)


def treatment_words(name: str) -> str:
    """A treatment in the visitor's language."""
    return words().translated(name)


def contact_options() -> Options:
    """How a patient may be told."""
    return (
        (Contact.EMAIL, say("By e-mail")),
        (Contact.TEXT, say("By text message")),
        (Contact.PHONE, say("By phone")),
        (Contact.NONE, say("Not at all")),
    )


def calendar_options() -> Options:
    """How appointments reach a patient's calendar."""
    return (
        (CalendarBy.FEED, say("By a calendar link that keeps itself up to date")),
        (CalendarBy.INVITATIONS, say("By invitations in e-mails")),
    )


def deposit_options() -> Options:
    """Whether a patient leaves a deposit."""
    return (
        (Deposit.NONE, say("No deposit")),
        (Deposit.ASKED, say("Deposit asked for")),
        (Deposit.PAID, say("Deposit paid")),
    )


def privacy_options() -> Options:
    """What a patient's calendar and messages name."""
    return (
        (PrivacyLevel.DISCREET, say("“Appointment” and the clinic’s name only")),
        (PrivacyLevel.DETAILED, say("The treatment, the session and the address too")),
    )


def language_options() -> Options:
    """Each language in its own words."""
    return ((Language.ENGLISH, "English"), (Language.GERMAN, "Deutsch"))


def reminder_options() -> Options:
    """Days before a visit; empty takes what suits the treatment."""
    days = tuple(
        (str(n), counted("One day before", "%(number)d days before", n)) for n in range(1, LONGEST_NOTICE_DAYS)
    )
    return (("", say("As suits the treatment")), *days, ("0", say("No reminder")))
