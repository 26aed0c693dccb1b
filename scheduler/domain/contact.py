"""Contact: how a patient hears from the clinic, and how appointments reach the patient's calendar."""

from enum import StrEnum


class Contact(StrEnum):
    """The patient's choice of how to be told. ``NONE`` is told nothing, and nobody calls."""

    EMAIL = "email"
    TEXT = "text"
    PHONE = "phone"
    NONE = "none"


class CalendarBy(StrEnum):
    """Either the feed or invitations by mail, so that no visit stands in a calendar twice."""

    FEED = "feed"
    INVITATIONS = "invitations"


class Language(StrEnum):
    """What messages are written in."""

    ENGLISH = "en"
    GERMAN = "de"


def usual_contact(email: str | None) -> Contact:
    """What is chosen for a patient who was not asked: e-mail where there is an address, else the phone."""
    return Contact.EMAIL if email else Contact.PHONE
