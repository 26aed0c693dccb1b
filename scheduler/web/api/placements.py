"""Placements: where a session is to be, as requests name it and as plans answer it."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from scheduler.domain.protocol import ResourceKind
from scheduler.domain.slots import Slot
from scheduler.operations.booking.placing import Placement
from scheduler.web.api.fields import Id, Instant, Prose
from scheduler.web.api.registry import Body, View


class OverrideWish(Body):
    """A practitioner's decision to book outside the window; reception's is a request, where it books."""

    reason: Prose


class WantedPlacement(Body):
    """One session: when it starts and what it uses, as a plan gives it. ``treatment_extra`` is minutes."""

    session: Annotated[int, Field(ge=1, le=99)]
    starts_at: Instant
    practitioner_id: Id | None = None
    room_id: Id | None = None
    device_id: Id | None = None
    treatment_extra: Annotated[int, Field(ge=-240, le=240)] = 0
    override: OverrideWish | None = None

    @property
    def placement(self) -> Placement:
        """What operations call it."""
        slot = slot_of(self.starts_at, self.practitioner_id, self.room_id, self.device_id)
        return Placement(self.session, slot, self.treatment_extra, self.override.reason if self.override else None)


Placements = Annotated[list[WantedPlacement], Field(min_length=1, max_length=99)]


def slot_of(starts_at: Instant, practitioner: UUID | None, room: UUID | None, device: UUID | None) -> Slot:
    """A slot of the resources that are named."""
    named = (
        (ResourceKind.PRACTITIONER, practitioner),
        (ResourceKind.ROOM, room),
        (ResourceKind.DEVICE, device),
    )
    return Slot(starts_at, {kind: resource for kind, resource in named if resource is not None})


class PlacementView(View):
    """One session of a plan, in the form in which a booking takes it."""

    session: int
    starts_at: Instant
    practitioner_id: Id | None
    room_id: Id | None
    device_id: Id | None

    @classmethod
    def of_slot(cls, session: int, slot: Slot) -> Self:
        """The view of a session in a slot."""
        used = slot.resources
        return cls(
            session=session,
            starts_at=slot.starts_at,
            practitioner_id=used.get(ResourceKind.PRACTITIONER),
            room_id=used.get(ResourceKind.ROOM),
            device_id=used.get(ResourceKind.DEVICE),
        )
