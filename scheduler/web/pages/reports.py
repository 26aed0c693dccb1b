"""Reports: what became of the work of a clinic, as charts with a table beside each, and as files to save."""

from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from urllib.parse import urlencode
from uuid import UUID

from scheduler.domain.access import Action
from scheduler.domain.refusals import Invalid
from scheduler.operations.reports.periods import Period, last_weeks, own_dates, this_year
from scheduler.operations.reports.reports import Reports, show_reports
from scheduler.web.pages.faults import Typed, typed_in
from scheduler.web.pages.places import Place, chosen_clinic, clinics, today_at
from scheduler.web.pages.registry import Choice, Download, Page, PageCall, Pages
from scheduler.web.pages.report_sections import section, sections
from scheduler.web.pages.report_tables import to_csv
from scheduler.web.pages.report_values import Report

pages = Pages("reports")

HOME = "/reports"
WEEKS = 12


class ReportChoice(Choice):
    """Which clinic and which dates; ``first`` and ``last`` are as they were typed."""

    clinic: UUID | None = None
    period: str = "weeks"
    first: str = ""
    last: str = ""


class FileChoice(ReportChoice):
    """Which of the reports is saved."""

    report: Report = Report.SERIES


@pages.get(HOME, Action.SEE_AUDIT)
def index(call: PageCall, query: ReportChoice) -> Page:
    """All reports of a clinic and a period. Dates that cannot be used come back with what is wrong with them."""
    place = _place(call, query)
    values = {"places": clinics(call), "place": place, "choice": query, "period": None, "shown": ()}
    try:
        found = _found(call, query)
    except Invalid as refusal:
        typed: Typed = typed_in("period", {"first": query.first, "last": query.last}, refusal)
        return Page("reports.html", values | {"typed": typed}, HTTPStatus.UNPROCESSABLE_ENTITY)
    told = {"period": found.period, "is_own": found.is_own, "is_empty": found.is_empty}
    return Page("reports.html", values | told | {"shown": sections(found), "asked": _address(query, place)})


@pages.get("/reports/file", Action.SEE_AUDIT)
def save(call: PageCall, query: FileChoice) -> Download:
    """One report as comma-separated values."""
    found = _found(call, query)
    name = f"{query.report}-{found.period.first}-{found.period.last}.csv"
    return Download(name, "text/csv; charset=utf-8", to_csv(section(found, query.report).tables))


def _found(call: PageCall, query: ReportChoice) -> Reports:
    place = _place(call, query)
    clinic_id = query.clinic or place.id
    return show_reports(call.context, clinic_id=clinic_id, period=_period(query, today_at(call, place)))


def _place(call: PageCall, query: ReportChoice) -> Place:
    """The clinic that was asked for; of one that is not ours the operation says that there is none."""
    asked = (one for one in clinics(call) if one.id == query.clinic)
    return next(asked, None) or chosen_clinic(call)


def _period(query: ReportChoice, today: date) -> Period:
    if query.period == "year":
        return this_year(today)
    if query.period == "dates":
        return own_dates(_dates(query), today)
    return last_weeks(WEEKS, today)


def _dates(query: ReportChoice) -> Mapping[str, date]:
    """The dates that can be read."""
    found = {}
    for name, typed in (("first", query.first), ("last", query.last)):
        try:
            found[name] = date.fromisoformat(typed)
        except ValueError:
            continue
    return found


def _address(query: ReportChoice, place: Place) -> str:
    """What a link to a file has to name."""
    chosen = {"clinic": str(place.id), "period": query.period, "first": query.first, "last": query.last}
    return urlencode({name: value for name, value in chosen.items() if value})
