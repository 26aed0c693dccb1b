"""One page of a list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items and, when more follow, what identifies the last of them: the next page begins after it."""

    items: tuple[T, ...]
    last: UUID | int | None


def page_of(found: Sequence[T], limit: int, identify: Callable[[T], UUID | int]) -> Page[T]:
    """At most ``limit`` of the items found; the query asks for one more than that to learn whether others follow."""
    items = tuple(found[:limit])
    return Page(items, identify(items[-1]) if len(found) > limit else None)
