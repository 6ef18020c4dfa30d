"""The devices that are measured: by name, where the repository's benchmarks are, or any config file."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from planner.errors import UnusableInput

if TYPE_CHECKING:
    from model.config import Config

SHIPPED = "shipped"
NAMES = ("tiny", SHIPPED, "large", "narrow", "loose")
FOLDER = Path("benchmarks") / "instances"


@dataclass(frozen=True, slots=True)
class Instance:
    """A device: its name in the tables, its config file (None: the shipped one)."""

    name: str
    config: Path | None


def instances(words: list[str]) -> list[Instance]:
    """The instances of some words: names, or paths of configs. UnusableInput: there is none, or two are alike."""
    found = [_instance(word) for word in words]
    for index, one in enumerate(found):
        if one.name in [other.name for other in found[:index]]:
            raise UnusableInput(f"--instances: {one.name!r} is named twice; every instance needs a name of its own")
    return found


def _instance(word: str) -> Instance:
    if word == SHIPPED:
        return Instance(word, None)
    if word in NAMES:
        path = where(word)
        if path is None:
            raise UnusableInput(
                f"--instances {word}: {FOLDER / word}.yaml is not here: the instances are in the repository, not in "
                f"the installed package; run in a clone, or give {SHIPPED} or the path of a config"
            )
        return Instance(word, path)
    path = Path(word)
    if path.suffix in (".yaml", ".yml") or path.is_file():
        if not path.is_file():
            raise UnusableInput(f"--instances {word}: there is no such file")
        return Instance(path.stem, path.resolve())
    near = difflib.get_close_matches(word, NAMES, n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    raise UnusableInput(f"--instances {word!r}: allowed: {', '.join(NAMES)}, or the path of a config (.yaml){hint}")


def where(name: str) -> Path | None:
    """The file of a named instance: below the working folder, or beside the package in a clone."""
    for root in (Path.cwd(), Path(__file__).resolve().parents[2]):
        path = root / FOLDER / f"{name}.yaml"
        if path.is_file():
            return path
    return None


def read_instance(path: str | Path | None) -> Config:
    """The config of an instance, at base grain, and so that every run is whole in itself: no bootstrap before it,
    nothing carried over. ConfigError."""
    from model.config import load  # noqa: PLC0415
    from planner.targets.reachable import in_grain  # noqa: PLC0415

    config = in_grain(load(Path(path) if path else None), "base")
    alone = replace(config.policies, carry_over=False)
    return replace(config, policies=alone, bootstrap=replace(config.bootstrap, enabled=False))
