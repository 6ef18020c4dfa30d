"""Keeps what README.md and CONTRIBUTING.md show true.

    python -m docs.show            # rewrites every block between `<!-- shown: … -->` and `<!-- end -->`
    python -m docs.show --check    # only tells which pages are stale; exit code 1 if any is

A block names what is shown: `plan` (the run that README plans), `sequence ROWS` (the first rows of its sequence),
`run COMMAND` (what a command prints beside that run), `command COMMAND` (what it prints here), `file PATH` (a whole
file), `source PATH NAME` (a definition as it stands in the code), `line PATH TEXT` (the lines of a file that contain a
text) or `throughput` (the table of the latest measurement).
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = ("README.md", "CONTRIBUTING.md")
DATE = "250101"
PLAN = f"nandplan plan --out out --ops 2000 --seed 7 --date {DATE}"
MEASURED = ROOT / "benchmarks" / "results" / "throughput.md"

_BLOCK = re.compile(r"^(<!-- shown: ([^\n]+) -->\n).*?^(<!-- end -->)$", re.DOTALL | re.MULTILINE)
_RATE = re.compile(r", [\d,]+ operations per second")


@dataclass(frozen=True, slots=True)
class Shown:
    """A real run: its folder and what the command printed."""

    out: Path
    printed: str


def command(words: str, folder: Path) -> str:
    """What a command line prints on stdout, run in `folder`. RuntimeError: it gives no answer."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    args = [sys.executable, "-m", "planner.cli", *words.split()[1:]]
    done = subprocess.run(args, cwd=folder, env=env, capture_output=True, text=True, check=False)
    if done.returncode > 1:
        raise RuntimeError(f"{words}: {done.stderr}")
    return done.stdout


@contextmanager
def real_run() -> Iterator[Shown]:
    """Plans what the pages show, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        printed = command(f"{PLAN} --no-progress", Path(folder))
        yield Shown(Path(folder) / "out", printed)


def pages(run: Shown, root: Path = ROOT) -> dict[str, str]:
    """The pages as they should be."""
    return {name: renewed((root / name).read_text(encoding="utf-8"), run) for name in PAGES}


def renewed(text: str, run: Shown) -> str:
    """A page with all its blocks written anew. ValueError: a block asks for what is not there."""

    def anew(block: re.Match[str]) -> str:
        what, *rest = block[2].split(" ", 2)
        if what not in KINDS:
            raise ValueError(f"shown: {what}: allowed: {', '.join(KINDS)}")
        return f"{block[1]}{KINDS[what](run, *rest)}\n{block[3]}"

    return _BLOCK.sub(anew, text)


def _fenced(text: str, language: str = "text") -> str:
    return f"```{language}\n{text.rstrip()}\n```"


def _plan(run: Shown) -> str:
    return _fenced(f"$ {PLAN}\n{_RATE.sub(', … operations per second', run.printed)}")


def _sequence(run: Shown, rows: str) -> str:
    file = run.out / f"operation_sequence_{DATE}_0000001.csv"
    lines = file.read_text(encoding="utf-8").splitlines()[: int(rows) + 1]
    return _fenced("\n".join([f"$ head -n {int(rows) + 1} out/{file.name}", *lines]))


def _run(run: Shown, *words: str) -> str:
    return _answer(" ".join(words), run.out.parent)


def _command(run: Shown, *words: str) -> str:
    return _answer(" ".join(words), ROOT)


def _answer(line: str, folder: Path) -> str:
    printed = "\n".join(text.rstrip() for text in command(line, folder).splitlines())
    return _fenced(f"$ {line}\n{printed}")


def _file(run: Shown, path: str) -> str:
    text = (ROOT / path).read_text(encoding="utf-8")
    if path.endswith(".py"):
        return _fenced(f"# {path}\n{text}", "python")
    return _fenced(text, "yaml" if path.endswith(".yaml") else "text")


def _source(run: Shown, path: str, name: str) -> str:
    text = (ROOT / path).read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(text)):
        if _defines(node, name):
            assert isinstance(node, ast.stmt | ast.expr)
            first = min([node.lineno, *(mark.lineno for mark in getattr(node, "decorator_list", []))])
            lines = text.splitlines()[first - 1 : node.end_lineno]
            whole = lines if isinstance(node, ast.FunctionDef | ast.ClassDef) else _left(lines)
            return _fenced("\n".join([f"# {path}", *whole]), "python")
    raise ValueError(f"{path} defines no {name}")


def _defines(node: ast.AST, name: str) -> bool:
    """Whether a node is the function or class of that name, the assignment to it, or a `Rule("name", ...)`."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return node.name == name
    if isinstance(node, ast.Assign):
        return any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Rule":
        return bool(node.args) and isinstance(node.args[0], ast.Constant) and node.args[0].value == name
    return False


def _left(lines: list[str]) -> list[str]:
    """Lines moved to the left margin. A call begins in the middle of its first line, so the last one tells how far."""
    margin = len(lines[-1]) - len(lines[-1].lstrip())
    return [line[margin:] if line[:margin].strip() == "" else line for line in lines]


def _line(run: Shown, path: str, text: str) -> str:
    lines = [line.strip() for line in (ROOT / path).read_text(encoding="utf-8").splitlines() if text in line]
    if not lines:
        raise ValueError(f"{path} has no line with {text}")
    return _fenced("\n".join([f"# {path}", *lines]), "python")


def _throughput(run: Shown) -> str:
    if MEASURED.is_file():
        return MEASURED.read_text(encoding="utf-8").strip()
    return "*Not measured yet: `python benchmarks/throughput.py --write benchmarks/results/throughput.md`.*"


KINDS: dict[str, Callable[..., str]] = {
    "plan": _plan,
    "sequence": _sequence,
    "run": _run,
    "command": _command,
    "file": _file,
    "source": _source,
    "line": _line,
    "throughput": _throughput,
}


def main() -> int:
    """Rewrites the pages, or checks them."""
    parser = argparse.ArgumentParser(description="Keeps what the pages show true.")
    parser.add_argument("--check", action="store_true", help="change nothing; exit code 1 if a page is stale")
    check: bool = parser.parse_args().check
    stale = []
    with real_run() as run:
        for name, text in pages(run).items():
            if text != (ROOT / name).read_text(encoding="utf-8"):
                stale.append(name)
                if not check:
                    (ROOT / name).write_text(text, encoding="utf-8")
    for name in stale:
        print(f"{name}: {'stale' if check else 'rewritten'}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
