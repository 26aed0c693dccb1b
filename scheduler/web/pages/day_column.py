"""One column of a day, opened beside it: running late, away for a while, and who is affected by that."""

from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from uuid import UUID

from scheduler.domain.access import Action, Allowance, allowance
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.refusals import Invalid, NotFound, Refusal
from scheduler.operations.days.day_columns import Column
from scheduler.operations.days.days import Day
from scheduler.operations.days.delays import end_delay, run_late
from scheduler.operations.places.absences import add_absence, remove_absence
from scheduler.operations.places.affected_lists import affected_of_resource
from scheduler.web.pages.day_away import Away, AwayForm, Stretch, aways, default_stretch, read_stretch
from scheduler.web.pages.day_view import Beside, DayChoice, Looked, day_page, looked_at
from scheduler.web.pages.faults import Typed, typed_in
from scheduler.web.pages.navigation import has_page
from scheduler.web.pages.registry import Choice, Form, Page, PageCall, Pages, See
from scheduler.web.pages.words import say

pages = Pages("day_column")

DELAYS = (5, 10, 15, 20, 30, 45, 60)
AFFECTED = "/affected"
TEMPLATE = "day_column.html"


class AwayChoice(Choice):
    """What somebody wants to look at before it is stored: wall times of the day, as they were typed."""

    start: str = ""
    end: str = ""
    label: str = ""
    look: str = ""


class LateForm(Form):
    """So many minutes."""

    minutes: int


class BackForm(Form):
    """Which absence ends."""

    absence: UUID


@dataclass(frozen=True, slots=True)
class ColumnPanel:
    """A column, opened. ``wanted`` is a stretch that is looked at before it is stored, ``away`` what is stored.

    ``affected``: how many appointments cannot take place with it as booked, on any day.
    """

    resource_id: UUID
    name: str
    hours: str
    path: str
    is_practitioner: bool
    delay: int
    can_be_late: bool
    can_block: bool
    who_may: str
    away: tuple[Away, ...]
    wanted: Stretch | None
    typed: Typed | None
    first: Stretch
    list_path: str | None
    affected: int
    is_wrong: bool = False


@pages.get("/day/{on}/column/{resource_id}", Action.SEE_SCHEDULE)
def show(call: PageCall, on: date, resource_id: UUID, query: AwayChoice) -> Page:
    """A column of the day, with what can be done with it."""
    looked = looked_at(call, on)
    typed, wanted = None, None
    if query.look:
        sent = {"start": query.start, "end": query.end, "label": query.label}
        try:
            wanted = read_stretch(call, looked.day, resource_id, sent)
        except Invalid as refusal:
            typed = typed_in("away", sent, refusal)
    return _page(call, looked, resource_id, wanted, typed)


def _page(
    call: PageCall, looked: Looked, resource_id: UUID, wanted: Stretch | None = None, typed: Typed | None = None
) -> Page:
    column = _column_of(looked.day, resource_id)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if typed else HTTPStatus.OK
    panel = _panel(call, looked, column, wanted, typed)
    return day_page(call, looked, DayChoice(), Beside(TEMPLATE, {"column": panel}, status))


def _column_of(day: Day, resource_id: UUID) -> Column:
    columns = (*(one.column for one in day.practitioners), *day.rooms, *day.devices)
    found = next((one for one in columns if one.resource_id == resource_id), None)
    if found is None:
        raise NotFound("There is no such column on this day.", resource_id=str(resource_id))
    return found


