"""Whether the loose window knows all that is legal, and nothing else: how much was compared with the judge.

Two comparisons, each with the judge as the oracle:

- completeness: multisets of operations on tiny devices, those named in `tests/window/test_complete.py` and ones drawn
  by chance; every legal placement (order, plane, block, page, starts, victims), found by trying them all, is one
  solution of the window, and no other is;
- single sequences: windows from the middle of histories on small devices drawn by chance, as planned and disturbed;
  the window with all starts and addresses fixed and the judge give the same verdict.

Exit code 1 where they differ.

    python benchmarks/completeness.py --write benchmarks/results/completeness.md
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.window.exhaust import BruteForce, solutions  # noqa: E402
from tests.window.multisets import Multiset  # noqa: E402
from tests.window.test_complete import LONG, SHORT  # noqa: E402
from tests.window.test_complete_drawn import compare as placements_of  # noqa: E402
from tests.window.test_differential import compare as verdicts_of  # noqa: E402

BLOCKS = 20
PARTS = ("multisets", "drawn multisets", "single sequences")
PER_BLOCK = {"drawn": 25, "single": 100}
"""Multisets, and devices, of a block."""


@dataclass(slots=True)
class Part:
    """What one comparison came to. `asked`: multisets or devices, `compared`: those of them that were not too large."""

    asked: int = 0
    compared: int = 0
    placements: int = 0
    solutions: int = 0
    illegal: int = 0
    seconds: float = 0.0
    differing: list[str] = field(default_factory=list)


def named(part: Part, multisets: Sequence[Multiset]) -> Iterator[str]:
    """Compares multisets that were thought of; tells each."""
    for multiset in multisets:
        with tempfile.TemporaryDirectory() as folder:
            question = multiset.ask(Path(folder))
        legal = BruteForce(question).run()
        found, count = solutions(question)
        part.asked += 1
        part.compared += 1
        part.placements += len(legal)
        part.solutions += count
        if found != legal or count != len(legal):
            part.differing.append(multiset.name)
        yield multiset.name


def drawn(part: Part, blocks: range) -> Iterator[str]:
    """Compares multisets drawn by chance; tells each block."""
    for block in blocks:
        for i in range(PER_BLOCK["drawn"]):
            seed = f"long {block} {i}"
            part.asked += 1
            try:
                count = placements_of(seed)
            except AssertionError as error:
                part.differing.append(f"{seed}: {error}".splitlines()[0])
                continue
            part.compared += count > 0
            part.placements += count
            part.solutions += count
        yield f"block {block}"


def single(part: Part, blocks: range) -> Iterator[str]:
    """Compares verdicts on single sequences; tells each block."""
    with tempfile.TemporaryDirectory() as folder:
        for block in blocks:
            for i in range(PER_BLOCK["single"]):
                seed = f"long {block} {i}"
                part.asked += 1
                try:
                    legal, illegal = verdicts_of(seed, Path(folder))
                except AssertionError as error:
                    part.differing.append(f"{seed}: {error}".splitlines()[0])
                    continue
                part.compared += legal + illegal > 0
                part.placements += legal
                part.solutions += legal
                part.illegal += illegal
            yield f"block {block}"


def run(what: str, parts: dict[str, Part], blocks: range, write: Path | None) -> None:
    """Goes through a comparison and says how far it is; the report is written as far as it is, too."""
    part, began = parts.setdefault(what, Part()), time.perf_counter()
    steps = {
        "multisets": lambda: named(part, (*SHORT, *LONG)),
        "drawn multisets": lambda: drawn(part, blocks),
        "single sequences": lambda: single(part, blocks),
    }
    for told in steps[what]():
        part.seconds = time.perf_counter() - began
        different = f", DIFFERING: {part.differing}" if part.differing else ""
        print(
            f"{what}: {told}, {part.placements:,} so far, {part.seconds:.0f} s{different}", file=sys.stderr, flush=True
        )
        if write is not None:
            write.write_text(report(parts), encoding="utf-8")


def report(parts: dict[str, Part]) -> str:
    """The figures in Markdown."""
    head = ("compared", "asked", "compared whole", "legal", "solutions", "illegal", "differing", "seconds")
    lines = ["# The window and the judge", "", _row(*head), _row(*["---"] * len(head))]
    for what, part in parts.items():
        lines.append(
            _row(
                what, part.asked, part.compared, f"{part.placements:,}", f"{part.solutions:,}",
                f"{part.illegal:,}" if part.illegal else "", len(part.differing), f"{part.seconds:.0f}",
            )
        )  # fmt: skip
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lines += ["", f"Peak memory {peak:,.0f} MB.", ""]
    lines += [f"- {what}: {told}" for what, part in parts.items() for told in part.differing] or ["Nothing differs."]
    return "\n".join(lines) + "\n"


def _row(*cells: object) -> str:
    return "| " + " | ".join(map(str, cells)) + " |"


def main() -> None:
    """Compares, counts, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--blocks", type=int, default=BLOCKS, help=f"blocks of what is drawn (default {BLOCKS})")
    parser.add_argument("--first", type=int, default=0, help="the first block")
    parser.add_argument("--write", type=Path, default=None, help="write the figures to this Markdown file")
    parser.add_argument("--parts", default=",".join(PARTS), help=f"what to compare (default {','.join(PARTS)})")
    wish = parser.parse_args()
    parts: dict[str, Part] = {}
    for what in wish.parts.split(","):
        if what not in PARTS:
            parser.error(f"--parts: {what!r}: allowed: {', '.join(PARTS)}")
        run(what, parts, range(wish.first, wish.first + wish.blocks), wish.write)
    print(report(parts))
    if any(part.differing for part in parts.values()):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
