"""The page of a run in a real browser: it loads, and shows what the files say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from planner.report.folder import RunFolder
from tests.report.browser import Browser
from tests.report.places import seen, table

Keep = Callable[[str], None]
CELLS_OF = "return [...NP.heat.pairs.values()].map(pair => [pair.first, pair.count, pair.sums, pair.hits])"


class TestLoading:
    def test_no_error_reaches_the_console(self, chromium: Browser, page: Path) -> None:
        chromium.errors()
        chromium.open(page)
        assert chromium.errors() == []

    def test_nothing_is_asked_for_over_a_network(self, chromium: Browser, page: Path) -> None:
        chromium.requests()
        chromium.open(page)
        assert chromium.requests() == []

    def test_an_address_with_times_and_an_operation_shows_them(self, chromium: Browser, page: Path) -> None:
        chromium.open(page, "#from=2000&to=9000&op=5")
        assert seen(chromium) == pytest.approx((2000, 9000))
        assert chromium.js("return NP.columns['op.uid'][NP.timeline.chosen]") == 5

    def test_a_browser_that_cannot_inflate_is_told_so(self, chromium: Browser, page: Path, tmp_path: Path) -> None:
        old = tmp_path / "old.html"
        text = page.read_text(encoding="utf-8").replace("<script>", "<script>delete window.DecompressionStream;", 1)
        old.write_text(text, encoding="utf-8")
        with pytest.raises(AssertionError, match="could not be shown"):
            chromium.open(old)
        chromium.errors()


class TestTheFiles:
    @pytest.fixture(autouse=True)
    def _again(self, browser: Browser, page: Path) -> None:
        if not browser.js("return window.NP?.ready === true"):
            browser.open(page)

    def test_there_is_a_lane_for_the_bus_and_each_die_and_plane(self, browser: Browser, made: RunFolder) -> None:
        planes = {(row["die"], row["lane"]) for row in table(made, "op_state_timeline")}
        dies = sorted({die for die, _ in planes})
        wanted = ["bus"]
        for die in dies:
            wanted += [f"d{die}", *sorted(lane for own, lane in planes if own == die)]
        assert browser.js("return NP.lanes.list.map((lane) => lane.key)") == wanted

    def test_each_plane_holds_the_segments_of_its_file(self, browser: Browser, made: RunFolder) -> None:
        wanted = {
            lane: [
                (row["start"], row["end"], int(row["op_uid"]))
                for row in table(made, "op_state_timeline")
                if row["lane"] == lane
            ]
            for lane in ("d0-p0", "d1-p3")
        }
        for lane, rows in wanted.items():
            found = browser.js(
                """const lane = NP.lanes.list.find((l) => l.key === arguments[0]), t = lane.table;
                const uid = (row) => NP.columns['op.uid'][t.op[row]];
                return [...lane.rows].map((row) => [NP.us(t.start[row]), NP.us(t.end[row]), uid(row)])""",
                lane,
            )
            assert sorted((a.replace(",", ""), b.replace(",", ""), uid) for a, b, uid in found) == sorted(rows)

    def test_the_bus_sends_every_command_of_the_sequence(self, browser: Browser, made: RunFolder) -> None:
        wanted = [(row["time"], int(row["op_uid"])) for row in table(made, "operation_sequence")]
        found = browser.js(
            "const t = NP.lanes.bus; return [...t.start].map((at, i) => [NP.us(at), NP.columns['op.uid'][t.op[i]]])"
        )
        assert [(time.replace(",", ""), uid) for time, uid in found] == wanted

    def test_each_suspension_is_hatched_until_its_resume(self, browser: Browser, made: RunFolder) -> None:
        rows = [row for row in table(made, "events") if row["event"] == "OP_SUSPENDED"]
        gap = browser.js(
            "const t = NP.lanes.gap; return [...t.start].map((at, i) => [NP.us(at), NP.columns['op.uid'][t.op[i]]])"
        )
        assert [(a.replace(",", ""), uid) for a, uid in gap] == [(row["time"], int(row["op_uid"])) for row in rows]
        browser.js("const t = NP.lanes.gap; NP.timeline.go(t.start[0] / NP.scale - 50, t.end[0] / NP.scale + 50)")
        browser.settled()
        assert browser.js("return NP.source('timeline', 'gaps').data.hatch.length") > 0

    def test_the_cells_and_hits_are_those_of_the_coverage_file(self, browser: Browser, made: RunFolder) -> None:
        rows = table(made, "coverage")
        wanted = Counter("hit" if int(row["hits"]) else row["status"] for row in rows)
        found = browser.js("return NP.heat.sums")
        assert {status: count for status, count in found.items() if count} == dict(wanted)
        assert sum(pair[3] for pair in browser.js(CELLS_OF)) == sum(int(row["hits"]) for row in rows)

    def test_the_address_maps_count_the_touches(self, browser: Browser, made: RunFolder) -> None:
        wanted: Counter[str] = Counter()
        for row in table(made, "address_touch_count"):
            wanted[row["op_base"]] += int(row["count"])
        assert browser.js("return NP.counts.maps.programs.sum") == wanted["PROGRAM"]
        assert browser.js("return NP.counts.maps.reads.sum") == wanted["READ"]

    def test_the_histogram_counts_the_hits_inside_of_segments(self, browser: Browser, made: RunFolder) -> None:
        wanted = [0] * 100
        for row in table(made, "op_state_name_input_time_count"):
            if not row["op_state"].endswith(".END"):
                wanted[round(float(row["input_time"]) * 100)] += int(row["count"])
        assert browser.js("return NP.counts.bars") == wanted

    def test_use_of_a_plane_is_its_busy_time_over_the_time_shown(self, browser: Browser, made: RunFolder) -> None:
        rows = table(made, "op_state_timeline")
        busy = sum(float(row["duration"]) for row in rows if row["lane"] == "d1-p2")
        start, end = browser.js("return NP.about.span.map((ticks) => ticks / NP.scale)")
        at = browser.js("return NP.lanes.list.findIndex((lane) => lane.key === 'd1-p2')")
        assert browser.js("return NP.panels.used")[at] == f"{100 * busy / (end - start):.1f} %"

    def test_the_verdict_is_the_one_of_the_judge(self, browser: Browser, made: RunFolder) -> None:
        assert made.summary()["verdict"]["legal"]
        assert browser.text("verdict") == "legal"
        assert "no violation" in browser.text("judge")
