"""A phone polls the feed: nothing changed costs a 304 that no renderer sees; what a person changes arrives."""

import pytest
from playwright.sync_api import Browser

from scheduler.operations.calendars import feeds
from tests.support.journeys.at_home import patient_at_home
from tests.support.journeys.house import House
from tests.support.journeys.people import PLAIN_WAYS, WAYS, Way
from tests.support.journeys.phone import Phone
from tests.support.journeys.staff import practitioner

DAYS = {1: 7, 2: 35, 3: 70, 4: 105}
MOVED = {**DAYS, 2: 42}


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Counts renderings."""
    calls: list[int] = []
    render = feeds.render_feed
    monkeypatch.setattr(feeds, "render_feed", lambda feed: calls.append(1) or render(feed))
    return calls


@pytest.mark.parametrize("way", [*WAYS, *PLAIN_WAYS], ids=str)
def test_it_is_told_what_has_changed_and_otherwise_that_nothing_has(
    chrome: Browser, house: House, way: Way, rendered: list[int]
) -> None:
    patient = house.patient("Wen Li")
    series = house.desk.course(DAYS, patient_id=patient)
    with patient_at_home(chrome, house, way, patient) as wen:
        address = wen.adds_all_to_the_calendar()
    phone = Phone(house.base + address[address.index("/feeds/") :])
    assert (phone.poll(), phone.starts_on_the_wall) == (200, house.booked(patient))
    before, drawn = dict(phone.holds), len(rendered)
    assert [phone.poll() for _ in range(3)] == [304] * 3
    assert len(rendered) == drawn

    with practitioner(chrome, house, way) as ada:
        ada.opens_series(series)
        ada.moves(2, weeks=1)
        assert phone.poll() == 304
        ada.saves()
        ada.sees("Wen Li", inside="#toast")
    assert house.desk.dates(series, house.now) == MOVED
    assert (phone.poll(), phone.starts_on_the_wall) == (200, house.booked(patient))
    changed = {uid: event.sequence - before[uid].sequence for uid, event in phone.holds.items() if event != before[uid]}
    assert list(changed.values()) == [1]
    assert phone.poll() == 304
