"""Text messages by HTTP: one request for each, in the form that the provider asks for."""

import json
import re
import socket
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any, Literal
from urllib.parse import urlencode

from scheduler.operations.messages.sending import Attempt, Outcome

TIMEOUT_SECONDS = 20
TYPES = {"json": "application/json", "form": "application/x-www-form-urlencoded"}
TRY_AGAIN = frozenset({408, 425, 429})
"""Answers of 4xx that are not for good."""
PLACES = re.compile(r"\{(recipient|text|id)\}")


@dataclass(frozen=True, slots=True)
class Gateway:
    """What a provider asks for. ``body`` has ``{recipient}``, ``{text}`` and ``{id}`` in its texts, at any depth."""

    url: str
    body: Mapping[str, Any]
    method: Literal["POST", "PUT"] = "POST"
    type: Literal["json", "form"] = "json"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


class HttpGateway:
    """Sends text messages through a provider. Numbers, words and keys go nowhere else."""

    def __init__(self, gateway: Gateway, timeout: float = TIMEOUT_SECONDS) -> None:
        self._gateway, self._timeout = gateway, timeout
        self._opener = urllib.request.build_opener(_NoRedirects)

    def text(self, number: str, words: str, message_id: str) -> Attempt:
        values = {"recipient": number, "text": words, "id": message_id}
        try:
            with self._opener.open(self._request(values), timeout=self._timeout):
                return Attempt(Outcome.SENT)
        except urllib.error.HTTPError as error:
            error.close()
            return _answered(error.code)
        except urllib.error.URLError as error:
            return Attempt(_unreached(error.reason), "the text gateway could not be reached")
        except (OSError, HTTPException):
            return Attempt(Outcome.IN_DOUBT, "the text gateway did not answer")

    def _request(self, values: Mapping[str, str]) -> urllib.request.Request:
        gateway = self._gateway
        filled = _filled(gateway.body, values)
        body = urlencode(filled) if gateway.type == "form" else json.dumps(filled)
        headers = {**gateway.headers, "Content-Type": TYPES[gateway.type], "Idempotency-Key": values["id"]}
        return urllib.request.Request(gateway.url, body.encode(), headers, method=gateway.method)  # noqa: S310 - http(s) by the settings


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirected message would go out as an empty GET."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _answered(code: int) -> Attempt:
    for_good = 400 <= code < 500 and code not in TRY_AGAIN
    return Attempt(Outcome.REFUSED if for_good else Outcome.NOT_SENT, f"the text gateway answered {code}")


def _unreached(reason: object) -> Outcome:
    """Only a connection that never stood leaves no doubt."""
    return Outcome.AWAY if isinstance(reason, (ConnectionRefusedError, socket.gaierror)) else Outcome.IN_DOUBT


def _filled(template: Any, values: Mapping[str, str]) -> Any:
    """The template with its places filled in, texts only, so that no value can change its form."""
    if isinstance(template, Mapping):
        return {name: _filled(part, values) for name, part in template.items()}
    if isinstance(template, list):
        return [_filled(part, values) for part in template]
    if isinstance(template, str):
        return PLACES.sub(lambda place: values[place[1]], template)
    return template
