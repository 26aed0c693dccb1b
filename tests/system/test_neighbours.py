"""Two clients edit neighbouring sessions at once. Each edit is right by itself; both together would break the rules."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from tests.support.crowded_clinic import STARTS, CrowdedClinic, day
from tests.support.ledger import claims_amiss, gaps, stored_bookings
from tests.support.live_line import Journal, Line, Reply
from tests.support.live_service import LiveService
from tests.support.size import sized
from tests.support.together import together

pytestmark = pytest.mark.system
TRIALS = sized(small=10, full=100)
"""Each of two edits."""
FIRST = 3
NARROW = {1: FIRST, 2: FIRST + 35, 3: FIRST + 35 + 32, 4: FIRST + 35 + 32 + 35}
"""Sessions and days: between the second and the third are four days to spare, enough for one edit and not for two."""


@pytest.fixture
def lines(service: LiveService, clinic: CrowdedClinic) -> Iterator[list[Line]]:
    """Two connections."""
    journal = Journal()
    made = [Line(service.port, clinic.token, journal) for _ in range(2)]
    yield made
    for line in made:
        line.close()
    assert journal.failures == [], service.said
    journal.tell("neighbours")


def edit(line: Line, series: UUID, wanted: dict[str, Any]) -> Reply:
    """Look at the series and change it, again whenever somebody else has changed it meanwhile."""
    while True:
        seen = line.get(f"/series/{series}").json["revision"]
        reply = line.post(f"/series/{series}/changes", {"appointments": [wanted]}, seen=seen)
        if reply.status != 412:
            return reply


def booked(clinic: CrowdedClinic, line: Line, trial: int) -> UUID:
    """A series on the narrow days, at a time of this trial's own."""
    series = clinic.series()
    placed = [clinic.placement(n, day(on), *own_time(trial)) for n, on in NARROW.items()]
    body = {"appointments": placed, "start_on": day(FIRST).isoformat()}
    assert line.post(f"/series/{series}/bookings", body).status == 201
    return series


def own_time(trial: int) -> tuple[Any, int]:
    """Every third start, so that a treatment of ninety minutes ends before the next; then other resources."""
    return STARTS[::3][trial % 5], trial // 5


def test_no_two_edits_of_neighbouring_sessions_break_the_spacing(clinic: CrowdedClinic, lines: list[Line]) -> None:
    outcomes: Counter[tuple[int, ...]] = Counter()
    for trial in range(TRIALS):
        series = booked(clinic, lines[0], trial % 30)
        later = clinic.placement(2, day(NARROW[2] + 4), *own_time(trial % 30))
        earlier = clinic.placement(3, day(NARROW[3] - 4), *own_time(trial % 30))
        replies = together([partial(edit, lines[0], series, later), partial(edit, lines[1], series, earlier)])
        outcomes[tuple(sorted(reply.status for reply in replies))] += 1
        (refused,) = (reply.json for reply in replies if reply.status == 409)
        assert refused["code"] in ("gap_too_short", "successor_gap_too_short")
        assert [gap for gap in gaps(clinic) if not 28 <= gap <= 42] == []
        cancel_all(clinic, lines[0])
    assert outcomes == {(200, 409): TRIALS}
    assert claims_amiss(clinic) == Counter()


def cancel_all(clinic: CrowdedClinic, line: Line) -> None:
    """Give every slot back for the next trial."""
    for _, _, appointment, _ in stored_bookings(clinic):
        body = {"action": "cancel", "cancel_reason": "clinic"}
        assert line.post(f"/appointments/{appointment}/actions", body).status == 200


def test_two_series_on_one_site_never_come_too_near_to_one_another(clinic: CrowdedClinic, lines: list[Line]) -> None:
    for trial in range(TRIALS):
        patient = clinic.patient()
        bodies = [first_session(clinic, FIRST + trial % 20 + apart, apart) for apart in (0, 27)]
        paths = [f"/series/{clinic.series(patient)}/bookings" for _ in bodies]
        replies = together([partial(line.post, *deed) for line, *deed in zip(lines, paths, bodies, strict=True)])
        assert sorted(reply.status for reply in replies) == [201, 409]
        (refused,) = (reply.json for reply in replies if reply.status == 409)
        assert refused["code"] == "other_procedure_too_near"
        cancel_all(clinic, lines[0])


def first_session(clinic: CrowdedClinic, number: int, which: int) -> dict[str, Any]:
    on = day(0) + timedelta(number)
    return {"appointments": [clinic.placement(1, on, which=which)], "start_on": on.isoformat()}
