"""What a hold does when it becomes active: released, at risk, untouched; deferred, omitted, ceased."""

from datetime import UTC, datetime, time

import pytest

from scheduler.domain.applied import applied
from scheduler.domain.changes import (
    AppointmentCancelled,
    CancelReason,
    Change,
    RiskChanged,
    SeriesStateChanged,
    SessionChanged,
)
from scheduler.domain.hold_effects import HoldChoice, hold_effects, reaches, revocation
from scheduler.domain.holds import EndRule, Hold, HoldState
from scheduler.domain.refusals import RuleBroken
from scheduler.domain.series import AppointmentStatus, Series, SeriesState, SessionState
from tests.domain.courses import (
    appointment_id,
    around,
    booked,
    course,
    due,
    hold,
    iso,
    on,
    override,
    performed,
    slot,
)


def noon(day: int) -> datetime:
    return datetime.combine(on(day), time(12), UTC)


def effects(series: Series, given: Hold, today: int = 30, choice: HoldChoice = HoldChoice.DEFER) -> tuple[Change, ...]:
    return hold_effects(series, around(today, given), given, choice, noon(today))


def cancelled(day: int, session: int) -> AppointmentCancelled:
    return AppointmentCancelled(appointment_id(day), session, slot(day), on(day), CancelReason.HOLD)


def touched(changes: tuple[Change, ...]) -> list[tuple[str, int]]:
    """The kinds of changes and the sessions they are about."""
    return [(type(c).__name__, c.session) for c in changes if not isinstance(c, SeriesStateChanged)]  # type: ignore[union-attr, misc]


def test_an_appointment_inside_is_released_and_a_later_one_whose_gap_breaks_is_at_risk() -> None:
    series = course(performed(0), booked(30), booked(60), booked(90))
    reason = (
        f"Session 3 on {iso(60)} would be 25 days after {iso(35)}. "
        f"At least 28 days after the session before is expected on {iso(35)}."
    )
    assert effects(series, hold(29, 33), today=28) == (
        cancelled(30, 2),
        RiskChanged(appointment_id(60), 3, on(60), reason),
    )


def test_when_the_hold_leaves_no_day_everything_later_is_at_risk() -> None:
    series = course(performed(0), booked(35), booked(70), booked(105))
    assert touched(effects(series, hold(30, None, EndRule.ON_CLEARANCE, review=42))) == [
        ("AppointmentCancelled", 2),
        ("RiskChanged", 3),
        ("RiskChanged", 4),
    ]


def test_later_appointments_whose_gap_still_holds_are_left_alone() -> None:
    series = course(performed(0), booked(35), booked(70))
    assert effects(series, hold(33, 36)) == (cancelled(35, 2),)


@pytest.mark.parametrize(("first", "last", "hit"), [(36, 40, []), (35, 40, [2]), (33, 35, [2]), (33, 34, [])])
def test_a_holds_first_and_last_day_release(first: int, last: int, hit: list[int]) -> None:
    series = course(performed(0), booked(35), due())
    assert [session for _, session in touched(effects(series, hold(first, last)))] == hit


@pytest.mark.parametrize(("review", "hit"), [(34, []), (35, [2]), (70, [2, 3])])
def test_an_open_ended_hold_releases_to_its_review(review: int, hit: list[int]) -> None:
    series = course(performed(0), booked(35), booked(70))
    given = hold(31, None, EndRule.ON_CLEARANCE, review=review)
    released = [c.session for c in effects(series, given) if isinstance(c, AppointmentCancelled)]
    assert released == hit


def test_a_hold_that_is_confirmed_after_its_review_releases_todays_appointment() -> None:
    series = course(performed(0), booked(30, hour=13), due())
    given = hold(20, None, EndRule.ON_CLEARANCE, review=25)
    assert touched(effects(series, given)) == [("AppointmentCancelled", 2)]


def test_a_permanent_hold_releases_everything_to_come() -> None:
    series = course(performed(0), booked(35), booked(70), booked(105))
    changes = effects(series, hold(31, None, EndRule.PERMANENT))
    assert changes == (cancelled(35, 2), cancelled(70, 3), cancelled(105, 4))


def test_the_review_of_a_hold_that_ends_by_date_releases_nothing_more() -> None:
    series = course(performed(0), booked(35), due())
    assert effects(series, hold(31, 34, EndRule.ON_DATE, review=40)) == ()


def test_what_has_passed_or_has_begun_is_untouched() -> None:
    given = hold(0, 200)
    assert effects(course(performed(0), booked(29), due()), given) == ()
    assert effects(course(performed(0), booked(30, hour=12), due()), given) == ()
    assert effects(course(performed(0), booked(30, AppointmentStatus.CHECKED_IN, hour=13)), given) == ()


@pytest.mark.parametrize("status", [AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED])
def test_todays_appointment_is_released_while_it_lies_ahead(status: AppointmentStatus) -> None:
    series = course(performed(0), booked(30, status, hour=13), due())
    assert touched(effects(series, hold(30, 30))) == [("AppointmentCancelled", 2)]


def test_a_released_overridden_appointment_tells_what_it_was() -> None:
    series = course(performed(0), booked(50, override=override(50, 0)))
    (change,) = effects(series, hold(50, 50))
    assert isinstance(change, AppointmentCancelled)
    assert (change.override, change.treatment_extra) == (override(50, 0), 0)


