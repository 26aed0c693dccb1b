"""Sentences of the audit trail: what somebody did, made from the kind of deed and its facts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scheduler.domain.clinic_days import wall_time
from scheduler.operations.audit_trail import AuditEntry
from scheduler.web.pages.audit_deeds import deeds_in_words
from scheduler.web.pages.words import day_with_year, say

STEPS = ("AppointmentBooked", "AppointmentMoved", "AppointmentCancelled")


@dataclass(frozen=True, slots=True)
class Names:
    """Who is meant in a sentence, and the clinic's zone for its times."""

    actor: str
    patient: str
    zone: str


def deed_words(action: str) -> str:
    """A kind of deed in words. One that an older version of Interval wrote down may have none; its name is told."""
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
