"""Whether the process lives, whether it can work, and what it measures."""

from flask import Blueprint, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from scheduler.storage.database import Database, Unavailable
from scheduler.storage.schema import is_current
from scheduler.web import measures
from scheduler.web.problems import RETRY_AFTER_SECONDS, problem
from scheduler.web.service import this_service

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """The process lives: always 200, whatever the database does."""
    return Response("alive\n", content_type="text/plain; charset=utf-8")


@blueprint.get("/readyz")
def readyz() -> Response:
    """The process can work: 503 while the database is away or its schema is another."""
    fault = _fault(this_service().database)
    return _not_ready(*fault) if fault else Response("ready\n", content_type="text/plain; charset=utf-8")


@blueprint.get("/metrics")
def metrics() -> Response:
    """Counts and times by route."""
    return measures.page()


def _not_ready(code: str, detail: str) -> Response:
    answer = problem(503, code, detail)
    answer.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return answer


def _fault(database: Database) -> tuple[str, str] | None:
    try:
        with database.read() as tx:
            tx.execute(text("SELECT 1"))
        if is_current(database):
            return None
    except (Unavailable, SQLAlchemyError):
        return "database_away", "The database cannot be reached."
    return "schema_outdated", "The database's schema is not the one that this version works with."
