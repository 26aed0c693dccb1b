"""The names of deeds that the code writes to the audit trail, found by its syntax."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import scheduler
from scheduler.operations.booking.deciding import Choice
from scheduler.operations.messages.dead_letters import DeadLetterAction
from scheduler.storage.rows import KeepKind

CODE = Path(scheduler.__file__).parent
RECORD, ARGUMENT = (CODE / "operations/context.py", "record"), "action"
VALUES: dict[str, Iterable[str]] = {
    "kind.value": KeepKind,
    "decision.choose.value": Choice,
    "action.value": DeadLetterAction,
    "action": ("done", "decline"),
}
"""What the values in a name that is put together may be, by the code that stands there."""

Function = ast.FunctionDef


@cache
def recorded_names() -> frozenset[str]:
    """Every name of a deed. Raises ``ValueError`` for code whose names cannot be found."""
    (record,) = (one for one, path in _functions() if (path, one.name) == RECORD)
    return frozenset(_given_to(record, ARGUMENT))


@cache
def _functions() -> tuple[tuple[Function, Path], ...]:
    trees = ((ast.parse(path.read_text()), path) for path in sorted(CODE.rglob("*.py")))
    return tuple((node, path) for tree, path in trees for node in ast.walk(tree) if isinstance(node, Function))


def _given_to(function: Function, parameter: str) -> Iterator[str]:
    """What callers give for a parameter. Private functions are called in their own file."""
    (home,) = (path for one, path in _functions() if one is function)
    place = [one.arg for one in function.args.args].index(parameter)
    for caller, path in _functions():
        if function.name.startswith("_") and path != home:
            continue
        for call in ast.walk(caller):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == function.name:
                named = [word.value for word in call.keywords if word.arg == parameter]
                given = [*call.args[place : place + 1], *named]
                yield from (name for one in given for name in _names(one, caller))


def _names(code: ast.expr, function: Function) -> Iterator[str]:
    match code:
        case ast.Constant(value=str(name)):
            yield name
        case ast.IfExp():
            yield from (*_names(code.body, function), *_names(code.orelse, function))
        case ast.JoinedStr():
            yield from _put_together(code)
        case ast.Name():
            yield from _of_variable(code.id, function)
        case _:
            raise ValueError(f"{function.name}: {ast.unparse(code)}")


def _put_together(code: ast.JoinedStr) -> list[str]:
    made = [""]
    for part in code.values:
        more = (
            VALUES[ast.unparse(part.value)] if isinstance(part, ast.FormattedValue) else [str(ast.literal_eval(part))]
        )
        made = [f"{begun}{rest}" for begun in made for rest in more]
    return made


def _of_variable(name: str, function: Function) -> Iterator[str]:
    """What stands behind a name: assigned in the function, or given to it, or a constant somewhere in the code."""
    assigned = [value for node in ast.walk(function) for value in _assigned(node, name)]
    if assigned:
        yield from (found for value in assigned for found in _names(value, function))
    elif name in [one.arg for one in function.args.args]:
        yield from _given_to(function, name)
    else:
        yield _constant(name)


def _assigned(node: ast.AST, name: str) -> Iterator[ast.expr]:
    match node:
        case ast.Assign(targets=[ast.Name(id=found)], value=value) if found == name:
            yield value
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
            pairs = zip(targets, values, strict=True)
            yield from (value for target, value in pairs if isinstance(target, ast.Name) and target.id == name)


def _constant(name: str) -> str:
    trees = (ast.parse(path.read_text()) for path in sorted(CODE.rglob("*.py")))
    found = [value for tree in trees for node in tree.body for value in _assigned(node, name)]
    return str(ast.literal_eval(found[0]))
