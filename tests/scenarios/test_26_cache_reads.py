"""26. Cache read: DOUT delivers p inside CACHE_READ q's DATA_OUT window or after it; a second CACHE_READ inside that
window (handover) at every bin once p is delivered; END, then DOUT q."""

from __future__ import annotations

import pytest

from model.config import Config
from model.event import Ended
from tests.scenarios.stage import Story, us


def pages(config: Config) -> Story:
    """A story on a device whose row 1 holds pages 0 to 3."""
    before = Story(config)
    before.programmed(row=1, pages=4)
    return before.then()


@pytest.mark.parametrize("offset", [us(0), us("0.0556"), us(5), us("9.9999")])
def test_the_first_page_is_delivered_inside_the_window(shipped: Config, offset: int) -> None:
    story = pages(shipped)
    story.op("READ", row=1)
    second = story.op("CACHE_READ", row=1, page=2)
    delivery = story.op("DOUT", inside=(second, offset), state="DATA_OUT", row=1)
    end = story.op("CACHE_READ_END", row=1, page=2)
    last = story.op("DOUT", row=1, page=2)
    told = story.tell(drained=True)
    story.accepted(drained=True)
    window = told.start(second) + us("20.12")  # ISSUE 0.12, CORE_BUSY 20
    assert told.start(delivery) == window + offset
    assert told.end(second) == window + us(10)
    assert told.start(end) == max(told.end(second), told.end(delivery))
    assert told.start(last) == told.end(end) == told.start(end) + us("50.045")
    story.refused("op-state", {delivery: window - 1, end: told.start(end) + us(100), last: told.start(last) + us(200)})


def test_the_end_takes_over_too(shipped: Config) -> None:
    story = pages(shipped)
    story.op("READ", row=1)
    second = story.op("CACHE_READ", row=1, page=2)
    delivery = story.op("DOUT", inside=(second, 0), state="DATA_OUT", row=1)
    end = story.op("CACHE_READ_END", inside=(second, us("9.9444")), state="DATA_OUT", row=1, page=2)
    story.op("DOUT", row=1, page=2)
    told = story.tell(drained=True)
    story.accepted(drained=True)
    assert told.start(end) == told.end(delivery) == told.end(second)


def test_or_after_the_window(shipped: Config) -> None:
    story = pages(shipped)
    story.op("READ", row=1)
    second = story.op("CACHE_READ", row=1, page=1)
    delivery = story.op("DOUT", row=1, after=(second, us(3)))
    story.op("CACHE_READ_END", row=1, page=1)
    story.op("DOUT", row=1, page=1)
    told = story.tell(drained=True)
    story.accepted(drained=True)
    assert told.start(delivery) == told.end(second) + us(3)


@pytest.mark.parametrize("tenth", range(10))
def test_a_second_cache_read_takes_over_at_every_bin(shipped: Config, tenth: int) -> None:
    story = pages(shipped)
    story.op("READ", row=1)
    story.op("DOUT", row=1)
    first = story.op("CACHE_READ", row=1, page=1)
    second = story.op("CACHE_READ", inside=(first, us(tenth)), state="DATA_OUT", row=1, page=3)
    story.op("DOUT", row=1, page=1)
    story.op("CACHE_READ_END", row=1, page=3)
    story.op("DOUT", row=1, page=3)
    told = story.tell(drained=True)
    story.accepted(drained=True)
    window = told.start(first) + us("20.12")
    assert told.start(second) == told.end(first) == window + us(tenth)
    if tenth:
        spans = [span for span in told.spans if span[0] == told.op_uid[first]]
        assert spans[-1][3:] == (window, window + us(tenth), us(10), 0, Ended.HANDED_OVER)


def test_it_does_not_take_over_while_the_first_page_waits(shipped: Config) -> None:
    story = pages(shipped)
    story.op("READ", row=1)
    first = story.op("CACHE_READ", row=1, page=1)
    told = story.tell()
    story.op("CACHE_READ", row=1, page=3, at=told.core(first)[0][1] + us(5))
    story.refused("cache-chain")


def test_nor_is_the_end_sent_while_it_waits(shipped: Config) -> None:
    story = pages(shipped)
    story.op("READ", row=1)
    story.op("CACHE_READ", row=1, page=1)
    story.tell()
    story.op("CACHE_READ_END", row=1, page=1, celltype="SLC")
    story.refused("cache-chain")


def test_the_page_read_last_is_delivered_after_the_end_only(shipped: Config) -> None:
    story = pages(shipped)
    story.op("READ", row=1)
    story.op("DOUT", row=1)
    story.op("CACHE_READ", row=1, page=1)
    story.tell()
    story.op("DOUT", row=1, page=1)
    story.refused("dout")


@pytest.mark.parametrize("word", ["READ", "PLANE_READ", "ERASE", "PROGRAM"])
def test_others_do_not_take_over(shipped: Config, word: str) -> None:
    story = pages(shipped)
    story.op("READ", row=1)
    story.op("DOUT", row=1)
    first = story.op("CACHE_READ", row=1, page=1)
    told = story.tell()
    story.op(word, row=1, at=told.core(first)[0][1] + us(5))
    assert {"op-state", "cache"} <= set(story.refused("plane-busy").by_rule)


def test_the_newcomer_takes_all_planes_of_the_window(shipped: Config) -> None:
    before = Story(shipped)
    before.programmed(row=1, pages=3, planes=(0, 1))
    story = before.then()
    story.op("Read_Multi_Plane_ONFI_SLC", row=1, planes=(0, 1))
    for plane in (0, 1):
        story.op("DOUT", row=1, planes=plane)
    first = story.op("Read_Cache_Random_Multi_Plane_ONFI_SLC", row=1, page=1, planes=(0, 1))
    told = story.tell()
    inside = told.core(first)[0][1] + us(5)
    story.op("CACHE_READ", row=1, page=2, planes=0, at=inside)
    story.refused("handover")


@pytest.mark.parametrize("tenth", [0, 5, 9])
def test_plane_cache_reads_likewise(shipped: Config, tenth: int) -> None:
    story = pages(shipped)
    story.op("PLANE_READ", row=1)
    story.op("DOUT", row=1)
    first = story.op("Plane_Level_Cache_Read_SLC", row=1, page=1)
    second = story.op("Plane_Level_Cache_Read_SLC", inside=(first, us(tenth)), state="DATA_OUT", row=1, page=2)
    story.op("DOUT", row=1, page=1)
    story.op("Plane_Level_Cache_Read_End", row=1, page=2)
    story.op("DOUT", row=1, page=2)
    told = story.tell(drained=True)
    story.accepted(drained=True)
    assert told.start(second) == told.start(first) + us("20.145") + us(tenth)


def test_kinds_are_not_mixed(shipped: Config) -> None:
    story = pages(shipped)
    story.op("PLANE_READ", row=1)
    story.op("DOUT", row=1)
    story.op("CACHE_READ", row=1, page=1)
    story.refused("cache-chain")
