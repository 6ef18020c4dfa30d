"""A trace, read back as JSON, is well formed by the trace event format, and shows what the timeline says."""

from __future__ import annotations

import json
from collections import defaultdict
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from planner.recorded.history import History
from planner.waves.perfetto import write_perfetto
from tests.recorded.made import history_of, planned, story, us

Event = dict[str, Any]
NEEDED = {"X": {"ts", "dur"}, "M": {"args"}, "s": {"ts", "id", "cat"}, "f": {"ts", "id", "cat", "bp"}}


def traced(history: History, path: Path, begin: int | None = None, end: int | None = None) -> list[Event]:
    """The events of a history, read back; numbers with a fraction as Decimal."""
    with path.open("w", encoding="utf-8") as file:
        write_perfetto(
            history, file, history.span[0] if begin is None else begin, history.span[1] if end is None else end
        )
    document = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    assert document["displayTimeUnit"] in ("ms", "ns")
    events: list[Event] = document["traceEvents"]
    return events


@cache
def whole() -> History:
    """Runs of the shipped device."""
    return history_of(planned())


@pytest.fixture
def events(tmp_path: Path) -> list[Event]:
    """The trace of a plan."""
    return traced(whole(), tmp_path / "t.json")


def ticks(time: Decimal | int) -> int:
    """A time of the trace; it must be a whole number of ticks."""
    made = Decimal(time) * 10**4
    assert made == int(made)
    return int(made)


def slices(events: list[Event], category: str) -> list[Event]:
    """All slices of a category."""
    return [event for event in events if event["ph"] == "X" and event["cat"] == category]


def tracks(events: list[Event]) -> dict[tuple[int, int], str]:
    """The names of the tracks."""
    names = [event for event in events if event["ph"] == "M" and event["name"] == "thread_name"]
    return {(event["pid"], event["tid"]): event["args"]["name"] for event in names}


def test_every_event_has_the_fields_that_its_phase_needs(events: list[Event]) -> None:
    for event in events:
        assert {"ph", "name", "pid", "tid"} | NEEDED[event["ph"]] <= set(event)
        assert isinstance(event["pid"], int)
        assert isinstance(event["tid"], int)
        assert event.get("dur", 0) >= 0


def test_every_track_with_events_has_one_name(events: list[Event]) -> None:
    named = [(event["pid"], event["tid"]) for event in events if event["name"] == "thread_name"]
    assert len(named) == len(set(named))
    assert {(event["pid"], event["tid"]) for event in events if event["ph"] != "M"} <= set(named)


def test_slices_of_a_track_are_apart_or_one_in_the_other(events: list[Event]) -> None:
    by_track: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for event in events:
        if event["ph"] == "X":
            start = ticks(event["ts"])
            by_track[event["pid"], event["tid"]].append((start, start + ticks(event["dur"])))
    for rows in by_track.values():
        open_ends: list[int] = []
        for start, end in sorted(rows, key=lambda row: (row[0], -row[1])):
            while open_ends and open_ends[-1] <= start:
                open_ends.pop()
            assert not open_ends or end <= open_ends[-1]
            open_ends.append(end)


def test_the_slices_of_the_planes_are_the_segments(events: list[Event]) -> None:
    names = tracks(events)
    shown = [
        (ticks(e["ts"]), ticks(e["ts"]) + ticks(e["dur"]), names[e["pid"], e["tid"]], e["name"], e["args"]["op_uid"])
        for e in slices(events, "state")
    ]
    due = [
        (start, end, f"d{die}-p{plane}", f"{base}.{state}", uid)
        for start, end, die, plane, base, state, uid in whole().segments.rows()
    ]
    assert sorted(shown) == sorted(due)


def test_the_slices_of_the_bus_are_what_was_sent(events: list[Event]) -> None:
    shown = [(ticks(e["ts"]), ticks(e["dur"]), e["name"]) for e in slices(events, "bus")]
    bus = whole().bus.select("start", pl.col("end") - pl.col("start"), "op_name").rows()
    assert sorted(shown) == sorted(bus)


def test_an_arrow_links_each_cut_fragment_to_its_continuation(tmp_path: Path) -> None:
    events = traced(story(), tmp_path / "t.json")
    arrows = [(e["ph"], e["id"], e["pid"], e["tid"], ticks(e["ts"])) for e in events if e["ph"] in "sf"]
    # on planes 0 and 1 of die 0: from the last tick before 31 us to 53 us
    assert arrows == [
        ("s", 1, 2, 0, us(31) - 1), ("f", 1, 2, 0, us(53)), ("s", 2, 2, 1, us(31) - 1), ("f", 2, 2, 1, us(53)),
    ]  # fmt: skip


def test_both_ends_of_an_arrow_lie_in_slices_of_one_operation(events: list[Event]) -> None:
    by_track: dict[tuple[int, int], list[Event]] = defaultdict(list)
    for event in slices(events, "state"):
        by_track[event["pid"], event["tid"]].append(event)

    def owner(end: Event) -> int:
        at = ticks(end["ts"])
        found = [
            slice_["args"]["op_uid"]
            for slice_ in by_track[end["pid"], end["tid"]]
            if ticks(slice_["ts"]) <= at < ticks(slice_["ts"]) + ticks(slice_["dur"])
        ]
        assert len(found) == 1
        return int(found[0])

    starts = {event["id"]: event for event in events if event["ph"] == "s"}
    ends = {event["id"]: event for event in events if event["ph"] == "f"}
    assert set(starts) == set(ends)
    for number, start in starts.items():
        assert owner(start) == owner(ends[number])
        assert start["ts"] < ends[number]["ts"]


def test_every_continuation_has_an_arrow_on_each_of_its_planes(events: list[Event]) -> None:
    resumed = whole().events.filter(event="OP_RESUMED")
    planes = sum(len(text.split("+")) for text in resumed["planes"])
    assert len(resumed) > 5
    assert sum(event["ph"] == "f" for event in events) == planes


def test_suspended_operations_have_a_track_of_their_own(tmp_path: Path) -> None:
    events = traced(story(), tmp_path / "t.json")
    (gap,) = slices(events, "suspended")
    assert tracks(events)[gap["pid"], gap["tid"]] == "d0 suspended"
    assert (ticks(gap["ts"]), ticks(gap["dur"])) == (us(31), us(22))  # 31 to 53


def test_slices_tell_where_the_operation_works(tmp_path: Path) -> None:
    events = traced(story(), tmp_path / "t.json")
    erase = slices(events, "state")[0]
    # row 1 of two planes: blocks 2 and 3
    assert erase["args"] == {
        "op_uid": 1, "die": 0, "planes": [0, 1], "blocks": [2, 3], "page": 0, "op_name": "Erase_Multi",
    }  # fmt: skip


def test_a_range_shows_only_what_is_inside(tmp_path: Path) -> None:
    events = traced(story(), tmp_path / "t.json", us(20), us(40))
    times = [(ticks(e["ts"]), ticks(e["ts"]) + ticks(e["dur"])) for e in events if e["ph"] == "X"]
    assert min(start for start, _ in times) == us(20)
    assert max(end for _, end in times) == us(40)
    assert not [event for event in events if event["ph"] in "sf"]  # it goes on only at 53 us
