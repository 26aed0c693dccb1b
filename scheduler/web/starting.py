"""What a service makes sure of before it serves."""

import sys

import structlog
from flask import Flask

from scheduler.storage.database import Unavailable
from scheduler.storage.schema import SchemaError, probe
from scheduler.web.service import NAME, Service


def prove_database(app: Flask) -> None:
    """Prove that the database refuses what must never be, or end the process with a sentence.

    A database that is away at this moment is no reason to give up: until it is there, the service is not ready.
    Leaves no connection open, for a process that is about to fork.
    """
    service: Service = app.extensions[NAME]
    try:
        probe(service.database)
    except SchemaError as error:
        sys.exit(f"The service cannot start: {error}. Bring the database up to date: flask --app wsgi db upgrade")
    except Unavailable as error:
        structlog.get_logger().warning("the database is away", reason=str(error))
    finally:
        service.database.dispose()
