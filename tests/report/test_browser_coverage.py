"""The coverage map of a page in a real browser, and how the page looks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from planner.report.folder import RunFolder
from tests.report.browser import Browser
from tests.report.conftest import PICTURES
from tests.report.places import field, table

Keep = Callable[[str], None]


class TestTheCoverageMap:
    def pair_with(self, browser: Browser, status: str) -> tuple[int, int, str]:
        found = browser.js(
            """const want = NP.about.statuses.indexOf(arguments[0]), n = NP.about.names.length;
            const found = [...NP.heat.pairs].find(([, pair]) => pair.sums[want] === pair.count);
            if (!found) return null;
            const reason = NP.about.reasons[NP.columns['cell.reason'][found[1].first]];
            return [Math.floor(found[0] / n), found[0] % n, reason]""",
            status,
        )
        assert found is not None, f"no pair is {status} in all its bins"
        return found[0], found[1], found[2]

    @pytest.mark.parametrize("status", ["excluded", "unreachable"])
    def test_pointing_at_a_field_tells_its_status_and_reason(self, browser: Browser, status: str, keep: Keep) -> None:
        state, name, reason = self.pair_with(browser, status)
        browser.point(*field(browser, state, name))
        assert f"{status};" in browser.text("tip")
        assert reason in browser.text("tip")
        keep(f"coverage-{status}")

    def test_a_click_tells_hits_and_status_of_each_bin_as_in_the_file(
        self, browser: Browser, made: RunFolder, keep: Keep
    ) -> None:
        rows = table(made, "coverage")
        hit = next(row for row in rows if int(row["hits"]) and not row["op_state"].endswith(".END"))
        wanted = [row for row in rows if (row["op_state"], row["op_name"]) == (hit["op_state"], hit["op_name"])]
        state, name = browser.js(
            "return [NP.about.states.indexOf(arguments[0]), NP.about.names.indexOf(arguments[1])]",
            hit["op_state"],
            hit["op_name"],
        )
        browser.click(*field(browser, state, name))
        found = browser.js(
            "const rows = [...NP.at('bins').querySelectorAll('tbody tr')];"
            "return rows.map((row) => [...row.cells].map((cell) => cell.innerText.trim()))"
        )
        assert [(cells[0], cells[1], cells[2]) for cells in found] == [
            (row["bin"], "hit" if int(row["hits"]) else row["status"], row["hits"]) for row in wanted
        ]
        keep("coverage-bins")

    def test_a_chosen_pair_narrows_the_input_times(self, browser: Browser, made: RunFolder) -> None:
        row = next(row for row in table(made, "op_state_name_input_time_count") if not row["op_state"].endswith(".END"))
        same = [
            r
            for r in table(made, "op_state_name_input_time_count")
            if (r["op_state"], r["op_name"]) == (row["op_state"], row["op_name"])
        ]
        browser.js(
            "NP.heat.choose(NP.about.states.indexOf(arguments[0]), NP.about.names.indexOf(arguments[1]))",
            row["op_state"],
            row["op_name"],
        )
        assert sum(browser.js("return NP.counts.bars")) == sum(int(r["count"]) for r in same)
        browser.js("NP.counts.narrow(-1, -1)")


class TestTheLook:
    @pytest.mark.parametrize("theme", ["light", "dark"])
    def test_it_follows_the_theme(self, browser: Browser, theme: str, keep: Keep) -> None:
        browser.theme(theme)
        browser.settled()
        brightness = browser.js(
            "const parts = getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number);"
            "return (parts[0] + parts[1] + parts[2]) / 3"
        )
        ink = browser.js("return NP.figures.timeline.all.find((m) => m.type === 'LinearAxis').major_label_text_color")
        assert (brightness > 128) == (theme == "light")
        assert ink == browser.js("return NP.colour('ink')")
        browser.js("NP.timeline.go(2000, 9000)")
        browser.settled()
        keep(f"page-{theme}")
        browser.picture(PICTURES / f"page-{theme}-whole.png", whole=True)
        browser.theme("light")

    def test_paper_is_white_in_the_dark_too(self, browser: Browser) -> None:
        browser.theme("dark")
        browser.settled()
        browser.js("dispatchEvent(new Event('beforeprint'))")
        try:
            assert browser.js("return NP.colour('paper')") == "#ffffff"
            assert (
                browser.js("return NP.figures.timeline.all.find((m) => m.type === 'LinearAxis').major_label_text_color")
                == "#1c232d"
            )
        finally:
            browser.js("dispatchEvent(new Event('afterprint'))")
            browser.theme("light")
        browser.settled()

    def test_it_prints(self, browser: Browser) -> None:
        pdf = browser.driver.execute_cdp_cmd("Page.printToPDF", {"landscape": True, "printBackground": True})
        assert len(pdf["data"]) > 50_000

    def test_a_narrow_window_needs_no_scrolling_sideways(self, browser: Browser) -> None:
        metrics = {"width": 700, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        browser.settled()
        try:
            assert browser.js("return document.documentElement.scrollWidth <= innerWidth")
        finally:
            browser.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
            browser.settled()
