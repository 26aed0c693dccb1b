"""The OpenAPI 3.1 description, made from the table of endpoints."""

from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict
from pydantic.json_schema import models_json_schema

from scheduler.domain.access import TABLE
from scheduler.web.api.answers import PREFIX
from scheduler.web.api.files import FileView
from scheduler.web.api.registry import Endpoint, IfMatch, View
from scheduler.web.problems import MEDIA_TYPE

Json = dict[str, Any]
REF = "#/components/schemas/{model}"

S = HTTPStatus
ALWAYS = (S.UNAUTHORIZED, S.FORBIDDEN, S.NOT_FOUND, S.METHOD_NOT_ALLOWED, S.UNPROCESSABLE_ENTITY, S.SERVICE_UNAVAILABLE)
WITH_BODY = (S.BAD_REQUEST, S.REQUEST_ENTITY_TOO_LARGE, S.UNSUPPORTED_MEDIA_TYPE)
WITH_RULES = (S.CONFLICT,)
WITH_REVISION = {
    IfMatch.IGNORED: (),
    IfMatch.HONOURED: (S.PRECONDITION_FAILED,),
    IfMatch.REQUIRED: (S.PRECONDITION_FAILED, S.PRECONDITION_REQUIRED),
}


class Conflict(BaseModel):
    """One of the reasons against. Facts stand beside these members."""

    model_config = ConfigDict(extra="allow")

    code: str
    detail: str
    remedy: str | None = None


class Fault(BaseModel):
    """One field or parameter that cannot be used; ``at`` is a JSON pointer into the part that ``in`` names."""

    model_config = ConfigDict(extra="allow")

    at: str
    code: str
    detail: str


class Problem(BaseModel):
    """RFC 9457. Facts stand beside these members."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    code: str
    remedy: str | None = None
    conflicts: list[Conflict] | None = None
    errors: list[Fault] | None = None


def describe(endpoints: Sequence[Endpoint], address: str) -> Json:
    """The whole description. ``address`` is where the API is reached."""
    schemas = _Schemas(endpoints)
    paths: Json = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, schemas)
    bearer = {"type": "http", "scheme": "bearer", "description": "A token with one role."}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Interval", "version": "1", "description": "Plans, books, moves and holds series."},
        "servers": [{"url": address + PREFIX}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {"securitySchemes": {"token": bearer}, "schemas": schemas.definitions},
    }


class _Schemas:
    """The JSON schemas of all models, under names that are unique. Those of queries and paths become parameters."""

    def __init__(self, endpoints: Sequence[Endpoint]) -> None:
        self._refs, top = models_json_schema(list(dict.fromkeys(_models(endpoints))), ref_template=REF)
        every: Json = top["$defs"]
        flat = {self._name(model) for one in endpoints for model in (one.query, one.path_model)}
        self.definitions = {name: schema for name, schema in every.items() if name not in flat}
        self._flat = {name: every[name] for name in flat}

    def ref(self, model: type[BaseModel], mode: Literal["validation", "serialization"]) -> Json:
        return self._refs[(model, mode)]

    def fields(self, model: type[BaseModel]) -> tuple[Json, list[str]]:
        """The schemas of the fields of a query or path, and the names of those that must be given."""
        schema = self._flat[self._name(model)]
        return schema.get("properties", {}), schema.get("required", [])

    def _name(self, model: type[BaseModel]) -> str:
        return str(self.ref(model, "validation")["$ref"]).rsplit("/", 1)[1]


def _models(endpoints: Iterable[Endpoint]) -> Iterable[tuple[type[BaseModel], Literal["validation", "serialization"]]]:
    yield Problem, "serialization"
    for endpoint in endpoints:
        yield endpoint.query, "validation"
        yield endpoint.path_model, "validation"
        if endpoint.json_body:
            yield endpoint.json_body, "validation"
        for view in endpoint.views.values():
            if not issubclass(view, FileView):
                yield view, "serialization"


def _operation(endpoint: Endpoint, schemas: _Schemas) -> Json:
    roles = ", ".join(f"{role.value} ({width.value})" for role, width in TABLE[endpoint.action].items())
    told = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "description": f"Roles: {roles}.",
        "tags": [endpoint.tag],
        "parameters": _parameters(endpoint, schemas),
        "responses": _responses(endpoint, schemas),
    }
    if endpoint.body:
        told["requestBody"] = {"required": True, "content": _content(endpoint, schemas)}
    return told


def _content(endpoint: Endpoint, schemas: _Schemas) -> Json:
    """An upload has no type: any bytes are taken, and looked at by the handler."""
    if endpoint.upload:
        most = f"At most {endpoint.upload.most_bytes:,} bytes."
        return {endpoint.upload.media_type: {"schema": {"description": most}}}
    return {"application/json": {"schema": schemas.ref(endpoint.json_body, "validation")}} if endpoint.json_body else {}


def _parameters(endpoint: Endpoint, schemas: _Schemas) -> list[Json]:
    found = _located("path", endpoint.path_model, schemas) + _located("query", endpoint.query, schemas)
    if endpoint.repeatable:
        found.append(_header("Idempotency-Key", r"^[!-~]{1,200}$", required=False))
    if endpoint.revision is not IfMatch.IGNORED:
        required = endpoint.revision is IfMatch.REQUIRED
        found.append(_header("If-Match", r'^"(0|[1-9][0-9]{0,8})"$', required=required))
    return found


def _located(where: str, model: type[BaseModel], schemas: _Schemas) -> list[Json]:
    fields, needed = schemas.fields(model)
    return [
        {"name": name, "in": where, "required": name in needed, "schema": _spelled(schema)}
        for name, schema in fields.items()
    ]


def _spelled(schema: Json) -> Json:
    """A parameter's schema: what is left out is null, so null itself cannot be spelled."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    kept = {word: value for word, value in schema.items() if word != "anyOf" and (word, value) != ("default", None)}
    return {**kept, **kinds[0]} if len(kinds) == 1 else schema


def _header(name: str, pattern: str, *, required: bool) -> Json:
    return {"name": name, "in": "header", "required": required, "schema": {"type": "string", "pattern": pattern}}


def _responses(endpoint: Endpoint, schemas: _Schemas) -> Json:
    done: Json = {str(endpoint.status.value): {"description": endpoint.status.phrase}}
    for status, view in endpoint.views.items():
        done[str(status.value)] = {"description": status.phrase, "content": _content_of(view, schemas)}
    refused = {"content": {MEDIA_TYPE: {"schema": schemas.ref(Problem, "serialization")}}}
    problems = {str(status.value): {"description": status.phrase, **refused} for status in _refusals(endpoint)}
    return {**done, **problems, "default": {"description": "Any other problem", **refused}}


def _content_of(view: type[View], schemas: _Schemas) -> Json:
    media_type = view.media_type.partition(";")[0]
    return {media_type: {} if issubclass(view, FileView) else {"schema": schemas.ref(view, "serialization")}}


def _refusals(endpoint: Endpoint) -> list[HTTPStatus]:
    found = [*ALWAYS, *(WITH_BODY if endpoint.body else ()), *(WITH_RULES if endpoint.stores else ())]
    return sorted([*found, *WITH_REVISION[endpoint.revision]])
