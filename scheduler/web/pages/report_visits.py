"""The report of visits: how many did not come, by week, and why others were cancelled."""

from collections.abc import Sequence

from scheduler.domain.changes import CancelReason
from scheduler.operations.reports.attendance import WeekOfVisits
from scheduler.operations.reports.reports import Reports
from scheduler.web.pages.report_charts import Bars, Columns, Value, bars, columns, few
from scheduler.web.pages.report_tables import Cell, Share, Table, percent, shown
from scheduler.web.pages.report_values import Report, Section
from scheduler.web.pages.words import say, short_day


def visits_section(found: Reports) -> Section:
    """No-shows as columns by week, cancellations as bars by reason."""
    weeks = found.weeks
    counted = any(week.came or week.noshows or any(week.cancelled.values()) for week in weeks)
    return Section(
        Report.VISITS,
        say("No-shows and cancellations"),
        _about(),
        None if counted else say("Nobody was expected in these dates."),
        (_cancelled(weeks),),
        (_noshows(weeks),),
        (_table(weeks),),
    )


def _about() -> str:
    return say(
        "The share of no-shows is of all who came or did not come; what is still booked or was cancelled does not "
        "count. A cancellation counts in the week for which it was booked. Weeks begin on Monday."
    )


def _noshows(weeks: Sequence[WeekOfVisits]) -> Columns:
    missed, expected = sum(week.noshows for week in weeks), sum(week.came + week.noshows for week in weeks)
    summary = say("%(missed)s of %(all)s did not come.", missed=shown(missed), all=shown(expected))
    labels = few([short_day(week.monday) for week in weeks])
    values = [Value(_hundred(week.share), _tip(week), label) for week, label in zip(weeks, labels, strict=True)]
    return columns(say("Share of no-shows by week"), summary, values, "%")


def _hundred(share: float | None) -> float | None:
    return None if share is None else share * 100


def _tip(week: WeekOfVisits) -> str:
    return f"{short_day(week.monday)}: {percent(week.share)}"


def _reasons() -> Sequence[tuple[CancelReason, str]]:
    return (
        (CancelReason.PATIENT, say("By the patient")),
        (CancelReason.CLINIC, say("By the clinic")),
        (CancelReason.HOLD, say("For a hold")),
        (CancelReason.REPLAN, say("Planned anew")),
    )


def _cancelled(weeks: Sequence[WeekOfVisits]) -> Bars:
    totals = {reason: sum(week.cancelled[reason] for week in weeks) for reason in CancelReason}
    summary = say("%(number)s appointments were cancelled.", number=shown(sum(totals.values())))
    drawn = [(name, float(totals[reason]), shown(totals[reason]), "past") for reason, name in _reasons()]
    return bars(say("Cancellations by reason"), summary, drawn)


def _table(weeks: Sequence[WeekOfVisits]) -> Table:
    reasons = _reasons()
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            week.monday,
            week.came,
            week.noshows,
            Share(week.share),
            *(week.cancelled[reason] for reason, _ in reasons),
        )
        for week in weeks
    )
    head = (say("Week from"), say("Came"), say("No-shows"), say("Share"), *(name for _, name in reasons))
    return Table(say("No-shows and cancellations"), head, rows)
