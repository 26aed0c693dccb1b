"""Alembic's entry: runs the migrations on the engine that the caller hands over, else on DATABASE_URL."""

import os

from alembic import context

from scheduler.storage.database import Database
from scheduler.storage.rows import Row


def _engine():
    handed = context.config.attributes.get("engine")
    return handed if handed is not None else Database(os.environ["DATABASE_URL"]).engine


def run() -> None:
    """Each migration runs in a transaction of its own; a writer's transaction on SQLite."""
    with _engine().connect().execution_options(writes=True) as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET lock_timeout = '5s'")
            connection.commit()
        context.configure(connection=connection, target_metadata=Row.metadata, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
