"""`nandplan plan --parser-test`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from planner.cli.common import log, read_config, read_date, start_logging
from planner.errors import UnusableInput, UnusableOutput
from planner.progress import counted


def run(
    out: Path, config: Path | None, seed: int, date: str | None, others: Mapping[str, object], *,
    verbose: bool, log_file: Path | None,
) -> int:  # fmt: skip
    """Writes the sequence for parsers. `others`: options of a plan, none of which may be given (other than None)."""
    start_logging(verbose=verbose, log_file=log_file)
    given = [option for option, value in others.items() if value is not None]
    if given:
        raise UnusableInput(f"--parser-test with {given[0]}: allowed beside it: --out, --config, --seed, --date")
    day = read_date(date)
    settings = read_config(config)
    if out.exists() and not out.is_dir():
        raise UnusableOutput(out, "it is not a folder")

    from planner.export.parser_test import write_parser_test  # noqa: PLC0415

    path, rows = write_parser_test(settings, out, seed=seed, date=day)
    left = len(settings.names) - rows
    if left:
        log.warning("%s cannot be sent: this device names one plane at most", counted(left, "multi-plane op_name"))
    print(f"{counted(rows, 'op_name')}, each once, with random payloads of valid form: for parsers, not for a device")
    print("(no legal history: it would not pass `nandplan verify`)")
    print(f"  {path}")
    return 0
