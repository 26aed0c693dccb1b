"""What the pages of a day have in common: the day that was looked at, and something that is open beside it."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import request

from scheduler.domain.access import Action, allowance
from scheduler.operations.booking.latest_change import latest_change
from scheduler.operations.days.day_appointments import DayAppointment
from scheduler.operations.days.day_holds import held_appointments
from scheduler.operations.days.days import Day, show_day
from scheduler.operations.days.open_days import next_open_day
from scheduler.web.pages.day_attention import attention_of
from scheduler.web.pages.day_rail import arriving, practitioners_of, waiting
from scheduler.web.pages.day_sheet import By, appointments_of, sheet_of
from scheduler.web.pages.navigation import has_page
from scheduler.web.pages.places import chosen_clinic, today_at
from scheduler.web.pages.registry import Choice, Page, PageCall
from scheduler.web.pages.words import clock, say, words

PANEL = "panel"
ONE_DAY = timedelta(days=1)


class DayChoice(Choice):
    """How to look at a day: what its columns are, and which appointment is open."""

    by: By = By.PRACTITIONER
    open: UUID | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """A day with what its pages are made from. ``change`` is the latest of the organisation's before it was read."""

    day: Day
    appointments: tuple[DayAppointment, ...]
    held: frozenset[UUID]
    today: date
    now: datetime
    change: int


@dataclass(frozen=True, slots=True)
class Beside:
    """What is open beside a day: the template of the panel and its values."""

    template: str
    values: dict[str, Any] = field(default_factory=dict)
    status: HTTPStatus = HTTPStatus.OK


def looked_at(call: PageCall, on: date) -> Looked:
    """The day at the clinic that was chosen on this browser."""
    place, change = chosen_clinic(call), latest_change(call.context)
    day = show_day(call.context, clinic_id=place.id, on=on)
    held = held_appointments(call.context, clinic_id=place.id, on=on)
    return Looked(day, appointments_of(day), held, today_at(call, place), call.now, change)


def day_page(call: PageCall, looked: Looked, choice: DayChoice, beside: Beside) -> Page:
    """The day with something open beside it, or only that where a script asks for no more."""
    shown = {**beside.values, "choice": choice, "on": looked.day.on, "panel_template": beside.template}
    if request.headers.get("HX-Target") == PANEL:
        return Page(beside.template, shown, beside.status)
    tag = tag_of(call, looked.day.on, choice, looked.change)
    return Page("day.html", {**values_of(call, looked, choice), **shown, "tag_of_day": tag}, beside.status)


def values_of(call: PageCall, looked: Looked, choice: DayChoice) -> dict[str, object]:
    """What every view of a day is drawn from."""
    day, zone = looked.day, looked.day.zone
    is_today = day.on == looked.today
    people = practitioners_of(day) if is_today else {}
    drawn = sheet_of(day, choice.by, looked.held, looked.now)
    waits = attention_of(call, day.clinic_id, looked.change)
    return {
        "day": day,
        "choice": choice,
        "today": looked.today,
        "sheet": drawn,
        "waiting": waiting(looked.appointments, people, zone, looked.now) if is_today else [],
        "arriving": arriving(looked.appointments, people, zone, looked.now) if is_today else [],
        "tasks": waits.shown,
        "task_count": waits.count,
        "counts": {"/tasks": waits.count},
        "made_at": clock(looked.now, zone),
        "on": day.on,
        "before": day.on - ONE_DAY,
        "after": day.on + ONE_DAY,
        "own_column": call.somebody.resource_id,
        "opening": None if drawn else opening_of(call, day),
        "booked_count": len(looked.appointments),
        "next_open": None if drawn else next_open_day(call.context, clinic_id=day.clinic_id, after=day.on),
    }


@dataclass(frozen=True, slots=True)
class Opening:
    """How a day on which nobody works is opened: a page for who may, words for who may not."""

    path: str | None
    who: str


def opening_of(call: PageCall, day: Day) -> Opening | None:
    """Where a closure ends, or hours are set; ``None`` for a day that has passed or where there is no such page."""
    path = "/clinic/closures" if day.closures else "/clinic/hours"
    if day.ends_at <= call.now or not has_page(path):
        return None
    may = allowance(call.somebody.roles, Action.MANAGE_RESOURCES) is not None
    return Opening(path if may else None, "" if may else say("A manager can open this day."))


def tag_of(call: PageCall, on: date, choice: DayChoice, change: int) -> str:
    """What this state of a day is called: it changes with every deed of anybody, and once a minute."""
    clinic = chosen_clinic(call).id
    minute = int(call.now.timestamp()) // 60
    parts = (change, minute, on, clinic.hex[-6:], choice.by.value, words().language.value)
    return "-".join(str(part) for part in (*parts, call.somebody.user_id.hex[-6:]))
