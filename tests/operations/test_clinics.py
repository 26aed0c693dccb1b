from datetime import timedelta

import pytest
from sqlalchemy import select

from scheduler.domain.access import Role
from scheduler.domain.refusals import Invalid, NotAllowed, NotFound, Stale
from scheduler.domain.rosters import WeeklyHours
from scheduler.operations.context import Context
from scheduler.operations.places.clinics import (
    edit_clinic,
    get_clinic,
    list_clinics,
    set_opening_hours,
    set_up_clinic,
    set_up_organisation,
)
from scheduler.storage.rows import AuditRow, ClinicRow
from tests.support.queries import counted
from tests.support.rows import NOW, Ground

MORNING, AFTERNOON = WeeklyHours(0, (540, 720)), WeeklyHours(0, (780, 1440))


def clinic_revision(ground: Ground) -> int:
    return ground.tx.execute(select(ClinicRow.revision).where(ClinicRow.id == ground.clinic_id)).scalar_one()


def test_the_first_manager_of_an_organisation_sets_up_its_clinics(ground: Ground) -> None:
    manager = set_up_organisation(ground.tx, name="Skin", manager="Mara", now=NOW)
    context = Context(ground.tx, manager, NOW)
    place = {"zone": "Europe/London", "country": "GB", "region": "ENG", "address": "1 High Street", "phone": "020"}
    made = set_up_clinic(context, name="High Street", opening=[AFTERNOON, MORNING], **place)  # type: ignore[arg-type]
    assert list_clinics(context).items == (made,)
    assert (made.zone, made.country, made.region, made.opening) == ("Europe/London", "GB", "ENG", (MORNING, AFTERNOON))


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"zone": "Europe/Nowhere"}, "unknown_zone"),
        ({"zone": "../etc/passwd"}, "unknown_zone"),
        ({"region": "XX"}, "unknown_region"),
        ({"opening": [MORNING, MORNING]}, "hours_overlap"),
    ],
)
def test_a_clinic_with_an_unknown_place_or_unclear_hours_is_refused(
    ground: Ground, given: dict[str, object], code: str
) -> None:
    wanted: dict[str, object] = {"name": "Main street", "zone": "Europe/Berlin", "country": "DE"} | given
    with pytest.raises(Invalid) as caught:
        set_up_clinic(ground.context(Role.MANAGER), **wanted)  # type: ignore[arg-type]
    assert caught.value.code == code


def test_new_opening_hours_replace_the_old_ones_and_are_audited(ground: Ground) -> None:
    context = ground.context(Role.MANAGER)
    changed = set_opening_hours(context, clinic_id=ground.clinic_id, opening=[AFTERNOON, MORNING], seen=1)
    assert get_clinic(context, clinic_id=ground.clinic_id) == changed.clinic
    assert list_clinics(context).items == (changed.clinic,)
    assert (changed.clinic.opening, changed.clinic.revision) == ((MORNING, AFTERNOON), 2)
    audit = ground.tx.scalars(select(AuditRow).where(AuditRow.action == "opening_hours_set")).one()
    assert audit.facts == {"opening": [[0, 540, 720], [0, 780, 1440]]}


def test_appointments_outside_new_opening_hours_are_named(ground: Ground) -> None:
    ada = ground.resource()
    inside = NOW + timedelta(days=7, hours=2)
    ground.appointment(ground.patient("Inside"), inside, practitioner_id=ada)
    ground.appointment(ground.patient("Late"), inside + timedelta(hours=6), practitioner_id=ada)
    ground.appointment(ground.patient("Tuesday"), inside + timedelta(days=1), practitioner_id=ada)
    ground.appointment(ground.patient("Past"), inside - timedelta(days=14), practitioner_id=ada)
    opening = [WeeklyHours(0, (540, 1000))]
    changed = set_opening_hours(ground.context(Role.MANAGER), clinic_id=ground.clinic_id, opening=opening, seen=None)
    assert [one.patient for one in changed.affected] == ["Late", "Tuesday"]


def test_a_stale_revision_changes_nothing(ground: Ground) -> None:
    with pytest.raises(Stale):
        set_opening_hours(ground.context(Role.MANAGER), clinic_id=ground.clinic_id, opening=[], seen=7)
    assert clinic_revision(ground) == 1


def test_name_address_and_phone_can_be_edited(ground: Ground) -> None:
    given = {"name": "Side street", "address": "2 Side Street"}
    edited = edit_clinic(ground.context(Role.MANAGER), clinic_id=ground.clinic_id, seen=1, given=given)
    assert (edited.name, edited.address, edited.phone, edited.revision) == ("Side street", "2 Side Street", "", 2)
    assert len(edited.opening) == 7


@pytest.mark.parametrize("role", [Role.RECEPTION, Role.PRACTITIONER])
def test_only_a_manager_changes_a_clinic(ground: Ground, role: Role) -> None:
    with pytest.raises(NotAllowed):
        set_opening_hours(ground.context(role), clinic_id=ground.clinic_id, opening=[], seen=1)


def test_the_clinic_of_another_organisation_is_not_found(ground: Ground) -> None:
    stranger = Ground(ground.tx)
    with pytest.raises(NotFound):
        set_opening_hours(stranger.context(Role.MANAGER), clinic_id=ground.clinic_id, opening=[], seen=1)
    assert [clinic.id for clinic in list_clinics(stranger.context(Role.MANAGER)).items] == [stranger.clinic_id]


def test_clinics_are_listed_a_page_at_a_time(ground: Ground) -> None:
    second, context = ground.clinic(), ground.context(Role.RECEPTION)
    first = list_clinics(context, limit=1)
    assert (first.items[0].id, first.last) == (ground.clinic_id, ground.clinic_id)
    assert [clinic.id for clinic in list_clinics(context, limit=1, after=ground.clinic_id).items] == [second]


@pytest.mark.parametrize("how_many", [1, 3])
def test_listing_clinics_takes_two_queries(ground: Ground, how_many: int) -> None:
    for _ in range(how_many - 1):
        ground.clinic()
    with counted(ground.tx.get_bind().engine) as sent:
        found = list_clinics(ground.context(Role.RECEPTION))
    assert (len(found.items), len(sent)) == (how_many, 2)
