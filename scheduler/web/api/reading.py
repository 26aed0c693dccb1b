"""A request as values: path, query, headers and body, all validated, with every fault named at once."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from pydantic import BaseModel, ValidationError

from scheduler.domain.refusals import Invalid
from scheduler.web.api.json_text import canonical
from scheduler.web.api.registry import Body, Endpoint, IfMatch
from scheduler.web.api.uploads import received
from scheduler.web.problems import NotJson

KEY = re.compile(r"[!-~]{1,200}")
TAG = re.compile(r'"(0|[1-9][0-9]{0,8})"')
MOST_ERRORS = 50

WORDS = {"missing": "is needed", "extra_forbidden": "is not known here"}
"""Plain words for two faults that the library puts in its own."""

Fault = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that could be read. ``fingerprint`` is equal for equal requests to one address."""

    arguments: Mapping[str, Any]
    seen: int | None
    key: str | None
    fingerprint: str


def read(endpoint: Endpoint, path: Mapping[str, str]) -> Asked:
    """The current request's values. Raises ``Invalid`` with all faults, ``NotJson`` and ``Malformed``."""
    sent = _sent(endpoint)
    faults: list[Fault] = []
    arguments = dict(_validated(endpoint.path_model, path, "path", faults) or {})
    query = _validated(endpoint.query, _once_each(faults), "query", faults)
    body = _validated_body(endpoint.json_body, sent, faults) if endpoint.json_body else sent
    key = _key(faults) if endpoint.repeatable else None
    seen = None if endpoint.revision is IfMatch.IGNORED else _seen(faults)
    if faults:
        raise Invalid("Some of what was sent cannot be used.", code="invalid_request", errors=faults[:MOST_ERRORS])
    named: dict[str, Any] = {"query": query} if endpoint.query.model_fields else {}
    named |= {"body": body} if endpoint.body else {}
    return Asked({**arguments, **named}, seen, key, _fingerprint(sent))


def _sent(endpoint: Endpoint) -> bytes:
    """The body: JSON in one form, or an upload; empty where none is looked at."""
    if endpoint.upload:
        return received(endpoint.upload)
    return _body_text().encode() if endpoint.body else b""


def _body_text() -> str:
    if request.mimetype != "application/json" or request.content_encoding:
        raise NotJson("The body must be JSON.", remedy="Send it with Content-Type: application/json.")
    if request.mimetype_params.get("charset", "utf-8").lower() != "utf-8":
        raise NotJson("JSON is always UTF-8.", remedy="Leave the charset out.")
    return canonical(request.get_data())


def _fingerprint(sent: bytes) -> str:
    asked = "\n".join((request.method, request.full_path, ""))
    return hashlib.sha256(asked.encode() + sent).hexdigest()


def _once_each(faults: list[Fault]) -> dict[str, str]:
    for name, values in request.args.lists():
        if len(values) > 1:
            faults.append(_fault("query", f"/{_escaped(name)}", "repeated", "must be given only once"))
    return request.args.to_dict()


def _key(faults: list[Fault]) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is None or KEY.fullmatch(key):
        return key
    faults.append(_fault("header", "/Idempotency-Key", "invalid", "must be 1 to 200 printable characters, no spaces"))
    return None


def _seen(faults: list[Fault]) -> int | None:
    tag = request.headers.get("If-Match")
    found = TAG.fullmatch(tag or "")
    if tag is not None and not found:
        faults.append(_fault("header", "/If-Match", "invalid", 'must be one revision in quotes, such as "3"'))
    return int(found[1]) if found else None


def _validated(model: type[BaseModel], values: Mapping[str, str], where: str, faults: list[Fault]) -> BaseModel | None:
    try:
        return model.model_validate_strings(values)
    except ValidationError as error:
        faults.extend(_faults(where, error))
        return None


def _validated_body(model: type[Body], sent: bytes, faults: list[Fault]) -> Body | None:
    try:
        return model.model_validate_json(sent)
    except ValidationError as error:
        faults.extend(_faults("body", error))
        return None


def _faults(where: str, error: ValidationError) -> Iterator[Fault]:
    for found in error.errors(include_url=False, include_input=False, include_context=False):
        at = "".join(f"/{_escaped(str(part))}" for part in found["loc"])
        words = WORDS.get(found["type"], found["msg"].removeprefix("Value error, "))
        yield _fault(where, at, "invalid" if found["type"] == "value_error" else found["type"], words)


def _fault(where: str, at: str, code: str, detail: str) -> Fault:
    return {"in": where, "at": at, "code": code, "detail": detail}


def _escaped(part: str) -> str:
    """One part of a JSON pointer (RFC 6901)."""
    return part[:100].replace("~", "~0").replace("/", "~1")
