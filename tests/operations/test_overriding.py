"""Override requests: what may be asked for, how long it is kept, and what becomes of it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from scheduler.domain.access import Role
from scheduler.domain.clinic_days import instant_of
from scheduler.domain.contact import Language
from scheduler.domain.refusals import Invalid, NotAllowed, NotFound, Refusal, RuleBroken, Stale
from scheduler.domain.series import Override
from scheduler.operations.booking.attending import perform
from scheduler.operations.booking.deeds import Deed
from scheduler.operations.booking.keeping import keep_slots, release_keep
from scheduler.operations.booking.override_requests import OverrideRequest, list_override_requests, request_override
from scheduler.operations.booking.overriding import decline_override, grant_override
from scheduler.operations.booking.placing import Placement
from scheduler.operations.messages.call_list import list_calls
from scheduler.operations.patients.patients import edit_patient
from scheduler.storage.rows import AuditRow, ClosureRow, MessageKind, OpeningHoursRow, OutboxRow
from tests.support.clinic import open_clinic
from tests.support.desk import Desk, at, day, desk_of
from tests.support.hold_orders import propose, wish
from tests.support.rows import NOW


@pytest.fixture
def series(desk: Desk) -> UUID:
    """A course whose first session is booked on day 0; the window of the second is day 28 to 42, its floor day 21."""
    return desk.course({1: 0})


def ask(
    desk: Desk,
    series_id: UUID,
    on: int = 25,
    *,
    session: int = 2,
    hour: int = 10,
    now: datetime = NOW,
    role: Role = Role.RECEPTION,
    seen: int | None = None,
) -> OverrideRequest:
    placement = Placement(session, desk.place.slot(on, hour, "microneedling-pen"))
    return desk.do(
        lambda c: request_override(c, series_id=series_id, placement=placement, reason="Flies out.", seen=seen),
        role,
        now,
    )


def refused(desk: Desk, series_id: UUID, on: int = 25, **more: Any) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        ask(desk, series_id, on, **more)
    return refusal.value


def grant(desk: Desk, request_id: UUID, now: datetime = NOW, reason: str | None = None) -> Deed:
    return desk.do(lambda c: grant_override(c, request_id=request_id, reason=reason), Role.PRACTITIONER, now)


def waiting(desk: Desk, now: datetime = NOW) -> list[UUID]:
    return [one.id for one in desk.do(lambda c: list_override_requests(c), Role.PRACTITIONER, now).items]


@pytest.mark.parametrize("on", [21, 27, 43, 60])
def test_a_slot_outside_the_window_is_asked_for_and_kept(desk: Desk, series: UUID, on: int) -> None:
    request = ask(desk, series, on)
    slot = desk.place.slot(on, 10, "microneedling-pen")
    assert (request.session, request.slot, request.on, request.reason) == (2, slot, day(on), "Flies out.")
    assert (request.requested_by, request.requested_at, request.zone) == ("reception", NOW, desk.place.zone)
    assert slot.starts_at + timedelta(minutes=30) in desk.claims(desk.clinic.practitioner_id)
    assert (waiting(desk), desk.dates(series)) == ([request.id], {1: 0})


@pytest.mark.parametrize("on", [28, 42])
def test_a_slot_inside_the_window_needs_no_override(desk: Desk, series: UUID, on: int) -> None:
    assert refused(desk, series, on).code == "override_not_needed"


@pytest.mark.parametrize("on", [1, 20])
def test_below_the_absolute_minimum_nothing_is_kept(desk: Desk, series: UUID, on: int) -> None:
    assert (refused(desk, series, on).code, waiting(desk)) == ("below_absolute_minimum", [])


def test_against_a_hold_nothing_is_kept(desk: Desk) -> None:
    patient = desk.patient()
    series = desk.course({1: 0}, patient_id=patient)
    propose(desk, patient, wish(25, 25))
    assert (refused(desk, series, 25).code, waiting(desk)) == ("on_hold", [])


def test_a_taken_slot_is_not_kept(desk: Desk, series: UUID) -> None:
    desk.course({1: 25})
    assert "practitioner_taken" in {conflict.code for conflict in _broken(refused(desk, series, 25)).conflicts}


def _broken(refusal: Refusal) -> RuleBroken:
    assert isinstance(refusal, RuleBroken)
    return refusal


def test_what_is_kept_is_taken_for_everybody_else(desk: Desk, series: UUID) -> None:
    ask(desk, series, 25)
    with pytest.raises(RuleBroken) as refusal:
        desk.course({1: 25})
    assert "practitioner_taken" in {conflict.code for conflict in refusal.value.conflicts}


def test_it_is_kept_until_the_end_of_the_next_working_day(desk: Desk, series: UUID) -> None:
    assert ask(desk, series).kept_until == instant_of(day(1), datetime.min.time().replace(hour=18), desk.place.zone)


def test_closed_days_do_not_count(desk: Desk, series: UUID) -> None:
    def close(tx: Session) -> None:
        here = {"organisation_id": desk.clinic.organisation_id, "clinic_id": desk.clinic.clinic_id}
        tuesdays = (OpeningHoursRow.clinic_id == here["clinic_id"], OpeningHoursRow.weekday == 1)
        tx.execute(delete(OpeningHoursRow).where(*tuesdays))
        tx.add(ClosureRow(**here, starts_on=day(2), ends_on=day(3), label="Fair"))

    desk.clinic.database.write(close)
    assert ask(desk, series).kept_until == instant_of(day(4), datetime.min.time().replace(hour=18), desk.place.zone)


def test_it_is_not_kept_beyond_its_own_beginning(desk: Desk, series: UUID) -> None:
    request = ask(desk, series, 25, now=at(24))
    assert request.kept_until == request.slot.starts_at


def test_a_time_that_has_passed_is_refused(desk: Desk, series: UUID) -> None:
    refusal = refused(desk, series, 25, now=at(25))
    assert (type(refusal), refusal.code) == (Invalid, "in_the_past")


def test_the_last_wish_for_a_session_counts(desk: Desk, series: UUID) -> None:
    ask(desk, series, 25)
    second = ask(desk, series, 26)
    assert waiting(desk) == [second.id]
    assert desk.dates(desk.course({1: 25})) == {1: 25}


def test_a_granted_request_is_booked_with_the_override(desk: Desk, series: UUID) -> None:
    request = ask(desk, series, 25)
    deed = grant(desk, request.id)
    booking = desk.sheet(series).snapshot.series.session(2).booking
    assert booking is not None
    assert (booking.on, booking.override) == (day(25), Override(day(25), day(0), "Flies out."))
    assert (waiting(desk), desk.at_risk(series), deed.about_id) == ([], [], series)
    row = desk.read(
        lambda tx: tx.scalars(
            select(AuditRow).where(AuditRow.action == "override_granted", AuditRow.about_id == series)
        ).one()
    )
    assert (row.reason, row.facts["request_id"]) == ("Flies out.", str(request.id))


def test_a_practitioners_reason_replaces_the_one_that_was_asked_with(desk: Desk, series: UUID) -> None:
    grant(desk, ask(desk, series, 25).id, reason="Healed early.")
    booking = desk.sheet(series).snapshot.series.session(2).booking
    assert booking is not None
    assert booking.override == Override(day(25), day(0), "Healed early.")


def test_a_move_can_be_asked_for_and_granted(desk: Desk, series: UUID) -> None:
    desk.book(series, {2: 35})
    request = ask(desk, series, 25)
    assert desk.dates(series) == {1: 0, 2: 35}
    grant(desk, request.id)
    assert desk.dates(series) == {1: 0, 2: 25}


def test_a_request_for_an_appointment_that_has_changed_is_not_granted(desk: Desk, series: UUID) -> None:
    request = ask(desk, series, 25)
    desk.book(series, {2: 35})
    with pytest.raises(RuleBroken) as refusal:
        grant(desk, request.id)
    assert (refusal.value.code, desk.dates(series)) == ("session_changed", {1: 0, 2: 35})


def test_what_a_hold_has_blocked_meanwhile_is_not_granted(desk: Desk) -> None:
    patient = desk.patient()
    series = desk.course({1: 0}, patient_id=patient)
    request = ask(desk, series, 25)
    propose(desk, patient, wish(25, 25))
    with pytest.raises(RuleBroken) as refusal:
        grant(desk, request.id)
    assert (refusal.value.code, waiting(desk)) == ("on_hold", [request.id])


def test_the_absolute_minimum_is_looked_at_again(desk: Desk, series: UUID) -> None:
    request = ask(desk, series, 22)
    first = desk.sheet(series).snapshot.series.session(1).booking
    assert first is not None
    desk.do(lambda c: perform(c, appointment_id=first.appointment_id, on=day(2)), now=at(2, 17))
    with pytest.raises(RuleBroken) as refusal:
        grant(desk, request.id, now=request.kept_until - timedelta(seconds=1))
    assert refusal.value.code == "below_absolute_minimum"


def test_an_expired_request_is_not_granted_and_its_slot_is_free(desk: Desk, series: UUID) -> None:
    request = ask(desk, series, 25)
    late = request.kept_until
    assert (waiting(desk, late - timedelta(seconds=1)), waiting(desk, late)) == ([request.id], [])
    with pytest.raises(RuleBroken) as refusal:
        grant(desk, request.id, now=late)
    assert refusal.value.code == "request_expired"
    rival = desk.series(desk.patient())
    desk.book(rival, {1: 25}, now=late)
    assert desk.dates(rival, late) == {1: 25}


def test_a_declined_request_gives_the_slot_back_and_asks_for_a_call(desk: Desk, series: UUID) -> None:
    request = ask(desk, series, 25)
    desk.do(lambda c: decline_override(c, request_id=request.id, reason="Too soon."), Role.PRACTITIONER)
    assert (waiting(desk), desk.dates(series)) == ([], {1: 0})
    assert desk.dates(desk.course({1: 25})) == {1: 25}
    calls = select(OutboxRow.payload).where(
        OutboxRow.patient_id == request.patient_id, OutboxRow.kind == MessageKind.CALL
    )
    assert desk.read(lambda tx: list(tx.scalars(calls))) == [{"series_id": str(series), "session": 2}]
    reasons = select(AuditRow.reason).where(AuditRow.about_id == request.id, AuditRow.action == "override_declined")
    assert desk.read(lambda tx: list(tx.scalars(reasons))) == ["Too soon."]


def test_reception_takes_a_request_back_as_it_gives_back_a_keep(desk: Desk, series: UUID) -> None:
    request = ask(desk, series, 25)
    desk.do(lambda c: release_keep(c, keep_id=request.id))
    assert waiting(desk) == []


def test_what_to_say_of_a_declined_request_is_in_the_language_of_the_patient(desk: Desk, series: UUID) -> None:
    patient_id = desk.sheet(series).snapshot.series.patient_id
    desk.do(lambda c: edit_patient(c, patient_id=patient_id, seen=None, given={"language": Language.GERMAN}))
    request = ask(desk, series)
    desk.do(lambda c: decline_override(c, request_id=request.id, reason="Too soon."), Role.PRACTITIONER)
    said = [call.say for call in desk.do(list_calls).items]
    assert [words.split(".")[0] for words in said] == ["Der gewünschte Termin ist zu dieser Zeit nicht möglich"]


def test_reception_neither_grants_nor_declines(desk: Desk, series: UUID) -> None:
    request = ask(desk, series, 25)
    for verb in (
        lambda c: grant_override(c, request_id=request.id),
        lambda c: decline_override(c, request_id=request.id, reason="No."),
    ):
        with pytest.raises(NotAllowed):
            desk.do(verb)


def test_a_manager_asks_for_nothing(desk: Desk, series: UUID) -> None:
    assert isinstance(refused(desk, series, role=Role.MANAGER), NotAllowed)


def test_a_stale_request_is_refused(desk: Desk, series: UUID) -> None:
    assert isinstance(refused(desk, series, seen=0), Stale)


def test_a_keep_is_no_request(desk: Desk, series: UUID) -> None:
    placement = Placement(2, desk.place.slot(30, device="microneedling-pen"))
    keep = desk.do(lambda c: keep_slots(c, series_id=series, placements=[placement]))
    with pytest.raises(NotFound):
        grant(desk, keep.id)


def test_another_organisations_request_is_not_there(desk: Desk, series: UUID) -> None:
    request = ask(desk, series, 25)
    elsewhere = desk_of(open_clinic(desk.clinic.database))
    with pytest.raises(NotFound):
        grant(elsewhere, request.id)
    assert waiting(elsewhere) == []
