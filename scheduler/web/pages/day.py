"""The day of a clinic: reception's home. The same day is also a fragment that a browser asks for again and again."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from flask import request

from scheduler.domain.access import Action
from scheduler.operations.booking.latest_change import latest_change
from scheduler.operations.days.day_appointments import DayAppointment
from scheduler.operations.days.day_holds import held_appointments
from scheduler.operations.days.days import Day, show_day
from scheduler.operations.days.open_days import next_open_day
from scheduler.operations.tasks.tasks import list_tasks
from scheduler.web.pages.day_panel import panel_of
from scheduler.web.pages.day_rail import arriving, attention, waiting
from scheduler.web.pages.day_sheet import By, appointments_of, sheet_of
from scheduler.web.pages.places import chosen_clinic, today_at
from scheduler.web.pages.registry import Answer, Choice, Page, PageCall, Pages, See, Unchanged
from scheduler.web.pages.words import clock, words

pages = Pages("day")

PANEL = "panel"
ONE_DAY = timedelta(days=1)
TASKS_SHOWN, TASKS_COUNTED = 6, 50


class DayChoice(Choice):
    """How to look at a day: what its columns are, and which appointment is open."""

    by: By = By.PRACTITIONER
    open: UUID | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """A day with what its pages are made from."""

    day: Day
    appointments: tuple[DayAppointment, ...]
    held: frozenset[UUID]
    today: date
    now: datetime


@pages.get("/", Action.SEE_SCHEDULE)
def home(_call: PageCall) -> See:
    """The staff's home."""
    return See("/day")


@pages.get("/day", Action.SEE_SCHEDULE)
def today(call: PageCall, query: DayChoice) -> Answer:
    """Today, as the clinic's wall has it."""
    return show(call, today_at(call, chosen_clinic(call)), query)


@pages.get("/day/{on}", Action.SEE_SCHEDULE)
def show(call: PageCall, on: date, query: DayChoice) -> Answer:
    """One day: whole, or only the panel of an appointment where a script asks for just that."""
    tag = _tag(call, on, query)
    looked = _looked(call, on)
    panel = panel_of(call, looked.day, query.open, looked.held, looked.today) if query.open else None
    if request.headers.get("HX-Target") == PANEL:
        return Page("day_panel.html", {"panel": panel, "choice": query, "on": on})
    return Page("day.html", {**_values(call, looked, query), "panel": panel, "tag_of_day": tag})


@pages.get("/day/{on}/live", Action.SEE_SCHEDULE)
def live(call: PageCall, on: date, query: DayChoice) -> Answer:
    """What changes in a day while others work. A browser that has it already learns that for two small queries."""
    tag = _tag(call, on, query)
    if call.known_tag == tag:
        return Unchanged(tag)
    return Page("day_live.html", {**_values(call, _looked(call, on), query), "tag_of_day": tag}, tag=tag)


@pages.get("/day/{on}/sheet", Action.SEE_SCHEDULE)
def sheet(call: PageCall, on: date, query: DayChoice) -> Answer:
    """The day as a table: to print, and to read without a grid."""
    return Page("day_table.html", _values(call, _looked(call, on), query))


def _looked(call: PageCall, on: date) -> Looked:
    place = chosen_clinic(call)
    day = show_day(call.context, clinic_id=place.id, on=on)
    held = held_appointments(call.context, clinic_id=place.id, on=on)
    return Looked(day, appointments_of(day), held, today_at(call, place), call.now)


def _values(call: PageCall, looked: Looked, choice: DayChoice) -> dict[str, object]:
    day, zone = looked.day, looked.day.zone
    names = {one.column.resource_id: one.column.name for one in day.practitioners}
    is_today = day.on == looked.today
    tasks = list_tasks(call.context, clinic_id=day.clinic_id, limit=TASKS_COUNTED)
    task_count = f"{len(tasks.items)}{'+' if tasks.last is not None else ''}" if tasks.items else ""
    drawn = sheet_of(day, choice.by, looked.held, looked.now)
    return {
        "day": day,
        "choice": choice,
        "today": looked.today,
        "sheet": drawn,
        "waiting": waiting(looked.appointments, names, zone, looked.now) if is_today else [],
        "arriving": arriving(looked.appointments, zone, looked.now) if is_today else [],
        "tasks": list(attention(tasks.items[:TASKS_SHOWN])),
        "task_count": task_count,
        "counts": {"/tasks": task_count},
        "made_at": clock(looked.now, zone),
        "on": day.on,
        "before": day.on - ONE_DAY,
        "after": day.on + ONE_DAY,
        "booked_count": len(looked.appointments),
        "next_open": None if drawn else next_open_day(call.context, clinic_id=day.clinic_id, after=day.on),
    }


def _tag(call: PageCall, on: date, choice: DayChoice) -> str:
    """What this state of a day is called: it changes with every deed of anybody, and once a minute."""
    clinic = chosen_clinic(call).id
    minute = int(call.now.timestamp()) // 60
    parts = (latest_change(call.context), minute, on, clinic.hex[-6:], choice.by.value, words().language.value)
    return "-".join(str(part) for part in (*parts, call.somebody.user_id.hex[-6:]))
