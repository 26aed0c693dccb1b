"""libical, the parser of Evolution and KOrganizer, called in its shared library."""

import ctypes
from collections.abc import Iterator
from ctypes import c_char_p, c_int, c_int64, c_void_p
from datetime import UTC, datetime
from functools import cache

from tests.support.readers import Read

LIBRARY = "libical.so.3"
VEVENT = 4  # icalcomponent_kind


class Time(ctypes.Structure):
    """``struct icaltimetype`` of version 3."""

    _fields_ = (
        *((part, c_int) for part in ("year", "month", "day", "hour", "minute", "second", "is_date", "is_daylight")),
        ("zone", c_void_p),
    )


@cache
def library() -> ctypes.CDLL:
    """Raises ``OSError`` where it is not installed."""
    found = ctypes.CDLL(LIBRARY)
    kinds = {
        "icalcomponent_new_from_string": (c_void_p, c_char_p),
        "icalcomponent_free": (None, c_void_p),
        "icalcomponent_get_first_component": (c_void_p, c_void_p, c_int),
        "icalcomponent_get_next_component": (c_void_p, c_void_p, c_int),
        "icalcomponent_get_uid": (c_char_p, c_void_p),
        "icalcomponent_get_summary": (c_char_p, c_void_p),
        "icalcomponent_get_sequence": (c_int, c_void_p),
        "icalcomponent_get_status": (c_int, c_void_p),
        "icalproperty_status_to_string": (c_char_p, c_int),
        "icalcomponent_get_dtstart": (Time, c_void_p),
        "icalcomponent_get_dtend": (Time, c_void_p),
        "icaltime_as_timet_with_zone": (c_int64, Time, c_void_p),
    }
    for name, (result, *arguments) in kinds.items():
        function = getattr(found, name)
        function.restype, function.argtypes = result, arguments
    return found


def read(data: bytes) -> dict[str, Read]:
    """What libical finds."""
    lib = library()
    calendar = lib.icalcomponent_new_from_string(data)
    if not calendar:
        raise ValueError("libical refused the calendar")
    try:
        return {lib.icalcomponent_get_uid(event).decode(): _event(lib, event) for event in _events(lib, calendar)}
    finally:
        lib.icalcomponent_free(calendar)


def _events(lib: ctypes.CDLL, calendar: int) -> Iterator[int]:
    event = lib.icalcomponent_get_first_component(calendar, VEVENT)
    while event:
        yield event
        event = lib.icalcomponent_get_next_component(calendar, VEVENT)


def _event(lib: ctypes.CDLL, event: int) -> Read:
    times = lib.icalcomponent_get_dtstart(event), lib.icalcomponent_get_dtend(event)
    starts_at, ends_at = (
        datetime.fromtimestamp(lib.icaltime_as_timet_with_zone(time, time.zone), UTC) for time in times
    )
    status = lib.icalproperty_status_to_string(lib.icalcomponent_get_status(event)).decode()
    summary = (lib.icalcomponent_get_summary(event) or b"").decode()
    return Read(starts_at, ends_at, lib.icalcomponent_get_sequence(event), status, summary)
