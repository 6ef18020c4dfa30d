"""The shipped device: complete, clean, and found wherever the program runs."""

from __future__ import annotations

from pathlib import Path

import pytest

import model
from model.config import Config, Scope, load, shipped_path


def test_it_loads_without_a_warning(shipped: Config) -> None:
    assert shipped.warnings == ()


def test_it_has_all_operations(shipped: Config) -> None:
    assert (len(shipped.bases), len(shipped.names)) == (57, 294)


def test_it_is_two_dies_of_four_planes(shipped: Config) -> None:
    topology = shipped.topology
    assert (topology.dies, topology.planes, topology.blocks_per_die, topology.pages_per_block) == (2, 4, 64, 256)


def test_its_tick_is_a_tenth_of_a_nanosecond(shipped: Config) -> None:
    assert shipped.clock.decimals == 4


def test_every_base_but_one_is_sent(shipped: Config) -> None:
    silent = {base.name for base in shipped.bases} - {name.base for name in shipped.names}
    assert silent == {"ONESHOT_COPYBACK_PROGRAM_MSB"}


def test_only_issue_is_on_the_bus(shipped: Config) -> None:
    assert {base.bus.index(True) for base in shipped.bases} == {0}
    assert all(sum(base.bus) == 1 for base in shipped.bases)


def test_every_state_but_issue_has_an_entry(shipped: Config) -> None:
    states = {f"{b.name}.{s}" for b in shipped.bases for s in b.states if b.affects_state and s != "ISSUE"}
    assert states == set(shipped.by_op_state)


def test_it_says_which_cells_cannot_be_read_and_which_reads_cannot_happen(shipped: Config) -> None:
    said = [(p.key.partition("[")[0].rpartition(".")[2], p.message) for p in shipped.infos]
    assert [m.split()[3] for _, m in said if m.startswith("pages programmed as")] == ["A0SLC", "ACSLC"]
    assert [name for name, m in said if m.startswith("cannot happen")] == [
        spec.name for spec in shipped.names if spec.celltype == "FWSLC"
    ]


def test_seven_bases_advance_a_page(shipped: Config) -> None:
    assert len(shipped.program_base_whitelist) == 7


@pytest.mark.parametrize(
    ("name", "base", "multi", "celltype", "us"),
    [
        ("Read_SLC", "READ", False, "SLC", ("0.1200", "25.0000", "6.0000")),
        ("Temperature_Sensor_Slow_mode", "TEMPSENSOR", False, "NONE", ("400.6036",)),
        (
            "Cache_Program_Multi_Plane_Legacy_MSB",
            "ONESHOT_CACHE_PROGRAM",
            True,
            "TLC",
            ("42.2826", "2000.0000", "10.0000"),
        ),
        ("Read_write_conflict_Fire_N_Forget_LSB", "RECOVERY_RD", False, "TLC", ("129.6582", "35.0000", "6.0000")),
    ],
)
def test_an_op_name_is_as_the_device_has_it(
    shipped: Config, name: str, base: str, multi: bool, celltype: str, us: tuple[str, ...]
) -> None:
    spec = next(spec for spec in shipped.names if spec.name == name)
    assert (spec.base, spec.multi, spec.celltype) == (base, multi, celltype)
    assert tuple(map(shipped.clock.us, spec.durations)) == us


def test_a_suspend_is_instant_and_die_wide(shipped: Config) -> None:
    base = next(base for base in shipped.bases if base.name == "PROGRAM_SUSPEND")
    assert (base.scope, base.instant, base.affects_state) == (Scope.DIE_WIDE, True, True)


def test_every_chain_is_the_follower_of_a_base(shipped: Config) -> None:
    named = {key for base in shipped.bases if base.sequence for key in base.sequence.probs}
    assert shipped.sequences.keys() <= named


def test_every_follower_says_how_it_inherits(shipped: Config) -> None:
    for base in shipped.bases:
        if base.sequence is not None:
            assert base.sequence.inherit.keys() == base.sequence.probs.keys() - {"NONE"}


def test_messages_name_it_without_a_path(shipped: Config) -> None:
    assert shipped.path == "config.yaml"


def test_every_key_of_the_file_is_explained() -> None:
    lines = shipped_path().read_text(encoding="utf-8").splitlines()
    for i, line in enumerate(lines):
        if line and not line.startswith((" ", "#")):
            assert "#" in line or lines[i - 1].startswith("#"), f"line {i + 1}: {line}"


def test_a_checkout_has_it_at_the_top() -> None:
    assert shipped_path() == Path(model.__file__).parents[1] / "config.yaml"


def test_an_installed_package_has_it_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "model"
    package.mkdir()
    (package / "config.yaml").write_bytes(shipped_path().read_bytes())
    monkeypatch.setattr(model, "__file__", str(package / "__init__.py"))
    assert shipped_path() == package / "config.yaml"
    assert load().digest
