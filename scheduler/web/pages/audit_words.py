"""Sentences of the audit trail: what somebody did, made from the kind of deed and its facts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scheduler.domain.clinic_days import wall_time
from scheduler.operations.audit_trail import AuditEntry
from scheduler.web.pages.words import day_with_year, say

STEPS = ("AppointmentBooked", "AppointmentMoved", "AppointmentCancelled")


@dataclass(frozen=True, slots=True)
class Names:
    """Who is meant in a sentence, and the clinic's zone for its times."""

    actor: str
    patient: str
    zone: str


def deeds_in_words() -> Mapping[str, str]:
    """Each kind of deed as a few words, for the filter and where no sentence of its own is known."""
    return {
        "series_started": say("began a series"),
        "series_imported": say("imported a series"),
        "sessions_booked": say("booked sessions"),
        "sessions_changed": say("moved sessions"),
        "visit_booked": say("booked a visit"),
        "visit_moved": say("moved a visit"),
        "cancelled": say("cancelled an appointment"),
        "checked_in": say("noted an arrival"),
        "arrived": say("noted an arrival"),
        "no_show": say("noted that the patient did not come"),
        "performed": say("recorded a treatment"),
        "corrected": say("corrected a record"),
        "undone": say("undid something"),
        "put_on_hold": say("freed appointments for a hold"),
        "override_granted": say("allowed a date outside the rules"),
        "override_declined": say("declined a date outside the rules"),
        "decided_about_series": say("decided about a series"),
        "protocol_adopted": say("took a series over to a newer version"),
        "protocol_saved": say("saved a new version of a treatment"),
        "risks_changed": say("found what is at risk"),
        "hold_proposed": say("proposed a hold"),
        "hold_placed": say("placed a hold"),
        "hold_confirmed": say("confirmed a hold"),
        "hold_extended": say("extended a hold"),
        "hold_lifted": say("lifted a hold"),
        "hold_dismissed": say("dismissed a hold"),
        "clearance_given": say("gave a clearance"),
        "clearance_revoked": say("revoked a clearance"),
        "answer_logged": say("noted an answer"),
        "patient_added": say("added a patient"),
        "patient_edited": say("edited a patient"),
        "patients_merged": say("merged two records"),
        "patient_link_issued": say("issued a personal link"),
        "patient_link_revoked": say("revoked a personal link"),
        "link_issued": say("issued a calendar link"),
        "link_revoked": say("revoked a calendar link"),
        "waitlist_joined": say("put somebody on the waitlist"),
        "waitlist_left": say("took somebody off the waitlist"),
        "user_added": say("added a user"),
        "password_changed": say("changed a password"),
        "logged_in": say("logged in"),
        "logged_out": say("logged out"),
        "resource_added": say("added a person, room or device"),
        "resource_changed": say("changed a person, room or device"),
        "absence_added": say("noted an absence"),
        "clinic_edited": say("edited a clinic"),
        "clinic_closed": say("closed a clinic for days"),
        "clinic_reopened": say("opened a clinic again"),
        "opening_hours_set": say("set opening hours"),
    }


def deed_words(action: str) -> str:
    """A kind of deed in words; one without words by its name."""
    return deeds_in_words().get(action, action.replace("_", " "))


def sentence(entry: AuditEntry, names: Names) -> str:
    """Who did what for whom."""
    if names.patient:
        return say(
            "%(who)s %(did)s: %(patient)s.", who=names.actor, did=deed_words(entry.action), patient=names.patient
        )
    return say("%(who)s %(did)s.", who=names.actor, did=deed_words(entry.action))


def details(entry: AuditEntry, names: Names) -> Iterator[str]:
    """Each appointment that a deed booked, moved or cancelled, and what else its facts tell."""
    for step in entry.facts.get("changes", ()):
        if isinstance(step, Mapping) and step.get("type") in STEPS:
            yield _step(step, names.zone)
    if "from_version" in entry.facts:
        yield say("From version %(before)s to %(after)s.", before=entry.facts["from_version"], after=entry.rule_version)
    elif entry.action == "protocol_saved":
        yield say("The rules are %(version)s now.", version=entry.rule_version)
    if entry.facts.get("fields"):
        yield say("Changed: %(fields)s.", fields=", ".join(map(str, entry.facts["fields"])))


def _step(step: Mapping[str, Any], zone: str) -> str:
    what = say("Session %(number)d", number=step["session"]) if step.get("session") else say("The visit")
    if step["type"] == "AppointmentMoved":
        before, after = _at(step["before"], zone), _at(step["after"], zone)
        return say("%(what)s: moved from %(before)s to %(after)s.", what=what, before=before, after=after)
    if step["type"] == "AppointmentBooked":
        return say("%(what)s: booked for %(when)s.", what=what, when=_at(step["slot"], zone))
    return say("%(what)s of %(when)s: cancelled.", what=what, when=_at(step["slot"], zone))


def _at(slot: Mapping[str, Any], zone: str) -> str:
    """“Tuesday 3 March 2026, 10:00”."""
    wall = wall_time(datetime.fromisoformat(slot["starts_at"]), zone)
    return say("%(day)s, %(time)s", day=day_with_year(wall.date()), time=f"{wall:%H:%M}")
