"""Emptying: every table taken away and made anew. The audit trail cannot be emptied in any other way."""

from alembic import command

from scheduler.storage.database import Database
from scheduler.storage.schema import alembic_config, probe


def empty(database: Database) -> None:
    """Forget everything in the database, then prove the constraints. Raises ``SchemaError``."""
    config = alembic_config(database.engine)
    command.downgrade(config, "base")
    command.upgrade(config, "head")
    probe(database)
