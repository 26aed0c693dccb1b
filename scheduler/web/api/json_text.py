"""JSON as it arrives: read strictly, and written again in one form, so that equal bodies are equal text."""

import json
from collections.abc import Sequence
from typing import Any, NoReturn

from scheduler.web.problems import Malformed

DEEPEST = 32


def canonical(raw: bytes) -> str:
    """The body as JSON text with sorted keys; ``30.0`` becomes ``30``, as JSON makes no difference.

    Raises ``Malformed`` for what is no JSON, repeated keys, NaN and infinities, lone surrogates, and deep nesting.
    """
    try:
        value = json.loads(
            raw.decode(), object_pairs_hook=_without_repeats, parse_float=_finite, parse_constant=_no_number
        )
        text = json.dumps(value, sort_keys=True, ensure_ascii=False)
        text.encode()
    except UnicodeError:
        raise Malformed("The body is not valid UTF-8.", code="malformed_text") from None
    except (ValueError, RecursionError) as error:
        raise Malformed("The body is not valid JSON.", code="malformed_json", reason=str(error)) from None
    _refuse_depth(value, DEEPEST)
    return text


def _without_repeats(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise Malformed("A key appears twice in one object.", code="repeated_key", key=key[:100])
        found[key] = value
    return found


def _finite(spelled: str) -> int | float:
    value = float(spelled)
    if value in (float("inf"), float("-inf")):
        _no_number(spelled)
    return int(value) if value.is_integer() else value


def _no_number(spelled: str) -> NoReturn:
    raise Malformed("JSON has no NaN, no infinity and no number this large.", code="not_a_number", value=spelled[:40])


def _refuse_depth(value: Any, left: int) -> None:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if inner and not left:
        raise Malformed(f"The body is nested deeper than {DEEPEST} levels.", code="too_deep")
    for one in inner:
        _refuse_depth(one, left - 1)
