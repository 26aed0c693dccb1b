"""The table of endpoints. Rules, validation, the OpenAPI description and the readable page are all made from it.

To add an endpoint, write ``scheduler/web/api/<noun>.py`` and name its table in ``scheduler/web/api/__init__.py``:

    routes = Routes("series")

    @routes.post("/series", Action.BOOK, "Begin a series", status=201)
    def begin(call: Call, body: NewSeries) -> Answer[SeriesView]:
        series = begin_series(call.context, **dict(body))
        return Answer(SeriesView.of(series), revision=series.revision, location=f"/series/{series.id}")

The handler's annotations are the contract: ``body`` is a ``Body`` or an ``Upload``, ``query`` a ``Query``, every other
parameter a part of the path (``UUID``, ``date`` or ``str``), and ``Answer[View]`` what is given back (``Answer[None]``
for nothing, ``Answer[One | Other]`` where ``Other`` has a status of its own).
A handler runs in a transaction: one that is committed for every method but GET, unless ``stores=False``. Whatever it
refuses becomes a problem document. ``revision=IfMatch.REQUIRED`` asks for ``If-Match``, which it finds in
``call.seen``; ``IfMatch.HONOURED`` takes it when it is sent.
A POST that stores honours ``Idempotency-Key`` by itself. ``on_refusal`` adds facts to a broken rule, such as fresh
plans: it gets the call, in a transaction of its own after the first was rolled back, and the handler's arguments.
``prepare`` does what takes long before the transaction that stores is opened, such as reading an upload. It gets the
call, in a transaction that stores nothing, and the arguments; what it makes of ``body`` is the handler's ``body``.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from http import HTTPStatus
from typing import Any, ClassVar, Generic, Self, TypeVar, get_args, get_type_hints
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationInfo, create_model, field_validator

from scheduler.domain.access import Action
from scheduler.operations.context import Context
from scheduler.web.api.fields import Code, Day, Id, whole_number
from scheduler.web.api.uploads import Upload
from scheduler.web.service import Service


class IfMatch(Enum):
    """Whether an endpoint looks at the revision that its caller saw."""

    IGNORED = "ignored"
    HONOURED = "honoured"
    REQUIRED = "required"


class Body(BaseModel):
    """The base of all request bodies: no unknown field, no conversion of types."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Query(BaseModel):
    """The base of all queries: no unknown parameter, none given twice, and ``int`` fields are spelled plainly."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*", mode="before")
    @classmethod
    def _plainly(cls, value: Any, info: ValidationInfo) -> Any:
        return whole_number(value) if _is_whole(cls.model_fields[str(info.field_name)].annotation) else value


def _is_whole(kind: Any) -> bool:
    """Whether an annotation is ``int``, alone, annotated or in a union."""
    return kind is int or any(_is_whole(part) for part in get_args(kind))


class View(BaseModel):
    """The base of all answers. Instants are in UTC; a clinic's zone stands beside them as ``zone``.

    A view with a status of its own (``told_by``) is the other answer of an endpoint that has two.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, from_attributes=True)
    told_by: ClassVar[HTTPStatus | None] = None
    media_type: ClassVar[str] = "application/json"

    @property
    def headers(self) -> dict[str, str]:
        """What the answer's headers say of its body."""
        return {"Content-Type": self.media_type}

    def to_bytes(self) -> bytes:
        """The body."""
        return self.model_dump_json().encode()

    @classmethod
    def of(cls, value: object) -> Self:
        """The view of a value that has this view's fields as attributes."""
        return cls.model_validate(value)


V_co = TypeVar("V_co", bound=View | None, covariant=True)


@dataclass(frozen=True, slots=True)
class Answer(Generic[V_co]):
    """What a handler gives back. ``revision`` becomes the ETag, ``location`` a path of the API the Location."""

    body: V_co
    revision: int | None = None
    location: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One call: the operation's context, the revision that ``If-Match`` names, and the service."""

    context: Context
    service: Service
    seen: int | None = None


Handler = Callable[..., Answer[Any]]
H = TypeVar("H", bound=Handler)
OnRefusal = Callable[..., Mapping[str, Any]]
Prepare = Callable[..., Any]

