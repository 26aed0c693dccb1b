"""Copies what the pages need out of `node_modules`: fonts, scripts, the icons that are used, and every licence."""

import re
import shutil
from collections.abc import Iterable
from pathlib import Path

FONT = "@fontsource-variable/source-sans-3"
FONTS = ("latin", "latin-ext")
SCRIPTS = {"htmx.org": "dist/htmx.min.js", "idiomorph": "dist/idiomorph-ext.min.js"}
ICONS = "lucide-static"
ICON_NAMES = Path(__file__).with_name("icons.txt")
ICON = re.compile(r'<svg.*?viewBox="(?P<box>[^"]+)".*?>(?P<shapes>.*)</svg>', re.DOTALL)


def place(packages: Path, into: Path) -> None:
    """Write the folder anew, so that nothing older stays in it. Raises ``FileNotFoundError`` for a missing part."""
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True)
    for name in FONTS:
        shutil.copy(packages / FONT / "files" / f"source-sans-3-{name}-wght-normal.woff2", into / f"{name}.woff2")
    (into / "htmx.js").write_text(";\n".join((packages / name / at).read_text() for name, at in SCRIPTS.items()))
    (into / "icons.svg").write_text(sprite(packages / ICONS / "icons", icon_names()))
    (into / "NOTICES.txt").write_text(notices(packages, (FONT, *SCRIPTS, ICONS)))


def icon_names() -> tuple[str, ...]:
    """The icons that the pages use, one a line in `icons.txt`."""
    return tuple(ICON_NAMES.read_text().split())


def sprite(folder: Path, names: Iterable[str]) -> str:
    """One drawing with a symbol for each icon. Colour and stroke are the page's."""
    symbols = "\n".join(_symbol(name, (folder / f"{name}.svg").read_text()) for name in names)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'


def _symbol(name: str, drawing: str) -> str:
    found = ICON.search(drawing)
    if found is None:
        raise ValueError(f"{name} is not drawn as expected")
    shapes = " ".join(found["shapes"].split())
    return f'<symbol id="{name}" viewBox="{found["box"]}">{shapes}</symbol>'


def notices(packages: Path, names: Iterable[str]) -> str:
    """Who made each part, and its licence in full."""
    return "\n\n".join(f"{name}\n{'=' * len(name)}\n\n{(packages / name / 'LICENSE').read_text()}" for name in names)
