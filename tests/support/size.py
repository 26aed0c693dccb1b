"""How much the long tests do: little in every run, all of it with INTERVAL_TEST_SIZE=full."""

import os
from typing import TypeVar

T = TypeVar("T")


def sized(*, small: T, full: T) -> T:
    """The figure for this run."""
    return full if os.environ.get("INTERVAL_TEST_SIZE") == "full" else small
