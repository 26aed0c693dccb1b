"""A clinic that is ready to work: opening hours, resources, the shipped catalogue, a user and a token for each role."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from scheduler.catalogue import contraindication_to_json, protocol_to_json, visit_type_to_json
from scheduler.domain.access import Actor, Role
from scheduler.domain.protocol import ResourceKind
from scheduler.operations.context import Context
from scheduler.operations.staff.tokens import create_token
from scheduler.storage import entries
from scheduler.storage.database import Database
from scheduler.storage.rows import CatalogueEntryRow, EntryKind, QualificationRow, UserRoleRow, UserRow
from scheduler.storage.types import new_id
from tests.support.rows import BERLIN, NOW, Ground

T = TypeVar("T")

STAFF = (Role.RECEPTION, Role.PRACTITIONER, Role.MANAGER)


@dataclass(frozen=True)
class Clinic:
    """Identifiers of what the clinic has. ``entries`` maps a kind and a code of the catalogue to its row."""

    database: Database
    organisation_id: UUID
    clinic_id: UUID
    users: Mapping[Role, UUID]
    tokens: Mapping[Role, str]
    practitioner_id: UUID
    room_id: UUID
    entries: Mapping[tuple[EntryKind, str], UUID]

    def actor(self, role: Role = Role.RECEPTION) -> Actor:
        resource_id = self.practitioner_id if role is Role.PRACTITIONER else None
        return Actor(self.users[role], self.organisation_id, role.value, frozenset({role}), resource_id)

    def do(self, deed: Callable[[Context], T], role: Role = Role.RECEPTION, now: datetime = NOW) -> T:
        """Run one operation in a transaction of its own."""
        return self.database.write(lambda tx: deed(Context(tx, self.actor(role), now)))

    def protocol_id(self, code: str) -> UUID:
        return self.entries[EntryKind.PROTOCOL, code]


def open_clinic(database: Database, zone: str = BERLIN) -> Clinic:
    """An organisation of its own in this database, with one clinic, open from nine to six on all days."""
    return database.write(lambda tx: _opened(database, tx, zone))


def _opened(database: Database, tx: Session, zone: str) -> Clinic:
    ground = Ground(tx, zone)
    practitioner_id = ground.resource(name="Ada")
    entry_ids = _catalogue(ground)
    for device in sorted({one.device_type for one in entries.shipped().protocols.values() if one.device_type}):
        ground.resource(ResourceKind.DEVICE, device, type=device)
    held = {"organisation_id": ground.organisation_id, "resource_id": practitioner_id}
    protocols = [code for kind, code in entry_ids if kind is EntryKind.PROTOCOL]
    tx.execute(insert(QualificationRow), [held | {"protocol_code": code} for code in protocols])
    users = {role: _user(ground, role, practitioner_id) for role in STAFF}
    manager = Actor(users[Role.MANAGER], ground.organisation_id, "manager", frozenset({Role.MANAGER}))
    context = Context(tx, manager, NOW)
    tokens = {role: create_token(context, user_id=users[role], role=role, name="desk").secret for role in STAFF}
    return Clinic(
        database=database,
        organisation_id=ground.organisation_id,
        clinic_id=ground.clinic_id,
        users=users,
        tokens=tokens,
        practitioner_id=practitioner_id,
        room_id=ground.resource(ResourceKind.ROOM, "Room 1"),
        entries=entry_ids,
    )


def _catalogue(ground: Ground) -> dict[tuple[EntryKind, str], UUID]:
    shipped = entries.shipped()
    documents: dict[EntryKind, dict[str, Any]] = {
        EntryKind.PROTOCOL: {code: protocol_to_json(one) for code, one in shipped.protocols.items()},
        EntryKind.CONTRAINDICATION: {
            code: contraindication_to_json(one) for code, one in shipped.contraindications.items()
        },
        EntryKind.VISIT_TYPE: {code: visit_type_to_json(one) for code, one in shipped.visit_types.items()},
    }
    owner = {"organisation_id": ground.organisation_id, "version": 1, "created_at": NOW}
    rows = [
        {**owner, "id": new_id(), "kind": kind, "code": code, "definition": definition}
        for kind, found in documents.items()
        for code, definition in found.items()
    ]
    ground.tx.execute(insert(CatalogueEntryRow), rows)
    return {(row["kind"], row["code"]): row["id"] for row in rows}


def _user(ground: Ground, role: Role, practitioner_id: UUID) -> UUID:
    resource_id = practitioner_id if role is Role.PRACTITIONER else None
    user = UserRow(organisation_id=ground.organisation_id, name=role.value, resource_id=resource_id)
    user_id = ground.add(user)
    ground.tx.add(UserRoleRow(user_id=user_id, role=role))
    ground.tx.flush()
    return user_id
