"""Reports: every figure follows its definition, on both engines, in as many queries for much as for little."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from scheduler.domain.access import Role
from scheduler.domain.changes import CancelReason
from scheduler.domain.evaluation import Verdict
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.refusals import Invalid, NotFound
from scheduler.domain.series import AppointmentStatus, SeriesState
from scheduler.operations.reports.outcomes import Outcomes
from scheduler.operations.reports.periods import Period, last_weeks, own_dates, this_year
from scheduler.operations.reports.reports import Reports, show_reports
from scheduler.operations.reports.use import Minutely
from tests.support.clinic import Clinic
from tests.support.desk import at
from tests.support.queries import counted
from tests.support.report_history import History, twelve_weeks

MONDAY = date(2026, 3, 2)
TODAY = MONDAY + timedelta(60)
WHOLE = Period(MONDAY, TODAY)
CAME, MISSED, CANCELLED = AppointmentStatus.FULFILLED, AppointmentStatus.NOSHOW, AppointmentStatus.CANCELLED


def on(days: int) -> date:
    return MONDAY + timedelta(days)


def write(clinic: Clinic, deed: Callable[[History], object]) -> None:
    def work(tx: Session) -> None:
        deed(History(tx, clinic))

    clinic.database.write(work)


def reports(clinic: Clinic, period: Period = WHOLE, role: Role = Role.MANAGER) -> Reports:
    return clinic.do(lambda c: show_reports(c, clinic_id=clinic.clinic_id, period=period), role, at(60))


def test_a_series_counts_once_by_how_it_stands(clinic: Clinic) -> None:
    def history(made: History) -> None:
        made.series({1: on(0), 2: on(35)}, SeriesState.COMPLETED)
        made.series({1: on(0)}, SeriesState.REVOKED)
        made.series({1: on(40)})
        made.series({1: on(10)})
        made.series({1: on(0)}, SeriesState.ENTERED_IN_ERROR)
        made.series({1: on(-1)}, SeriesState.COMPLETED)
        made.series({})

    write(clinic, history)
    assert reports(clinic).outcomes == Outcomes(finished=1, running=1, lapsed=1, stopped=1)


def test_gaps_are_judged_by_the_protocol_and_measured_from_the_target(clinic: Clinic) -> None:
    def history(made: History) -> None:
        for days in (27, 28, 35, 42, 43):
            made.series({1: on(0), 2: on(days)})
        made.series({1: on(0), 3: on(60)}, SeriesState.ACTIVE, 2)
        made.series({1: on(0), 3: on(60)})
        made.series({1: on(0), 2: on(35)}, SeriesState.ENTERED_IN_ERROR)

    write(clinic, history)
    gaps = reports(clinic).gaps
    assert gaps.verdicts == {Verdict.VALID: 4, Verdict.EARLY: 1, Verdict.LATE: 2}
    assert gaps.from_target == {-8: 1, -7: 1, 0: 1, 7: 1, 8: 1, 25: 2}


def test_a_gap_counts_when_its_later_session_is_in_the_period(clinic: Clinic) -> None:
    write(clinic, lambda made: made.series({1: on(-35), 2: on(0), 3: on(61)}))
    assert reports(clinic).gaps.from_target == {0: 1}


def test_no_shows_are_a_share_of_those_who_came_or_did_not(clinic: Clinic) -> None:
    def history(made: History) -> None:
        for hour, status in enumerate((CAME, CAME, CAME, MISSED, AppointmentStatus.BOOKED), 9):
            made.visit(on(6), hour, status)
        made.visit(on(7), 9, CANCELLED, CancelReason.PATIENT)
        made.visit(on(61), 9, MISSED)

    write(clinic, history)
    first, second, *rest = reports(clinic).weeks
    assert (first.monday, first.came, first.noshows, first.share) == (MONDAY, 3, 1, 0.25)
    assert (second.share, second.cancelled[CancelReason.PATIENT]) == (None, 1)
    assert [(week.came, week.noshows) for week in rest] == [(0, 0)] * 7


def test_use_is_claimed_minutes_of_worked_ones(clinic: Clinic) -> None:
    def history(made: History) -> None:
        made.visit(on(0), 9, CAME)
        made.visit(on(0), 10, CAME)
        made.visit(on(0), 12, MISSED)
        made.visit(on(13), 9, CAME)

    write(clinic, history)
    use = {one.name: one for one in reports(clinic, Period(on(0), on(13))).use}
    assert use["Ada"].kind is ResourceKind.PRACTITIONER
    assert use["Ada"].weeks == use["Room 1"].weeks == (Minutely(120, 7 * 540), Minutely(60, 7 * 540))
    assert use["Ada"].all.share == 180 / (14 * 540)


def test_a_practitioner_is_told_of_own_patients_only(clinic: Clinic) -> None:
    def history(made: History) -> None:
        made.visit(on(0), 9, CAME)
        made.visit(on(0), 10, MISSED)
        (other,) = {*made.all_of(ResourceKind.DEVICE)[:1]}
        made.visit(on(1), 9, CAME, practitioner_id=other)
        made.series({1: on(0), 2: on(35)})

    write(clinic, history)
    own = reports(clinic, role=Role.PRACTITIONER)
    assert (own.is_own, own.weeks[0].came, own.weeks[0].noshows) == (True, 1, 1)
    assert (own.outcomes.all, own.gaps.all) == (0, 0)
    assert [one.name for one in own.use] == ["Ada"]
    assert reports(clinic).weeks[0].came == 2


def test_an_empty_clinic_has_nothing_to_tell(clinic: Clinic) -> None:
    assert reports(clinic).is_empty


def test_another_organisation_s_clinic_is_not_found(clinic: Clinic) -> None:
    with pytest.raises(NotFound):
        clinic.do(lambda c: show_reports(c, clinic_id=uuid4(), period=WHOLE), Role.MANAGER)


def test_the_number_of_queries_does_not_grow(clinic: Clinic) -> None:
    write(clinic, lambda made: made.series({1: on(10)}))
    reports(clinic)
    with counted(clinic.database.engine) as few:
        reports(clinic)
    twelve_weeks(clinic, TODAY)
    with counted(clinic.database.engine) as many:
        assert reports(clinic).gaps.all == 40
    assert len(many) == len(few)


def test_periods_end_today_and_begin_on_a_monday_or_with_the_year() -> None:
    sunday = date(2026, 11, 29)
    assert last_weeks(12, sunday) == Period(date(2026, 9, 7), sunday)
    assert len(last_weeks(12, sunday).mondays) == 12
    assert this_year(sunday) == Period(date(2026, 1, 1), sunday)
    assert this_year(sunday).mondays[0] == date(2025, 12, 29)


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({}, ["first", "last"]),
        ({"first": on(0)}, ["last"]),
        ({"first": on(1), "last": on(0)}, ["last"]),
        ({"first": on(0), "last": on(61)}, ["last"]),
        ({"first": on(60 - 731), "last": on(60)}, ["first"]),
    ],
)
def test_dates_that_cannot_be_reported_on_are_named(given: dict[str, date], fields: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        own_dates(given, TODAY)
    assert [fault["field"] for fault in refused.value.facts["errors"]] == fields


def test_two_years_are_not_too_long() -> None:
    assert own_dates({"first": on(60 - 730), "last": on(60)}, TODAY) == Period(on(-670), TODAY)
