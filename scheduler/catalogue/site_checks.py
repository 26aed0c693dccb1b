"""What makes the tree of body sites a tree."""

from collections.abc import Iterator, Mapping

from scheduler.catalogue.faults import Fault


def faults_of_site(code: str, parents: Mapping[str, str | None]) -> Iterator[Fault]:
    """A site's parent exists, and following the parents from it ends at a root."""
    parent = parents[code]
    if parent is not None and parent not in parents:
        yield Fault("parent", f'there is no site "{parent}"')
    elif _contains_itself(code, parents):
        yield Fault("parent", "the site would contain itself")


def _contains_itself(code: str, parents: Mapping[str, str | None]) -> bool:
    seen: set[str] = set()
    at = parents[code]
    while at is not None and at not in seen:
        seen.add(at)
        at = parents.get(at)
    return code in seen
