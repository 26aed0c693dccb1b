"""Alembic's entry: runs the migrations on the engine that the caller hands over, else on DATABASE_URL."""

import os

from alembic import context

from scheduler.storage.database import Database
from scheduler.storage.rows import Row

LOCK = 5_161_803


def _engine():
    handed = context.config.attributes.get("engine")
    return handed if handed is not None else Database(os.environ["DATABASE_URL"]).engine


def _prepare(connection):
    """One process at a time, without the limits of daily work: rebuilding a large table or index takes its time.

    SQLite rebuilds a table by dropping the old one, which foreign keys would forbid; they are checked afterwards.
    """
    if connection.dialect.name == "sqlite":
        connection.connection.execute("PRAGMA foreign_keys=OFF")
        connection.begin()
        return
    for statement in (
        "SET statement_timeout = 0",
        "SET lock_timeout = 0",
        f"SELECT pg_advisory_lock({LOCK})",
        "SET lock_timeout = '5s'",
    ):
        connection.exec_driver_sql(statement)
    connection.commit()


def _check_references(ctx, **_step):
    if ctx.dialect.name == "sqlite" and (broken := ctx.connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
        raise RuntimeError(f"a row of {broken[0]} refers to a row of {broken[2]} that is not there")


def run() -> None:
    """On PostgreSQL each migration runs in a transaction of its own, on SQLite all of them in one writer's."""
    with _engine().connect().execution_options(writes=True) as connection:
        connection.detach()  # what is set here must not reach those who would use the connection next
        _prepare(connection)
        context.configure(
            connection=connection,
            target_metadata=Row.metadata,
            transaction_per_migration=True,
            on_version_apply=_check_references,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
