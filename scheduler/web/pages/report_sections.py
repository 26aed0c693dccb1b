"""Sections of the page of reports: which there are, and who is told which."""

from collections.abc import Callable, Mapping

from scheduler.domain.protocol import ResourceKind
from scheduler.operations.reports.reports import Reports
from scheduler.web.pages.report_gaps import gaps_section
from scheduler.web.pages.report_outcomes import outcomes_section
from scheduler.web.pages.report_use import use_section
from scheduler.web.pages.report_values import Report, Section
from scheduler.web.pages.report_visits import visits_section

MAKERS: Mapping[Report, Callable[[Reports], Section]] = {
    Report.SERIES: outcomes_section,
    Report.GAPS: gaps_section,
    Report.VISITS: visits_section,
    Report.PRACTITIONERS: lambda found: use_section(found, ResourceKind.PRACTITIONER),
    Report.ROOMS: lambda found: use_section(found, ResourceKind.ROOM),
}


def sections(found: Reports) -> tuple[Section, ...]:
    """All that can be told. Rooms are everybody's, so that a practitioner's own patients tell nothing of them."""
    return tuple(MAKERS[report](found) for report in Report if not (found.is_own and report is Report.ROOMS))


def section(found: Reports, report: Report) -> Section:
    """One of them."""
    return MAKERS[report](found)
