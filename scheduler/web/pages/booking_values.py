"""How a form carries the appointments of a plan: exactly what was seen is what is booked."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

from scheduler.domain.protocol import ResourceKind
from scheduler.domain.refusals import Invalid
from scheduler.domain.slots import Slot
from scheduler.operations.booking.placing import Placement

INSTANT = "%Y%m%dT%H%M%SZ"
KINDS = (ResourceKind.PRACTITIONER, ResourceKind.ROOM, ResourceKind.DEVICE)
ONE = re.compile(r"(?P<session>\d{1,2}),(?P<at>\d{8}T\d{6}Z),(?P<resources>([0-9a-f]{32})?(,([0-9a-f]{32})?){2})")


def value_of(placed: Iterable[tuple[int, Slot]]) -> str:
    """Sessions and their slots, as a radio button has them."""
    return ";".join(_one(number, slot) for number, slot in placed)


def _one(number: int, slot: Slot) -> str:
    named = [resource.hex if (resource := slot.resources.get(kind)) else "" for kind in KINDS]
    return ",".join((str(number), slot.starts_at.astimezone(UTC).strftime(INSTANT), *named))


def placements_of(value: str) -> list[Placement]:
    """What a radio button stands for. Raises ``Invalid`` when no page of ours made it."""
    found = [ONE.fullmatch(part) for part in value.split(";")]
    try:
        return [_placement(one) for one in found]
    except ValueError:
        raise Invalid("Choose one of the plans.", code="plan_unclear") from None


def _placement(one: re.Match[str] | None) -> Placement:
    if one is None:
        raise ValueError("no placement")
    at = datetime.strptime(one["at"], INSTANT).replace(tzinfo=UTC)
    resources = {kind: UUID(hex=id_) for kind, id_ in zip(KINDS, one["resources"].split(","), strict=True) if id_}
    return Placement(int(one["session"]), Slot(at, resources))
