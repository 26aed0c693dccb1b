"""Both clock changes over the API. In Berlin 02:00 to 03:00 is skipped on 29 March 2026 and comes twice on 25 October.

Gaps are counted in dates on the clinic's wall, whatever hours lie between.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from scheduler.storage.rows import OpeningHoursRow
from tests.support.api import Api
from tests.support.desk import Desk

PEN = "microneedling-pen"
SPRING, AUTUMN = "2026-03-29", "2026-10-25"


@pytest.fixture
def night_desk(api: Api, desk: Desk) -> Desk:
    """A clinic that never closes."""
    hours = update(OpeningHoursRow).where(OpeningHoursRow.clinic_id == api.clinic.clinic_id)
    api.clinic.database.write(lambda tx: tx.execute(hours.values(opens_minute=0, closes_minute=1440)))
    return desk


def placement(desk: Desk, session: int, starts_at: str) -> dict[str, Any]:
    used = desk.place.slot(0, device=PEN).resources
    return {"session": session, "starts_at": starts_at, **{f"{kind.value}_id": str(one) for kind, one in used.items()}}


def book(api: Api, series: UUID, *wanted: dict[str, Any]) -> Any:
    body = {"appointments": list(wanted), "start_on": wanted[0]["starts_at"][:10]}
    return api.post(f"/series/{series}/bookings", body)


def begun(api: Api, desk: Desk, first: str) -> UUID:
    """A series whose first session is at this instant; it is the morning of that day in UTC."""
    api.clock.now = datetime.fromisoformat(first).astimezone(UTC).replace(hour=8)
    series = desk.series(desk.patient(), now=api.clock.now)
    assert book(api, series, placement(desk, 1, first)).status_code == 201
    return series


ACROSS = {
    "spring": ("2026-03-02T10:00:00+01:00", "2026-03-30T10:00:00+02:00", "2026-03-29T17:00:00+02:00"),
    "autumn": ("2026-09-28T10:00:00+02:00", "2026-10-26T09:00:00+01:00", "2026-10-25T16:00:00+01:00"),
}
"""A first session, a second after 28 dates, which are 671 and 672 hours, and one as late as it can be after 27."""


@pytest.mark.parametrize("season", ACROSS)
def test_28_days_across_a_clock_change_are_28_days(api: Api, desk: Desk, season: str) -> None:
    first, after_28, after_27 = ACROSS[season]
    series = begun(api, desk, first)
    refused = book(api, series, placement(desk, 2, after_27))
    assert (refused.status_code, refused.json["code"], refused.json["gap_days"]) == (409, "gap_too_short", 27)
    assert refused.json["window"]["earliest"] == after_28[:10]
    assert refused.json["remedy"].startswith(f"Any free day from {after_28[:10]} to ")
    assert book(api, series, placement(desk, 2, after_28)).status_code == 201


@pytest.mark.parametrize("on", [SPRING, AUTUMN])
def test_a_session_on_the_day_of_a_clock_change_keeps_its_wall_time(api: Api, desk: Desk, on: str) -> None:
    offset = "+02:00" if on == SPRING else "+01:00"
    series = begun(api, desk, f"{on}T10:00:00{offset}")
    (appointment,) = (s["appointment"] for s in api.get(f"/series/{series}").json["sessions"] if s["appointment"])
    hour = 8 if on == SPRING else 9
    assert (appointment["starts_at"], appointment["on_date"]) == (f"{on}T{hour:02}:00:00Z", on)


@pytest.mark.parametrize("spelled", [f"{SPRING}T02:30:00+01:00", f"{SPRING}T03:30:00+02:00", f"{SPRING}T01:30:00Z"])
def test_a_time_that_the_clock_skips_is_told_as_what_the_clock_shows(api: Api, desk: Desk, spelled: str) -> None:
    api.clock.now = datetime(2026, 3, 28, 8, tzinfo=UTC)
    series = desk.series(desk.patient(), now=api.clock.now)
    refused = book(api, series, placement(desk, 1, spelled))
    assert (refused.status_code, refused.json["code"]) == (409, "not_available")
    assert refused.json["detail"].startswith("Ada is not available on Sunday 29 March 2026 from 04:00 to 04:45.")
    assert refused.json["starts_at"] == f"{SPRING}T02:00:00+00:00"
    assert refused.json["remedy"] == "Choose a time within the hours, or somebody else."


def test_the_night_of_the_spring_change_is_an_hour_shorter(api: Api, night_desk: Desk) -> None:
    begun(api, night_desk, f"{SPRING}T01:00:00+01:00")
    rival = night_desk.series(night_desk.patient(), now=api.clock.now)
    refused = book(api, rival, placement(night_desk, 1, f"{SPRING}T03:00:00+02:00"))
    assert (refused.status_code, refused.json["code"]) == (409, "room_taken")
    assert "from 01:00 to 03:30." in refused.json["detail"]
    assert book(api, rival, placement(night_desk, 1, f"{SPRING}T03:30:00+02:00")).status_code == 201


def test_the_two_half_past_twos_of_autumn_are_an_hour_apart(api: Api, night_desk: Desk) -> None:
    begun(api, night_desk, f"{AUTUMN}T02:30:00+02:00")
    rival = night_desk.series(night_desk.patient(), now=api.clock.now)
    second = f"{AUTUMN}T02:30:00+01:00"
    refused = book(api, rival, placement(night_desk, 1, second))
    assert (refused.status_code, refused.json["code"]) == (409, "room_taken")
    conflict = refused.json["conflicts"][0]
    assert (conflict["starts_at"], conflict["ends_at"]) == (f"{AUTUMN}T00:30:00+00:00", f"{AUTUMN}T02:00:00+00:00")
    assert conflict["remedy"] == "Choose another time or another one."
    assert book(api, rival, placement(night_desk, 1, f"{AUTUMN}T03:00:00+01:00")).status_code == 201


def test_an_hour_after_midnight_belongs_to_the_clinics_date(api: Api, night_desk: Desk) -> None:
    """00:30 in Berlin is yesterday in UTC."""
    series = begun(api, night_desk, "2026-03-02T10:00:00+01:00")
    refused = book(api, series, placement(night_desk, 2, "2026-03-29T23:30:00+02:00"))
    assert (refused.status_code, refused.json["gap_days"]) == (409, 27)
    assert book(api, series, placement(night_desk, 2, "2026-03-30T00:30:00+02:00")).status_code == 201


def test_a_time_without_an_offset_is_refused(api: Api, desk: Desk) -> None:
    series = desk.series(desk.patient())
    refused = book(api, series, placement(desk, 1, f"{SPRING}T02:30:00"))
    assert (refused.status_code, refused.json["errors"][0]["at"]) == (422, "/appointments/0/starts_at")
