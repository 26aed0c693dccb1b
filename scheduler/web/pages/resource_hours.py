"""When a resource is there: its usual weeks, single dates that differ, and how far its roster is published."""

from functools import partial
from typing import Literal
from uuid import UUID

from scheduler.domain.access import Action
from scheduler.domain.refusals import Invalid
from scheduler.domain.rosters import WeeklyHours
from scheduler.operations.places.resources import Shift, get_resource
from scheduler.operations.places.rosters import (
    DayShift,
    clear_single_day,
    publish_roster,
    set_single_day,
    set_usual_week,
)
from scheduler.web.api.fields import Day
from scheduler.web.pages.effects import expect_seen
from scheduler.web.pages.hours_text import read_hours, read_week
from scheduler.web.pages.registry import Form, PageCall, Pages, See
from scheduler.web.pages.resource_page import HOME, again, shown_next
from scheduler.web.pages.words import say

pages = Pages("resource_hours")


class KnownForm(Form):
    """``seen`` is the revision, ``known`` marks the affected that were seen."""

    seen: int
    known: str = ""


class WeekForm(KnownForm):
    """A week at a clinic between two dates, in place of the one of ``was_first`` to ``was_last``.

    The lines of the weekdays are read as they were typed.
    """

    clinic: UUID
    first: Day | None = None
    last: Day | None = None
    was_first: Day | None = None
    was_last: Day | None = None


class SingleDayForm(KnownForm):
    """The hours of one date: ``clear`` lets the usual week hold again."""

    on: Day
    hours: str = ""
    clear: Literal["yes"] | None = None


class RosterForm(KnownForm):
    """How far the roster is published."""

    until: Day | None = None


@pages.post(f"{HOME}/{{resource_id}}/week", Action.MANAGE_RESOURCES, on_refusal=partial(again, "week"))
def week(call: PageCall, resource_id: UUID, form: WeekForm) -> See:
    """Replace one week of a resource; all others stay."""
    known = get_resource(call.context, resource_id=resource_id)
    replaced = (form.was_first, form.was_last), (form.first, form.last)
    kept = [one for one in known.week if one.clinic_id != form.clinic or _span(one) not in replaced]
    hours = (WeeklyHours(day, minutes, form.first, form.last) for day, minutes in read_week(call.typed))
    shifts = [*kept, *(Shift(form.clinic, one) for one in hours)]
    changed = set_usual_week(call.context, resource_id=resource_id, week=shifts, seen=form.seen)
    expect_seen(changed.affected, form.known)
    return shown_next(resource_id, changed.affected)


def _span(shift: Shift) -> tuple[object, object]:
    return shift.hours.valid_from, shift.hours.valid_until


@pages.post(f"{HOME}/{{resource_id}}/days", Action.MANAGE_RESOURCES, on_refusal=partial(again, "day"))
def day(call: PageCall, resource_id: UUID, form: SingleDayForm) -> See:
    """Say when it is there on one date; no hours are a day off."""
    if form.clear:
        changed = clear_single_day(call.context, resource_id=resource_id, on=form.on, seen=form.seen)
    else:
        shifts = _shifts(call, resource_id, form.hours)
        changed = set_single_day(call.context, resource_id=resource_id, on=form.on, shifts=shifts, seen=form.seen)
    expect_seen(changed.affected, form.known)
    return shown_next(resource_id, changed.affected)


def _shifts(call: PageCall, resource_id: UUID, text: str) -> list[DayShift]:
    clinic_id = get_resource(call.context, resource_id=resource_id).clinic_id
    try:
        return [DayShift(clinic_id, minutes) for minutes in read_hours(text)]
    except ValueError as fault:
        errors = [{"field": "hours", "detail": str(fault)}]
        raise Invalid(say("Some of the hours cannot be used."), code="invalid_form", errors=errors) from None


@pages.post(f"{HOME}/{{resource_id}}/roster", Action.MANAGE_RESOURCES, on_refusal=partial(again, "roster"))
def roster(call: PageCall, resource_id: UUID, form: RosterForm) -> See:
    """Say how far the roster is published."""
    changed = publish_roster(call.context, resource_id=resource_id, until=form.until, seen=form.seen)
    expect_seen(changed.affected, form.known)
    return shown_next(resource_id, changed.affected)
