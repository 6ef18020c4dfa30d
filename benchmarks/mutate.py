"""How many single faults the judge catches, in sequences and in the files beside them.

Plans legal sequences, plants faults all over them (`tests/mutation/makers.py` lists how) and counts. Whether a fault
breaks a rule, and which, is known by the way in which it was made; where it is not, the window encoder of the planner
decides as an independent referee, with all starts and addresses fixed. Exit code 1 where less than 99% of the faults
that break a rule are caught by that rule.

    python benchmarks/mutate.py --seeds 1,2,3 --faults 1500 --write benchmarks/results/mutation.md
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
WINDOW = (
    "`window` in what is due stands for what the referee takes for granted (an operation needs a state of its planes"
    " to start in), which it says under no rule's name: there the judge's rules are those that the device's rules name."
)
sys.path.insert(0, str(ROOT))

from model.config import Config, load  # noqa: E402
from tests.mutation.campaign import WANTED_SHARE, Outcome, Tally, Trial, campaign  # noqa: E402
from tests.mutation.file_faults import FileTrial, file_campaign  # noqa: E402
from tests.mutation.history import History  # noqa: E402


def planned(out: Path, operations: int, seed: int) -> Path:
    """The folder of a planned run."""
    command = [sys.executable, "-m", "planner.cli", "plan", "--ops", str(operations), "--seed", str(seed)]
    command += ["--out", str(out), "--date", "000101", "--no-progress"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
    return out


def history(run: Path, config: Config) -> History:
    """The history of a run's sequence."""
    (file,) = run.glob("operation_sequence_*.csv")
    return History.read(file, config)


def by_kind(tally: Tally) -> Iterator[str]:
    """A row per kind of fault."""
    outcomes = list(Outcome)
    yield _row("fault", "planted", *outcomes)
    yield _row(*["---"] * (len(outcomes) + 2))
    for what in sorted(tally.counts):
        row = tally.counts[what]
        yield _row(what, sum(row.values()), *(row[outcome] or "" for outcome in outcomes))
    yield _row("all", tally.total(), *(tally.total(outcome) for outcome in outcomes))


def by_rule(tally: Tally) -> str:
    """How often each rule was the one that caught."""
    return ", ".join(f"{rule} {count}" for rule, count in sorted(tally.rules.items()))


def odd(trials: Iterable[Trial], histories: list[History], seeds: list[int]) -> Iterator[str]:
    """Each trial that did not come out as it should."""
    for trial in trials:
        name = histories[trial.history].name(histories[trial.history].rows[trial.at]).name
        yield (
            f"- seed {seeds[trial.history]}, op {trial.at + 1} {name}, window from op {trial.low + 1}:"
            f" {trial.fault.what}: {trial.outcome}; due {_plus(trial.due)}; found {_plus(trial.found)}"
        )


def files_told(trials: list[FileTrial]) -> Iterator[str]:
    """A row per table, and what was not found."""
    yield _row("table", "planted", "caught")
    yield _row("---", "---", "---")
    for table in dict.fromkeys(trial.table for trial in trials):
        mine = [trial for trial in trials if trial.table == table]
        yield _row(table, len(mine), sum(trial.caught for trial in mine))
    for trial in trials:
        if not trial.caught:
            yield f"- {trial.table}: {trial.fault.what} of {trial.fault.row}"


def _row(*cells: object) -> str:
    return "| " + " | ".join(map(str, cells)) + " |"


def _plus(rules: Iterable[str]) -> str:
    return "+".join(sorted(rules)) or "nothing"


def report(tally: Tally, histories: list[History], seeds: list[int], files: list[FileTrial], head: str) -> str:
    """The whole report in Markdown."""
    lines = ["# Single faults", "", head, "", *by_kind(tally), "", f"Caught by: {by_rule(tally)}.", ""]
    lines += ["Not as it should be:", "", *(list(odd(tally.odd, histories, seeds)) or ["nothing"]), "", WINDOW, ""]
    lines += ["## In the files beside the sequence", "", *files_told(files)]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Plants, counts, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ops", type=int, default=20_000, help="operations of each sequence")
    parser.add_argument("--seeds", default="1,2,3", help="of the sequences, comma separated")
    parser.add_argument("--faults", type=int, default=1_500, help="per sequence")
    parser.add_argument("--seed", type=int, default=1, help="of the faults")
    parser.add_argument("--write", type=Path, default=None, help="write the report to this Markdown file")
    wish = parser.parse_args()
    seeds = [int(seed) for seed in wish.seeds.split(",")]
    config, tally, files = load(), Tally(), []
    with tempfile.TemporaryDirectory() as name:
        runs = [planned(Path(name) / str(seed), wish.ops, seed) for seed in seeds]
        histories = [history(run, config) for run in runs]
        began = time.perf_counter()
        for trial in campaign(histories, wish.faults, wish.seed):
            tally.add(trial)
        seconds = time.perf_counter() - began
        for run in runs:
            files += list(file_campaign(run, config, Path(name) / "spoilt", wish.seed))
    head = (
        f"{tally.total()} faults in {len(seeds)} legal sequences of {wish.ops:,} operations (seeds {wish.seeds});"
        f" {tally.known} decided by the way in which they were made, the others by the referee."
        f" {tally.total(Outcome.CAUGHT)} of {tally.breaking} that break a rule are caught by that rule:"
        f" {tally.share:.2%}."
    )
    text = report(tally, histories, seeds, files, head)
    print(f"{text}\n{seconds:.0f} s for the sequences")
    if wish.write is not None:
        wish.write.write_text(text, encoding="utf-8")
    if tally.share < WANTED_SHARE or tally.total(Outcome.FALSE_ALARM) or not all(trial.caught for trial in files):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
