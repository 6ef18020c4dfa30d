"""The timeline of a page in a real browser, and what follows it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from planner.report.folder import RunFolder
from planner.report.history import History
from tests.report.browser import Browser, Keys
from tests.report.places import cut_operation, middle, place, seen, table

Keep = Callable[[str], None]


class TestTheTimeline:
    def test_the_whole_run_is_added_up(self, browser: Browser, keep: Keep) -> None:
        assert browser.js("return NP.timeline.mode") == "dense"
        keep("timeline-whole")

    def test_a_short_time_shows_each_piece(self, browser: Browser, history: History, keep: Keep) -> None:
        browser.js("NP.timeline.go(2000, 9000)")
        browser.settled()
        lanes = history.segments.filter(
            (history.segments["start"] < 90_000_000) & (history.segments["end"] > 20_000_000)
        )
        assert browser.js("return NP.timeline.mode") == "detailed"
        drawn = browser.js("return NP.source('timeline', 'pieces').data.left.length")
        assert drawn >= len(lanes)  # the picture is drawn beyond its edges
        keep("timeline-pieces")

    def test_times_can_be_typed(self, browser: Browser) -> None:
        browser.js(
            "NP.at('to').value = '8000'; NP.at('from').value = '3,000';NP.at('from').dispatchEvent(new Event('change'))"
        )
        assert seen(browser) == pytest.approx((3000, 8000))

    def test_times_that_make_no_sense_are_marked_and_change_nothing(self, browser: Browser) -> None:
        before = seen(browser)
        browser.js("NP.at('from').value = 'soon'; NP.at('from').dispatchEvent(new Event('change'))")
        assert browser.js("return NP.at('from').classList.contains('wrong')")
        assert seen(browser) == before

    def test_the_wheel_zooms_with_ctrl_at_the_pointer(self, browser: Browser) -> None:
        browser.js("NP.timeline.go(2000, 9000)")
        browser.wheel(*middle(browser), -200)
        browser.settled()
        start, end = seen(browser)
        assert end - start < 7000
        assert start < 5500 < end

    def test_dragging_moves_it(self, browser: Browser) -> None:
        browser.js("NP.timeline.go(2000, 9000)")
        x, y = middle(browser)
        browser.drag(x, y, x - 200, y)
        start, end = seen(browser)
        assert start > 2100
        assert end - start == pytest.approx(7000)

    def test_dragging_in_the_strip_below_chooses_a_time_range(self, browser: Browser) -> None:
        browser.js("NP.timeline.go(70000, 71000)")
        browser.settled()
        left, top, width = browser.js("const b = NP.view('timeline', 'mini').box; return [b.left, b.top, b.width]")
        browser.drag(left + 0.25 * width, top + 20, left + 0.5 * width, top + 20)
        start, end = seen(browser)
        whole = browser.js("return NP.timeline.limits.end - NP.timeline.limits.start")
        assert start == pytest.approx(0.25 * whole, abs=0.02 * whole)
        assert end == pytest.approx(0.5 * whole, abs=0.02 * whole)

    def test_pointing_at_a_piece_marks_all_fragments_and_links_them(
        self, browser: Browser, history: History, keep: Keep
    ) -> None:
        op = cut_operation(history)
        browser.js("NP.timeline.jump(arguments[0]); NP.timeline.choose(-1)", op)
        browser.settled()
        browser.point(*place(browser, op, 1))
        row = history.ops.row(op, named=True)
        segments = history.segments.filter(history.segments["op"] == op)
        assert browser.js("return NP.timeline.hovered") == op
        # one box per segment of each plane, and one for its command on the bus
        assert browser.js("return NP.source('timeline', 'marks').data.left.length") == len(segments) + 1
        gaps = history.gaps.filter(history.gaps["op"] == op)
        assert browser.js("return NP.source('timeline', 'links').data.xs.length") == sum(
            mask.bit_count() for mask in gaps["mask"]
        )
        assert row["op_name"] in browser.text("tip")
        assert f"op_uid {row['op_uid']}" in browser.text("tip")
        keep("timeline-fragments")

    def test_a_click_keeps_the_operation_and_tells_all_of_it(self, browser: Browser, history: History) -> None:
        op = cut_operation(history)
        browser.js("NP.timeline.jump(arguments[0]); NP.timeline.choose(-1)", op)
        browser.settled()
        browser.click(*place(browser, op, 1))
        assert browser.js("return NP.timeline.chosen") == op
        assert str(history.ops["op_name"][op]) in browser.text("detail")
        assert "suspended" in browser.text("detail")

    def test_colours_can_tell_coverage(self, browser: Browser, keep: Keep) -> None:
        browser.js("NP.timeline.go(2000, 9000); NP.at('colour').value = 'coverage'; NP.at('colour').onchange()")
        browser.settled()
        tones = set(browser.js("return NP.source('timeline', 'pieces').data.tone"))
        wanted = browser.js(
            "const own = ['first', 'again', 'nocell'].map(NP.colour);"
            "return [...own, ...own.map((tone) => NP.blended(tone, '#101418', 0.3))]"
        )
        assert tones <= set(wanted)
        assert "for the first time" in browser.text("legend")
        keep("timeline-coverage")


class TestTheTable:
    def test_it_lists_what_starts_in_the_picture(self, browser: Browser, made: RunFolder) -> None:
        browser.js("NP.timeline.go(2000, 4000)")
        browser.settled()
        wanted = [row["op_uid"] for row in table(made, "operation_sequence") if 2000 <= float(row["time"]) <= 4000]
        found = browser.js("return [...NP.at('operations').tBodies[0].rows].map((row) => row.cells[1].innerText)")
        assert found == wanted

    def test_a_row_leads_to_its_operation(self, browser: Browser) -> None:
        browser.js("NP.at('operations').tBodies[0].rows[12].click()")
        browser.settled()
        uid = browser.js("return NP.columns['op.uid'][NP.timeline.chosen]")
        assert browser.js("return document.querySelector('#operations tr.chosen').cells[1].innerText") == str(uid)
        start, end = seen(browser)
        assert start <= browser.js("return NP.columns['op.time'][NP.timeline.chosen] / NP.scale") <= end


class TestTheSearch:
    def find(self, browser: Browser, text: str) -> None:
        browser.js("NP.at('query').value = ''; NP.at('query').focus()")
        browser.press(text, Keys.ENTER)
        browser.settled()

    def test_a_number_is_an_op_uid(self, browser: Browser) -> None:
        self.find(browser, "321")
        assert browser.js("return NP.columns['op.uid'][NP.timeline.chosen]") == 321
        assert browser.text("found") == "1 of 1"

    def test_a_part_of_a_name_finds_all_its_operations(self, browser: Browser, made: RunFolder) -> None:
        wanted = [
            int(row["op_uid"]) for row in table(made, "operation_sequence") if "suspend" in row["op_name"].lower()
        ]
        self.find(browser, "suspend")
        assert browser.js("return NP.panels.found.map((op) => NP.columns['op.uid'][op])") == wanted
        assert browser.text("found") == f"1 of {len(wanted)}"
        browser.js("document.activeElement.blur()")
        browser.press("n")
        assert browser.js("return NP.columns['op.uid'][NP.timeline.chosen]") == wanted[1]
        browser.press("p", "p")
        assert browser.js("return NP.columns['op.uid'][NP.timeline.chosen]") == wanted[-1]

    def test_what_is_not_there_is_said(self, browser: Browser) -> None:
        self.find(browser, "no_such_thing")
        assert browser.text("found") == "nothing found"


class TestTheKeyboard:
    def test_the_timeline_moves_and_zooms(self, browser: Browser) -> None:
        browser.js("NP.timeline.go(2000, 6000); NP.at('timeline').focus()")
        browser.press(Keys.ARROW_RIGHT)
        assert seen(browser) == pytest.approx((2800, 6800))  # a fifth of 4000 us
        browser.press("+")
        assert seen(browser) == pytest.approx((3800, 5800))
        browser.press("-", Keys.ARROW_LEFT)
        assert seen(browser) == pytest.approx((2000, 6000))
        browser.press("0")
        assert seen(browser) == pytest.approx(browser.js("return [NP.timeline.limits.start, NP.timeline.limits.end]"))

    def test_without_a_search_n_and_p_go_from_operation_to_operation(self, browser: Browser) -> None:
        browser.js("NP.timeline.choose(7)")
        browser.press("n", "n", "p")
        assert browser.js("return NP.timeline.chosen") == 8

    def test_escape_lets_go(self, browser: Browser) -> None:
        browser.js("NP.timeline.choose(3)")
        browser.press(Keys.ESCAPE)
        assert browser.js("return NP.timeline.chosen") == -1

    def test_a_slash_goes_to_the_search(self, browser: Browser) -> None:
        browser.press("/")
        assert browser.js("return document.activeElement.id") == "query"

    def test_every_control_can_be_reached_by_tab_and_has_a_name(self, browser: Browser) -> None:
        nameless = browser.js(
            """return [...document.querySelectorAll('button, input, select, [tabindex]')].filter((e) =>
            !(e.getAttribute('aria-label') || e.innerText?.trim() || e.closest('label'))).map((e) => e.id)"""
        )
        assert nameless == []
        assert browser.js("return document.querySelectorAll('[tabindex=\"-1\"]').length") == 0

    def test_the_coverage_map_shows_bins_on_enter(self, browser: Browser) -> None:
        browser.js("NP.heat.cursor = null; NP.at('heat').focus()")
        browser.press(Keys.ARROW_RIGHT, Keys.ARROW_DOWN, Keys.ENTER)
        state, name = browser.js("return NP.heat.chosen.map((at, i) => [NP.about.states, NP.about.names][i][at])")
        assert state in browser.text("bins")
        assert name in browser.text("bins")
