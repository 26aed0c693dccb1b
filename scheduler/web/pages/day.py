"""The day of a clinic: reception's home. The same day is also a fragment that a browser asks for again and again."""

from datetime import date

from scheduler.domain.access import Action
from scheduler.operations.booking.latest_change import latest_change
from scheduler.web.pages.day_panel import panel_of
from scheduler.web.pages.day_view import Beside, DayChoice, day_page, looked_at, tag_of, values_of
from scheduler.web.pages.places import chosen_clinic, today_at
from scheduler.web.pages.registry import Answer, Page, PageCall, Pages, Unchanged

pages = Pages("day")


@pages.get("/day", Action.SEE_SCHEDULE)
def today(call: PageCall, query: DayChoice) -> Answer:
    """Today, as the clinic's wall has it."""
    return show(call, today_at(call, chosen_clinic(call)), query)


@pages.get("/day/{on}", Action.SEE_SCHEDULE)
def show(call: PageCall, on: date, query: DayChoice) -> Answer:
    """One day: whole, or only the panel of an appointment where a script asks for just that."""
    looked = looked_at(call, on)
    panel = panel_of(call, looked.day, query.open, looked.held, looked.today) if query.open else None
    return day_page(call, looked, query, Beside("day_panel.html", {"panel": panel}))


@pages.get("/day/{on}/live", Action.SEE_SCHEDULE)
def live(call: PageCall, on: date, query: DayChoice) -> Answer:
    """What changes in a day while others work. A browser that has it already learns that for two small queries."""
    tag = tag_of(call, on, query, latest_change(call.context))
    if call.known_tag == tag:
        return Unchanged(tag)
    return Page("day_live.html", {**values_of(call, looked_at(call, on), query), "tag_of_day": tag}, tag=tag)


@pages.get("/day/{on}/sheet", Action.SEE_SCHEDULE)
def sheet(call: PageCall, on: date, query: DayChoice) -> Answer:
    """The day as a table: to print, and to read without a grid."""
    return Page("day_table.html", values_of(call, looked_at(call, on), query))
