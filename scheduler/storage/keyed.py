"""Statements by key: the rows that belong to one thing, or to each of several, in one query either way."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam
from sqlalchemy.orm import Session as Transaction


@dataclass(frozen=True, slots=True)
class Keyed:
    """A statement that is built once, since to build one costs more than to run it.

    Most callers ask about one key. For them it is compared and not looked up in a list, which would cost them more.
    """

    of_one: Select[Any]
    of_many: Select[Any]

    @classmethod
    def by(cls, column: ColumnElement[UUID], query: Select[Any]) -> Self:
        """The query narrowed to the keys that a call names; ``column`` is compared with them."""
        keyed = query.add_columns(column.label("key"))
        return cls(
            keyed.where(column == bindparam("key_")), keyed.where(column.in_(bindparam("keys_", expanding=True)))
        )

    def rows(self, tx: Transaction, keys: Collection[UUID], **values: Any) -> defaultdict[UUID, list[Any]]:
        """The rows by key, in the query's order; a key without any has an empty list."""
        found: defaultdict[UUID, list[Any]] = defaultdict(list)
        if len(keys) == 1:
            (key,) = keys
            found[key] = list(tx.execute(self.of_one, {"key_": key, **values}))
        else:
            for row in tx.execute(self.of_many, {"keys_": list(keys), **values}):
                found[row.key].append(row)
        return found
