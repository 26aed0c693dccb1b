"""The report of use: how much of the working time of practitioners and rooms was taken, by week."""

from collections.abc import Sequence
from datetime import date

from scheduler.domain.protocol import ResourceKind
from scheduler.operations.reports.reports import Reports
from scheduler.operations.reports.use import Minutely, Use
from scheduler.web.pages.report_charts import Bars, Columns, Value, bars, columns, few
from scheduler.web.pages.report_tables import Cell, Share, Table, percent
from scheduler.web.pages.report_values import Report, Section
from scheduler.web.pages.words import say, short_day

WHOLE = 100


def use_section(found: Reports, kind: ResourceKind) -> Section:
    """All of a kind together by week, and each of them over the whole time."""
    use = [one for one in found.use if one.kind is kind]
    is_rooms, has_worked = kind is ResourceKind.ROOM, any(one.all.claimed or one.all.worked for one in use)
    title = say("Use of rooms") if is_rooms else say("Use of practitioners")
    return Section(
        Report.ROOMS if is_rooms else Report.PRACTITIONERS,
        title,
        _about(),
        None if has_worked else say("There was no working time in these dates."),
        (_each(use),),
        (_weekly(found, use),),
        (_table(found, use, title),),
        is_wide=True,
    )


def _about() -> str:
    return say(
        "Minutes taken by appointments, each phase only for whom and what it needs, of the minutes of opening and "
        "working hours without closures and absences. Work beyond those hours can make it more than all."
    )


def _weekly(found: Reports, use: Sequence[Use]) -> Columns:
    whole = [_together([one.weeks[number] for one in use]) for number in range(len(found.period.mondays))]
    days = [short_day(on) for on in found.period.mondays]
    values = [_value(*one) for one in zip(whole, days, few(days), strict=True)]
    summary = say("%(share)s of the working time was taken.", share=percent(_together(whole).share))
    return columns(say("All together, by week"), summary, values, "%")


def _value(week: Minutely, day: str, label: str) -> Value:
    share = None if week.share is None else week.share * WHOLE
    return Value(share, f"{day}: {percent(week.share)}", label)


def _each(use: Sequence[Use]) -> Bars:
    drawn = [(one.name, (one.all.share or 0) * WHOLE, percent(one.all.share), "usual") for one in use]
    summary = say("Each of them over the whole time; the full width is all of the working time.")
    return bars(say("Each over the whole time"), summary, drawn, WHOLE)


def _together(parts: Sequence[Minutely]) -> Minutely:
    return Minutely(sum(one.claimed for one in parts), sum(one.worked for one in parts))


def _table(found: Reports, use: Sequence[Use], title: str) -> Table:
    head: tuple[str | date, ...] = (say("Name"), say("Whole time"), *found.period.mondays)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (one.name, Share(one.all.share), *(Share(week.share) for week in one.weeks)) for one in use
    )
    return Table(title, head, rows)
