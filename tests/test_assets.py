"""The parts of the pages that come from npm, and how they are placed."""

import json
import re
from pathlib import Path

import pytest

from assets.placing import SCRIPTS, icon_names, place, sprite
from config import Settings
from scheduler import create_app
from scheduler.web.assets import BUNDLES, asset, bundle

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
    assert f".woff2?v={version}" in (ROOT / "scheduler/templates/base.html").read_text()
    assert urls == [f"/static/vendor/{name}.woff2?v={version}" for name in ("latin-ext", "latin")]


def test_the_stylesheets_and_the_staff_s_scripts_are_one_file_each_that_may_be_kept() -> None:
    app = create_app(Settings(environment="test", log_level="ERROR"))
    client = app.test_client()
    with app.test_request_context():
        addresses = [bundle(name) for name in BUNDLES]
    answers = [client.get(address) for address in addresses]
    assert [answer.headers["Cache-Control"] for answer in answers] == ["public, max-age=31536000, immutable"] * 2
    assert answers[0].text.startswith("/* Interval: one stylesheet")
    assert "htmx" in answers[1].text
    assert answers[1].text.index("htmx") < answers[1].text.index("Keys, tags for polling")
    assert "reference" not in answers[0].text
    again = client.get("/bundles/pages.css", headers={"If-None-Match": answers[0].headers["ETag"]})
    assert (again.status_code, again.headers["Cache-Control"]) == (304, "no-cache")


@pytest.mark.parametrize("path", ["/bundles/none.css", "/bundles/reference.css", "/bundles/..%2fapp.css"])
def test_there_is_no_other_bundle(path: str) -> None:
    assert create_app(Settings(environment="test", log_level="ERROR")).test_client().get(path).status_code == 404


def test_an_asset_changes_its_address_with_its_content(tmp_path: Path) -> None:
    app = create_app(Settings(environment="test", log_level="ERROR"))
    app.static_folder = str(tmp_path)
    app.static_url_path = "/static"
    with app.test_request_context():
        assert asset("a.css") == "/static/a.css"
        (tmp_path / "a.css").write_text("one")
        first = asset("a.css")
        (tmp_path / "a.css").write_text("two")
        assert (first != asset("a.css"), re.fullmatch(r"/static/a\.css\?v=[0-9a-f]{10}", first) is not None) == (
            True,
            True,
        )
