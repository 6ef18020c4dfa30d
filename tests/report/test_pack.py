"""Columns of a page: packed here, unpacked again as the page's script does it."""

from __future__ import annotations

import base64
import zlib

import numpy as np
import pytest

from planner.report.pack import Pack, as_json, squeezed


def unpacked(pack: Pack, name: str) -> list[int]:
    """The way back, by the layout that the page knows."""
    head, raw = pack.heads[name], zlib.decompress(base64.b64decode(pack.text()))
    width = int(head["kind"][1])
    planes = np.frombuffer(raw, np.uint8, head["length"] * width, head["at"]).reshape(width, head["length"])
    values = np.ascontiguousarray(planes.T).view(f"<{head['kind']}").ravel().astype(np.int64)
    return (np.cumsum(values) if head["delta"] else values).tolist()  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([], "u1"),
        ([0, 255], "u1"),
        ([-1, 127], "i1"),
        ([0, 256], "u2"),
        ([-1, 128], "i2"),
        ([0, 65_536], "u4"),
        ([-1, 32_768], "i4"),
        ([0, 2**32], "f8"),
        ([0, 2**53 - 1], "f8"),
    ],
)
def test_a_column_takes_the_smallest_kind_that_holds_it_and_comes_back(values: list[int], kind: str) -> None:
    pack = Pack()
    pack.add("before", [1, 2, 3])
    pack.add("it", values)
    assert pack.heads["it"]["kind"] == kind
    assert unpacked(pack, "it") == values
    assert unpacked(pack, "before") == [1, 2, 3]


def test_slowly_growing_values_are_kept_as_differences() -> None:
    pack = Pack()
    times = [10_000_000_000, 10_000_000_100, 10_000_000_101]
    pack.add("it", [0, 100, 101], delta=True)
    pack.add("late", times, delta=True)
    assert pack.heads["it"]["kind"] == "u1"
    assert unpacked(pack, "it") == [0, 100, 101]
    assert unpacked(pack, "late") == times


def test_what_stands_in_a_script_element_cannot_end_it() -> None:
    assert "</script>" not in as_json({"name": "</script><b>"})


def test_the_same_text_is_squeezed_to_the_same_text() -> None:
    assert squeezed("abc" * 100) == squeezed(b"abc" * 100)
    assert len(squeezed("abc" * 100)) < 60
