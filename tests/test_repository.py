"""What the files at the top promise."""

import re
from pathlib import Path

import pytest

from config import Settings

ROOT = Path(__file__).parent.parent


def test_the_readme_opens_with_the_two_commands() -> None:
    lines = (ROOT / "README.md").read_text().splitlines()
    assert [line.split("#")[0].strip() for line in lines[2:4]] == ["make run", "make test"]


def test_the_readme_lists_every_setting() -> None:
    told = re.findall(r"`([A-Z_]+)`", "".join(re.findall(r"^\|([^|]+)\|", (ROOT / "README.md").read_text(), re.M)))
    assert sorted(set(told) - {"HOST", "WEB_CONCURRENCY"}) == sorted(name.upper() for name in Settings.model_fields)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_with_hashes_and_names_no_address(name: str) -> None:
    text = (ROOT / name).read_text()
    entries = [entry for entry in re.split(r"\n(?! )", text.strip()) if not entry.startswith("#")]
    loose = [entry for entry in entries if not re.match(r"[a-z0-9._\[\]-]+==\S+.*\\\n +--hash=sha256:", entry)]
    assert (loose, "://" in text) == ([], False)


def test_the_lock_of_what_pages_need_names_no_address() -> None:
    assert "://" not in (ROOT / "package-lock.json").read_text()


def test_what_runs_is_pinned_alike_in_both_lists() -> None:
    pins = [set(re.findall(r"^\S+==\S+", (ROOT / f"requirements{end}.txt").read_text(), re.M)) for end in ("", "-dev")]
    assert pins[0] - pins[1] == set()


def test_make_help_names_every_command() -> None:
    makefile = (ROOT / "Makefile").read_text()
    (phony,) = re.findall(r"^\.PHONY: (.+)$", makefile, re.M)
    assert re.findall(r"^([a-z-]+):.*##", makefile, re.M) == phony.split()
