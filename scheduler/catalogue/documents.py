"""Catalogue values as JSON documents and back, with nothing lost.

A stored version of a protocol is such a document, and the domain's value is rebuilt from it. The document has the
value's own fields; sets are sorted lists, so that equal values give equal documents.
"""

import json
from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from scheduler.catalogue.faults import CatalogueInvalid, faults_in
from scheduler.domain.holds import Contraindication
from scheduler.domain.protocol import Protocol, VisitType

Value = TypeVar("Value")
Json = dict[str, Any]


class Strict(BaseModel):
    """Takes no unknown field and converts no type: ``30.0`` and ``"30"`` are not 30."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Document(Strict, Generic[Value]):
    """The envelope that carries its strictness into the domain's dataclasses."""

    value: Value


def protocol_from_json(document: Mapping[str, Any]) -> Protocol:
    """The protocol in a document. Raises ``CatalogueInvalid`` when the document is not one."""
    return _value(Document[Protocol], document)


def protocol_to_json(protocol: Protocol) -> Json:
    """The document of one version of a protocol."""
    return _document(Document[Protocol], protocol)


def contraindication_from_json(document: Mapping[str, Any]) -> Contraindication:
    """The contraindication in a document. Raises ``CatalogueInvalid`` when the document is not one."""
    return _value(Document[Contraindication], document)


def contraindication_to_json(rule: Contraindication) -> Json:
    """The document of one version of a contraindication."""
    return _document(Document[Contraindication], rule)


def visit_type_from_json(document: Mapping[str, Any]) -> VisitType:
    """The visit type in a document. Raises ``CatalogueInvalid`` when the document is not one."""
    return _value(Document[VisitType], document)


def visit_type_to_json(visit_type: VisitType) -> Json:
    """The document of a visit type."""
    return _document(Document[VisitType], visit_type)


def as_text(document: Mapping[str, Any]) -> str:
    """JSON text, which strict validation reads more kindly than Python: a list may be a tuple or a set there."""
    return json.dumps(document, default=str)


def _value(kind: type[Document[Value]], document: Mapping[str, Any]) -> Value:
    try:
        return kind.model_validate_json(as_text({"value": document})).value
    except ValidationError as error:
        row = str(document.get("code", "(no code)"))
        raise CatalogueInvalid.because_of(fault.at("document", row) for fault in faults_in(error)) from None


def _document(kind: type[Document[Value]], value: Value) -> Json:
    plain = kind.model_construct(value=value).model_dump()["value"]
    document: Json = json.loads(json.dumps(plain, default=sorted))
    return document
