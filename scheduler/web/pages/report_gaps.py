"""The report of gaps: whether sessions were inside their windows, and how far from the target."""

from collections import Counter
from collections.abc import Mapping, Sequence

from scheduler.domain.evaluation import Verdict
from scheduler.operations.reports.gaps import Gaps
from scheduler.operations.reports.reports import Reports
from scheduler.web.pages.report_charts import Bars, Columns, Value, bars, columns
from scheduler.web.pages.report_tables import Share, Table, percent, shown
from scheduler.web.pages.report_values import Report, Section
from scheduler.web.pages.words import counted, say

FARTHEST = 21
"""What lies farther from the target stands in one column at the end."""
LEAST = WEEK = 7
"""So many days to each side are drawn at least, so that a single gap looks like one."""


def gaps_section(found: Reports) -> Section:
    """Shares of the verdicts, and how many gaps lie how many days from their target."""
    gaps = found.gaps
    return Section(
        Report.GAPS,
        say("Gaps inside the window"),
        _about(),
        None if gaps.all else say("No session followed another one in these dates."),
        (_verdicts(gaps),),
        (_distances(gaps),),
        (_verdict_table(gaps), _distance_table(gaps)),
    )


def _about() -> str:
    return say(
        "A session counts as inside its window when the calendar days since the session before are not fewer than the "
        "minimum of its protocol version and not more than the maximum. A session omitted in between adds its own "
        "maximum. First sessions have no gap."
    )


def _known() -> Sequence[tuple[Verdict, str, str]]:
    return (
        (Verdict.EARLY, say("Early"), "warn"),
        (Verdict.VALID, say("Inside the window"), "good"),
        (Verdict.LATE, say("Late"), "bad"),
    )


def _share(gaps: Gaps, verdict: Verdict) -> Share:
    return Share(gaps.verdicts[verdict] / gaps.all if gaps.all else None)


def _verdicts(gaps: Gaps) -> Bars:
    inside = percent(_share(gaps, Verdict.VALID).of_one)
    summary = say("%(share)s of %(all)s gaps are inside the window.", share=inside, all=shown(gaps.all))
    drawn = [
        (name, float(gaps.verdicts[verdict]), shown(_share(gaps, verdict)), look) for verdict, name, look in _known()
    ]
    return bars(say("Share of the gaps"), summary, drawn, gaps.all)


def _verdict_table(gaps: Gaps) -> Table:
    rows = tuple((name, gaps.verdicts[verdict], _share(gaps, verdict)) for verdict, name, _ in _known())
    return Table(say("Gaps by verdict"), (say("Gap"), say("Sessions"), say("Share")), rows)


def folded(distances: Mapping[int, int]) -> dict[int, int]:
    """The distances with both ends folded in, every day between them, and the target among them."""
    found = Counter[int]()
    for days, number in distances.items():
        found[max(-FARTHEST, min(FARTHEST, days))] += number
    widest = max([LEAST, *(abs(days) for days in found)])
    return {days: found[days] for days in range(-widest, widest + 1)}


def _distances(gaps: Gaps) -> Columns:
    drawn = folded(gaps.from_target).items()
    values = [Value(number, f"{_days(days)}: {shown(number)}", _label(days)) for days, number in drawn]
    exact = gaps.from_target.get(0, 0)
    summary = say("%(exact)s of %(all)s gaps are exactly the target.", exact=shown(exact), all=shown(gaps.all))
    return columns(say("Days sooner or later than the target"), summary, values, "", len(values) // 2)


def _distance_table(gaps: Gaps) -> Table:
    rows = tuple((_days(days), number) for days, number in folded(gaps.from_target).items() if number)
    return Table(say("Gaps by distance from the target"), (say("From the target"), say("Sessions")), rows)


def _days(days: int) -> str:
    """“3 days sooner”; the ends of the chart say that they hold more."""
    if days == 0:
        return say("On the target")
    if abs(days) == FARTHEST:
        many = say("%(days)s days sooner or more", days=FARTHEST)
        return many if days < 0 else say("%(days)s days later or more", days=FARTHEST)
    if days < 0:
        return counted("%(days)s day sooner", "%(days)s days sooner", -days, days=-days)
    return counted("%(days)s day later", "%(days)s days later", days, days=days)


def _label(days: int) -> str:
    """Whole weeks are named."""
    if days % WEEK:
        return ""
    return "0" if days == 0 else f"+{days}" if days > 0 else f"−{-days}"
