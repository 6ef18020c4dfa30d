"""`nandplan check` and `nandplan schema`."""

from __future__ import annotations

import contextlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from planner.errors import UnusableOutput

if TYPE_CHECKING:
    from planner.checking import Report

NO, UNUSABLE = 1, 2


@dataclass(frozen=True, slots=True)
class Question:
    """The options of `check` as they were given."""

    config: Path | None
    as_json: bool
    sarif: Path | None
    hints: bool


def run(ask: Question) -> int:
    """Prints what is wrong with a config; 1 if there are errors, 2 if it cannot be read. UnusableOutput."""
    from planner.checking import check  # noqa: PLC0415
    from planner.checking.catalogue import ERROR  # noqa: PLC0415
    from planner.checking.telling import told  # noqa: PLC0415

    report = check(ask.config)
    if ask.sarif is not None:
        _write_sarif(ask.sarif, ask.config, report)
    if ask.as_json:
        print(json.dumps({"findings": [finding.to_json() for finding in report.findings]}, indent=2))
    else:
        for line in told(report, hints=ask.hints):
            print(line.encode("utf-8", "backslashreplace").decode("utf-8"))
    return UNUSABLE if report.unreadable else NO if report.count(ERROR) else 0


def _write_sarif(out: Path, config: Path | None, report: Report) -> None:
    from model.config import shipped_path  # noqa: PLC0415
    from planner.checking.sarif import sarif  # noqa: PLC0415

    lines: list[str] = []
    if not report.unreadable:
        source = config if config is not None else shipped_path()
        lines = source.read_text(encoding="utf-8-sig", errors="replace").split("\n")
    text = json.dumps(sarif(report, lines), indent=2) + "\n"
    aside = out.with_name(out.name + ".part")
    try:
        aside.write_text(text, encoding="utf-8")
        aside.replace(out)
    except OSError as error:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)
        raise UnusableOutput(out, error) from None


def catalogue() -> int:
    """Prints the page of all findings."""
    from planner.checking.telling import page  # noqa: PLC0415

    sys.stdout.write(page())
    return 0


def schema(*, scenario: bool = False) -> int:
    """Prints the JSON Schema of a config, or of a scenario."""
    if scenario:
        from planner.scenario.schema import json_schema as made  # noqa: PLC0415
    else:
        from model.config.schema import config_schema as made  # noqa: PLC0415

    print(json.dumps(made(), indent=2))
    return 0
