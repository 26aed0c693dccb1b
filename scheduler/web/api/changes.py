"""Deeds as they are answered, and their undo."""

from typing import Any, Self
from uuid import UUID

from scheduler.domain.access import Action
from scheduler.operations.booking.deeds import Deed
from scheduler.operations.booking.undoing import undo
from scheduler.storage.steps import steps_of
from scheduler.web.api.fields import Id, Instant
from scheduler.web.api.registry import Answer, Call, Routes, View

routes = Routes("changes")


class DeedView(View):
    """What was done: ``id`` undoes it until ``undo_until``, ``changes`` say what it came to."""

    id: Id
    about_id: Id
    revision: int
    undo_until: Instant
    changes: list[dict[str, Any]]

    @classmethod
    def of_deed(cls, deed: Deed) -> Self:
        """The view of a deed."""
        return cls(
            id=deed.id,
            about_id=deed.about_id,
            revision=deed.revision,
            undo_until=deed.undo_until,
            changes=steps_of(deed.changes),
        )


@routes.post("/changes/{change_id}/undo", Action.BOOK, "Take back what was done within three minutes")
def take_back(call: Call, change_id: UUID) -> Answer[DeedView]:
    deed = undo(call.context, deed_id=change_id)
    return Answer(DeedView.of_deed(deed), revision=deed.revision)
