"""What every invitation that leaves the product must look like, beyond what holds for any calendar (RFC 5546)."""

from collections import Counter
from collections.abc import Iterator

from tests.support.ics_bytes import Part, byte_faults, calendar_faults, read

STATUSES = {"REQUEST": {"CONFIRMED", "TENTATIVE"}, "CANCEL": {"CANCELLED"}}
ASKED = {"REQUEST": ";PARTSTAT=NEEDS-ACTION;RSVP=TRUE", "CANCEL": ""}


def check_invitation(data: bytes, method: str) -> None:
    """Fail unless these are the bytes of a good invitation with this METHOD."""
    assert list(invitation_faults(data, method)) == []


def invitation_faults(data: bytes, method: str) -> Iterator[str]:
    """Everything that is wrong with an invitation's bytes. Raises ``ValueError`` when it cannot be read at all."""
    yield from byte_faults(data)
    calendar = read(data)
    yield from calendar_faults(calendar)
    if [value for name, _, value in calendar.properties if name == "METHOD"] != [method]:
        yield f"METHOD is not {method}, once"
    events = [part for part in calendar.parts if part.name == "VEVENT"]
    if len(events) != 1:
        yield f"{len(events)} events"
    for event in events:
        yield from invited_faults(event, method)


def invited_faults(event: Part, method: str) -> Iterator[str]:
    counts = Counter(name for name, _, _ in event.properties)
    yield from (f"{counts[name]} {name}" for name in ("ORGANIZER", "ATTENDEE") if counts[name] != 1)
    for name, params, value in event.properties:
        if name in ("ORGANIZER", "ATTENDEE") and not value.startswith("mailto:"):
            yield f"{name} is no mail address"
        if name == "ATTENDEE" and params != ASKED[method]:
            yield f"ATTENDEE has {params or 'no parameters'}"
    if event.value("STATUS") not in STATUSES[method]:
        yield f"STATUS {event.value('STATUS')} in a {method}"
    if event.value("DTSTAMP") < event.value("LAST-MODIFIED"):
        yield "DTSTAMP is before the last revision"
