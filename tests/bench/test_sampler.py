"""The sampler: legal on any device, drained at its end, the same for the same seed, without a solver."""

from __future__ import annotations

import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from model.config import Config, load
from model.device import Device
from model.judge import Judge
from planner.bench.sampler import Sampler
from planner.errors import JudgeRefused, UnusableInput
from planner.streams import of_window
from tests.bench.runs import INSTANCES, ROOT, Run, candidates, judged, sampled, wrong
from tests.closing.loops import changed, setting
from tests.soundness.devices import drawn


def test_the_judge_finds_it_legal_on_the_shipped_device(shipped_sampled: Run) -> None:
    assert shipped_sampled.report.operations >= 6_000
    assert shipped_sampled.report.legal, wrong(shipped_sampled)


@pytest.mark.parametrize("name", ["narrow", "loose", "large"])
def test_the_judge_finds_it_legal_on_the_instances(name: str) -> None:
    run = sampled(load(INSTANCES / f"{name}.yaml"), 700)
    assert run.report.legal, wrong(run)


@pytest.mark.parametrize("seed", range(9))
def test_the_judge_finds_it_legal_on_drawn_devices(tmp_path: Path, seed: int) -> None:
    config = drawn(random.Random(seed), share=0.8, longest=(6, 60, 400)[seed % 3]).config(tmp_path)
    run = sampled(config, 400, seed)
    assert run.report.operations >= 400
    assert run.report.legal, wrong(run)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(9, 200))
def test_the_judge_finds_it_legal_on_many_drawn_devices(tmp_path: Path, seed: int) -> None:
    config = drawn(random.Random(seed), share=(0.5, 1.0)[seed % 2], longest=(6, 60, 400)[seed % 3]).config(tmp_path)
    run = sampled(config, 600, seed)
    assert run.report.legal, wrong(run)


def test_every_operation_has_its_end(shipped_sampled: Run, tiny_sampled: Run) -> None:
    assert shipped_sampled.unfinished == tiny_sampled.unfinished == ()


def test_the_same_seed_gives_the_same_run(tiny_config: Config, tiny_sampled: Run) -> None:
    assert sampled(tiny_config, 3_000).sent == tiny_sampled.sent


def test_another_seed_gives_another_run(tiny_config: Config, tiny_sampled: Run) -> None:
    assert sampled(tiny_config, 3_000, seed=2).sent != tiny_sampled.sent


def test_it_goes_everywhere_in_the_end(shipped: Config, shipped_sampled: Run, tiny_config: Config) -> None:
    """Every base of the tiny device and most of the shipped one is sent, and hits are spread over the op_states."""
    device = Device(shipped)
    bases = Counter(device.catalogue.names[name].base.name for _, _, name in shipped_sampled.sent)
    assert len(bases) >= 0.9 * sum(bool(base.names) for base in device.catalogue.bases)
    wanted = candidates(device)
    states = np.flatnonzero(wanted.any(axis=(1, 2)))
    assert (shipped_sampled.hits.sum(axis=(1, 2))[states] > 0).mean() > 0.9


def test_what_it_hits_can_be_hit(shipped: Config, shipped_sampled: Run) -> None:
    assert not (shipped_sampled.hits[~candidates(Device(shipped))]).any()


def test_a_weight_of_zero_is_never_sent(tmp_path: Path) -> None:
    weights = {"global": {"ERASE_SUSPEND": 0.0}, "ERASE.CORE_BUSY": {"SR": 0.0}}
    config = changed(tmp_path, setting("phase_conditional_overrides", to=weights))
    run, device = sampled(config, 2_000), Device(config)
    assert run.report.legal, wrong(run)
    sent = {device.catalogue.names[name].base.name for _, _, name in run.sent}
    assert "ERASE_SUSPEND" not in sent
    assert "SR" in sent
    of = {name.name: name.index for name in device.catalogue.names if name.base.name == "SR"}
    assert not run.hits[device.op_states.index["ERASE.CORE_BUSY"], list(of.values())].any()


