"""Pages of a list: at most a hundred items, and a sealed cursor to the next ones."""

import hashlib
from collections.abc import Callable, Iterable
from typing import Annotated, Any, Generic, TypeVar

from flask import request
from itsdangerous import BadSignature, URLSafeSerializer
from pydantic import Field

from scheduler.domain.refusals import Invalid
from scheduler.operations.pages import Page
from scheduler.web.api.registry import Query, View
from scheduler.web.service import this_service

V = TypeVar("V", bound=View)
T = TypeVar("T")
Key = TypeVar("Key")


class PageQuery(Query):
    """The base of the query of every list."""

    limit: Annotated[int, Field(ge=1, le=100, description="How many at most.")] = 25
    cursor: Annotated[str | None, Field(max_length=500, description="The `next` of the page before.")] = None

    def after(self, read: Callable[[str], Key]) -> Key | None:
        """What the cursor points to, or ``None`` for the first page. Raises ``Invalid`` for one that is not ours."""
        if self.cursor is None:
            return None
        try:
            return read(_seal(self).loads(self.cursor))
        except (BadSignature, ValueError):
            raise Invalid("This cursor was not made for this list.", code="cursor_invalid") from None

    def next(self, page: Page[Any]) -> str | None:
        """The sealed cursor to the page after this one, or ``None`` on the last."""
        return None if page.last is None else str(_seal(self).dumps(str(page.last)))


class PageView(View, Generic[V]):
    """One page. ``next`` is the cursor to the following one, null on the last."""

    items: list[V]
    next: str | None


def items_of(view: type[V], values: Iterable[object]) -> list[V]:
    """The views of a page's items."""
    return [view.of(value) for value in values]


def _seal(query: PageQuery) -> URLSafeSerializer:
    """A cursor is bound to the address and the filters of its list."""
    filters = query.model_dump_json(exclude={"limit", "cursor"})
    salt = hashlib.sha256(f"{request.path}\n{filters}".encode()).hexdigest()
    return URLSafeSerializer(this_service().secret_key, salt=f"cursor:{salt}")
