"""How runs are measured: in turns, capped, and with coverage recounted from their files."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.config import Config
from model.device import Device
from planner.bench.curve import curve_of, needed_for, seconds_at
from planner.bench.instances import Instance, instances, read_instance
from planner.bench.making import Making
from planner.bench.measure import Measuring, Wish, without_trying
from planner.bench.process import Processes
from planner.bench.sample import CAPPED, DONE, FAILED, Job, Sample
from planner.errors import UnusableInput
from tests.bench.made import rate
from tests.bench.runs import INSTANCES, candidates

TINY = Instance("tiny", INSTANCES / "tiny.yaml")
ALL = ("cpsat", "sampler", "greedy")


def wish(
    *, strategies: tuple[str, ...] = ALL, seeds: int = 3, sizes: tuple[int, ...] = (10,), cap: float = 60.0
) -> Wish:
    return Wish((TINY,), strategies, seeds, sizes, 0, cap)


def test_strategies_take_turns_seed_by_seed() -> None:
    jobs = [(job.seed, job.strategy) for job in wish().jobs() if job.kind == "rate"]
    assert [seed for seed, _ in jobs] == [1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert [strategy for _, strategy in jobs[::3]] == ["sampler", "greedy", "cpsat"]  # another one is first each time
    assert {strategy for seed, strategy in jobs if seed == 2} == set(ALL)


def test_windows_are_compared_where_both_of_their_solvers_are() -> None:
    assert any(job.kind == "windows" for job in wish().jobs())
    assert not any(job.kind == "windows" for job in wish(strategies=("sampler", "greedy")).jobs())


def test_what_was_capped_is_not_begun_with_another_seed() -> None:
    capped = Sample(Job("rate", "a", "cpsat", 100, 1), CAPPED, "stopped after 60 s", wall=60.0)
    assert without_trying(Job("rate", "a", "cpsat", 100, 2), [capped], 60.0) == "not begun: seed 1 was too slow"
    assert not without_trying(Job("rate", "a", "greedy", 100, 2), [capped], 60.0)


def test_what_is_sure_to_be_capped_is_not_begun() -> None:
    """100 operations take 20 s: 1,000 would take 200 s, 500 would take 100 s."""
    known = [rate("cpsat", 20.0)]
    much = without_trying(Job("rate", "a", "cpsat", 1000, 1), known, 60.0)
    assert much == "not begun: at the rate of 100 operations it takes 200 s or more"
    assert not without_trying(Job("rate", "a", "cpsat", 400, 1), known, 60.0)  # 80 s: it may still go faster
    assert not without_trying(Job("rate", "a", "cpsat", 10_000, 1), [rate("cpsat", 1.0)], 60.0)  # starting up, mostly


def test_a_process_is_stopped_at_the_cap(tmp_path: Path) -> None:
    measuring = Measuring(wish(cap=0.2), tmp_path)
    (sample,) = measuring.samples([Job("rate", "tiny", "sampler", 10_000_000, 1)], [])
    assert (sample.status, sample.note) == (CAPPED, "stopped after 0.2 s")


def test_a_process_that_breaks_off_is_a_failure_with_its_message(tmp_path: Path) -> None:
    processes = Processes(tmp_path, 60.0)
    ended = processes.carry_out(
        {"kind": "rate", "strategy": "sampler", "size": 10, "seed": 1, "config": "nowhere.yaml"}
    )
    assert ended.made is None
    assert not ended.capped
    assert "nowhere.yaml" in ended.message


def test_a_job_is_measured_and_judged(tmp_path: Path) -> None:
    measuring = Measuring(wish(), tmp_path)
    measuring.prepare(lambda name: None)
    rates, covered = measuring.samples(
        [Job("rate", "tiny", "sampler", 300, 1), Job("cover", "tiny", "greedy", 0, 1)], []
    )
    assert (rates.status, rates.violations, rates.candidates) == (DONE, 0, 358)
    assert 300 <= rates.operations < 400
    assert rates.memory > 10
    assert 0 < sum(rates.stages.values()) < rates.wall
    assert covered.share == 1.0
    assert list(covered.reached) == [0.9, 0.95, 0.99, 1.0]
    assert covered.reached[0.9].operations < covered.reached[1.0].operations <= covered.operations
    assert 0 < covered.reached[1.0].seconds < covered.wall
    assert covered.curve[-1] == (covered.operations, 1.0)


def test_an_unusable_device_is_named_before_anything_is_measured(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text((INSTANCES / "tiny.yaml").read_text().replace("CORE_BUSY: {}}}", "CORE_BUSY: {bus: true}}}"))
    measuring = Measuring(Wish((Instance("broken", broken),), ("sampler",), 1, (10,), 0, 60.0), tmp_path)
    measuring.prepare(lambda name: None)
    (sample,) = measuring.samples([Job("rate", "broken", "sampler", 10, 1)], [])
    assert sample.status == FAILED
    assert sample.note.endswith("takes the bus: only `cpsat` plans for that")


# -- curves -----------------------------------------------------------------------------------------------------------


def test_a_curve_tells_where_the_last_cell_of_a_share_was_hit(tmp_path: Path, tiny_config: Config) -> None:
    device, marks = Device(tiny_config), []

    def told(operations: int) -> None:
        marks.append((operations, operations / 100))

    made = Making(tiny_config, 1, told).listed_cover(tmp_path, candidates)
    (file,) = tmp_path.glob("operation_sequence_*.csv")
    curve = curve_of(file, tiny_config, candidates(device))
    assert (curve.candidates, len(curve.hit), curve.violations, curve.operations) == (358, 358, 0, made.operations)
    assert (curve.hit[1:] >= curve.hit[:-1]).all()
    assert (curve.times[1:] >= curve.times[:-1]).all()
    reached = curve.reached(marks, device.clock.ticks_per_us * 1_000_000)
    assert reached[1.0].operations == curve.hit[-1]
    assert reached[1.0].device_time == curve.times[-1] / 1e10  # a tick is 10^-4 us
    assert reached[0.9].operations == curve.hit[322]  # 0.9 of 358 are 322.2: the 323rd cell


def test_the_cells_of_a_share_are_rounded_up() -> None:
    assert [needed_for(share, 358) for share in (0.9, 0.95, 0.99, 1.0)] == [323, 341, 355, 358]
    assert needed_for(0.9, 10) == 9


def test_seconds_are_those_of_the_chunk_that_an_operation_is_in() -> None:
    marks = [(100, 1.0), (200, 1.5)]
    assert [seconds_at(marks, operations) for operations in (1, 100, 101, 200, 250)] == [1.0, 1.0, 1.5, 1.5, 1.5]


# -- instances --------------------------------------------------------------------------------------------------------


def test_an_instance_is_a_name_or_a_config(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text("", encoding="utf-8")
    found = instances(["shipped", "large", str(mine)])
    assert [(one.name, one.config and one.config.name) for one in found] == [
        ("shipped", None), ("large", "large.yaml"), ("mine", "mine.yaml"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["shiped"], "'shiped': allowed: tiny, shipped, large, narrow, loose, or .* did you mean shipped?"),
        (["nowhere.yaml"], "--instances nowhere.yaml: there is no such file"),
        (["tiny", "tiny"], "'tiny' is named twice"),
    ],
)
def test_other_instances_are_refused(words: list[str], message: str) -> None:
    with pytest.raises(UnusableInput, match=message):
        instances(words)


def test_without_the_repository_the_instances_are_missed_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from planner.bench import instances as module  # noqa: PLC0415

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(module, "__file__", str(tmp_path / "site-packages" / "planner" / "bench" / "instances.py"))
    with pytest.raises(UnusableInput, match=r"large\.yaml is not here: the instances are in the repository, not in"):
        instances(["large"])
    assert instances(["shipped"])[0].config is None


def test_every_run_of_an_instance_is_whole_in_itself(tmp_path: Path) -> None:
    """What a config says of grain, of carrying over and of a bootstrap is set aside."""
    text = (INSTANCES / "tiny.yaml").read_text(encoding="utf-8").replace("carry_over: false", "carry_over: true")
    path = tmp_path / "other.yaml"
    path.write_text(text + "coverage: {hosts: op_name}\n", encoding="utf-8")
    config = read_instance(path)
    assert not config.policies.carry_over
    assert not config.bootstrap.enabled
    assert str(config.coverage.hosts) == "base"
