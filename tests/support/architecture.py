"""Reads the code and names every place that breaks the shape of the project.

Floors: `domain` < `catalogue, calendars, messages` < `storage` < `operations` < `demo` <
`web, worker, cli`. A part imports itself and lower floors only; parts on one floor do not know each other.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

FLOORS = (
    ("domain",),
    ("catalogue", "calendars", "messages"),
    ("storage",),
    ("operations",),
    ("demo",),
    ("web", "worker", "cli"),
)
FLOOR_OF = {part: floor for floor, parts in enumerate(FLOORS) for part in parts}
TOP = FLOOR_OF["web"]
MAY_READ_SETTINGS = ("wsgi.py", "scheduler/__init__.py")
CLOCKS = {"datetime", "date"}
CLOCK_NAMES = {"now", "today", "utcnow"}
IMPURE = {"time", "os", "io", "pathlib", "socket", "sqlite3", "subprocess", "threading", "asyncio", "random", "secrets"}
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "misc"}
LONGEST_FILE = 300
LONGEST_MEDIAN_FUNCTION = 10
CODE_FOLDERS = ("scheduler", "tests", "migrations", "bench")

Found = Iterator[str]


def arrows_that_run_up(root: Path) -> Found:
    """Imports of a part on the same floor or above, and parts that stand on no floor."""
    for path in _files(root, "scheduler"):
        part = _part(root, path)
        if part and part not in FLOOR_OF:
            yield f"{_name(root, path)}: {part} stands on no floor"
        for line, target in _imports(root, path) if part in FLOOR_OF else ():
            if target.split(".")[0] == "scheduler" and not _is_below(part, target):
                yield f"{_name(root, path)}:{line}: {part} must not import {target}"


def imports_of_settings(root: Path) -> Found:
    """Imports of `config` anywhere but in the two places that put the service together."""
    for path in (*_files(root, "scheduler"), *_files(root, "migrations"), *root.glob("*.py")):
        for line, target in _imports(root, path):
            if target.split(".")[0] == "config" and _name(root, path) not in MAY_READ_SETTINGS:
                yield f"{_name(root, path)}:{line}: only wsgi.py and create_app read config.py"


def impure_domain(root: Path) -> Found:
    """What the domain imports beyond itself and the standard library's pure part."""
    for path in _files(root, "scheduler/domain"):
        for line, target in _imports(root, path):
            first = target.split(".")[0]
            pure = first in sys.stdlib_module_names and first not in IMPURE
            if not pure and first != "scheduler":
                yield f"{_name(root, path)}:{line}: the domain must not import {target}"


def clock_reads(root: Path) -> Found:
    """Reads of a clock below the top floor, where time is a parameter."""
    for path in _files(root, "scheduler"):
        if FLOOR_OF.get(_part(root, path), TOP) == TOP:
            continue
        for line, name in sorted({found for node in ast.walk(_tree(path)) for found in _clock_read(node)}):
            yield f"{_name(root, path)}:{line}: .{name} reads a clock"


def long_files(root: Path) -> Found:
    """Files of code with too many lines."""
    for path in _all_code(root):
        lines = len(path.read_text().splitlines())
        if lines > LONGEST_FILE:
            yield f"{_name(root, path)}: {lines} lines, more than {LONGEST_FILE}"


def vague_names(root: Path) -> Found:
    """Files and folders named for being useful and not for what is in them."""
    for path in _all_code(root):
        if VAGUE_NAMES & {path.stem, *path.relative_to(root).parts}:
            yield f"{_name(root, path)}: split by noun, not into {path.stem}"


def median_function(root: Path) -> float:
    """The median length of a function in the product, in lines from `def` to the end."""
    return median(_function_lengths(root))


def _function_lengths(root: Path) -> Iterator[int]:
    for path in _files(root, "scheduler"):
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.FunctionDef) and node.end_lineno:
                yield node.end_lineno - node.lineno + 1


def _is_below(part: str, target: str) -> bool:
    aimed_at = (*target.split("."), "")[1]
    return aimed_at == part or FLOOR_OF.get(aimed_at, TOP) < FLOOR_OF[part]


def _clock_read(node: ast.AST) -> Iterator[tuple[int, str]]:
    """`date.today`, called or handed on, and any call of such a name; `around.today` is a time that was handed in."""
    called = node.func if isinstance(node, ast.Call) else None
    named = node if isinstance(node, ast.Attribute) and ast.unparse(node.value).split(".")[-1] in CLOCKS else None
    for read in (called, named):
        if isinstance(read, ast.Attribute) and read.attr in CLOCK_NAMES:
            yield read.lineno, read.attr


def _part(root: Path, path: Path) -> str:
    """The part of the product that a file belongs to; empty for the product's front door."""
    parts = path.relative_to(root / "scheduler").with_suffix("").parts
    return "" if parts == ("__init__",) else parts[0]


def _imports(root: Path, path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, target) for target in _targets(root, path, node))


def _targets(root: Path, path: Path, node: ast.ImportFrom) -> list[str]:
    """What a `from` line imports, in full; `from scheduler import web` means `scheduler.web`."""
    package = path.relative_to(root).parent.parts
    here = package[: len(package) - node.level + 1] if node.level else ()
    module = ".".join((*here, *([node.module] if node.module else [])))
    return [f"{module}.{alias.name}" for alias in node.names] if module == "scheduler" or node.level else [module]


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def _all_code(root: Path) -> Iterator[Path]:
    yield from root.glob("*.py")
    for folder in CODE_FOLDERS:
        yield from _files(root, folder)


def _files(root: Path, folder: str) -> list[Path]:
    return sorted((root / folder).rglob("*.py"))


def _name(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()
