"""Resource names: what practitioners, rooms and devices are called, looked up together."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, select

from scheduler.domain.access import Action, require
from scheduler.operations.context import Context
from scheduler.storage.rows import ResourceRow

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_NAMES = select(ResourceRow.id, ResourceRow.name).where(
    ResourceRow.id.in_(_IDS), ResourceRow.organisation_id == bindparam("organisation")
)


def resource_names(context: Context, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """The name of each of these resources of the organisation; strangers are left out."""
    require(context.actor, Action.SEE_SCHEDULE)
    asked = {"ids": list(ids), "organisation": context.organisation_id}
    return {row.id: row.name for row in context.tx.connection().execute(_NAMES, asked)}
