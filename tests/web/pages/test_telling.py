"""What the rules say, in German: every sentence of a refusal has its translation, with the same values in it."""

import copy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import session

from scheduler.catalogue import load_catalogue
from scheduler.domain.access import Action, Role
from scheduler.domain.contact import Contact, Language
from scheduler.domain.phrases import InWords, Phrase, together
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.refusals import Conflict, RuleBroken
from scheduler.domain.series import AppointmentStatus, SeriesState, SessionState
from scheduler.domain.spelling import EMAIL, PHONE
from scheduler.messages.words import words_of
from scheduler.operations.booking.deciding import Choice, Occasion
from scheduler.storage.rows.series import EntryKind
from scheduler.web.pages.fault_words import fault_words
from scheduler.web.pages.telling import told
from tests.support.api import Api
from tests.support.browse import Browser
from tests.support.full_day import full_day
from tests.support.rule_texts import rule_texts, spliced, texts_in

SPELLED = {one.value for kind in (Contact, ResourceKind, AppointmentStatus, Choice, Occasion) for one in kind}
SPACED = {one.value.replace("_", " ") for kind in (Action, Role, SeriesState, SessionState, EntryKind) for one in kind}


def in_german(api: Api, text: str) -> str:
    with api.app.test_request_context():
        session["language"] = "de"
        return told(text)


def test_every_sentence_of_the_rules_has_its_german() -> None:
    german = words_of(Language.GERMAN)
    lacking = {text: file for text, file in rule_texts().items() if any(map(str.isalpha, plain(text)))}
    assert sorted(f"{file}: {text}" for text, file in lacking.items() if german.translated(text) == text) == []


def plain(text: str) -> str:
    """A template without the names of its values."""
    return "".join(part.partition(")s")[2] if place else part for place, part in enumerate(text.split("%(")))


def test_every_word_that_a_refusal_names_has_its_german() -> None:
    german = words_of(Language.GERMAN)
    same = {"import"}
    assert sorted(word for word in SPELLED | SPACED if german.translated(word) == word and word not in same) == []


def test_no_sentence_of_the_rules_is_put_together_from_pieces() -> None:
    assert spliced() == []


def test_a_sentence_that_nobody_translated_is_found(tmp_path: Path) -> None:
    source = tmp_path / "rule.py"
    source.write_text('raise RuleBroken("Brand new.", remedy="Do that." if x else Phrase("On %(day)s.", day=1))\n')
    assert {text for _, text in texts_in(source)} == {"Brand new.", "Do that.", "On %(day)s."}


def test_programs_get_english_with_dates_as_iso() -> None:
    phrase = Phrase("Free on %(day)s: %(all)s.", day=date(2026, 12, 8), all=("a", "b"))
    assert phrase == "Free on 2026-12-08: a, b."
    assert copy.deepcopy(phrase).values == phrase.values
    assert Phrase("On %(day)s.", day=InWords(date(2026, 12, 8))) == "On Tuesday 8 December 2026."


def test_a_german_page_says_the_values_in_german_too(api: Api) -> None:
    day = Phrase("%(day)s has passed.", day=date(2026, 12, 8))
    assert in_german(api, day) == "Dienstag, 8. Dezember 2026 ist vorbei."
    assert in_german(api, Phrase("Name a %(kind)s.", kind="room")) == "Zu nennen ist: Raum."
    both = together([day, "Choose another time.", "Bring 50 % of it."])
    assert in_german(api, both).endswith("ist vorbei. Wählen Sie eine andere Zeit. Bring 50 % of it.")


def test_a_refusal_is_reworded_whole() -> None:
    refusal = RuleBroken("one", remedy="two", conflicts=[Conflict("code", "three", {"a": 1}, "four")])
    refusal.reword(str.upper)
    assert (refusal.detail, refusal.remedy) == ("ONE", "TWO")
    assert refusal.conflicts == (Conflict("code", "THREE", {"a": 1}, "FOUR"),)


def test_a_page_tells_a_refusal_in_german_and_the_api_in_english(api: Api) -> None:
    appointment = full_day(api.clinic, api.clock.now).appointments[5]
    browser = Browser(api)
    browser.remember(language="de")
    browser.post(f"/appointments/{appointment}/arrive", seen="99")
    page = browser.get("/day").text
    assert "Das hat sich geändert, seit Sie es sahen: Termin." in page
    assert "has changed since" not in page
    told_to_programs = api.post(f"/appointments/{appointment}/actions", {"action": "arrive"}, seen=99).json
    assert told_to_programs["detail"] == "The appointment has changed since you looked."


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ({"type": "missing", "loc": ("name",)}, "Das ist nötig."),
        ({"type": "date_from_datetime_parsing", "loc": ("on",)}, "Geben Sie einen Tag wie 2026-03-05 an."),
        ({"type": "time_parsing", "loc": ("at",)}, "Geben Sie eine Zeit wie 09:30 an."),
        ({"type": "int_parsing", "loc": ("days",)}, "Geben Sie eine passende Zahl an."),
        ({"type": "string_too_long", "loc": ("note",)}, "Das ist zu lang."),
        ({"type": "string_too_short", "loc": ("note",)}, "Das ist zu kurz."),
        ({"type": "enum", "loc": ("kind",)}, "Wählen Sie etwas aus dem Angebot."),
        ({"type": "value_error", "msg": "Value error, must not be empty"}, "darf nicht leer sein"),
    ],
)
def test_what_is_wrong_with_a_field_is_said_in_german(api: Api, error: Any, said: str) -> None:
    with api.app.test_request_context():
        session["language"] = "de"
        assert fault_words(error) == said


def test_every_spelling_that_is_asked_for_has_its_german() -> None:
    german = words_of(Language.GERMAN)
    assert [one.words for one in (EMAIL, PHONE) if german.translated(one.words) == one.words] == []


def test_a_hold_is_named_in_german_to_a_practitioner(api: Api) -> None:
    held = full_day(api.clinic, api.clock.now).held
    browser = Browser(api, Role.PRACTITIONER)
    english = browser.get(f"/day?open={held}").text
    browser.remember(language="de")
    german = browser.get(f"/day?open={held}").text
    labels = [one.label for one in load_catalogue().contraindications.values() if f" {one.label}</span>" in english]
    assert len(labels) == 1
    assert f" {labels[0]}</span>" not in german
    assert f" {words_of(Language.GERMAN).translated(labels[0])}</span>" in german
