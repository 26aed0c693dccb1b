"""What is being booked, as it stands in an address: whoever has the address can take the booking up again."""

import re
from datetime import date, datetime, time
from typing import Annotated, Any, Literal, Self
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from pydantic import AfterValidator, Field
from werkzeug.datastructures import MultiDict

from scheduler.domain.clinic_days import instant_of
from scheduler.domain.wishes import Preference, Wishes
from scheduler.web.api.fields import Code, Day, WallTime
from scheduler.web.pages.reading import valid
from scheduler.web.pages.registry import Choice

EVERY_DAY = tuple(range(7))
SERIES = "series:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
WHAT = f"^((protocol|visit):[0-9a-z_-]{{1,60}}|{SERIES})$"
BOOKED = f"^({SERIES}|{SERIES.replace('series', 'visit')})$"
PIN = re.compile(r"(\d{1,2}@)?20\d{2}-\d{2}-\d{2}T\d{2}:\d{2}")
LONGEST_QUERY = 2000


def _pin(spelled: str) -> str:
    if not PIN.fullmatch(spelled):
        raise ValueError("must be a time such as 2026-03-05T11:00")
    datetime.fromisoformat(spelled.rpartition("@")[2])
    return spelled


Pin = Annotated[str, AfterValidator(_pin)]


class BookingChoice(Choice):
    """Everything that was chosen so far. ``what`` names a protocol, a visit type or a series that goes on.

    ``pin`` is a wall time of the clinic, with the session that it is for before an ``@``; else the next one is meant.
    """

    q: Annotated[str | None, Field(max_length=120)] = None
    patient: UUID | None = None
    what: Annotated[str | None, Field(pattern=WHAT)] = None
    sessions: Annotated[int | None, Field(ge=1, le=99)] = None
    site: Annotated[tuple[Code, ...], Field(max_length=20)] = ()
    addon: Annotated[tuple[Code, ...], Field(max_length=20)] = ()
    start: Day | None = None
    day: tuple[int, ...] = ()
    since: WallTime | None = None
    until: WallTime | None = None
    other_day: tuple[int, ...] = ()
    other_since: WallTime | None = None
    other_until: WallTime | None = None
    away: Day | None = None
    back: Day | None = None
    who: UUID | None = None
    same: Literal["yes"] | None = None
    pin: Annotated[tuple[Pin, ...], Field(max_length=20)] = ()
    keep: UUID | None = None
    told: Literal["asked"] | None = None
    booked: Annotated[str | None, Field(pattern=BOOKED)] = None

    @classmethod
    def of_query(cls, query: str) -> Self:
        """The choice that an address of ours stands for. Raises ``Invalid``."""
        return valid(cls, MultiDict(parse_qsl(query[:LONGEST_QUERY])))

    @property
    def query(self) -> str:
        """The choice as an address has it."""
        values = self.model_dump(mode="json", exclude_none=True)
        return urlencode({name: value for name, value in values.items() if value != []}, doseq=True)

    def path(self, **changed: Any) -> str:
        """The address of this choice with some of it changed."""
        return f"/book?{self.model_copy(update=changed).query}".removesuffix("?")

    @property
    def kind(self) -> str:
        """``protocol``, ``visit``, ``series``, or nothing when nothing was chosen."""
        return (self.what or "").partition(":")[0]

    @property
    def code(self) -> str:
        """What follows the kind: a code, or the id of a series."""
        return (self.what or "").partition(":")[2]

    def wishes(self, zone: str, first: int = 1) -> Wishes:
        """What the planner calls it. ``first`` is the session that a pin is for when it names none."""
        return Wishes(
            start_on=self.start,
            prefer=(
                *preferences(self.day, self.since, self.until),
                *preferences(self.other_day, self.other_since, self.other_until),
            ),
            avoid=_avoided(self.away, self.back),
            pinned=dict(_pinned(pin, zone, first) for pin in self.pin),
            practitioner_id=self.who,
            same_practitioner=self.same == "yes",
        )


def preferences(days: tuple[int, ...], since: str | None, until: str | None) -> tuple[Preference, ...]:
    """Hours of some weekdays, of all when none is named; nothing when nothing was asked, or the hours are reversed."""
    if not (days or since or until):
        return ()
    begin, end = since or "00:00", until or "24:00"
    if begin >= end:
        return ()
    return tuple(Preference(one, _time(begin), _time(end)) for one in sorted(set(days) & set(EVERY_DAY)) or EVERY_DAY)


def _time(spelled: str) -> time:
    return time.min if spelled == "24:00" else time.fromisoformat(spelled)


def _avoided(away: date | None, back: date | None) -> tuple[tuple[date, date], ...]:
    """From the first date that is named to the last; one date alone when only one is."""
    known = sorted(one for one in (away, back) if one)
    return ((known[0], known[-1]),) if known else ()


def _pinned(pin: str, zone: str, first: int) -> tuple[int, datetime]:
    session, _, wall = pin.rpartition("@")
    at = datetime.fromisoformat(wall)
    return int(session or first), instant_of(at.date(), at.time(), zone)
