"""Folding: no line too long, nothing torn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Event, vText

from scheduler.calendars.content_lines import fold, plain_text, to_bytes
from tests.support.ics_bytes import byte_faults, split_escapes

TEXT = st.text(st.sampled_from('aé字👩\u200d\\;,\n"^ :') | st.characters(exclude_categories=["Cs"]), max_size=400)


def summary_of(text: str) -> bytes:
    event = Event()
    event.add("SUMMARY", vText(plain_text(text)))
    return to_bytes(event)


@given(TEXT)
def test_any_text_is_folded_without_a_fault(text: str) -> None:
    assert list(byte_faults(summary_of(text))) == []


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=400))
def test_unfolding_gives_the_line_back(line: str) -> None:
    assert fold(line).replace("\r\n ", "") == line


@pytest.mark.parametrize("length", range(60, 90))
@pytest.mark.parametrize("escape", ["\\\\", "\\n", "\\;", "\\,"])
def test_an_escape_stays_on_one_line_wherever_it_falls(length: int, escape: str) -> None:
    lines = fold("x" * length + escape * 3 + "n").encode().split(b"\r\n")
    assert list(split_escapes(lines)) == []
    assert max(map(len, lines)) <= 75


def test_a_line_of_75_octets_is_left_alone_and_one_of_76_is_folded() -> None:
    assert fold("x" * 75) == "x" * 75
    assert fold("x" * 76) == "x" * 75 + "\r\n x"


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_every_kind_of_line_end_becomes_a_newline(end: str) -> None:
    assert plain_text(f"one{end}two") == "one\ntwo"


def test_control_characters_and_lone_surrogates_go() -> None:
    assert plain_text("a\x00b\x1bc\x7fd\x9fe\ud800f\tg") == "abcdef\tg"
