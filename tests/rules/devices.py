"""The devices of the tables, each made once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

from model.config import Config, load
from model.device import Device
from tests.rules.table import Change, Made, Raw
from tests.window.small import ROOT, TABLES, small_config

LENGTHS = {"ISSUE": 2, "CORE_BUSY": 4, "DATA_OUT": 3, "DATA_IN": 3}
"""Ticks of each state on a small device."""


class Workshop:
    """Makes devices, their config files in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[Made, tuple[Config, Device]] = {}

    def device(self, made: Made) -> tuple[Config, Device]:
        """The config and the device."""
        if made not in self._made:
            config = self._config(made)
            self._made[made] = config, Device(config)
        return self._made[made]

    def _config(self, made: Made) -> Config:
        if made.small is None:
            return load() if made.change is None else self._changed(ROOT / "config.yaml", made.change)
        dies, planes, rows, pages = made.small
        folder = self._folder / f"small{len(self._made)}"
        folder.mkdir()
        config = small_config(folder, _lengths(), dies=dies, planes=planes, rows=rows, pages=pages, empty=TABLES)
        return config if made.change is None else self._changed(folder / "small.yaml", made.change)

    def _changed(self, path: Path, change: Change) -> Config:
        raw: Raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        folder = self._folder / f"changed{len(self._made)}"
        folder.mkdir()
        (folder / "bad.csv").write_text("die,block\n0,5\n", encoding="utf-8")
        change(raw)
        changed = folder / "config.yaml"
        changed.write_text(yaml.safe_dump(raw, sort_keys=False), encoding="utf-8")
        return load(changed)


def _lengths() -> Mapping[str, tuple[int, ...]]:
    raw: Raw = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    return {
        name: tuple(LENGTHS[state] for state in raw["op_bases"][spec["base"]]["states"])
        for name, spec in raw["op_names"].items()
    }
