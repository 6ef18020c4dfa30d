"""What can go wrong outside of a plan's own answer: the exceptions that the command line turns into exit codes."""

from __future__ import annotations

from pathlib import Path


class UnusableInput(Exception):  # noqa: N818
    """A file or value from outside cannot be used (exit code 2). Its text is the whole message."""


class SnapshotError(UnusableInput):
    """A snapshot cannot be used: missing, broken, or of another config or schema."""


class UnusableOutput(Exception):  # noqa: N818
    """Results cannot be written (exit code 2)."""

    def __init__(self, path: Path | str, error: OSError | str) -> None:
        reason = error if isinstance(error, str) else error.strerror or str(error)
        super().__init__(f"{path}: cannot be written: {reason}")
        self.path = Path(path)


class JudgeRefused(Exception):  # noqa: N818
    """The judge refuses a plan of ours (exit code 3); the text says what is needed to see it again."""

    def __init__(self, message: str, *, digest: str = "", seed: int = 0, run: int = 0, window: int = 0) -> None:
        super().__init__(message)
        self.digest = digest
        self.seed = seed
        self.run = run
        self.window = window
