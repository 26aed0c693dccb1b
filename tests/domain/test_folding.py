"""Names are found without accents, case and marks."""

import pytest

from scheduler.domain.folding import search_text, words_of


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Zoë Ångström", ("zoe", "angstrom")),
        ("ŁUKASZ Żółć", ("lukasz", "zolc")),
        ("O’Brien", ("obrien",)),
        ("o'brien", ("obrien",)),
        ("Müller-Lüdenscheidt", ("muller", "ludenscheidt")),
        ("Straße STRAẞE strasse", ("strasse", "strasse", "strasse")),
        ("Søren Ǿrsted", ("soren", "orsted")),
        ("Đặng Thị", ("dang", "thi")),
        ("Þórður Guðrún", ("thordur", "gudrun")),
        ("Æsa Cœur", ("aesa", "coeur")),
        ("İbrahim Işık", ("ibrahim", "isik")),
        ("Ħal Ŧara", ("hal", "tara")),
        ("山田 太郎", ("山田", "太郎")),
        ("ＪＯＨＮ", ("john",)),
        ("\u202bמשה\u202c כהן", ("משה", "כהן")),
        ("Ayşe, Dr. (née Öz)", ("ayse", "dr", "nee", "oz")),
        ("John 3rd_x", ("john", "3rd", "x")),
        ("Mül\u00adler A\u20ddnna", ("muller", "anna")),
        ("  ", ()),
        ("%_\\", ()),
    ],
)
def test_a_name_is_folded_into_words(name: str, words: tuple[str, ...]) -> None:
    assert words_of(name) == words


def test_composed_and_decomposed_spellings_are_one() -> None:
    assert words_of("Ångström") == words_of("A\u030angstro\u0308m")


def test_vowel_signs_do_not_break_a_word() -> None:
    assert len(words_of("प्रिया शर्मा")) == 2


def test_every_word_in_the_search_text_begins_after_a_space() -> None:
    assert search_text("Zoë  Ångström") == " zoe angstrom"
