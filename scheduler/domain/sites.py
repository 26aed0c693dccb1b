"""Body sites: a tree in which the face contains the lips."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BodySites:
    """The tree, as each site's parent; a root has none."""

    parents: Mapping[str, str | None]

    def __contains__(self, site: str) -> bool:
        return site in self.parents

    def with_ancestors(self, site: str) -> tuple[str, ...]:
        """The site itself, then what contains it, outwards."""
        line = [site]
        while (parent := self.parents.get(line[-1])) is not None:
            line.append(parent)
        return tuple(line)

    def overlap(self, one: str | None, other: str | None) -> bool:
        """True when one is the other or contains it. An unknown site overlaps every site."""
        if one is None or other is None or one not in self or other not in self:
            return True
        return one in self.with_ancestors(other) or other in self.with_ancestors(one)

    def any_overlap(self, ones: Iterable[str | None], others: Iterable[str | None]) -> bool:
        """True when any of the first sites overlaps any of the others. No site at all counts as unknown."""
        left, right = tuple(ones) or (None,), tuple(others) or (None,)
        return any(self.overlap(one, other) for one in left for other in right)
