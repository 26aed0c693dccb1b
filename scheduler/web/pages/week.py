"""One practitioner's week: seven days as columns, with the cards of the day."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from scheduler.domain.access import Action
from scheduler.domain.clinic_days import instant_of, wall_time
from scheduler.operations.booking.latest_change import latest_change
from scheduler.operations.days.day_holds import held_appointments
from scheduler.operations.days.days import Day
from scheduler.operations.days.weeks import Week, show_week
from scheduler.web.pages.day_cards import code_of, looks
from scheduler.web.pages.day_layout import Span, at, long
from scheduler.web.pages.day_sheet import SHORT, By, Drawing, Sheet, Strand
from scheduler.web.pages.places import chosen_clinic, today_at
from scheduler.web.pages.registry import Answer, Page, PageCall, Pages, See, Unchanged
from scheduler.web.pages.words import clock, short_day, words

pages = Pages("week")

WEEK = timedelta(days=7)
LAST_MINUTE = 24 * 60


@pages.get("/week", Action.SEE_SCHEDULE)
def own(call: PageCall) -> See:
    """The week of who asks, or the day of the clinic for who has no column."""
    mine = call.somebody.resource_id
    return See(f"/week/{mine}/{today_at(call, chosen_clinic(call)).isoformat()}" if mine else "/day")


@pages.get("/week/{practitioner_id}/{on}", Action.SEE_SCHEDULE)
def show(call: PageCall, practitioner_id: UUID, on: date) -> Page:
    """The week in which a date lies."""
    tag = _tag(call, practitioner_id, on)
    return Page("week.html", {**_values(call, practitioner_id, on), "tag_of_week": tag})


@pages.get("/week/{practitioner_id}/{on}/live", Action.SEE_SCHEDULE)
def live(call: PageCall, practitioner_id: UUID, on: date) -> Answer:
    """What changes in a week while others work."""
    tag = _tag(call, practitioner_id, on)
    if call.known_tag == tag:
        return Unchanged(tag)
    return Page("week_live.html", {**_values(call, practitioner_id, on), "tag_of_week": tag}, tag=tag)


def _tag(call: PageCall, resource_id: UUID, on: date) -> str:
    minute = int(call.now.timestamp()) // 60
    who = (resource_id.hex[-6:], chosen_clinic(call).id.hex[-6:], call.somebody.user_id.hex[-6:])
    return "-".join(map(str, (latest_change(call.context), minute, on, *who, words().language.value)))


def _values(call: PageCall, resource_id: UUID, on: date) -> dict[str, object]:
    place = chosen_clinic(call)
    found = show_week(call.context, clinic_id=place.id, resource_id=resource_id, on=on)
    first, last = found.days[0].on, found.days[-1].on
    held = held_appointments(call.context, clinic_id=place.id, on=first, until=last)
    return {
        "week": found,
        "sheet": sheet_of_week(found, held, call.now),
        "today": today_at(call, place),
        "clinic": place.name,
        "first": first,
        "last": last,
        "on": on,
        "before": on - WEEK,
        "after": on + WEEK,
        "booked_count": sum(len(day.practitioners[0].appointments) for day in found.days),
        "made_at": clock(call.now, place.zone),
    }


def sheet_of_week(week: Week, held: frozenset[UUID], now: datetime) -> Sheet | None:
    """The week as it is drawn; ``None`` when there is neither work nor an appointment."""
    hours = _hours(week)
    if hours is None:
        return None
    spans = [_span(day, *hours) for day in week.days]
    strands = tuple(_strand(day, held, span, now) for day, span in zip(week.days, spans, strict=True))
    booked = [one for day in week.days for one in day.practitioners[0].appointments]
    today = next((span for span in spans if span.holds(now)), None)
    return Sheet(
        strands=strands,
        hours=tuple(spans[0].hours()),
        first=clock(spans[0].begins_at, week.zone),
        last=clock(spans[0].ends_at, week.zone),
        length=long(spans[0].minutes),
        is_tall=any((one.ends_at - one.starts_at).total_seconds() < SHORT * 60 for one in booked),
        is_wide=any(card.lane for strand in strands for card in strand.cards),
        now=(clock(now, week.zone), at(today.minute(now))) if today else None,
        counts=Counter(code_of(one, held) for one in booked),
        legend=tuple(looks().values()),
    )


def _hours(week: Week) -> tuple[int, int] | None:
    """The full hours of the clinic's wall between which anything is, in minutes."""
    found = [_minutes(day, *times) for day in week.days for times in _times(day)]
    if not found:
        return None
    return min(start for start, _ in found) // 60 * 60, min(-(-max(end for _, end in found) // 60) * 60, LAST_MINUTE)


def _times(day: Day) -> Iterable[tuple[datetime, datetime]]:
    (person,) = day.practitioners
    return (*person.column.working, *((one.starts_at, one.ends_at) for one in person.appointments))


def _minutes(day: Day, start: datetime, end: datetime) -> tuple[int, int]:
    first, last = wall_time(start, day.zone), wall_time(end, day.zone)
    return first.hour * 60 + first.minute, LAST_MINUTE if end >= day.ends_at else last.hour * 60 + last.minute


def _span(day: Day, first: int, last: int) -> Span:
    end = day.ends_at if last == LAST_MINUTE else instant_of(day.on, time(last // 60, last % 60), day.zone)
    return Span(instant_of(day.on, time(first // 60), day.zone), end, day.zone)


def _strand(day: Day, held: frozenset[UUID], span: Span, now: datetime) -> Strand:
    (person,) = day.practitioners
    rooms: dict[UUID | None, str] = {room.resource_id: room.name for room in day.rooms}
    drawing = Drawing(day, By.PRACTITIONER, held, span, now, looks(), rooms, {})
    (made,) = drawing.strands([person.column], person.appointments)
    on = day.on.isoformat()
    return replace(made, key=on, name=short_day(day.on), path=f"/day/{on}", has_now=span.holds(now))
