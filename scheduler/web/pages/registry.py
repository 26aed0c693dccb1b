"""The table of pages: a row for each address, and the one right that it asks for.

To add a page, write ``scheduler/web/pages/<noun>.py`` and name its table in ``scheduler/web/pages/__init__.py``:

    pages = Pages("patients")

    @pages.get("/patients/{patient_id}", Action.SEE_PATIENTS)
    def show(call: PageCall, patient_id: UUID) -> Page:
        return Page("patient.html", {"patient": show_patient(call.context, patient_id=patient_id)})

    @pages.post("/patients/{patient_id}/note", Action.EDIT_PATIENTS)
    def note(call: PageCall, patient_id: UUID, form: NoteForm) -> See:
        write_note(call.context, patient_id=patient_id, note=form.note)
        return See(f"/patients/{patient_id}")

Parts of the path are ``UUID``, ``date`` or ``str``; ``query`` is a ``Choice`` and ``form`` a ``Form``. A GET runs in a
transaction that stores nothing, a POST in one that is committed when the handler returns. ``ANYBODY`` lets in whoever
comes, with ``call.visitor`` ``None`` for a stranger. What is refused becomes a page that says why, unless
``on_refusal`` answers: it gets the call, in a transaction of its own, the refusal and the parts of the path.
``prepare`` does what must stand before the transaction is opened, such as counting an attempt and hashing a password:
it gets a ``Before``, the parts of the path and the form, and the handler gets what it gave as ``ready``. Either of the
two may ask for the form, or neither.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from http import HTTPStatus
from typing import Any, TypeVar, get_type_hints
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session

from scheduler.domain.access import Action
from scheduler.operations.context import Context
from scheduler.web.pages.visitor import Visitor
from scheduler.web.service import Service

ANYBODY = None
"""The right that a page asks for when strangers may see it."""

CONVERTERS: Mapping[Any, str] = {UUID: "uuid", date: "day", str: "string"}


class Form(BaseModel):
    """The base of all forms. A field that was left empty counts as not sent; what is not known is ignored."""

    model_config = ConfigDict(frozen=True)


class Choice(BaseModel):
    """The base of all queries: what a page shows of many things."""

    model_config = ConfigDict(frozen=True)


@dataclass(frozen=True, slots=True)
class Page:
    """A page made by a template. ``tag`` names this state of it, for a browser that asks whether it is still so.

    ``then`` is the path of ours at which the browser looks by itself a few seconds later.
    """

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    status: HTTPStatus = HTTPStatus.OK
    tag: str | None = None
    then: str | None = None


@dataclass(frozen=True, slots=True)
class See:
    """After a deed, look there: a path of ours."""

    path: str


@dataclass(frozen=True, slots=True)
class Unchanged:
    """What the browser has is still so."""

    tag: str


@dataclass(frozen=True, slots=True)
class Download:
    """A file to be saved, under a plain name of ours."""

    name: str
    media_type: str
    content: bytes


Answer = Page | See | Unchanged | Download


@dataclass(frozen=True, slots=True)
class PageCall:
    """One call of a page. ``known_tag`` is the state that the browser has; ``typed`` what was sent, as it was sent."""

    tx: Session
    visitor: Visitor | None
    now: datetime
    service: Service
    known_tag: str | None = None
    typed: Mapping[str, str] = field(default_factory=dict)

    @property
    def somebody(self) -> Visitor:
        """The visitor of a page that lets in nobody else."""
        if self.visitor is None:
            raise LookupError("a page for anybody asked who is there")
        return self.visitor

    @property
    def context(self) -> Context:
        """What operations want: the transaction, who acts, and when."""
        return Context(self.tx, self.somebody.actor, self.now)


@dataclass(frozen=True, slots=True)
class Before:
    """What is known before a transaction is opened."""

    visitor: Visitor | None
    now: datetime
    service: Service


Handler = Callable[..., Answer]
H = TypeVar("H", bound=Handler)
T = TypeVar("T")


def wanted_by(handler: Callable[..., Any], given: Mapping[str, T]) -> dict[str, T]:
    """What of all that is given the handler names among its parameters."""
    return {name: value for name, value in given.items() if name in handler.__annotations__}


@dataclass(frozen=True, slots=True)
class PageEndpoint:
    """One row of the table. ``path`` has its parts in braces; ``action`` is ``ANYBODY`` or a right."""

    method: str
    path: str
    action: Action | None
    handler: Handler
    noun: str
    form: type[Form] | None
    query: type[Choice] | None
    on_refusal: Handler | None
    prepare: Callable[..., Any] | None = None

    @property
    def rule(self) -> str:
        """The path as Flask writes it."""
        hints = get_type_hints(self.handler)
        return re.sub(r"\{(\w+)\}", lambda part: f"<{CONVERTERS[hints[part[1]]]}:{part[1]}>", self.path)

    @property
    def parts(self) -> Mapping[str, Any]:
        """The parts of the path and their types."""
        hints = get_type_hints(self.handler)
        return {name: hints[name] for name in re.findall(r"\{(\w+)\}", self.path)}

    @property
    def name(self) -> str:
        """A name that no other page has."""
        return f"{self.noun}_{self.handler.__name__}"


@dataclass(slots=True)
class Pages:
    """The pages of one noun, in the order in which they are declared."""

    noun: str
    endpoints: list[PageEndpoint] = field(default_factory=list)

    def get(self, path: str, action: Action | None) -> Callable[[H], H]:
        """Declare a page to look at."""
        return self._declare("GET", path, action, None)

    def post(
        self,
        path: str,
        action: Action | None,
        *,
        on_refusal: Handler | None = None,
        prepare: Callable[..., Any] | None = None,
    ) -> Callable[[H], H]:
        """Declare what a form does."""
        return self._declare("POST", path, action, on_refusal, prepare)

    def _declare(
        self,
        method: str,
        path: str,
        action: Action | None,
        on_refusal: Handler | None,
        prepare: Callable[..., Any] | None = None,
    ) -> Callable[[H], H]:
        def declare(handler: H) -> H:
            hints = get_type_hints(handler)
            form, query = hints.get("form"), hints.get("query")
            if form is None and prepare is not None:
                form = get_type_hints(prepare).get("form")
            self.endpoints.append(
                PageEndpoint(method, path, action, handler, self.noun, form, query, on_refusal, prepare)
            )
            return handler

        return declare
