from datetime import date, timedelta

import pytest

from scheduler.domain.access import Role
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.refusals import Invalid, NotAllowed, NotFound
from scheduler.operations.places.qualifications import disqualify, qualify
from scheduler.operations.places.resources import Qualified
from tests.support.rows import NOW, Ground

UNTIL = date(2026, 3, 10)


def test_a_qualification_is_given_changed_and_taken_away(ground: Ground) -> None:
    ground.protocol()
    ada, context = ground.resource(), ground.context(Role.MANAGER)
    given = qualify(context, resource_id=ada, protocol="probe", seen=1)
    assert given.resource.qualifications == (Qualified("probe", None, False),)
    changed = qualify(context, resource_id=ada, protocol="probe", valid_until=UNTIL, renewal_expected=True, seen=2)
    assert changed.resource.qualifications == (Qualified("probe", UNTIL, True),)
    assert disqualify(context, resource_id=ada, protocol="probe", seen=3).resource.qualifications == ()


def test_sessions_beyond_the_end_of_a_qualification_are_named(ground: Ground) -> None:
    ada, context = ground.resource(), ground.context(Role.MANAGER)
    for name, days in (("Before", 8), ("After", 9), ("Past", -9)):
        ground.appointment(ground.patient(name), NOW + timedelta(days=days), practitioner_id=ada)
    ending = qualify(context, resource_id=ada, protocol="probe", valid_until=UNTIL, seen=1)
    assert [one.patient for one in ending.affected] == ["After"]
    renewed = qualify(context, resource_id=ada, protocol="probe", valid_until=UNTIL, renewal_expected=True, seen=2)
    assert renewed.affected == ()
    gone = disqualify(context, resource_id=ada, protocol="probe", seen=3)
    assert [one.patient for one in gone.affected] == ["Before", "After"]


def test_only_a_practitioner_is_qualified(ground: Ground) -> None:
    ground.protocol()
    room = ground.resource(ResourceKind.ROOM, "Room")
    with pytest.raises(Invalid) as caught:
        qualify(ground.context(Role.MANAGER), resource_id=room, protocol="probe", seen=1)
    assert caught.value.code == "no_practitioner"


def test_an_unknown_protocol_or_qualification_is_not_found(ground: Ground) -> None:
    ada, context = ground.resource(), ground.context(Role.MANAGER)
    with pytest.raises(NotFound) as caught:
        qualify(context, resource_id=ada, protocol="probe", seen=1)
    assert caught.value.code == "unknown_protocol"
    with pytest.raises(NotFound):
        disqualify(context, resource_id=ada, protocol="probe", seen=1)


def test_only_a_manager_qualifies(ground: Ground) -> None:
    ada = ground.resource()
    with pytest.raises(NotAllowed):
        qualify(ground.context(Role.PRACTITIONER, resource_id=ada), resource_id=ada, protocol="probe", seen=1)
