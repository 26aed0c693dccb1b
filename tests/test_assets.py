"""The parts of the pages that come from npm, and how they are placed."""

import json
import re
from pathlib import Path

import pytest

from assets.placing import SCRIPTS, icon_names, place, sprite

ROOT = Path(__file__).parent.parent
PACKAGES = ROOT / "node_modules"
PLACED = ROOT / "scheduler" / "static" / "vendor"
USED = re.compile(r'icon\("([a-z0-9-]+)"')


def test_each_part_and_its_licence_is_placed(tmp_path: Path) -> None:
    place(PACKAGES, tmp_path / "vendor")
    placed = sorted(path.name for path in (tmp_path / "vendor").iterdir())
    assert placed == ["NOTICES.txt", "htmx.js", "icons.svg", "latin-ext.woff2", "latin.woff2"]
    notices = (tmp_path / "vendor" / "NOTICES.txt").read_text()
    licences = ("SIL OPEN FONT LICENSE", "Zero-Clause BSD", "ISC License", "The MIT License")
    assert [name for name in licences if name not in notices] == []


def test_what_is_placed_is_what_the_lock_file_pins(tmp_path: Path) -> None:
    place(PACKAGES, tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        path.name: path.read_bytes() for path in PLACED.iterdir()
    }


def test_every_icon_that_a_page_uses_is_in_the_sprite_and_no_other() -> None:
    sources = [*ROOT.glob("scheduler/templates/**/*.html"), *ROOT.glob("scheduler/web/pages/**/*.py")]
    text = "".join(path.read_text() for path in sources)
    assert set(USED.findall(text)) - set(icon_names()) == set()
    assert [name for name in icon_names() if f'"{name}"' not in text] == []


def test_an_icon_that_is_not_drawn_as_expected_is_refused(tmp_path: Path) -> None:
    (tmp_path / "odd.svg").write_text("<p>no drawing</p>")
    with pytest.raises(ValueError, match="odd is not drawn as expected"):
        sprite(tmp_path, ["odd"])


def test_no_lock_file_names_a_registry() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert [name for name, one in packages.items() if "resolved" in one] == []
    assert {*SCRIPTS, "lucide-static"} <= {name.removeprefix("node_modules/") for name in packages}


def test_the_fonts_of_the_stylesheet_are_named_by_their_version() -> None:
    version = json.loads((ROOT / "package.json").read_text())["dependencies"]["@fontsource-variable/source-sans-3"]
    urls = re.findall(r"url\((.+?)\)", (ROOT / "scheduler/static/app.css").read_text())
    assert urls == [f"vendor/{name}.woff2?v={version}" for name in ("latin-ext", "latin")]
