"""Judges a run of mutmut: `python -m tests.support.mutation_score FILE`, where FILE is what it exported."""

import json
import sys
from pathlib import Path

BAR = 0.9
NOTICED = ("killed", "timeout", "segfault")


def score(counts: dict[str, int]) -> float:
    """The share of mutants that a test noticed; one that no test reaches was not noticed."""
    return sum(counts[how] for how in NOTICED) / (counts["total"] - counts["skipped"])


def verdict(counts: dict[str, int]) -> str:
    """One line for people."""
    left = f"{counts['survived']} survived, {counts['no_tests']} met no test"
    return f"{score(counts):.1%} of {counts['total']} mutants killed; {left}; the bar is {BAR:.0%}"


def main() -> None:
    """Print the verdict; fail below the bar."""
    counts = json.loads(Path(sys.argv[1]).read_text())
    sys.stdout.write(f"{verdict(counts)}\n")
    sys.exit(score(counts) < BAR)


if __name__ == "__main__":
    main()
