from datetime import date, timedelta

import pytest
from sqlalchemy import select

from scheduler.domain.access import Role
from scheduler.domain.refusals import Invalid, NotAllowed, NotFound, Stale
from scheduler.operations.places.closures import Closure, close, close_on_holidays, list_closures, reopen
from scheduler.storage.rows import AppointmentRow, AuditRow, ClinicRow, ClosureRow, ClosureSource
from tests.support.queries import counted
from tests.support.rows import NOW, Ground

MAY_DAY = date(2026, 5, 1)
DAY = timedelta(days=1)


def test_a_closure_is_stored_audited_and_moves_the_revision_on(ground: Ground) -> None:
    context = ground.context(Role.MANAGER)
    added = close(context, clinic_id=ground.clinic_id, starts_on=MAY_DAY, ends_on=MAY_DAY + DAY, label="Works", seen=1)
    (kept,) = added.closures
    assert kept == Closure(kept.id, MAY_DAY, MAY_DAY + DAY, "Works", ClosureSource.STAFF)
    assert list_closures(context, clinic_id=ground.clinic_id).items == (kept,)
    assert (added.revision, added.affected) == (2, ())
    audit = ground.tx.scalars(select(AuditRow).where(AuditRow.action == "clinic_closed")).one()
    assert audit.facts == {"closures": [["2026-05-01", "2026-05-02", "Works"]]}


def test_it_names_the_patients_of_its_first_to_its_last_date_and_cancels_nothing(ground: Ground) -> None:
    first = NOW + 7 * DAY
    for name, at in (("before", first - DAY), ("first", first), ("last", first + DAY), ("after", first + 2 * DAY)):
        ground.appointment(ground.patient(name), at)
    ground.appointment(ground.patient("elsewhere"), first, clinic_id=ground.clinic())
    ends_on = (first + DAY).date()
    added = close(
        ground.context(Role.MANAGER),
        clinic_id=ground.clinic_id,
        starts_on=first.date(),
        ends_on=ends_on,
        label="Works",
        seen=1,
    )
    assert [(one.patient, one.session, one.phone) for one in added.affected] == [
        ("first", 1, "+49 30 1234"),
        ("last", 1, "+49 30 1234"),
    ]
    assert set(ground.tx.scalars(select(AppointmentRow.status))) == {"booked"}


def test_dates_that_are_reversed_are_refused(ground: Ground) -> None:
    with pytest.raises(Invalid) as caught:
        close(
            ground.context(Role.MANAGER),
            clinic_id=ground.clinic_id,
            starts_on=MAY_DAY,
            ends_on=MAY_DAY - DAY,
            label="Works",
            seen=1,
        )
    assert caught.value.code == "dates_reversed"


def test_a_closure_is_taken_back(ground: Ground) -> None:
    context, closure = ground.context(Role.MANAGER), ground.closure(MAY_DAY, MAY_DAY)
    assert reopen(context, clinic_id=ground.clinic_id, closure_id=closure, seen=1) == 2
    assert list_closures(context, clinic_id=ground.clinic_id).items == ()


def test_a_closure_of_another_clinic_is_not_found(ground: Ground) -> None:
    closure, elsewhere = ground.closure(MAY_DAY, MAY_DAY), ground.clinic()
    with pytest.raises(NotFound):
        reopen(ground.context(Role.MANAGER), clinic_id=elsewhere, closure_id=closure, seen=1)
    with pytest.raises(NotFound):
        list_closures(Ground(ground.tx).context(Role.MANAGER), clinic_id=ground.clinic_id)


def test_closures_that_are_over_are_not_listed(ground: Ground) -> None:
    today = NOW.date()
    ground.closure(today - 9 * DAY, today - DAY)
    kept = ground.closure(today - 9 * DAY, today)
    found = list_closures(ground.context(Role.RECEPTION), clinic_id=ground.clinic_id)
    assert [closure.id for closure in found.items] == [kept]


