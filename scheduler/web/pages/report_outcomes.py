"""The report of series: what has become of those that were worked on."""

from collections.abc import Sequence

from scheduler.operations.reports.outcomes import Outcomes
from scheduler.operations.reports.reports import Reports
from scheduler.web.pages.report_charts import bars
from scheduler.web.pages.report_tables import Share, Table, shown
from scheduler.web.pages.report_values import Report, Section
from scheduler.web.pages.words import say


def outcomes_section(found: Reports) -> Section:
    """How the series stand, as bars and as a table with shares."""
    outcomes, title = found.outcomes, say("Series finished")
    known = _known(outcomes)
    summary = say("%(finished)s of %(all)s series are finished.", finished=outcomes.finished, all=outcomes.all)
    rows = tuple((name, number, Share(number / outcomes.all if outcomes.all else None)) for name, number, _ in known)
    drawn = [(name, float(number), shown(number), look) for name, number, look in known]
    return Section(
        Report.SERIES,
        title,
        _about(),
        None if outcomes.all else say("No session of a series was performed in these dates."),
        (bars(say("How the series stand now"), summary, drawn, outcomes.all),),
        (),
        (Table(title, (say("State"), say("Series"), say("Share")), rows),),
    )


def _known(outcomes: Outcomes) -> Sequence[tuple[str, int, str]]:
    return (
        (say("Finished"), outcomes.finished, "good"),
        (say("Running"), outcomes.running, "usual"),
        (say("Lapsed, to be decided"), outcomes.lapsed, "warn"),
        (say("Stopped early"), outcomes.stopped, "past"),
    )


def _about() -> str:
    return say(
        "A series counts once when at least one of its sessions was performed in these dates, by how it stands now. It "
        "has lapsed when it runs but its next session has no day left in its window. What was entered in error does "
        "not count."
    )
