"""README: every picture that it shows is there, drawn by the command, and small."""

import re
from pathlib import Path

from tests.support.readme_pictures import FOLDER, PICTURES

ROOT = Path(__file__).parents[1]
LARGEST = 150_000


def test_readme_shows_just_the_pictures_that_the_command_draws() -> None:
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", (ROOT / "README.md").read_text())
    drawn = [str(FOLDER.relative_to(ROOT) / f"{name}.png") for name in PICTURES]
    assert sorted(shown) == sorted(drawn)
    missing = [name for name in shown if not (ROOT / name).is_file()]
    assert missing == [], "draw them with: make readme-screenshots"


def test_the_pictures_are_small() -> None:
    assert [path.name for path in FOLDER.iterdir() if path.stat().st_size >= LARGEST] == []
