"""Fault words: what is wrong with a field, in the visitor's language."""

from pydantic_core import ErrorDetails

from scheduler.web.pages.telling import told
from scheduler.web.pages.words import say


def fault_words(found: ErrorDetails) -> str:
    """A fault that the library found, in words of ours; what a check of ours says is told as it says it."""
    kind = found["type"]
    if kind == "value_error":
        return told(found["msg"].removeprefix("Value error, "))
    if kind == "missing":
        return say("This is needed.")
    if kind.startswith("date"):
        return say("Give a day such as 2026-03-05.")
    if kind.startswith("time"):
        return say("Give a time such as 09:30.")
    if kind.startswith(("int", "float", "decimal", "greater", "less")):
        return say("Give a number that fits.")
    if kind in ("string_too_long", "too_long"):
        return say("This is too long.")
    if kind in ("string_too_short", "too_short"):
        return say("This is too short.")
    return say("Choose one of what is offered.")
