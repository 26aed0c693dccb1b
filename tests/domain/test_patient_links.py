"""A patient's link: what it opens and for how long."""

from datetime import UTC, datetime, timedelta

import pytest

from scheduler.domain.patient_links import LASTS, LinkScope, is_open, may_ask_again, needs_confirmation

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_more_than_times_needs_the_date_of_birth() -> None:
    assert {scope: needs_confirmation(scope) for scope in LinkScope} == {LinkScope.VISITS: False, LinkScope.CARE: True}
    assert set(LASTS) == set(LinkScope)


@pytest.mark.parametrize(
    ("expires_at", "revoked_at", "opens", "asks"),
    [
        (NOW + SECOND, None, True, False),
        (NOW, None, False, True),
        (NOW - timedelta(days=399), None, False, True),
        (NOW - timedelta(days=400), None, False, False),
        (NOW + SECOND, NOW, False, False),
        (NOW - SECOND, NOW - SECOND, False, False),
    ],
)
def test_only_a_link_that_expired_by_itself_may_ask_for_a_fresh_one(
    expires_at: datetime, revoked_at: datetime | None, opens: bool, asks: bool
) -> None:
    assert (is_open(expires_at, revoked_at, NOW), may_ask_again(expires_at, revoked_at, NOW)) == (opens, asks)
