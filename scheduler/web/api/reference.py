"""The readable page beside the OpenAPI description, made from the same table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import render_template
from pydantic import BaseModel

from scheduler.domain.access import TABLE
from scheduler.web.api.registry import Endpoint, IfMatch


@dataclass(frozen=True, slots=True)
class Line:
    """One call as people read it."""

    method: str
    path: str
    summary: str
    revision: bool
    roles: str
    takes: str
    gives: str


def reference_page(endpoints: Sequence[Endpoint], description: dict[str, Any], base: str) -> str:
    """The page as HTML."""
    groups = [(tag, [_line(one) for one in found]) for tag, found in groupby(endpoints, lambda one: one.tag)]
    objects = [(name, list(_fields(schema))) for name, schema in description["components"]["schemas"].items()]
    return render_template("api_reference.html", groups=groups, objects=objects, base=base)


def _line(endpoint: Endpoint) -> Line:
    roles = ", ".join(role.value for role in TABLE[endpoint.action])
    takes = ", ".join((*endpoint.query.model_fields, *_names(endpoint.json_body), *_media_type(endpoint)))
    return Line(
        endpoint.method,
        endpoint.path,
        endpoint.summary,
        endpoint.revision is IfMatch.REQUIRED,
        roles,
        takes,
        " or ".join(view.__name__ for view in endpoint.views.values()),
    )


def _names(model: type[BaseModel] | None) -> tuple[str, ...]:
    return (model.__name__,) if model else ()


def _media_type(endpoint: Endpoint) -> tuple[str, ...]:
    return (endpoint.upload.media_type,) if endpoint.upload else ()


def _fields(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name, field in schema.get("properties", {}).items():
        yield {"name": name, "kind": _kind(field), "needed": name in schema.get("required", ())}


def _kind(field: dict[str, Any]) -> str:
    """A field's schema in a few words: ``date``, ``list of Phase``, ``string or null``."""
    if "$ref" in field:
        return str(field["$ref"]).rsplit("/", 1)[1]
    if "anyOf" in field:
        return " or ".join(_kind(one) for one in field["anyOf"])
    if "enum" in field:
        return " | ".join(str(one) for one in field["enum"])
    if field.get("type") == "array":
        return f"list of {_kind(field.get('items', {}))}"
    return str(field.get("format") or field.get("type") or "anything")
