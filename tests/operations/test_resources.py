from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from scheduler.domain.access import Role
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.refusals import Invalid, NotAllowed, NotFound, Stale
from scheduler.domain.rosters import WeeklyHours
from scheduler.operations.places.resources import (
    Qualified,
    ResourceFilter,
    Shift,
    add_resource,
    change_resource,
    get_resource,
    list_resources,
)
from scheduler.storage.rows import QualificationRow
from tests.support.queries import counted
from tests.support.rows import NOW, Ground

NO_FILTER = ResourceFilter()


def test_a_new_resource_follows_the_opening_hours(ground: Ground) -> None:
    context = ground.context(Role.MANAGER)
    made = add_resource(
        context, clinic_id=ground.clinic_id, kind=ResourceKind.DEVICE, name="Laser 1", device_type="laser"
    )
    assert get_resource(context, resource_id=made.id) == made
    assert (made.kind, made.type, made.active, made.week, made.revision) == (ResourceKind.DEVICE, "laser", True, (), 1)


def test_only_a_device_has_a_type(ground: Ground) -> None:
    context = ground.context(Role.MANAGER)
    with pytest.raises(Invalid) as caught:
        add_resource(context, clinic_id=ground.clinic_id, kind=ResourceKind.ROOM, name="Room", device_type="laser")
    assert caught.value.code == "type_of_no_device"
    room = ground.resource(ResourceKind.ROOM, "Room")
    with pytest.raises(Invalid):
        change_resource(context, resource_id=room, seen=1, given={"type": "laser"})


def test_a_change_keeps_what_is_not_given(ground: Ground) -> None:
    context, laser = ground.context(Role.MANAGER), ground.resource(ResourceKind.DEVICE, "Laser", type="laser")
    before = get_resource(context, resource_id=laser)
    changed = change_resource(context, resource_id=laser, seen=1, given={"name": "Laser 2"})
    assert changed.resource == replace(before, name="Laser 2", revision=2)
    cleared = change_resource(context, resource_id=laser, seen=2, given={"type": None})
    assert cleared.resource.type is None


def test_a_resource_that_is_no_longer_active_names_its_appointments_to_come(ground: Ground) -> None:
    ada = ground.resource()
    ground.appointment(ground.patient("Past"), NOW - timedelta(days=1), practitioner_id=ada)
    ground.appointment(ground.patient("Future"), NOW + timedelta(days=8, hours=3), practitioner_id=ada)
    context = ground.context(Role.MANAGER)
    changed = change_resource(context, resource_id=ada, seen=1, given={"active": False})
    assert [one.patient for one in changed.affected] == ["Future"]
    assert not changed.resource.active


def test_resources_are_listed_by_name_with_their_hours_and_qualifications(ground: Ground) -> None:
    bo, ada = ground.resource(name="Bo"), ground.resource(name="Ada")
    ground.weekly(ada, 1, 9, 12)
    ground.add(QualificationRow(organisation_id=ground.organisation_id, resource_id=ada, protocol_code="glow"))
    first, second = list_resources(ground.context(Role.RECEPTION), NO_FILTER).items
    assert (first.id, second.id) == (ada, bo)
    assert first.week == (Shift(ground.clinic_id, WeeklyHours(1, (540, 720))),)
    assert first.qualifications == (Qualified("glow", None, False),)
    assert (second.week, second.qualifications) == ((), ())


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({}, ["Ada", "Bo", "Room"]),
        ({"kind": ResourceKind.ROOM}, ["Room"]),
        ({"active": False}, ["Bo"]),
        ({"active": True, "kind": ResourceKind.PRACTITIONER}, ["Ada"]),
    ],
)
def test_resources_can_be_narrowed(ground: Ground, wanted: dict[str, Any], names: list[str]) -> None:
    ground.resource(name="Ada")
    ground.resource(name="Bo", active=False)
    ground.resource(ResourceKind.ROOM, "Room", clinic_id=ground.clinic())
    Ground(ground.tx).resource(name="Stranger")
    found = list_resources(ground.context(Role.RECEPTION), ResourceFilter(**wanted))
    assert [one.name for one in found.items] == names


def test_resources_of_a_clinic_can_be_listed(ground: Ground) -> None:
    ground.resource(name="Ada")
    there = ground.clinic()
    ground.resource(name="Bo", clinic_id=there)
    found = list_resources(ground.context(Role.RECEPTION), ResourceFilter(clinic_id=there))
    assert [one.name for one in found.items] == ["Bo"]


def test_a_page_begins_after_the_last_one(ground: Ground) -> None:
    for name in ("Cy", "Ada", "Bo", "Bo"):
        ground.resource(name=name)
    context = ground.context(Role.RECEPTION)
    first = list_resources(context, NO_FILTER, limit=2)
    second = list_resources(context, NO_FILTER, limit=2, after=first.last)  # type: ignore[arg-type]
    assert [one.name for one in (*first.items, *second.items)] == ["Ada", "Bo", "Bo", "Cy"]
    assert second.last is None


@pytest.mark.parametrize("role", [Role.RECEPTION, Role.PRACTITIONER])
def test_only_a_manager_changes_resources(ground: Ground, role: Role) -> None:
    with pytest.raises(NotAllowed):
        change_resource(ground.context(role), resource_id=ground.resource(), seen=1, given={"name": "X"})


def test_a_stale_revision_is_refused(ground: Ground) -> None:
    with pytest.raises(Stale) as caught:
        change_resource(ground.context(Role.MANAGER), resource_id=ground.resource(), seen=9, given={"name": "X"})
    assert caught.value.facts == {"revision": 1, "seen": 9}


def test_the_resource_of_another_organisation_is_not_found(ground: Ground) -> None:
    stranger = Ground(ground.tx).context(Role.MANAGER)
    ada = ground.resource()
    with pytest.raises(NotFound):
        get_resource(stranger, resource_id=ada)
    with pytest.raises(NotFound):
        change_resource(stranger, resource_id=ada, seen=None, given={"name": "X"})
    with pytest.raises(NotFound):
        add_resource(stranger, clinic_id=ground.clinic_id, kind=ResourceKind.ROOM, name="X")


@pytest.mark.parametrize("how_many", [1, 3])
def test_listing_resources_takes_three_queries(ground: Ground, how_many: int) -> None:
    for n in range(how_many):
        ground.weekly(ground.resource(name=f"Ada {n}"), 0, 9, 12)
    with counted(ground.tx.get_bind().engine) as sent:
        list_resources(ground.context(Role.RECEPTION), NO_FILTER)
    assert len(sent) == 3