def test_weights_of_an_op_state_are_shares_of_what_is_sent_there(tmp_path: Path) -> None:
    """While an erase is busy SR_ADD has 9 times the weight of SR: of 10 such probes about 9 are SR_ADD."""
    weights = {"ERASE.CORE_BUSY": {"SR": 1.0, "SR_ADD": 9.0, "RESET": 0.0, "ERASE_SUSPEND": 0.0, "NOP": 0.0}}
    config = changed(tmp_path, setting("phase_conditional_overrides", to=weights))
    run, device = sampled(config, 4_000), Device(config)
    row = run.hits[device.op_states.index["ERASE.CORE_BUSY"]].sum(axis=1)
    by_base = {name.base.name: int(row[name.index]) for name in device.catalogue.names}
    share = by_base["SR_ADD"] / (by_base["SR_ADD"] + by_base["SR"])
    assert by_base["SR"] + by_base["SR_ADD"] > 200
    assert 0.85 < share < 0.95


def test_where_nothing_may_be_sent_it_says_so(tmp_path: Path) -> None:
    names = load(INSTANCES / "tiny.yaml").names
    nothing = {"global": {name.name: 0.0 for name in names}}
    config = changed(tmp_path, setting("phase_conditional_overrides", to=nothing))
    with pytest.raises(JudgeRefused, match="the sampler finds nothing to issue any more"):
        sampled(config, 100)


def test_it_drains_early_when_it_is_told(tiny_config: Config) -> None:
    sampler = Sampler(Device(tiny_config), of_window(1, 0, 1, 0, 0))
    chunks = sampler.chunks(100_000)
    first = next(chunks)
    sampler.drain()
    run = judged(tiny_config, [first, *chunks])
    assert len(first.commands) <= run.report.operations < len(first.commands) + 100
    assert run.report.legal, wrong(run)


def test_its_last_boundary_is_at_rest(tiny_config: Config) -> None:
    sampler = Sampler(Device(tiny_config), of_window(1, 0, 1, 0, 0))
    sent = sum(len(chunk.commands) for chunk in sampler.chunks(500))
    boundary = sampler.boundary
    assert boundary.next_op_uid == sent + 1
    assert not any(die.running or die.suspended for die in boundary.dies)
    assert np.count_nonzero(boundary.blocks.kind) > 0


def test_a_device_that_moves_data_over_the_bus_is_refused(tmp_path: Path) -> None:
    on_bus = {"ISSUE": {"bus": True}, "CORE_BUSY": {}, "DATA_OUT": {"bus": True}}
    config = changed(tmp_path, setting("op_bases", "READ", "states", to=on_bus))
    with pytest.raises(UnusableInput, match=r"READ\.DATA_OUT takes the bus: only `cpsat` plans for that"):
        Sampler(Device(config), of_window(1, 0, 1, 0, 0))


@pytest.mark.parametrize("made", ["sampled(out, 300)", "listed(out, 300, candidates)", "listed_cover(out, candidates)"])
def test_no_solver_is_loaded_to_plan_and_judge(tmp_path: Path, made: str) -> None:
    """The table of coverage has a bound that the solver finds; it is left out here."""
    script = f"""
import sys
from pathlib import Path
from planner.bench.child import candidates
from planner.bench.instances import read_instance
from planner.bench.making import Making
import planner.export.writer as writer
plain = writer.RunWriter.__init__
def without_coverage(self, *args, **rest):
    tables = [sink.name for sink in writer.sinks(writer.Words.of(args[0], annotated=True))]
    plain(self, *args, **rest, tables=tables)
writer.RunWriter.__init__ = without_coverage
out = Path({str(tmp_path)!r})
made = Making(read_instance({str(INSTANCES / "tiny.yaml")!r}), 1).{made}
assert made.violations == 0 and made.operations >= 300
assert not [name for name in sys.modules if name.split(".")[0] == "ortools"], "the solver is loaded"
"""
    done = subprocess.run([sys.executable, "-c", script], check=False, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.long
def test_eight_dies_see_odt_switched_and_come_to_an_end() -> None:
    """What one die switches holds on all of them, also on those on which nothing runs."""
    config = load(INSTANCES / "large.yaml")
    sampler, judge, made = Sampler(Device(config), of_window(1, 0, 1, 0, 0)), Judge(config), 0
    for chunk in sampler.chunks(50_000):
        made += len(chunk.commands)
        judge.feed(chunk.commands)
    assert judge.finish(open_end=False).by_rule == {}
    assert 50_000 < made < 52_000
