"""One section of the page of reports."""

from dataclasses import dataclass
from enum import StrEnum

from scheduler.web.pages.report_charts import Bars, Columns
from scheduler.web.pages.report_tables import Table


class Report(StrEnum):
    """The sections, in the order of the page."""

    SERIES = "series"
    GAPS = "gaps"
    VISITS = "visits"
    PRACTITIONERS = "practitioners"
    ROOMS = "rooms"


@dataclass(frozen=True, slots=True)
class Section:
    """What is told, how it was counted, the charts, and the tables with the same figures.

    ``nothing`` says why there is nothing to draw; then charts and tables are left out. ``is_wide``: a table with a
    column for each week, which stands below the charts.
    """

    code: Report
    title: str
    about: str
    nothing: str | None
    bars: tuple[Bars, ...]
    columns: tuple[Columns, ...]
    tables: tuple[Table, ...]
    is_wide: bool = False
