"""A skipped test is said loudly, and fails the run with INTERVAL_FORBID_SKIPS=1."""

import os

import pytest


def skip_reasons(config: pytest.Config) -> list[str]:
    """One line for each test that was skipped in this run."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    reports = reporter.stats.get("skipped", []) if reporter else []
    return [f"{report.nodeid}: {_reason(report)}" for report in reports]


def skips_are_forbidden() -> bool:
    """Whether a skip fails the run."""
    return os.environ.get("INTERVAL_FORBID_SKIPS") == "1"


def say_skips(terminal: pytest.TerminalReporter, reasons: list[str]) -> None:
    """Close the run with what it did not test."""
    verdict = "which this run forbids" if skips_are_forbidden() else "so this run proves less than it should"
    terminal.section(f"{len(reasons)} TESTS DID NOT RUN", sep="!", red=True, bold=True)
    terminal.line(f"{len(reasons)} tests were skipped, {verdict}:", red=True)
    for reason in reasons:
        terminal.line(f"  {reason}")


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    return report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
