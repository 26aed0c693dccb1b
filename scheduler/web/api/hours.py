"""Hours as the API spells them: a weekday, and times of the wall clock from 00:00 to 24:00."""

from typing import Annotated, Self

from pydantic import ConfigDict, Field

from scheduler.domain.roster_checks import clock
from scheduler.domain.rosters import Minutes, WeeklyHours
from scheduler.operations.places.resources import Shift
from scheduler.operations.places.rosters import DayShift
from scheduler.web.api.fields import Day, Id, WallTime
from scheduler.web.api.registry import Body, View

MOST_HOURS = 100
"""How many stretches a week may have at most."""


class HoursBody(Body):
    """From a time of the wall clock to a later one on the same day; 24:00 is midnight."""

    since: Annotated[WallTime, Field(alias="from")]
    until: Annotated[WallTime, Field(alias="to")]

    @property
    def minutes(self) -> Minutes:
        return _minute(self.since), _minute(self.until)


class OpeningBody(HoursBody):
    """Opening hours on a weekday; Monday is 0."""

    weekday: Annotated[int, Field(ge=0, le=6)]

    @property
    def weekly(self) -> WeeklyHours:
        return WeeklyHours(self.weekday, self.minutes)


class ShiftBody(OpeningBody):
    """Working hours on a weekday at a clinic, on the dates from ``valid_from`` to ``valid_until``, both included."""

    clinic_id: Id
    valid_from: Day | None = None
    valid_until: Day | None = None

    @property
    def shift(self) -> Shift:
        return Shift(self.clinic_id, WeeklyHours(self.weekday, self.minutes, self.valid_from, self.valid_until))


class DayShiftBody(HoursBody):
    """Working hours of one date at a clinic."""

    clinic_id: Id

    @property
    def shift(self) -> DayShift:
        return DayShift(self.clinic_id, self.minutes)


class OpeningView(View):
    """Opening hours on a weekday; Monday is 0, 24:00 is midnight."""

    model_config = ConfigDict(serialize_by_alias=True)

    weekday: int
    since: Annotated[str, Field(serialization_alias="from")]
    until: Annotated[str, Field(serialization_alias="to")]

    @classmethod
    def of_hours(cls, hours: WeeklyHours) -> Self:
        """The view of a stretch of every week."""
        start, end = hours.minutes
        return cls(weekday=hours.weekday, since=clock(start), until=clock(end))


class ShiftView(View):
    """Working hours on a weekday at a clinic, on the dates from ``valid_from`` to ``valid_until``, both included."""

    model_config = ConfigDict(serialize_by_alias=True)

    clinic_id: Id
    weekday: int
    since: Annotated[str, Field(serialization_alias="from")]
    until: Annotated[str, Field(serialization_alias="to")]
    valid_from: Day | None
    valid_until: Day | None

    @classmethod
    def of_shift(cls, shift: Shift) -> Self:
        """The view of hours at one clinic."""
        hours = shift.hours
        start, end = hours.minutes
        return cls(
            clinic_id=shift.clinic_id,
            weekday=hours.weekday,
            since=clock(start),
            until=clock(end),
            valid_from=hours.valid_from,
            valid_until=hours.valid_until,
        )


def _minute(spelled: str) -> int:
    hour, minute = spelled.split(":")
    return int(hour) * 60 + int(minute)
