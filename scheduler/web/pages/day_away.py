"""Away for a while: a stretch of one day as it is typed, as it is looked at before it is stored, and as it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Self
from uuid import UUID

from scheduler.domain.clinic_days import instant_of
from scheduler.domain.refusals import Invalid
from scheduler.domain.spelling import LONGEST_NAME, clean
from scheduler.operations.days.day_columns import Column
from scheduler.operations.days.days import Day
from scheduler.operations.places.absences import list_absences
from scheduler.operations.places.affected import Affected, affected_by_absence
from scheduler.storage.rows import AbsenceSource
from scheduler.web.pages.registry import Form, PageCall
from scheduler.web.pages.words import clock, say

QUARTER = timedelta(minutes=15)
MIDNIGHT = "24:00"


class AwayForm(Form):
    """A stretch of the day on the clinic's clock, and what for."""

    start: str = ""
    end: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of one day: UTC instants, how the clinic's clock shows them, and whom it affects."""

    starts_at: datetime
    ends_at: datetime
    start: str
    end: str
    label: str = ""
    affected: tuple[Affected, ...] = ()

    @property
    def hits(self) -> tuple[tuple[str, Affected], ...]:
        """Whom it affects, each after the time on the clinic's clock."""
        return tuple((clock(one.starts_at, one.zone), one) for one in self.affected)

    @classmethod
    def of(cls, day: Day, starts_at: datetime, ends_at: datetime) -> Self:
        end = MIDNIGHT if ends_at >= day.ends_at else clock(ends_at, day.zone)
        return cls(starts_at, ends_at, clock(max(starts_at, day.begins_at), day.zone), end)


@dataclass(frozen=True, slots=True)
class Away:
    """An absence that stands on a day. What a calendar brought is not ended here."""

    id: UUID
    stretch: Stretch
    can_end: bool


def default_stretch(day: Day, column: Column, now: datetime) -> Stretch:
    """From the next quarter of an hour, or the beginning of the day's work, to the end of it."""
    first, last = (column.working[0][0], column.working[-1][1]) if column.working else (day.begins_at, day.ends_at)
    begin = max(first, _next_quarter(now)) if day.begins_at <= now < day.ends_at else first
    return Stretch.of(day, min(begin, last - QUARTER), min(last, day.ends_at - timedelta(minutes=1)))


def _next_quarter(now: datetime) -> datetime:
    past = timedelta(minutes=now.minute % 15, seconds=now.second, microseconds=now.microsecond)
    return now - past + (QUARTER if past else timedelta(0))


def read_stretch(call: PageCall, day: Day, resource_id: UUID, sent: Mapping[str, str]) -> Stretch:
    """What was typed, with whom it affects. Raises ``Invalid`` with a fault for each field that cannot be used."""
    faults: dict[str, str] = {}
    starts_at = _instant(day, sent["start"], "start", faults)
    ends_at = _instant(day, sent["end"], "end", faults)
    label = _label(sent["label"], faults)
    if starts_at and ends_at and ends_at <= starts_at:
        faults["end"] = say("It must end after it begins.")
    if faults or starts_at is None or ends_at is None:
        errors = [{"field": name, "detail": detail} for name, detail in faults.items()]
        raise Invalid(say("Some of what was typed cannot be used."), code="invalid_form", errors=errors)
    found = affected_by_absence(call.context, resource_id, starts_at, ends_at)
    return replace(Stretch.of(day, starts_at, ends_at), label=label, affected=found)


def _instant(day: Day, text: str, name: str, faults: dict[str, str]) -> datetime | None:
    if text.strip() == MIDNIGHT:
        return day.ends_at
    try:
        return instant_of(day.on, time.fromisoformat(text.strip()).replace(tzinfo=None), day.zone)
    except ValueError:
        faults[name] = say("Give a time such as 13:30.")
        return None


def _label(text: str, faults: dict[str, str]) -> str:
    if not text.strip():
        return ""
    try:
        label = clean(text)
    except ValueError:
        label = ""
    if not 0 < len(label) <= LONGEST_NAME:
        faults["label"] = say("Write a few plain words.")
    return label


def aways(call: PageCall, day: Day, resource_id: UUID) -> tuple[Away, ...]:
    """The absences of a resource that touch a day and are not over, with whom each affects."""
    found = list_absences(call.context, resource_id=resource_id, limit=50).items
    return tuple(
        Away(one.id, _stands(call, day, one.resource_id, one.starts_at, one.ends_at, one.label), _is_ours(one.source))
        for one in found
        if one.starts_at < day.ends_at and one.ends_at > day.begins_at
    )


def _is_ours(source: AbsenceSource) -> bool:
    return source is AbsenceSource.STAFF


def _stands(call: PageCall, day: Day, resource_id: UUID, starts_at: datetime, ends_at: datetime, label: str) -> Stretch:
    begin, end = max(starts_at, day.begins_at), min(ends_at, day.ends_at)
    shown = Stretch.of(day, begin, end)
    return Stretch(
        begin, end, shown.start, shown.end, label, affected_by_absence(call.context, resource_id, begin, end)
    )
