"""What all rows share: the naming of constraints, an identifier, and the organisation that owns them."""

from datetime import datetime
from typing import Any, ClassVar, cast
from uuid import UUID

from sqlalchemy import ForeignKey, MetaData, Table, Text, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from scheduler.storage.types import Document, Instant, new_id

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(DeclarativeBase):
    """The base of all rows. A row has columns and constraints, never a rule."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        UUID: Uuid(),
        str: Text(),
        datetime: Instant(),
        dict[str, Any]: Document,
        list[Any]: Document,
        list[str]: Document,
    }


class Identified:
    """A row with an identifier of its own."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)


class Owned:
    """A row that belongs to an organisation."""

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)


class AtClinic(Owned):
    """A row that belongs to a clinic, so that data can be spread by clinic."""

    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinics.id"), index=True)


def table(row: type[Row]) -> Table:
    """The table of a row. Statements on tables skip the ORM, which the hot path cannot afford."""
    return cast(Table, row.__table__)
