"""The words of both languages: nothing is missing, left over, unsure or broken, and all of it is used somewhere."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import scheduler.messages
from scheduler.catalogue import load_catalogue
from scheduler.domain.contact import Language
from scheduler.messages.words import FILES, words_file, words_of

CODE = Path(scheduler.messages.__file__).parent
KEYWORDS = {"say": None, "counted": (1, 2)}
TRANSLATED = [language for language in Language if language is not Language.ENGLISH]
PLACEHOLDER = re.compile(r"%(?:\(\w+\)[sd]|.?)")

Ids = tuple[str, ...]


def said_in(folder: Path) -> set[Ids]:
    """Every sentence of the code: one string, or the one for one thing and the one for many."""
    found = extract_from_dir(folder, method_map=[("**.py", "python")], keywords=KEYWORDS)
    return {as_ids(message) for _, _, message, _, _ in found}


def as_ids(message: str | list[str] | Ids) -> Ids:
    return (message,) if isinstance(message, str) else tuple(message)


def entries(language: Language, name: str) -> Catalog:
    with words_file(language, name).open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def ids_in(catalogue: Catalog) -> set[Ids]:
    return {as_ids(message.id) for message in catalogue if message.id}


def catalogue_texts() -> set[Ids]:
    """What the catalogue says to patients and to whoever books for them."""
    shipped = load_catalogue()
    treatments = (*shipped.protocols.values(), *shipped.visit_types.values())
    advice = (*shipped.preparation.values(), *shipped.aftercare.values())
    labels = {
        (one.label,)
        for one in (*shipped.body_sites.values(), *shipped.addons.values(), *shipped.contraindications.values())
    }
    told = {(text,) for one in advice for text in (one.label, one.text)}
    return {(one.name,) for one in treatments} | told | labels


def faults_of(ids: Ids, strings: Ids) -> Iterator[str]:
    """What is wrong with one translation. The form for one thing may leave the number out."""
    if not all(strings) or len(strings) != len(ids):
        yield "a form is missing"
    for english, text in zip(ids, strings, strict=False):
        if placeholders(text) not in (placeholders(english), placeholders(ids[-1])):
            yield "other placeholders"


def placeholders(text: str) -> Ids:
    return tuple(sorted(PLACEHOLDER.findall(text)))


def test_there_are_sentences_of_both_kinds_to_look_at() -> None:
    assert {len(ids) for ids in said_in(CODE)} == {1, 2}


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_of_the_code_is_translated_and_none_is_left_over(language: Language) -> None:
    assert said_in(CODE) ^ ids_in(entries(language, "messages")) == set()


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_of_the_catalogue_is_translated_and_none_is_left_over(language: Language) -> None:
    assert catalogue_texts() ^ ids_in(entries(language, "catalogue")) == set()


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("name", FILES)
def test_every_translation_is_complete_and_sure(language: Language, name: str) -> None:
    catalogue = entries(language, name)
    unsure = [message.id for message in catalogue if message.id and message.fuzzy]
    wrong = [
        (message.id, fault)
        for message in catalogue
        if message.id
        for fault in faults_of(as_ids(message.id), as_ids(message.string))
    ]
    assert (unsure, wrong, catalogue.num_plurals, dict(catalogue.obsolete)) == ([], [], 2, {})


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("name", FILES)
def test_each_sentence_stands_in_its_file_once(language: Language, name: str) -> None:
    ids = re.findall(r'^msgid "(.+)"$', words_file(language, name).read_text(), re.MULTILINE)
    assert sorted(ids) == sorted(set(ids))
    assert len(ids) == len(ids_in(entries(language, name)))


@pytest.mark.parametrize("language", Language)
def test_every_sentence_can_be_said_with_what_it_names(language: Language) -> None:
    words = words_of(language)
    for ids in said_in(CODE):
        values = dict.fromkeys(re.findall(r"%\((\w+)\)", " ".join(ids)), 7)
        numbers = (1, 2, 0) if len(ids) == 2 else ()
        said = [words.counted(*ids, number, **values) for number in numbers] or [words.say(ids[0], **values)]
        assert [text for text in said if not text or "%" in text] == []


@pytest.mark.parametrize(
    ("ids", "strings", "fault"),
    [
        (("Hello,",), ("",), "a form is missing"),
        (("one", "%(number)d"), ("eins",), "a form is missing"),
        (("on %(day)s",), ("am %(tag)s",), "other placeholders"),
        (("on %(day)s",), ("am",), "other placeholders"),
        (("half",), ("50 % davon",), "other placeholders"),
        (("one", "%(number)d"), ("eins", "viele"), "other placeholders"),
    ],
)
def test_a_bad_translation_is_found_out(ids: Ids, strings: Ids, fault: str) -> None:
    assert fault in list(faults_of(ids, strings))


def test_a_sentence_that_nobody_translated_is_found_out(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text('words.say("Brand new %(day)s", day=1)\nwords.counted("one", "many", 2)\n')
    assert said_in(tmp_path) - said_in(CODE) == {("Brand new %(day)s",), ("one", "many")}


def test_german_and_english_say_it_differently() -> None:
    said = [
        words_of(language).counted("This appointment has moved:", "These %(number)d appointments have moved:", 3)
        for language in Language
    ]
    assert said == ["These 3 appointments have moved:", "Diese 3 Termine sind verlegt:"]


def test_what_a_clinic_wrote_itself_stays_as_it_is() -> None:
    words = words_of(Language.GERMAN)
    assert [words.translated(text) for text in ("Leave make-up off.", "Bring 50 % of it.", "")] == [
        "Verzichten Sie auf Make-up.",
        "Bring 50 % of it.",
        "",
    ]
