"""A practitioner who runs late: told, ended, and nothing moves."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from scheduler.domain.access import Role
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.refusals import Invalid, NotAllowed, NotFound
from scheduler.operations.days.days import show_day
from scheduler.operations.days.delays import delays_on, end_delay, run_late
from scheduler.storage.rows import AppointmentRow, AuditRow
from tests.support.rows import NOW, Ground

TODAY = NOW.date()


def test_a_delay_is_noted_replaced_and_ended_and_each_is_audited(ground: Ground) -> None:
    ada, context = ground.resource(), ground.context(Role.RECEPTION)
    run_late(context, resource_id=ada, minutes=20)
    run_late(context, resource_id=ada, minutes=35)
    assert delays_on(context, TODAY) == {ada: 35}
    end_delay(context, resource_id=ada)
    end_delay(context, resource_id=ada)
    assert delays_on(context, TODAY) == {}
    told = ground.tx.scalars(select(AuditRow).where(AuditRow.about_id == ada).order_by(AuditRow.number))
    on = TODAY.isoformat()
    assert [(one.action, one.facts) for one in told] == [
        ("delay_noted", {"on": on, "minutes": 20}),
        ("delay_noted", {"on": on, "minutes": 35}),
        ("delay_ended", {"on": on}),
    ]


def test_it_stands_at_the_column_of_its_day_and_moves_nothing(ground: Ground) -> None:
    ada, context = ground.resource(), ground.context(Role.RECEPTION)
    appointment = ground.appointment(ground.patient(), NOW + timedelta(hours=1), practitioner_id=ada)
    run_late(context, resource_id=ada, minutes=20)
    kept = ground.tx.get_one(AppointmentRow, appointment, populate_existing=True)
    assert (kept.starts_at, kept.sequence) == (NOW + timedelta(hours=1), 0)
    day = show_day(context, clinic_id=ground.clinic_id, on=TODAY)
    assert [(one.column.resource_id, one.delay) for one in day.practitioners] == [(ada, 20)]
    assert delays_on(context, TODAY + timedelta(1)) == {}


def test_a_practitioner_marks_nobody_else(ground: Ground) -> None:
    ada, bob = ground.resource(), ground.resource()
    own = ground.context(Role.PRACTITIONER, resource_id=ada)
    run_late(own, resource_id=ada, minutes=5)
    for deed in (lambda: run_late(own, resource_id=bob, minutes=5), lambda: end_delay(own, resource_id=bob)):
        with pytest.raises(NotAllowed) as caught:
            deed()
        assert caught.value.code == "not_your_own"
    assert delays_on(own, TODAY) == {ada: 5}


@pytest.mark.parametrize("minutes", [-5, 0, 481])
def test_a_delay_of_no_sense_is_refused(ground: Ground, minutes: int) -> None:
    with pytest.raises(Invalid) as caught:
        run_late(ground.context(Role.RECEPTION), resource_id=ground.resource(), minutes=minutes)
    assert (caught.value.code, caught.value.facts["errors"][0]["field"]) == ("delay_out_of_range", "minutes")


def test_a_room_and_somebody_else_s_practitioner_run_never_late(ground: Ground) -> None:
    stranger = Ground(ground.tx)
    for unknown in (ground.resource(ResourceKind.ROOM), stranger.resource()):
        with pytest.raises(NotFound):
            run_late(ground.context(Role.RECEPTION), resource_id=unknown, minutes=5)
