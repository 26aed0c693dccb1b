"""Changes as JSON and back: what an audit row tells, and what an undo starts from."""

from collections.abc import Iterable, Mapping
from typing import Any, get_args

from pydantic import TypeAdapter

from scheduler.domain.changes import Change

_ADAPTERS: Mapping[str, TypeAdapter[Any]] = {kind.__name__: TypeAdapter(kind) for kind in get_args(Change)}


def steps_of(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """Each change as an object that begins with its type's name."""
    return [_step(type(change).__name__, change) for change in changes]


def _step(name: str, change: Change) -> dict[str, Any]:
    return {"type": name, **_ADAPTERS[name].dump_python(change, mode="json")}


def changes_of(steps: Iterable[Mapping[str, Any]]) -> tuple[Change, ...]:
    """The changes of stored steps. Raises ``ValueError`` for what is none."""
    return tuple(_change(dict(step)) for step in steps)


def _change(step: dict[str, Any]) -> Change:
    adapter = _ADAPTERS.get(step.pop("type", ""))
    if adapter is None:
        raise ValueError("a step must begin with the type of a change")
    change: Change = adapter.validate_python(step)
    return change
