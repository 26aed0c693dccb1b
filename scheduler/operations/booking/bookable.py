"""What can be booked at a clinic: treatments, visits, and who performs them."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, bindparam, or_, select

from scheduler.catalogue.sheets import Addon, BodySite
from scheduler.domain.access import Action, require
from scheduler.domain.protocol import Protocol, ResourceKind, VisitType
from scheduler.operations.context import Context
from scheduler.storage import entries
from scheduler.storage.rows import EntryKind, QualificationRow, ResourceRow

R, Q = ResourceRow, QualificationRow


@dataclass(frozen=True, slots=True)
class Bookable:
    """The newest version of each protocol and visit type, the body sites and the add-ons, all by their codes."""

    protocols: Mapping[str, Protocol]
    visit_types: Mapping[str, VisitType]
    body_sites: Mapping[str, BodySite]
    addons: Mapping[str, Addon]


@dataclass(frozen=True, slots=True)
class Performer:
    """A practitioner of a clinic; ``is_qualified`` for what was asked about."""

    id: UUID
    name: str
    is_qualified: bool


def what_can_be_booked(context: Context) -> Bookable:
    """All that the organisation offers."""
    require(context.actor, Action.SEE_CATALOGUE)
    protocols, visit_types = (
        [row.id for row in entries.current_entries(context.tx, context.organisation_id, kind)]
        for kind in (EntryKind.PROTOCOL, EntryKind.VISIT_TYPE)
    )
    return Bookable(
        {one.code: one for one in (entries.protocol(context.tx, id_) for id_ in protocols)},
        {one.code: one for one in (entries.visit_type(context.tx, id_) for id_ in visit_types)},
        entries.shipped().body_sites,
        entries.shipped().addons,
    )


_PERFORMERS = (
    select(R.id, R.name, or_(Q.resource_id.is_not(None), bindparam("code").is_(None)))
    .outerjoin(Q, and_(Q.resource_id == R.id, Q.protocol_code == bindparam("code")))
    .where(R.organisation_id == bindparam("organisation"), R.clinic_id == bindparam("clinic"))
    .where(R.kind == ResourceKind.PRACTITIONER, R.active)
    .order_by(R.name, R.id)
)


def performers(context: Context, *, clinic_id: UUID, qualification: str | None) -> tuple[Performer, ...]:
    """The practitioners of a clinic, by name. Without a qualification everybody will do."""
    require(context.actor, Action.SEE_SCHEDULE)
    asked = {"organisation": context.organisation_id, "clinic": clinic_id, "code": qualification}
    return tuple(Performer(id_, name, bool(able)) for id_, name, able in context.tx.execute(_PERFORMERS, asked))
