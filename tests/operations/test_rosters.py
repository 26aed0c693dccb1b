from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from scheduler.domain.access import Role
from scheduler.domain.refusals import Invalid, NotAllowed, NotFound, Stale
from scheduler.domain.rosters import WeeklyHours
from scheduler.operations.places.resources import Shift
from scheduler.operations.places.rosters import (
    DayShift,
    clear_single_day,
    publish_roster,
    set_single_day,
    set_usual_week,
)
from scheduler.storage.rows import AuditRow
from scheduler.storage.working_time import working_stretches
from tests.support.rows import NOW, Ground

MONDAY = date(2026, 3, 2)
MORNING = WeeklyHours(0, (540, 720))


def hours_on(ground: Ground, ada: UUID, on: date = MONDAY, clinic_id: UUID | None = None) -> list[tuple[int, int]]:
    """The hours worked on a date, in Berlin's winter."""
    found = working_stretches(ground.tx, clinic_id or ground.clinic_id, [ada], on, on)[ada]
    return [(start.hour + 1, end.hour + 1) for start, end in found]


def test_a_usual_week_replaces_the_one_before(ground: Ground) -> None:
    ada, context = ground.resource(), ground.context(Role.MANAGER)
    ground.weekly(ada, 1, 9, 17)
    changed = set_usual_week(context, resource_id=ada, week=[Shift(ground.clinic_id, MORNING)], seen=1)
    assert changed.resource.week == (Shift(ground.clinic_id, MORNING),)
    assert changed.resource.revision == 2
    assert (hours_on(ground, ada), hours_on(ground, ada, MONDAY + timedelta(days=1))) == ([(9, 12)], [])


def test_a_week_in_two_clinics_counts_at_each(ground: Ground) -> None:
    ada, there = ground.resource(), ground.clinic()
    week = [Shift(ground.clinic_id, MORNING), Shift(there, WeeklyHours(0, (780, 900)))]
    set_usual_week(ground.context(Role.MANAGER), resource_id=ada, week=week, seen=1)
    assert (hours_on(ground, ada), hours_on(ground, ada, clinic_id=there)) == ([(9, 12)], [(13, 15)])


def test_nobody_works_in_two_clinics_at_once(ground: Ground) -> None:
    week = [Shift(ground.clinic_id, MORNING), Shift(ground.clinic(), MORNING)]
    with pytest.raises(Invalid) as caught:
        set_usual_week(ground.context(Role.MANAGER), resource_id=ground.resource(), week=week, seen=1)
    assert caught.value.code == "hours_overlap"


def test_an_empty_week_follows_the_opening_hours_again(ground: Ground) -> None:
    ada = ground.resource()
    ground.weekly(ada, 1, 9, 17)
    set_usual_week(ground.context(Role.MANAGER), resource_id=ada, week=[], seen=1)
    assert hours_on(ground, ada) == [(9, 18)]


def test_appointments_outside_the_new_week_are_named(ground: Ground) -> None:
    ada = ground.resource()
    monday = NOW + timedelta(days=7, hours=1)
    ground.appointment(ground.patient("Morning"), monday, practitioner_id=ada)
    ground.appointment(ground.patient("Noon"), monday + timedelta(hours=1, minutes=15), practitioner_id=ada)
    ground.appointment(ground.patient("Another's"), monday, practitioner_id=ground.resource(name="Bo"))
    week = [Shift(ground.clinic_id, MORNING)]
    changed = set_usual_week(ground.context(Role.MANAGER), resource_id=ada, week=week, seen=1)
    assert [one.patient for one in changed.affected] == ["Noon"]


def test_a_single_day_is_set_changed_and_cleared(ground: Ground) -> None:
    ada, context = ground.resource(), ground.context(Role.MANAGER)
    one, two = DayShift(ground.clinic_id, (600, 660)), DayShift(ground.clinic_id, (840, 900))
    set_single_day(context, resource_id=ada, on=MONDAY, shifts=[one], seen=1)
    assert hours_on(ground, ada) == [(10, 11)]
    set_single_day(context, resource_id=ada, on=MONDAY, shifts=[one, two], seen=2)
    assert hours_on(ground, ada) == [(10, 11), (14, 15)]
    cleared = clear_single_day(context, resource_id=ada, on=MONDAY, seen=3)
    assert (hours_on(ground, ada), cleared.resource.revision) == ([(9, 18)], 4)


def test_a_day_off_names_its_appointments(ground: Ground) -> None:
    ada = ground.resource()
    ground.appointment(ground.patient("Today"), NOW + timedelta(hours=3), practitioner_id=ada)
    ground.appointment(ground.patient("Tomorrow"), NOW + timedelta(days=1, hours=3), practitioner_id=ada)
    context = ground.context(Role.MANAGER)
    changed = set_single_day(context, resource_id=ada, on=MONDAY, shifts=[], seen=1)
    assert hours_on(ground, ada) == []
    assert [one.patient for one in changed.affected] == ["Today"]
    facts = ground.tx.scalars(select(AuditRow).where(AuditRow.action == "single_day_set")).one().facts
    assert facts == {"on": "2026-03-02", "shifts": []}


def test_hours_of_a_single_day_must_not_overlap(ground: Ground) -> None:
    shifts = [DayShift(ground.clinic_id, (600, 700)), DayShift(ground.clinic_id, (650, 720))]
    with pytest.raises(Invalid):
        set_single_day(ground.context(Role.MANAGER), resource_id=ground.resource(), on=MONDAY, shifts=shifts, seen=1)


def test_a_roster_is_published_up_to_a_date(ground: Ground) -> None:
    ada, context = ground.resource(), ground.context(Role.MANAGER)
    ground.weekly(ada, 0, 9, 12, valid_until=MONDAY)
    later = MONDAY + timedelta(days=14)
    assert hours_on(ground, ada, later) == []
    changed = publish_roster(context, resource_id=ada, until=MONDAY, seen=1)
    assert (changed.resource.roster_until, hours_on(ground, ada, later)) == (MONDAY, [(9, 12)])


@pytest.mark.parametrize("role", [Role.RECEPTION, Role.PRACTITIONER])
def test_only_a_manager_lays_down_hours(ground: Ground, role: Role) -> None:
    with pytest.raises(NotAllowed):
        set_usual_week(ground.context(role), resource_id=ground.resource(), week=[], seen=1)


def test_a_stale_revision_is_refused(ground: Ground) -> None:
    with pytest.raises(Stale):
        publish_roster(ground.context(Role.MANAGER), resource_id=ground.resource(), until=None, seen=3)


def test_a_clinic_of_another_organisation_is_not_found(ground: Ground) -> None:
    elsewhere = Ground(ground.tx).clinic_id
    context, ada = ground.context(Role.MANAGER), ground.resource()
    with pytest.raises(NotFound):
        set_usual_week(context, resource_id=ada, week=[Shift(elsewhere, MORNING)], seen=1)
    with pytest.raises(NotFound):
        set_single_day(context, resource_id=ada, on=MONDAY, shifts=[DayShift(elsewhere, (600, 660))], seen=1)
