"""The holds beside a series, each as its reader may see it."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.holds import EndRule, HoldState
from scheduler.operations.holds.hold_sheets import HoldReasons, HoldSheet
from scheduler.storage.entries import shipped
from scheduler.web.pages.series_course import BLOCKING, Course
from scheduler.web.pages.words import day_with_year, say, words


@dataclass(frozen=True, slots=True)
class HoldLine:
    """One hold. ``name`` and ``details`` say no more than the reader may know."""

    id: UUID
    name: str
    tag: str
    tone: str
    dates: str
    details: tuple[str, ...]
    is_open: bool
    is_proposed: bool


def hold_lines(course: Course) -> Iterator[HoldLine]:
    """The holds that concern a series, the open ones first."""
    for one in sorted(course.holds, key=lambda hold: (not is_open(hold), hold.starts_on)):
        yield hold_line(one, course.sheet.snapshot.series.zone)


def is_open(one: HoldSheet) -> bool:
    """Whether it still blocks, or will."""
    return one.state in BLOCKING and not one.expired


def hold_line(one: HoldSheet, zone: str) -> HoldLine:
    """One hold in words."""
    tag, tone = _tag(one)
    return HoldLine(
        id=one.id,
        name=words().translated(one.why.label) if one.why else say("On hold"),
        tag=tag,
        tone=tone,
        dates=_dates(one, zone),
        details=tuple(_details(one, zone)),
        is_open=is_open(one),
        is_proposed=one.state is HoldState.PROPOSED,
    )


def _tag(one: HoldSheet) -> tuple[str, str]:
    if one.state is HoldState.PROPOSED:
        return say("Proposed"), "warn"
    if one.overdue:
        return say("Review is due"), "bad"
    if one.state is HoldState.ACTIVE and not one.expired:
        return "", ""
    ended = {HoldState.DISMISSED: say("Dismissed"), HoldState.LIFTED: say("Ended")}
    return ended.get(one.state, say("Expired")), ""


def _dates(one: HoldSheet, zone: str) -> str:
    first, last = day_with_year(one.starts_on), one.until
    if one.state is HoldState.LIFTED and one.why and one.why.decided_at:
        last = clinic_date(one.why.decided_at, zone)
    if last is None:
        return say("From %(day)s, for good", day=first)
    if _is_reviewed(one):
        return say("From %(first)s, looked at again on %(last)s", first=first, last=day_with_year(last))
    return say("%(first)s to %(last)s", first=first, last=day_with_year(last))


def _is_reviewed(one: HoldSheet) -> bool:
    """Whether its last day is only when somebody looks again. Who may not see why is told the day alone."""
    return is_open(one) and one.why is not None and not one.why.end_rule.expires


def _details(one: HoldSheet, zone: str) -> Iterator[str]:
    if one.why is None:
        yield say("Ask %(who)s.", who=who_to_ask(one))
        return
    if one.why.note:
        yield one.why.note
    yield _placed(one.why, zone)
    if one.why.decided_by and one.why.decided_at:
        yield _decided(one, one.why, zone)


def who_to_ask(one: HoldSheet) -> str:
    """Whose decision it was, or any practitioner."""
    return say("a practitioner") if one.ask == "a practitioner" else one.ask


def _placed(why: HoldReasons, zone: str) -> str:
    known = shipped().body_sites
    site = words().translated(known[why.site].label) if why.site and why.site in known else ""
    told = {"who": why.placed_by, "day": day_with_year(clinic_date(why.placed_at, zone))}
    if site:
        return say("%(site)s. Placed by %(who)s, %(day)s", site=site, **told)
    return say("Placed by %(who)s, %(day)s", **told)


def _decided(one: HoldSheet, why: HoldReasons, zone: str) -> str:
    day = day_with_year(clinic_date(why.decided_at, zone)) if why.decided_at else ""
    told = {"who": why.decided_by or "", "day": day}
    sentence = {
        HoldState.LIFTED: say("Lifted by %(who)s, %(day)s", **told),
        HoldState.DISMISSED: say("Dismissed by %(who)s, %(day)s", **told),
    }.get(one.state, say("Decided by %(who)s, %(day)s", **told))
    return f"{sentence}: “{why.decision_note}”" if why.decision_note else sentence


def ends_words(rule: EndRule) -> str:
    """What ends a hold, in words."""
    return {
        EndRule.ON_DATE: say("It ends by its date."),
        EndRule.ON_CLEARANCE: say("It ends when a practitioner lifts it."),
        EndRule.DATE_THEN_CLEARANCE: say("It ends after its date, when a practitioner lifts it."),
        EndRule.DATE_AND_HEALED: say("It ends after its date, when the skin has healed and a practitioner lifts it."),
        EndRule.DATE_OR_CLEARANCE: say("It ends by its date, or earlier when a practitioner lifts it."),
        EndRule.PERMANENT: say("It has no end."),
    }[rule]