PATH_TYPES: Mapping[Any, Any] = {UUID: Id, date: Day, str: Code}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One row of the table. ``path`` is relative to the API and has its parts in braces."""

    method: str
    path: str
    action: Action
    summary: str
    handler: Handler
    status: HTTPStatus
    stores: bool
    revision: IfMatch
    path_model: type[BaseModel]
    query: type[Query]
    body: type[Body] | type[Upload] | None
    views: Mapping[HTTPStatus, type[View]]
    on_refusal: OnRefusal | None
    prepare: Prepare | None
    tag: str

    @property
    def upload(self) -> type[Upload] | None:
        """The kind of its body, if that is not JSON."""
        return self.body if self.body and issubclass(self.body, Upload) else None

    @property
    def json_body(self) -> type[Body] | None:
        """The model of its body, if that is JSON."""
        return self.body if self.body and issubclass(self.body, Body) else None

    @property
    def rule(self) -> str:
        """The path as Flask writes it."""
        return re.sub(r"\{(\w+)\}", r"<\1>", self.path)

    @property
    def name(self) -> str:
        """A name that no other endpoint has."""
        return f"{self.tag}_{self.handler.__name__}"

    @property
    def repeatable(self) -> bool:
        """Whether it honours ``Idempotency-Key``."""
        return self.method == "POST" and self.stores


@dataclass(slots=True)
class Routes:
    """The endpoints of one noun, in the order in which they are declared."""

    tag: str
    endpoints: list[Endpoint] = field(default_factory=list)

    def get(self, path: str, action: Action, summary: str) -> Callable[[H], H]:
        """Declare a GET."""
        return self._declare("GET", path, action, summary, stores=False)

    def post(
        self,
        path: str,
        action: Action,
        summary: str,
        *,
        status: int = 200,
        stores: bool = True,
        revision: IfMatch = IfMatch.IGNORED,
        on_refusal: OnRefusal | None = None,
        prepare: Prepare | None = None,
    ) -> Callable[[H], H]:
        """Declare a POST; ``stores=False`` for one that only answers a long question."""
        return self._declare("POST", path, action, summary, status, stores, revision, on_refusal, prepare)

    def put(self, path: str, action: Action, summary: str) -> Callable[[H], H]:
        """Declare a PUT, which replaces what was there: sent twice, it does what it did once."""
        return self._declare("PUT", path, action, summary)

    def patch(self, path: str, action: Action, summary: str) -> Callable[[H], H]:
        """Declare a PATCH, which always asks for the revision."""
        return self._declare("PATCH", path, action, summary, revision=IfMatch.REQUIRED)

    def delete(
        self, path: str, action: Action, summary: str, *, revision: IfMatch = IfMatch.IGNORED
    ) -> Callable[[H], H]:
        """Declare a DELETE, which answers with nothing."""
        return self._declare("DELETE", path, action, summary, status=204, revision=revision)

    def _declare(
        self,
        method: str,
        path: str,
        action: Action,
        summary: str,
        status: int = 200,
        stores: bool = True,
        revision: IfMatch = IfMatch.IGNORED,
        on_refusal: OnRefusal | None = None,
        prepare: Prepare | None = None,
    ) -> Callable[[H], H]:
        def declare(handler: H) -> H:
            hints = get_type_hints(handler)
            self.endpoints.append(
                Endpoint(
                    method=method,
                    path=path,
                    action=action,
                    summary=summary,
                    handler=handler,
                    status=HTTPStatus(status),
                    stores=stores,
                    revision=revision,
                    path_model=_path_model(path, hints),
                    query=hints.get("query", Query),
                    body=(get_type_hints(prepare) if prepare else hints).get("body"),
                    views=_views(hints, HTTPStatus(status)),
                    on_refusal=on_refusal,
                    prepare=prepare,
                    tag=self.tag,
                )
            )
            return handler

        return declare


def _path_model(path: str, hints: Mapping[str, Any]) -> type[BaseModel]:
    parts = {name: (PATH_TYPES[hints[name]], ...) for name in re.findall(r"\{(\w+)\}", path)}
    return create_model("Path", **parts)  # type: ignore[call-overload,no-any-return]


def _views(hints: Mapping[str, Any], status: HTTPStatus) -> dict[HTTPStatus, type[View]]:
    """The views that may be given back, by status; none for an answer without a body."""
    (given,) = get_args(hints["return"])
    views = [view for view in get_args(given) or (given,) if view is not type(None)]
    return {view.told_by or status: view for view in views}
