"""The texts of rules: every sentence of refusals, conflicts, reasons and phrases, found in the code by its syntax."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import scheduler
from scheduler.domain.refusals import Refusal

CODE = Path(scheduler.__file__).parent
FOLDERS = ("domain", "calendars", "operations", "storage", "web/pages")
"""Where people meet what is refused; the command line and the API speak English."""
COMMAND_LINE = (
    "operations/imports/importing",
    "operations/imports/known",
    "operations/imports/series_lines",
    "operations/naming",
    "storage/backups",
)
PLACES = {
    "Conflict": (1, 3),
    "Why": (1,),
    "Edge": (1,),
    "Blocked": (3,),
    "_Relaxed": (1,),
    "without": (1,),
    "Phrase": (0,),
}
"""Which arguments are texts; of every refusal it is the first."""
NAMES = frozenset({"detail", "remedy"})
REASONS = frozenset({"NOT_SET_UP", "NO_ADDRESS"})
"""Why somebody is called instead of written to."""


def rule_texts() -> dict[str, str]:
    """Every text, with one file that says it."""
    return {text: name for name, text in (found for path in _sources() for found in texts_in(path))}


def spliced() -> list[str]:
    """Where a text is put together from pieces, so that nobody can translate it: nowhere."""
    return [
        f"{path.relative_to(CODE)}:{node.lineno}"
        for path in _sources()
        for node in _text_nodes(ast.parse(path.read_text()))
        if isinstance(node, ast.JoinedStr) and _words(node)
    ]


def texts_in(path: Path) -> Iterator[tuple[str, str]]:
    """The texts of one file."""
    for node in _text_nodes(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
            yield path.name, node.value


def _sources() -> Iterator[Path]:
    for folder in FOLDERS:
        for path in sorted((CODE / folder).rglob("*.py")):
            if not path.relative_to(CODE).as_posix().startswith(COMMAND_LINE):
                yield path


def _text_nodes(tree: ast.AST) -> Iterator[ast.expr]:
    """What stands where a text belongs, and whatever is assigned to a name that stands there."""
    nodes = list(ast.walk(tree))
    calls = (part for node in nodes if isinstance(node, ast.Call) for part in _of_call(node))
    found = [leaf for part in calls for leaf in _leaves(part)]
    names = {leaf.id for leaf in found if isinstance(leaf, ast.Name)} | NAMES | REASONS
    given = (node.value for node in nodes if isinstance(node, ast.Assign) and not names.isdisjoint(_targets(node)))
    yield from (*found, *(leaf for value in given for leaf in _leaves(value)))


def _targets(node: ast.Assign) -> Iterator[str]:
    return (one.id for target in node.targets for one in ast.walk(target) if isinstance(one, ast.Name))


def _of_call(call: ast.Call) -> Iterator[ast.expr]:
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    if name not in PLACES and name not in refusals():
        return
    places = PLACES.get(name, (0,))
    yield from (part for place, part in enumerate(call.args) if place in places)
    yield from (word.value for word in call.keywords if word.arg in NAMES and name != "Phrase")


def _leaves(node: ast.expr) -> Iterator[ast.expr]:
    """What a text may be: each side of a choice, and each part of several."""
    parts: list[ast.expr] = []
    match node:
        case ast.IfExp():
            parts = [node.body, node.orelse]
        case ast.Tuple():
            parts = node.elts
        case ast.Dict() | ast.BoolOp():
            parts = node.values
        case _:
            yield node
    yield from (leaf for part in parts for leaf in _leaves(part))


def _words(node: ast.JoinedStr) -> bool:
    """Whether there is more in it than values and signs."""
    return any(isinstance(part, ast.Constant) and any(map(str.isalpha, str(part.value))) for part in node.values)


@cache
def refusals() -> frozenset[str]:
    """The names of all classes of refusals, found by their bases, whether or not anybody has imported them."""
    nodes = (node for path in sorted(CODE.rglob("*.py")) for node in ast.walk(ast.parse(path.read_text())))
    bases = {node.name: {ast.unparse(base) for base in node.bases} for node in nodes if isinstance(node, ast.ClassDef)}
    known = {Refusal.__name__}
    while more := {name for name, above in bases.items() if name not in known and above & known}:
        known |= more
    return frozenset(known)
