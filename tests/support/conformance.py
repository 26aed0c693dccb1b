"""Schemathesis with all its checks against the served application: does it keep what its description promises?"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import schemathesis
from hypothesis import strategies as st
from schemathesis.core.failures import Failure
from schemathesis.engine import events, from_schema

from scheduler.domain.access import TABLE, Role
from scheduler.domain.spelling import FIRST_YEAR, LAST_YEAR
from scheduler.web.api import ENDPOINTS
from tests.support.api import BASE, Api
from tests.support.serving import served
from tests.support.size import sized

EXAMPLES = sized(small=6, full=150)
WIDEST_FIRST = (Role.PRACTITIONER, Role.MANAGER, Role.RECEPTION)

FIRST, LAST = datetime(FIRST_YEAR, 1, 2), datetime(LAST_YEAR, 12, 30)
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
schemathesis.openapi.format("date", st.dates(FIRST.date(), LAST.date()).map(str))
schemathesis.openapi.format(
    "date-time", st.datetimes(FIRST, LAST, timezones=OFFSETS | st.just(UTC)).map(lambda at: at.isoformat())
)

CHECKS = {
    "positive_data_acceptance": {"expected-statuses": ["2xx", "401", "403", "404", "409", "412", "422"]},
    "missing_required_header": {"expected-statuses": ["401", "403", "422", "428"]},
    "negative_data_rejection": {
        "expected-statuses": ["400", "401", "403", "404", "405", "409", "412", "415", "422", "428"]
    },
}
"""Statuses that the library does not expect by itself: a stale revision, a missing one, and rules beyond a schema."""


@schemathesis.serializer("text/calendar", "message/rfc822")
def as_text(_context: schemathesis.SerializationContext, value: Any) -> bytes:
    """A file's text as it is, and whatever is sent instead of one in some spelling."""
    return value if isinstance(value, bytes) else str(value).encode(errors="replace")


class ValidDataCalledInvalid(Failure):
    """A request that keeps to the description was refused as if it did not."""


@schemathesis.check
def valid_data_is_not_called_invalid(
    _context: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case[Any]
) -> None:
    """Stricter than the library where it matters: a rule may refuse valid data with 422, validation may not.

    The library tries an optional header as an empty one, whatever its pattern says, and takes that for valid.
    """
    if "" in (case.headers or {}).values():
        return
    if response.status_code != 422 or case.meta is None or not case.meta.generation.mode.is_positive:
        return
    if response.json()["code"] == "invalid_request":
        raise ValidDataCalledInvalid(
            operation=case.operation.label, title="Valid data called invalid", message=response.text
        )


def findings(api: Api) -> Iterator[str]:
    """What schemathesis finds wrong, in words, with a command that shows it."""
    with served(api.app) as address:
        schema = schemathesis.openapi.from_url(f"{address}{BASE}/openapi.json", config=_config(api))
        schema.config.update(base_url=address + BASE)
        for event in from_schema(schema).execute():
            if isinstance(event, events.ScenarioFinished):
                yield from _failures(event)
            elif isinstance(event, events.NonFatalError):
                yield f"{event.label}: {event.value!r}"
            elif isinstance(event, events.FatalError):
                yield f"schemathesis failed: {event.exception!r}"


def _failures(event: events.ScenarioFinished) -> Iterator[str]:
    for checks in event.recorder.checks.values():
        for check in checks:
            if check.failure_info:
                failure = check.failure_info.failure
                yield f"{failure.operation} {check.name}: {failure.message}\n{check.failure_info.code_sample}"


def _config(api: Api) -> schemathesis.Config:
    return schemathesis.Config.from_dict(
        {
            "checks": CHECKS,
            "generation": {"max-examples": EXAMPLES, "deterministic": EXAMPLES < 100, "database": "none"},
            "operations": [
                {"include-operation-id": names, "headers": {"Authorization": f"Bearer {api.clinic.tokens[role]}"}}
                for role, names in _operations().items()
            ],
        }
    )


def _operations() -> dict[Role, list[str]]:
    """The names of endpoints by the role that may do most with them."""
    found: dict[Role, list[str]] = {}
    for endpoint in ENDPOINTS:
        role = next(role for role in WIDEST_FIRST if role in TABLE[endpoint.action])
        found.setdefault(role, []).append(endpoint.name)
    return found
