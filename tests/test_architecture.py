"""The shape of the code: which part may import which, what the core may touch, how long things may be."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support import architecture

ROOT = Path(__file__).parent.parent
Rule = Callable[[Path], Iterator[str]]
RULES: tuple[Rule, ...] = (
    architecture.arrows_that_run_up,
    architecture.imports_of_settings,
    architecture.impure_domain,
    architecture.clock_reads,
    architecture.long_files,
    architecture.vague_names,
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_code_keeps_the_rule(rule: Rule) -> None:
    assert list(rule(ROOT)) == []


def test_the_median_function_is_short() -> None:
    assert architecture.median_function(ROOT) <= architecture.LONGEST_MEDIAN_FUNCTION


def planted(root: Path, name: str, code: str) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(code)
    return root


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("storage/a.py", "import scheduler.web.api", ":1: storage must not import scheduler.web.api"),
        (
            "storage/a.py",
            "from scheduler.operations.booking.booking import book",
            ":1: storage must not import scheduler.operations.booking.booking",
        ),
        ("storage/a.py", "from scheduler import operations", ":1: storage must not import scheduler.operations"),
        ("storage/a.py", "from ..web import api", ":1: storage must not import scheduler.web.api"),
        ("storage/rows/a.py", "from ...web import api", ":1: storage must not import scheduler.web.api"),
        ("storage/a.py", "from .. import web", ":1: storage must not import scheduler.web"),
        ("storage/a.py", "def late():\n    import scheduler.cli", ":2: storage must not import scheduler.cli"),
        ("storage/a.py", "from scheduler import create_app", ":1: storage must not import scheduler.create_app"),
        ("catalogue/a.py", "import scheduler.calendars", ":1: catalogue must not import scheduler.calendars"),
        ("web/a.py", "from scheduler.worker.outbox import drain", ":1: web must not import scheduler.worker.outbox"),
        ("domain/a.py", "import scheduler.catalogue", ":1: domain must not import scheduler.catalogue"),
        ("demo/a.py", "import scheduler.cli", ":1: demo must not import scheduler.cli"),
        ("operations/a.py", "import scheduler.demo.play", ":1: operations must not import scheduler.demo.play"),
        ("cli.py", "import scheduler.web", ":1: cli must not import scheduler.web"),
        ("billing/a.py", "", ": billing stands on no floor"),
    ],
)
def test_an_arrow_that_runs_up_or_sideways_is_found(tmp_path: Path, name: str, code: str, said: str) -> None:
    root = planted(tmp_path, f"scheduler/{name}", code)
    assert list(architecture.arrows_that_run_up(root)) == [f"scheduler/{name}{said}"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (
            "storage/a.py",
            "from scheduler.domain.series import Series\nfrom scheduler.storage.rows import Row\nimport sqlalchemy",
        ),
        ("storage/rows/a.py", "from . import patients\nfrom ..database import engine"),
        ("web/a.py", "from scheduler.operations import booking\nfrom scheduler.domain import refusals"),
        ("web/a.py", "from scheduler.demo.loading import load_demo"),
        ("__init__.py", "from scheduler.web import api\nfrom config import Settings"),
    ],
)
def test_an_arrow_that_runs_down_is_allowed(tmp_path: Path, name: str, code: str) -> None:
    root = planted(tmp_path, f"scheduler/{name}", code)
    assert [fault for rule in RULES for fault in rule(root)] == []


@pytest.mark.parametrize("name", ["scheduler/web/a.py", "migrations/env.py", "gunicorn.conf.py"])
def test_reading_the_settings_elsewhere_is_found(tmp_path: Path, name: str) -> None:
    root = planted(tmp_path, name, "from config import load_settings")
    assert list(architecture.imports_of_settings(root)) == [f"{name}:1: only wsgi.py and create_app read config.py"]


@pytest.mark.parametrize("module", ["sqlalchemy", "flask.json", "os", "time", "random", "pathlib"])
def test_an_impure_import_of_the_domain_is_found(tmp_path: Path, module: str) -> None:
    root = planted(tmp_path, "scheduler/domain/a.py", f"import datetime\nimport {module}")
    assert list(architecture.impure_domain(root)) == [f"scheduler/domain/a.py:2: the domain must not import {module}"]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("datetime.now(UTC)", "now"),
        ("datetime.datetime.utcnow()", "utcnow"),
        ("field(default_factory=date.today)", "today"),
        ("func.now()", "now"),
    ],
)
def test_a_clock_read_below_the_top_floor_is_found(tmp_path: Path, code: str, name: str) -> None:
    root = planted(tmp_path, "scheduler/operations/a.py", code)
    assert list(architecture.clock_reads(root)) == [f"scheduler/operations/a.py:1: .{name} reads a clock"]


def test_a_time_that_was_handed_in_is_no_clock_read(tmp_path: Path) -> None:
    root = planted(tmp_path, "scheduler/operations/a.py", "around.today\nmove(now=tx.now)")
    assert list(architecture.clock_reads(root)) == []


def test_the_top_floor_may_read_the_clock(tmp_path: Path) -> None:
    root = planted(tmp_path, "scheduler/web/a.py", "datetime.now(UTC)")
    assert list(architecture.clock_reads(root)) == []


def test_a_file_of_301_lines_is_found_and_one_of_300_is_not(tmp_path: Path) -> None:
    planted(tmp_path, "tests/fits.py", "x = 1\n" * 300)
    root = planted(tmp_path, "tests/long.py", "x = 1\n" * 301)
    assert list(architecture.long_files(root)) == ["tests/long.py: 301 lines, more than 300"]


@pytest.mark.parametrize("name", ["scheduler/web/utils.py", "scheduler/helpers/a.py", "tests/common.py"])
def test_a_vague_name_is_found(tmp_path: Path, name: str) -> None:
    (fault,) = architecture.vague_names(planted(tmp_path, name, ""))
    assert fault.startswith(f"{name}: split by noun")


def test_the_median_counts_lines_from_def_to_the_end(tmp_path: Path) -> None:
    planted(tmp_path, "scheduler/domain/a.py", "def a():\n    x = 1\n    y = 2\n    return x + y\n")
    root = planted(tmp_path, "scheduler/web/b.py", "class B:\n    def m(self):\n        return 1\n")
    assert architecture.median_function(root) == 3