@pytest.mark.parametrize("choice", sorted(HoldChoice))
def test_a_proposed_hold_takes_no_slot_away(choice: HoldChoice) -> None:
    series = course(performed(0), booked(35))
    assert effects(series, hold(33, 40, state=HoldState.PROPOSED), choice=choice) == ()


@pytest.mark.parametrize("choice", sorted(HoldChoice))
def test_a_hold_that_does_not_apply_to_the_series_does_nothing(choice: HoldChoice) -> None:
    series = course(performed(0), booked(35))
    assert hold_effects(series, around(30), hold(33, 40), choice, noon(30)) == ()


def test_other_holds_in_force_release_nothing_now() -> None:
    series, given = course(performed(0), booked(35)), hold(60, 70)
    assert hold_effects(series, around(30, hold(33, 40), given), given, HoldChoice.DEFER, noon(30)) == ()


def test_omitting_releases_and_omits_what_the_hold_hits() -> None:
    series = course(performed(0), booked(35), booked(70), due())
    assert effects(series, hold(33, 40), choice=HoldChoice.OMIT) == (
        cancelled(35, 2),
        SessionChanged(2, SessionState.DUE, SessionState.OMITTED),
    )


def test_omitting_counts_each_session_against_the_minimum() -> None:
    series = course(performed(0), booked(35), booked(70), booked(105), due())
    both = effects(series, hold(33, 80), choice=HoldChoice.OMIT)
    assert touched(both)[:4] == [
        ("AppointmentCancelled", 2),
        ("AppointmentCancelled", 3),
        ("SessionChanged", 2),
        ("SessionChanged", 3),
    ]
    with pytest.raises(RuleBroken) as refusal:
        effects(series, hold(33, 110), choice=HoldChoice.OMIT)
    assert refusal.value.code == "too_few_sessions"


def test_ceasing_releases_everything_to_come_and_revokes_the_series() -> None:
    series = course(performed(0), booked(29), booked(70), booked(105))
    assert effects(series, hold(60, 80), choice=HoldChoice.CEASE) == (
        cancelled(70, 3),
        cancelled(105, 4),
        SeriesStateChanged(SeriesState.ACTIVE, SeriesState.REVOKED),
    )


def test_a_series_that_has_ended_cannot_cease() -> None:
    series = course(performed(0), performed(35), performed(70), state=SeriesState.COMPLETED)
    with pytest.raises(RuleBroken) as refusal:
        effects(series, hold(60, 80), choice=HoldChoice.CEASE)
    assert refusal.value.code == "wrong_state"


def test_a_revocation_names_its_reason() -> None:
    series = course(performed(0), booked(35), state=SeriesState.DRAFT)
    assert revocation(series, CancelReason.CLINIC, noon(30)) == (
        AppointmentCancelled(appointment_id(35), 2, slot(35), on(35), CancelReason.CLINIC),
        SeriesStateChanged(SeriesState.DRAFT, SeriesState.REVOKED),
    )


def test_the_preview_is_what_the_series_becomes() -> None:
    series = course(performed(0), booked(30), booked(60))
    after = applied(series, effects(series, hold(29, 33), today=28))
    assert after.session(2).booking is None
    assert (after.session(2).last_on, after.session(2).last_slot) == (on(30), slot(30))
    later = after.session(3).booking
    assert later is not None
    assert later.at_risk


@pytest.mark.parametrize(("last", "matters"), [(27, False), (28, True), (40, True)])
def test_an_answer_that_ends_before_every_session_is_not_worth_a_hold(last: int, matters: bool) -> None:
    assert reaches(hold(5, last), course(performed(0), due(), due()), around(6)) is matters


@pytest.mark.parametrize(("last", "matters"), [(34, False), (35, True)])
def test_an_answer_is_measured_against_booked_dates_first(last: int, matters: bool) -> None:
    assert reaches(hold(5, last), course(performed(0), booked(35)), around(6)) is matters


def test_an_answer_is_measured_from_today_on() -> None:
    series = course(performed(0), due(), due())
    assert not reaches(hold(5, 29), series, around(30))
    assert reaches(hold(5, 30), series, around(30))


def test_an_answer_about_a_finished_course_is_not_worth_a_hold() -> None:
    assert not reaches(hold(5, 200), course(performed(0), performed(35)), around(40))


def test_sessions_without_a_window_do_not_count_and_those_with_a_date_do() -> None:
    lapsed = course(performed(0), due(), due(), booked(150))
    assert not reaches(hold(5, 49), lapsed, around(50))
    assert reaches(hold(5, 200), course(performed(0), performed(35), due()), around(40))


@pytest.mark.parametrize("rule", [EndRule.DATE_THEN_CLEARANCE, EndRule.DATE_AND_HEALED, EndRule.PERMANENT])
def test_an_answer_that_a_practitioner_must_judge_is_always_worth_a_hold(rule: EndRule) -> None:
    assert reaches(hold(5, 6, rule), course(performed(0), due()), around(6))


def test_an_answer_without_a_computed_end_is_always_worth_a_hold() -> None:
    assert reaches(hold(5, None, EndRule.ON_DATE, review=6), course(performed(0), due()), around(6))
