"""Published busy times (VFREEBUSY), which have periods instead of events."""

from collections.abc import Iterator

from scheduler.calendars.reading.budget import Unreadable
from scheduler.calendars.reading.moments import FindZone, Zone, read_moments
from scheduler.calendars.reading.nodes import Node
from scheduler.calendars.reading.series import Horizon, Span


def freebusy_spans(node: Node, find_zone: FindZone, floating: Zone, horizon: Horizon) -> list[Span]:
    """The stretches, in UTC, that are published as taken and touch the horizon. Raises ``Unreadable``."""
    if node.fault:
        raise Unreadable(node.fault)
    return sorted({span for span in _taken(node, find_zone, floating) if horizon.touches(span)})


def _taken(node: Node, find_zone: FindZone, floating: Zone) -> Iterator[Span]:
    for line in node.all("FREEBUSY"):
        if line.params.get("FBTYPE", "BUSY").upper() != "FREE":
            for start, length in read_moments(line, find_zone, floating):
                if length is None:
                    raise Unreadable("One of its busy times has no end.")
                yield start.instant, length.end_of(start)
