"""Deposits: the front desk's marker on a patient. No money is kept here."""

from enum import StrEnum


class Deposit(StrEnum):
    """Whether a patient books without a deposit, is asked for one, or has paid it."""

    NONE = "none"
    ASKED = "asked"
    PAID = "paid"


def after_merge(kept: Deposit, other: Deposit) -> Deposit:
    """Of two records of one person: what was asked of either is not forgotten, and what was paid counts."""
    return next((one for one in (Deposit.PAID, Deposit.ASKED) if one in (kept, other)), Deposit.NONE)