def test_closures_are_listed_by_date_a_page_at_a_time(ground: Ground) -> None:
    late, early = (ground.closure(MAY_DAY + n * DAY, MAY_DAY + 9 * DAY) for n in (2, 1))
    context = ground.context(Role.RECEPTION)
    first = list_closures(context, clinic_id=ground.clinic_id, limit=1)
    second = list_closures(context, clinic_id=ground.clinic_id, limit=1, after=early)
    assert [closure.id for closure in first.items] == [early]
    assert [closure.id for closure in second.items] == [late]


@pytest.mark.parametrize("role", [Role.RECEPTION, Role.PRACTITIONER])
def test_only_a_manager_closes_a_clinic(ground: Ground, role: Role) -> None:
    context = ground.context(role)
    with pytest.raises(NotAllowed):
        close_on_holidays(context, clinic_id=ground.clinic_id, years=[2026], seen=1)
    with pytest.raises(NotAllowed):
        reopen(context, clinic_id=ground.clinic_id, closure_id=ground.closure(MAY_DAY, MAY_DAY), seen=1)


def test_a_stale_revision_is_refused(ground: Ground) -> None:
    with pytest.raises(Stale):
        close_on_holidays(ground.context(Role.MANAGER), clinic_id=ground.clinic_id, years=[2026], seen=4)


def test_public_holidays_close_the_clinic_once(ground: Ground) -> None:
    context = ground.context(Role.MANAGER)
    first = close_on_holidays(context, clinic_id=ground.clinic_id, years=[2026], seen=1)
    again = close_on_holidays(context, clinic_id=ground.clinic_id, years=[2026, 2027], seen=2)
    assert (len(first.closures), first.known, len(again.closures), again.known) == (9, 0, 9, 9)
    assert MAY_DAY in [closure.starts_on for closure in first.closures]
    assert {closure.source for closure in first.closures} == {ClosureSource.HOLIDAY}
    nothing = close_on_holidays(context, clinic_id=ground.clinic_id, years=[2027], seen=3)
    assert (nothing.closures, nothing.known, nothing.revision) == ((), 9, 3)


def test_a_region_closes_on_its_own_holidays_too(ground: Ground) -> None:
    ground.tx.get_one(ClinicRow, ground.clinic_id).region = "BE"
    ground.tx.flush()
    found = close_on_holidays(ground.context(Role.MANAGER), clinic_id=ground.clinic_id, years=[2026], seen=1)
    assert date(2026, 3, 8) in [closure.starts_on for closure in found.closures]


def test_a_dry_run_tells_the_same_and_stores_nothing(ground: Ground) -> None:
    ground.appointment(ground.patient("May Day"), NOW + 60 * DAY)
    context = ground.context(Role.MANAGER)
    dry = close_on_holidays(context, clinic_id=ground.clinic_id, years=[2026], seen=1, dry_run=True)
    ground.tx.flush()
    assert ground.tx.scalars(select(ClosureRow.id)).all() == []
    assert (dry.revision, [one.patient for one in dry.affected]) == (1, ["May Day"])
    deed = close_on_holidays(context, clinic_id=ground.clinic_id, years=[2026], seen=1)
    assert deed.affected == dry.affected
    assert [closure.starts_on for closure in deed.closures] == [closure.starts_on for closure in dry.closures]


@pytest.mark.parametrize("how_many", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_affected(ground: Ground, how_many: int) -> None:
    for n in range(how_many):
        ground.appointment(ground.patient(), NOW + n * DAY, practitioner_id=ground.resource(name=f"Ada {n}"))
    context, today = ground.context(Role.MANAGER), NOW.date()
    with counted(ground.tx.get_bind().engine) as sent:
        added = close(
            context, clinic_id=ground.clinic_id, starts_on=today, ends_on=today + 9 * DAY, label="Works", seen=1
        )
    locks = [statement for statement in sent if "resources.id" in statement and "FOR NO KEY UPDATE" in statement]
    assert (len(added.affected), len(sent) - len(locks)) == (how_many, 7)
