"""Sentences of rules that were stored as text: every phrase is known again, and said in the visitor's language."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import cycle

import pytest
from flask import session

from scheduler.domain.access import Role
from scheduler.domain.phrases import InWords, Phrase, together
from scheduler.web.pages.retelling import retold
from scheduler.web.pages.telling import told
from tests.operations.test_importing_series import imported
from tests.support.api import Api
from tests.support.browse import Browser
from tests.support.desk import desk_of
from tests.support.rule_texts import rule_texts

DAY = date(2026, 3, 2)


@pytest.fixture
def in_german(api: Api) -> Iterator[None]:
    with api.app.test_request_context():
        session["language"] = "de"
        yield


def filled(template: str, values: Sequence[object]) -> Phrase:
    """The phrase with these values in turn."""
    names = dict.fromkeys(re.findall(r"%\((\w+)\)s", template))
    return Phrase(template, **dict(zip(names, cycle(values), strict=False)))


@pytest.mark.usefixtures("in_german")
@pytest.mark.parametrize("values", [(7, 8, 9), (DAY, 7, InWords(DAY)), ("Ada", ("Ben", "Cem"), 3)])
def test_every_phrase_is_told_as_if_it_had_not_been_stored(values: Sequence[object]) -> None:
    phrases = [filled(text, values) for text in rule_texts() if "%(" in text]
    assert len(phrases) > 50
    assert [str(one) for one in phrases if retold(str(one)) != told(one)] == []


@pytest.mark.usefixtures("in_german")
def test_several_sentences_and_sentences_in_sentences_are_known_again() -> None:
    since = Phrase("A hold blocks treatment from %(day)s", day=DAY)
    held = Phrase("%(since)s to %(day)s.", since=since, day=date(2026, 4, 1))
    reason = Phrase(
        "%(gap)s days after the session before; %(least)s to %(most)s are allowed.", gap=43, least=28, most=42
    )
    both = together((Phrase("Performed late, %(reason)s", reason=reason), held))
    note = Phrase("imported, decide: %(reason)s", reason=both)
    assert retold(str(note)) == told(note)
    assert retold(str(note)).startswith("übernommen, zu entscheiden: Zu spät durchgeführt, 43 Tage nach")
    assert "2. März 2026" in retold(str(note))


@pytest.mark.usefixtures("in_german")
@pytest.mark.parametrize("text", ["", "Rings back after five. Likes mornings.", "7 days", "2026-03-02", "(a|b)+ %s"])
def test_what_people_wrote_stays_as_it_is(text: str) -> None:
    assert retold(text) == text


def test_what_an_import_noted_is_read_in_german(api: Api) -> None:
    desk = desk_of(api.clinic)
    series_id = imported(desk, desk.patient(), "2026-01-05|2026-01-12", "")
    browser = Browser(api, Role.PRACTITIONER)
    browser.remember(language="de")
    tasks = browser.get("/tasks").text
    assert f"/series/{series_id}" in tasks
    assert "übernommen, zu entscheiden: Zu früh durchgeführt, 7 Tage nach der Sitzung davor" in tasks