def _panel(call: PageCall, looked: Looked, column: Column, wanted: Stretch | None, typed: Typed | None) -> ColumnPanel:
    day, is_today = looked.day, looked.day.on == looked.today
    is_person = column.kind is ResourceKind.PRACTITIONER
    may, manages = _may_block(call, column.resource_id), _manages(call)
    delays = {one.column.resource_id: one.delay for one in day.practitioners}
    return ColumnPanel(
        resource_id=column.resource_id,
        name=column.name,
        hours=_hours(day, column),
        path=f"/day/{day.on.isoformat()}/column/{column.resource_id}",
        is_practitioner=is_person,
        delay=delays.get(column.resource_id, 0) if is_today else 0,
        can_be_late=is_person and is_today and may,
        can_block=may and (is_today or (manages and day.on > looked.today)),
        who_may=_who_may(may, is_today),
        away=aways(call, day, column.resource_id),
        wanted=wanted,
        typed=typed,
        first=default_stretch(day, column, looked.now),
        list_path=AFFECTED if has_page(AFFECTED) else None,
        affected=len(affected_of_resource(call.context, resource_id=column.resource_id).items),
        is_wrong=typed is not None,
    )


def _hours(day: Day, column: Column) -> str:
    from_to = [Stretch.of(day, *times) for times in column.working]
    return ", ".join(f"{one.start}–{one.end}" for one in from_to) or say("Not working")


def _may_block(call: PageCall, resource_id: UUID) -> bool:
    width = allowance(call.somebody.roles, Action.BLOCK_SAME_DAY)
    return width is Allowance.YES or (width is Allowance.OWN and call.somebody.resource_id == resource_id)


def _manages(call: PageCall) -> bool:
    return allowance(call.somebody.roles, Action.MANAGE_RESOURCES) is Allowance.YES


def _who_may(may: bool, is_today: bool) -> str:
    if not may:
        return say("Only reception, a manager or the person may mark this column.")
    return "" if is_today else say("Another day than today is blocked by a manager.")


def _again(call: PageCall, refusal: Refusal, on: date, resource_id: UUID) -> Page:
    """The panel with what was typed and what is wrong with it."""
    return _page(call, looked_at(call, on), resource_id, typed=typed_in("away", call.typed, refusal))


def _late_again(call: PageCall, refusal: Refusal, on: date, practitioner_id: UUID) -> Page:
    return _page(call, looked_at(call, on), practitioner_id, typed=typed_in("late", call.typed, refusal))


def _see(on: date, resource_id: UUID) -> See:
    return See(f"/day/{on.isoformat()}/column/{resource_id}")


@pages.post("/day/{on}/column/{practitioner_id}/late", Action.BLOCK_SAME_DAY, on_refusal=_late_again)
def late(call: PageCall, on: date, practitioner_id: UUID, form: LateForm) -> See:
    """Say that a practitioner runs late today. Nothing moves."""
    run_late(call.context, resource_id=practitioner_id, minutes=form.minutes)
    return _see(on, practitioner_id)


@pages.post("/day/{on}/column/{practitioner_id}/on-time", Action.BLOCK_SAME_DAY, on_refusal=_late_again)
def on_time(call: PageCall, on: date, practitioner_id: UUID) -> See:
    """The practitioner is on time again."""
    end_delay(call.context, resource_id=practitioner_id)
    return _see(on, practitioner_id)


@pages.post("/day/{on}/column/{resource_id}/away", Action.BLOCK_SAME_DAY, on_refusal=_again)
def away(call: PageCall, on: date, resource_id: UUID, form: AwayForm) -> See:
    """Take somebody or something out of the plan for a stretch of the day. Nothing is cancelled."""
    sent = {"start": form.start, "end": form.end, "label": form.label}
    wanted = read_stretch(call, looked_at(call, on).day, resource_id, sent)
    added = add_absence(
        call.context,
        resource_id=resource_id,
        starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
        label=wanted.label,
        seen=None,
    )
    if added.affected and has_page(AFFECTED):
        return See(f"{AFFECTED}?absence={added.absence.id}")
    return _see(on, resource_id)


@pages.post("/day/{on}/column/{resource_id}/back", Action.BLOCK_SAME_DAY, on_refusal=_again)
def back(call: PageCall, on: date, resource_id: UUID, form: BackForm) -> See:
    """End an absence of the day."""
    _column_of(looked_at(call, on).day, resource_id)
    remove_absence(call.context, resource_id=resource_id, absence_id=form.absence, seen=None)
    return _see(on, resource_id)
