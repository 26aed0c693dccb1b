"""Chance that repeats: the same seed gives the same invented people and the same history."""

from random import Random


def dice(seed: int, purpose: str) -> Random:
    """A source of chance of its own for each purpose, so that a change in one part leaves the others as they were."""
    return Random(f"{seed}:{purpose}")  # noqa: S311 - invented data guards nothing
