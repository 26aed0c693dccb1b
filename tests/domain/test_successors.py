"""A move respects the window of the next dated session, unless that one moves too."""

from scheduler.domain.dating import date_conflicts
from scheduler.domain.refusals import Conflict
from scheduler.domain.series import Series
from tests.domain.courses import (
    around,
    booked,
    booking,
    course,
    due,
    iso,
    omitted,
    override,
    performed,
    with_date,
)


def said(proposed: Series, *numbers: int) -> list[tuple[str, object]]:
    return [(c.code, c.facts["session"]) for c in date_conflicts(proposed, around(1), set(numbers))]


def test_a_move_that_crowds_the_next_session_is_refused() -> None:
    series = course(performed(0), booked(30), booked(60))
    assert date_conflicts(with_date(series, 2, booking(33)), around(1), {2}) == (
        Conflict(
            code="successor_gap_too_short",
            detail=f"Session 3 on {iso(60)} would be 27 days after {iso(33)}. "
            f"At least 28 days after the session before is booked on {iso(33)}.",
            facts={
                "session": 3,
                "date": iso(60),
                "gap_days": 27,
                "reference": iso(33),
                "window": {"earliest": iso(61), "latest": iso(75)},
            },
            remedy=f"Any free day from {iso(61)} to {iso(75)} would do.",
        ),
    )


def test_a_move_that_leaves_the_next_session_too_far_behind_is_refused() -> None:
    series = course(performed(0), booked(40), booked(75))
    assert said(with_date(series, 2, booking(32)), 2) == [("successor_gap_too_long", 3)]


def test_a_move_to_the_edges_of_the_successors_window_is_accepted() -> None:
    series = course(performed(0), booked(35), booked(72))
    assert said(with_date(series, 2, booking(30)), 2) == []
    series = course(performed(0), booked(35), booked(70))
    assert said(with_date(series, 2, booking(42)), 2) == []


def test_a_successor_that_moves_in_the_same_transaction_is_checked_by_its_new_date() -> None:
    series = course(performed(0), booked(30), booked(60))
    both = with_date(with_date(series, 2, booking(33)), 3, booking(61))
    assert said(both, 2, 3) == []
    assert said(both, 2) == []


def test_the_session_after_the_last_moved_one_is_the_successor() -> None:
    series = course(performed(0), booked(30), booked(60), booked(88))
    both = with_date(with_date(series, 2, booking(33)), 3, booking(61))
    assert said(both, 2, 3) == [("successor_gap_too_short", 4)]


def test_each_moved_session_has_its_own_successor() -> None:
    series = course(performed(0), booked(27), booked(60), booked(87), booked(125))
    assert said(series, 4, 2) == [("gap_too_short", 2), ("gap_too_short", 4)]
    series = course(performed(0), booked(32), booked(59), booked(87), booked(114))
    assert said(series, 2, 4) == [("successor_gap_too_short", 3), ("successor_gap_too_short", 5)]


def test_sessions_beyond_the_successor_keep_their_windows() -> None:
    series = course(performed(0), booked(35), booked(70), booked(96))
    assert said(with_date(series, 2, booking(36)), 2) == []


def test_over_an_undated_session_the_next_dated_one_is_the_successor() -> None:
    series = course(performed(0), booked(35), due(), booked(105))
    assert said(with_date(series, 2, booking(42)), 2) == []
    series = course(performed(0), booked(35), due(), booked(98))
    assert said(with_date(series, 2, booking(36)), 2) == [("successor_gap_too_short", 4)]


def test_over_an_omitted_session_the_next_dated_one_is_the_successor() -> None:
    series = course(performed(0), booked(35), omitted(), booked(68))
    assert said(with_date(series, 2, booking(40)), 2) == []
    assert said(with_date(series, 2, booking(41)), 2) == [("successor_gap_too_short", 4)]


def test_a_performed_session_is_a_successor_that_cannot_move() -> None:
    series = course(due(), performed(30), due(), start=-60)
    assert said(with_date(series, 1, booking(2)), 1) == []
    assert said(with_date(series, 1, booking(3)), 1) == [("successor_gap_too_short", 2)]


def test_a_successor_whose_override_still_stands_does_not_mind() -> None:
    series = course(performed(0), booked(35), booked(60, override=override(60, 35)))
    assert said(with_date(series, 2, booking(34)), 2) == []
    assert said(with_date(series, 2, booking(36)), 2) == [("successor_gap_too_short", 3)]


def test_a_successor_without_a_window_is_at_risk_and_does_not_hinder() -> None:
    series = course(performed(0), due(), due(), booked(150))
    closed = around(1, closures=[(60, 90)])
    assert date_conflicts(with_date(series, 2, booking(35)), closed, {2}) == ()


def test_a_last_session_has_no_successor() -> None:
    assert said(with_date(course(performed(0), due()), 2, booking(30)), 2) == []
