"""How one call is answered: authenticate, replay an answer that was given before, If-Match, then the rules."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import Any, Self

from flask import Response, request
from sqlalchemy.orm import Session

from scheduler.domain.access import require
from scheduler.domain.refusals import RuleBroken
from scheduler.operations.context import Context
from scheduler.operations.staff.tokens import Bearer
from scheduler.storage.kept_answers import KeptAnswer, OwnedKey, claim_key, keep_answer
from scheduler.web.api.bearer import bearer_of
from scheduler.web.api.reading import Asked, read
from scheduler.web.api.registry import Answer, Call, Endpoint, IfMatch
from scheduler.web.problems import RevisionMissing
from scheduler.web.service import Service, this_service

PREFIX = "/api/v1"


@dataclass(frozen=True, slots=True)
class Answering:
    """One request on its way through an endpoint."""

    endpoint: Endpoint
    service: Service
    bearer: Bearer
    asked: Asked
    now: datetime

    def prepared(self) -> Self:
        """The same with its body made ready, before a transaction that stores is opened."""
        if self.endpoint.prepare is None:
            return self
        with self.service.database.read() as tx:
            body = self.endpoint.prepare(self._call(tx), **self.asked.arguments)
        return replace(self, asked=replace(self.asked, arguments={**self.asked.arguments, "body": body}))

    def answer(self) -> KeptAnswer:
        """Run the handler in the kind of transaction that it needs."""
        try:
            if self.endpoint.stores:
                return self.service.database.write(self._once_for_its_key)
            with self.service.database.read() as tx:
                return self._handle(tx)
        except RuleBroken as refusal:
            refusal.facts.update(self._added_to(refusal))
            raise

    def _once_for_its_key(self, tx: Session) -> KeptAnswer:
        """The key's row is written first: a twin waits for it and then finds the answer, or does the deed itself."""
        if self.asked.key is None:
            return self._handle(tx)
        key = OwnedKey(self.bearer.actor.organisation_id, self.bearer.token_id, self.asked.key)
        known = claim_key(tx, key, self.asked.fingerprint, self.now)
        if known is None:
            known = self._handle(tx)
            keep_answer(tx, key, known)
        return known

    def _handle(self, tx: Session) -> KeptAnswer:
        if self.endpoint.revision is IfMatch.REQUIRED and self.asked.seen is None:
            raise RevisionMissing(
                "This change needs the revision that you saw.", remedy="Send its ETag in the header If-Match."
            )
        return render(self.endpoint, self.service, self.endpoint.handler(self._call(tx), **self.asked.arguments))

    def _call(self, tx: Session) -> Call:
        return Call(Context(tx, self.bearer.actor, self.now), self.service, self.asked.seen)

    def _added_to(self, refusal: RuleBroken) -> Mapping[str, Any]:
        if self.endpoint.on_refusal is None:
            return {}
        with self.service.database.read() as tx:
            return self.endpoint.on_refusal(self._call(tx), refusal, **self.asked.arguments)


def serve(endpoint: Endpoint, **path: str) -> Response:
    """Answer the current request with this endpoint."""
    service = this_service()
    now = service.clock()
    bearer = bearer_of(request.headers.get("Authorization"), service.database, now)
    require(bearer.actor, endpoint.action)
    answer = Answering(endpoint, service, bearer, read(endpoint, path), now).prepared().answer()
    return Response(answer.body, answer.status, answer.headers)


def render(endpoint: Endpoint, service: Service, answer: Answer[Any]) -> KeptAnswer:
    """An answer as bytes and headers, the form in which it can be kept and given again."""
    headers = {} if answer.revision is None else {"ETag": f'"{answer.revision}"'}
    if answer.location is not None:
        headers["Location"] = service.url(PREFIX + answer.location)
    if answer.body is None:
        return KeptAnswer(HTTPStatus.NO_CONTENT, headers, b"")
    status = answer.body.told_by or endpoint.status
    return KeptAnswer(status, {**headers, **answer.body.headers}, answer.body.to_bytes())
