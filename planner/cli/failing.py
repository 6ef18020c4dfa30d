"""From exceptions to one message on stderr and an exit code."""

from __future__ import annotations

import logging
import sys
import traceback

import typer

from planner.cli.common import SAID, Interrupted
from planner.errors import JudgeRefused, UnusableInput, UnusableOutput

NO, UNUSABLE, OURS, INTERRUPTED = 1, 2, 3, 130

log = logging.getLogger("nandplan")


def tell(error: BaseException) -> int:
    """Says what went wrong, and gives the exit code. A trace is shown or logged only for what is our own error."""
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else OURS
    if isinstance(error, typer.Exit):
        return int(error.exit_code)
    if isinstance(error, KeyboardInterrupt | typer.Abort | Interrupted):
        return say(f"interrupted: {error}" if str(error) else "interrupted", INTERRUPTED)
    if isinstance(error, JudgeRefused):
        again = f"config {error.digest}, seed {error.seed}, run {error.run}, window {error.window}"
        return say(f"error of ours: {error} (to see it again: {again})", OURS)
    message = unusable(error)
    if message is not None:
        return say(message, UNUSABLE)
    log.debug("%s", "".join(traceback.format_exception(error)))
    what = str(error) or "no message"
    return say(f"error of ours: {type(error).__name__}: {what} (--verbose or --log-file shows the trace)", OURS)


def unusable(error: BaseException) -> str | None:
    """The message of an error that lies in what was given to us; None for any other."""
    if any(kind.__name__ == "ClickException" for kind in type(error).__mro__):
        return str(error.format_message())  # type: ignore[attr-defined]
    if isinstance(error, UnusableInput | UnusableOutput | OSError):
        return str(error)
    if type(error).__name__ in ("ConfigError", "UnusableInput"):
        return str(error)
    return None


def say(message: str, code: int) -> int:
    """One message on stderr."""
    log.info("%s", message, extra={SAID: True})
    print(f"nandplan: {message}", file=sys.stderr, flush=True)
    return code
