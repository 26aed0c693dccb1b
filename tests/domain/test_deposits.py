"""What becomes of the markers when two records of one person become one."""

import pytest

from scheduler.domain.deposits import Deposit, after_merge

NONE, ASKED, PAID = Deposit.NONE, Deposit.ASKED, Deposit.PAID


@pytest.mark.parametrize(
    ("kept", "other", "after"),
    [(NONE, NONE, NONE), (NONE, ASKED, ASKED), (ASKED, NONE, ASKED), (ASKED, PAID, PAID), (PAID, NONE, PAID)],
)
def test_nothing_that_was_asked_or_paid_is_forgotten(kept: Deposit, other: Deposit, after: Deposit) -> None:
    assert after_merge(kept, other) is after
