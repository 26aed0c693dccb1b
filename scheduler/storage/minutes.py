"""Minutes between two instants, counted by the database, which each engine spells in its own way."""

from typing import Any

from sqlalchemy import Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class minutes_between(FunctionElement[int]):  # noqa: N801 - a function of the database, like those of the library
    """Whole minutes from the first instant to the second."""

    type = Integer()
    inherit_cache = True


@compiles(minutes_between, "sqlite")
def _sqlite(element: Any, compiler: Any, **rest: Any) -> str:
    start, end = (compiler.process(clause, **rest) for clause in element.clauses)
    return f"((strftime('%s', {end}) - strftime('%s', {start})) / 60)"


@compiles(minutes_between, "postgresql")
def _postgresql(element: Any, compiler: Any, **rest: Any) -> str:
    start, end = (compiler.process(clause, **rest) for clause in element.clauses)
    return f"CAST(extract(epoch FROM {end} - {start}) / 60 AS integer)"
