"""Any course that can be written down in plain numbers, and the same course as the product sees it."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from hypothesis import strategies as st

from scheduler.domain.holds import EndRule, Hold, HoldState, Scope
from scheduler.domain.protocol import SpacingRule
from scheduler.domain.series import Override, Series, SeriesState, Session, SessionState, Surroundings
from tests.domain.courses import DAY_0, booked, course, on, other, protocol
from tests.domain.plain_rules import PlainCourse, PlainHold, PlainSession, Rule

FAR = 60
DAYS = st.integers(0, FAR)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    """Short intervals, so that dates crowd."""
    a, b, c, d = sorted(draw(st.lists(st.integers(0, 12), min_size=4, max_size=4)))
    return a, max(b, 1), max(c, 1), max(d, 1)


@st.composite
def spans(draw: st.DrawFn) -> tuple[int, int]:
    first = draw(DAYS)
    return first, first + draw(st.integers(0, 12))


@st.composite
def holds(draw: st.DrawFn) -> PlainHold:
    first, last = draw(spans())
    review = draw(st.none() | DAYS)
    forever = draw(st.integers(0, 9)) == 0
    has_end = draw(st.booleans()) or (review is None and not forever)
    return PlainHold(first, last if has_end else None, review, draw(st.booleans()), forever, draw(st.booleans()))


@st.composite
def sessions(draw: st.DrawFn) -> PlainSession:
    session = PlainSession()
    kind = draw(st.sampled_from(["done", "booked", "booked", "due", "due", "omitted"]))
    if kind == "done":
        session.done = draw(DAYS)
    elif kind == "booked":
        session.date = draw(DAYS)
        session.at_risk = draw(st.booleans())
        if draw(st.integers(0, 3)) == 0:
            same = draw(st.booleans())
            session.override = (session.date if same else draw(DAYS), draw(DAYS))
    session.omitted = kind == "omitted"
    if kind != "done" and draw(st.integers(0, 5)) == 0:
        session.continued = draw(spans())
    return session


@st.composite
def followed(draw: st.DrawFn, given: Sequence[PlainSession], rule: Rule, start: int) -> list[PlainSession]:
    """The same sessions, most of them at a distance from each other that the rule allows or nearly allows."""
    before = start
    for session in given:
        near = before + draw(st.integers(rule[1] - 2, rule[3] + 2))
        if draw(st.integers(0, 4)):
            session.done = None if session.done is None else near
            session.date = None if session.date is None else near
            if session.override and draw(st.booleans()):
                session.override = (near, before)
        before = next((day for day in (session.done, session.date) if day is not None), near)
    return list(given)


@st.composite
def plain_courses(draw: st.DrawFn) -> PlainCourse:
    rule, start = draw(rules()), draw(st.integers(0, 10))
    given = draw(st.lists(sessions(), min_size=2, max_size=6))
    own = draw(st.integers(0, 3)) == 0
    return PlainCourse(
        today=draw(st.integers(0, 30)),
        start=start,
        sessions=draw(followed(given, rule, start)),
        rule=rule,
        step_rules={draw(st.integers(2, 4)): draw(rules())} if own else {},
        ours=draw(st.integers(0, 4)),
        others=draw(st.lists(st.tuples(DAYS, st.integers(0, 4)), max_size=2)),
        closures=draw(st.lists(spans(), max_size=2)),
        closed_weekdays=draw(st.sampled_from([set(), set(), {6}, {5, 6}, {0, 2, 4}])),
        holds=draw(st.lists(holds(), max_size=2)),
        running=draw(st.integers(0, 19)) > 0,
    )


def as_rule(rule: Rule, ours: int) -> SpacingRule:
    return SpacingRule(*rule, after_other_min_days=ours)


def as_session(session: PlainSession) -> Session:
    if session.date is not None:
        override = Override(on(session.override[0]), on(session.override[1]), "Why.") if session.override else None
        return booked(session.date, continued=session.continued, at_risk=session.at_risk, override=override)
    state = SessionState.OMITTED if session.omitted else SessionState.DUE
    state = state if session.done is None else SessionState.SATISFIED
    continued = (on(session.continued[0]), on(session.continued[1])) if session.continued else None
    return Session(0, state, None if session.done is None else on(session.done), continued=continued)


def as_series(plain: PlainCourse) -> Series:
    steps = {number: as_rule(rule, 0) for number, rule in plain.step_rules.items()}
    under = protocol(as_rule(plain.rule, plain.ours), step_spacing=steps)
    state = SeriesState.ACTIVE if plain.running else SeriesState.REVOKED
    return course(*map(as_session, plain.sessions), start=plain.start, under=under, state=state)


def as_hold(hold: PlainHold, number: int) -> Hold:
    rule = EndRule.ON_DATE if hold.ends_by_date else EndRule.DATE_THEN_CLEARANCE
    return Hold(
        id=UUID(int=500 + number),
        code="hsv-active",
        scope=Scope.SYSTEMIC,
        site=None,
        starts_on=on(hold.first),
        ends_on=None if hold.last is None else on(hold.last),
        end_rule=EndRule.PERMANENT if hold.forever else rule,
        state=HoldState.ACTIVE if hold.active else HoldState.PROPOSED,
        review_on=None if hold.review is None else on(hold.review),
    )


def as_surroundings(plain: PlainCourse) -> Surroundings:
    return Surroundings(
        today=on(plain.today),
        holds=tuple(as_hold(hold, n) for n, hold in enumerate(plain.holds) if hold.concerns and not hold.closed),
        others=tuple(other(day, figure) for day, figure in plain.others),
        closures=tuple((DAY_0 + timedelta(first), on(last), "holidays") for first, last in plain.closures),
        closed_weekdays=frozenset(plain.closed_weekdays),
    )
