"""Telling: what the rules say, in the visitor's language. They speak English, and programs get it as it is."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Flask

from scheduler.domain.phrases import InWords, Phrase
from scheduler.web.pages.words import day_with_year, words


def install(app: Flask) -> None:
    """Let templates tell what rules say, and what the catalogue calls things."""
    app.jinja_env.globals["in_words"] = told


def told(text: str) -> str:
    """A sentence of a rule in the visitor's language, its dates in words. What people wrote has no translation."""
    if isinstance(text, Phrase):
        return words().say(text.template, **_values(text.values))
    return words().translated(text)


def _values(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: _value(value) for name, value in values.items()}


def _value(value: Any) -> str:
    if isinstance(value, date):
        return day_with_year(value)
    if isinstance(value, InWords):
        return day_with_year(value.on)
    if isinstance(value, list | tuple):
        return ", ".join(map(_value, value))
    return told(value if isinstance(value, str) else str(value))
