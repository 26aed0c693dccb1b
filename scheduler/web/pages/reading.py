"""What a page was asked with: its query and its form, as values."""

from collections.abc import Mapping
from typing import Any, TypeVar, get_origin

from flask import request
from pydantic import BaseModel, ValidationError
from werkzeug.datastructures import MultiDict

from scheduler.domain.refusals import Invalid
from scheduler.web.pages.fault_words import fault_words
from scheduler.web.pages.registry import PageEndpoint

M = TypeVar("M", bound=BaseModel)


def asked(endpoint: PageEndpoint) -> dict[str, BaseModel]:
    """The query and the form that the page's handler wants. Raises ``Invalid`` with every fault."""
    wanted = (("query", endpoint.query, request.args), ("form", endpoint.form, request.form))
    return {name: valid(model, sent) for name, model, sent in wanted if model is not None}


def valid(model: type[M], sent: MultiDict[str, str]) -> M:
    """What was sent, as the model has it. Raises ``Invalid`` with every fault."""
    try:
        return model.model_validate(_values(model, sent))
    except ValidationError as error:
        faults = [
            {"field": str(found["loc"][0]), "detail": fault_words(found)}
            for found in error.errors(include_url=False, include_input=False, include_context=False)
        ]
    raise Invalid("Some of what was typed cannot be used.", code="invalid_form", errors=faults)


def _values(model: type[BaseModel], sent: MultiDict[str, str]) -> Mapping[str, Any]:
    """What was sent for the fields of a model, without those that were left empty."""
    lists = {name for name, field in model.model_fields.items() if get_origin(field.annotation) is tuple}
    given = {name: [value for value in values if value.strip()] for name, values in sent.lists()}
    return {name: values if name in lists else values[0] for name, values in given.items() if values}
