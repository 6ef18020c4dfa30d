"""From samples to tables: medians, spreads, ratios, shares."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from planner.bench import figures, tables
from planner.bench.figures import Spread
from planner.bench.pictures import pictures
from planner.bench.sample import CAPPED, FAILED, Job, Sample, read_samples
from planner.bench.tables import Table
from tests.bench.made import cover, rate, windows


def cells(table: Table, *row: str) -> tuple[str, ...]:
    """The only row of a table that begins like this, without its beginning."""
    (found,) = [cells for cells in table.rows if cells[: len(row)] == row]
    return found[len(row) :]


def test_a_spread_is_the_median_and_the_range() -> None:
    assert Spread.of([4.0, 1.0, 2.0]) == Spread(2.0, 1.0, 4.0)
    assert Spread.of([1.0, 2.0]) == Spread(1.5, 1.0, 2.0)
    assert Spread.of([]) is None


def test_rates_are_operations_over_the_whole_process() -> None:
    samples = [rate("cpsat", wall, seed=seed) for seed, wall in enumerate((1.0, 2.0, 4.0), start=1)]
    # 100 operations in 1, 2, 4 s: 100, 50, 25 per second
    assert cells(tables.rates(samples), "a", "100", "cpsat")[:5] == ("50 (25-100)", "-", "-", "0.0%", "2.0 (1.0-4.0)")


def test_the_ratio_to_the_sampler_is_taken_seed_by_seed() -> None:
    samples = [rate("sampler", 1.0), rate("cpsat", 2.0), rate("sampler", 8.0, seed=2), rate("cpsat", 2.0, seed=2)]
    # 50/100 and 50/12.5, median of 0.5 and 4
    assert cells(tables.rates(samples), "a", "100", "cpsat")[1] == "2.25 (0.50-4.00)"


def test_the_rate_of_what_is_added_leaves_out_what_every_run_costs() -> None:
    """100 operations in 3 s, 500 in 5 s: 400 more in 2 s more."""
    samples = [rate("cpsat", 3.0), rate("cpsat", 5.0, size=500)]
    assert cells(tables.rates(samples), "a", "500", "cpsat")[:3] == ("100", "-", "200")
    assert cells(tables.rates(samples), "a", "100", "cpsat")[2] == "-"


def test_memory_and_violations_are_the_greatest() -> None:
    samples = [rate("greedy", 1.0, memory=80.0, violations=2), rate("greedy", 1.0, seed=2, memory=120.0)]
    assert cells(tables.rates(samples), "a", "100", "greedy")[5:7] == ("120", "2")


def test_a_capped_run_is_shown_as_such_and_counts_in_no_figure() -> None:
    capped = Sample(Job("rate", "a", "cpsat", 100, 2), CAPPED, "stopped after 600 s", wall=600.0)
    table = tables.rates([rate("cpsat", 2.0), capped])
    assert cells(table, "a", "100", "cpsat")[0] == "50"
    assert cells(table, "a", "100", "cpsat")[-1] == "1 of 2 capped: stopped after 600 s"
    assert cells(tables.rates([capped]), "a", "100", "cpsat") == (*"-------", "capped: stopped after 600 s")


def test_a_failed_run_is_shown_with_its_message() -> None:
    failed = Sample(Job("rate", "a", "greedy", 100, 1), FAILED, "no window could be placed in 30 tries")
    assert cells(tables.rates([failed]), "a", "100", "greedy")[-1] == "failed: no window could be placed in 30 tries"


def test_stages_and_the_rest_add_up_to_the_whole_process() -> None:
    sample = rate("cpsat", 2.0, stages={"choose": 0.5, "judge": 0.1, "export": 0.4})
    # of 2 s: 0.5, 0.1, 0.4, and 1 s that is in no stage; per operation of 100
    assert cells(tables.stages([sample]), "a", "cpsat", "100") == (
        "5,000.0 (25%)", "1,000.0 (5%)", "4,000.0 (20%)", "10,000.0 (50%)",
    )  # fmt: skip


def test_stages_come_in_the_order_of_the_work_and_unknown_ones_behind() -> None:
    sample = rate("cpsat", 2.0, stages={"export": 1.0, "polish": 0.1, "choose": 0.1})
    assert tables.stages([sample]).head == ("instance", "strategy", "operations", "choose", "export", "polish", "rest")


CURVE = [(10, 0.5), (20, 0.9), (30, 0.95), (40, 0.99), (80, 1.0)]


def test_coverage_is_told_share_by_share() -> None:
    table = tables.coverage([cover("cpsat", CURVE)])
    # an operation lasts 10 us of device time and 1 ms of the machine's
    assert cells(table, "a", "cpsat", "90%")[:3] == ("20", "0.000", "0.0")
    assert cells(table, "a", "cpsat", "100%")[0] == "80"


def test_shares_that_were_not_reached_are_one_row_that_says_how_far_it_came() -> None:
    table = tables.coverage([cover("sampler", [(500, 0.4), (1000, 0.92)])])
    assert [row[2] for row in table.rows] == ["90%", "95% and more"]
    assert cells(table, "a", "sampler", "95% and more")[-1] == "not reached: 92.0% after 1,000"


def test_a_share_that_some_seeds_missed_tells_how_many() -> None:
    samples = [cover("sampler", [(900, 0.91)]), cover("sampler", [(1000, 0.8)], seed=2)]
    assert cells(tables.coverage(samples), "a", "sampler", "90%")[-1].startswith("not reached by 1 of 2 seeds")


def test_the_saving_is_its_operations_over_ours_for_its_best() -> None:
    samples = [cover("sampler", [(300, 0.5), (600, 0.9), (1000, 0.9)]), cover("cpsat", CURVE)]
    # the sampler is at its best, 90 %, after 600 operations; cpsat needs 20 for that
    row = cells(tables.ratios(samples), "a", "cpsat")
    assert row == ("90.0%", "600", "20", "30.00")


def test_there_is_no_saving_where_the_best_is_not_reached() -> None:
    samples = [cover("sampler", [(600, 0.9)]), cover("greedy", [(50, 0.7)])]
    assert cells(tables.ratios(samples), "a", "greedy")[-2:] == ("-", "-")


def test_window_shares_are_of_all_windows_chosen() -> None:
    samples = [windows(200, 100, 60, 90), windows(100, 80, 10, 15, seed=2)]
    # whole 50 % and 80 %, modest 30 % and 10 %, neither 20 % and 10 %, only CP-SAT 45 % and 15 %
    shares = ["65.0% (50.0%-80.0%)", "20.0% (10.0%-30.0%)", "15.0% (10.0%-20.0%)", "30.0% (15.0%-45.0%)"]
    assert tables.windows(samples).rows == (("a", "150 (100-200)", *shares),)


def test_where_greedy_is_ahead_is_said() -> None:
    fast, slow = rate("greedy", 1.0), rate("cpsat", 2.0)
    found = {(one.what, one.greedy, one.cpsat) for one in figures.ahead([fast, slow])}
    assert found == {("operations per second at 100", 100.0, 50.0)}
    assert not figures.ahead([rate("greedy", 2.0), rate("cpsat", 1.0)])


def test_less_is_better_in_operations_and_memory() -> None:
    samples = [rate("greedy", 1.0, memory=40.0), rate("cpsat", 1.0, memory=90.0), cover("greedy", [(9, 1.0)])]
    samples.append(cover("cpsat", [(10, 1.0)]))
    assert {one.what for one in figures.ahead(samples)} >= {"peak MiB at 100", "operations to 100% of the cells"}


def test_what_is_nearly_equal_is_not_called_ahead() -> None:
    """Half a percent faster is equal, 2 % is not."""
    assert not figures.ahead([rate("greedy", 1.0), rate("cpsat", 1.005)])
    assert figures.ahead([rate("greedy", 1.0), rate("cpsat", 1.02)])


def test_samples_survive_their_file(tmp_path: Path) -> None:
    samples = [cover("cpsat", CURVE), rate("greedy", 1.0, stages={"judge": 0.1}), windows(3, 2, 1, 0)]
    path = tmp_path / "samples.jsonl"
    path.write_text("".join(sample.line() + "\n" for sample in samples), encoding="utf-8")
    assert read_samples(path) == samples


def test_a_last_line_that_was_cut_off_is_measured_again(tmp_path: Path) -> None:
    path, sample = tmp_path / "samples.jsonl", rate("greedy", 1.0)
    path.write_text(sample.line() + "\n" + sample.line()[:30], encoding="utf-8")
    assert read_samples(path) == [sample]


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    path, sample = tmp_path / "samples.jsonl", rate("greedy", 1.0)
    path.write_text("[]\n" + sample.line() + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"samples.jsonl:1: not a measured job"):
        read_samples(path)


def test_the_csv_has_a_row_per_sample() -> None:
    samples = [cover("cpsat", CURVE), rate("sampler", 2.0, stages={"judge": 0.25})]
    rows = list(csv.DictReader(io.StringIO(tables.as_csv(samples))))
    assert [row["strategy"] for row in rows] == ["cpsat", "sampler"]
    assert (rows[0]["operations_to_95%"], rows[1]["operations_to_95%"]) == ("30", "")
    assert (rows[1]["op_per_s"], rows[1]["judge_s"]) == ("50.0", "0.2500")


def test_markdown_has_as_many_cells_in_every_row() -> None:
    samples = [rate("cpsat", 2.0), rate("sampler", 1.0), cover("cpsat", CURVE), windows(2, 1, 0, 1)]
    for table in tables.all_tables(samples):
        lines = table.markdown().splitlines()[2:]
        assert len({line.count("|") for line in lines}) == 1


def test_plots_are_drawn_of_what_there_is() -> None:
    assert sorted(pictures([rate("cpsat", 2.0, stages={"judge": 0.5})])) == ["rates", "stages"]
    assert sorted(pictures([cover("sampler", CURVE)])) == ["coverage"]
    assert not pictures([windows(2, 1, 0, 1)])
