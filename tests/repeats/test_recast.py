"""A chapter on other dies and rows, with other op_names and pauses: told as the device does it."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, replace

import numpy as np
import pytest

from model.boundary import BAD, GOOD, UNDEFINED, Blocks, Boundary
from model.config import Config
from model.device import Device
from model.event import Spans
from model.timeline import Layout, Timeline
from planner.coverage import HitCounter
from planner.covering import Covering, Goal
from planner.repeats.cast import Cast, Casting
from planner.repeats.chapter import Chapter
from planner.repeats.library import library, settled
from planner.repeats.recast import recast, recast_until
from planner.targets.usable import lun_of


def just_reset(device: Device, chapter: Chapter, blocks: Blocks | None = None) -> Boundary:
    """A device where chapters begin, at a tick and a number of its own."""
    fresh = Boundary.fresh(device)
    return replace(fresh, time=123_457, next_op_uid=1, dies=chapter.dies, blocks=blocks or fresh.blocks)


def rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def drawn(device: Device, chapter: Chapter, blocks: Blocks, seed: int) -> Cast:
    """A cast that there is."""
    cast = tried(device, chapter, blocks, seed)
    assert cast is not None
    return cast


def tried(device: Device, chapter: Chapter, blocks: Blocks, seed: int) -> Cast | None:
    """A cast, if there is one."""
    casting, chance = Casting(device), rng(seed)
    return casting.draw(chapter, casting.exchange(chance), blocks, chance)


def rows_of(spans: Spans) -> list[tuple[int, ...]]:
    columns = [getattr(spans, field.name).tolist() for field in fields(Spans)]
    return sorted(zip(*columns, strict=True))


@pytest.mark.parametrize("seed", range(4))
def test_a_whole_chapter_is_what_the_device_makes_of_its_commands(
    device: Device, chapters: tuple[Chapter, ...], seed: int
) -> None:
    chapter = chapters[seed * len(chapters) // 4]
    boundary = just_reset(device, chapter)
    cast = drawn(device, chapter, boundary.blocks, seed)
    whole = recast(device, chapter, cast, boundary)
    told = recast_until(device, chapter, cast, boundary, len(chapter.commands), None)
    assert told is not None
    by_device = settled(device, told)
    assert rows_of(whole.chunk.spans) == rows_of(by_device.chunk.spans)
    assert whole.boundary.dies == by_device.boundary.dies
    assert whole.boundary.blocks == by_device.boundary.blocks
    assert whole.boundary.time >= by_device.boundary.time
    assert whole.boundary.next_op_uid == by_device.boundary.next_op_uid


def test_a_chapter_is_cut_at_an_operation_or_a_tick(device: Device, chapters: tuple[Chapter, ...]) -> None:
    chapter = chapters[3]
    boundary = just_reset(device, chapter)
    cast = drawn(device, chapter, boundary.blocks, 1)
    times = recast(device, chapter, cast, boundary).chunk.commands.time.tolist()
    for most, end, count in ((40, None, 40), (40, times[25], 25), (20, times[25], 20), (40, times[0] + 1, 1)):
        told = recast_until(device, chapter, cast, boundary, most, end)
        assert told is not None
        assert told.chunk.commands.time.tolist() == times[:count]
        assert told.boundary.next_op_uid == 1 + count
    assert recast_until(device, chapter, cast, boundary, 40, times[0]) is None


def test_the_cells_of_a_chapter_are_as_many_as_before_whoever_plays_it(
    shipped: Config, device: Device, chapters: tuple[Chapter, ...]
) -> None:
    """Op_names are exchanged one for one within their class, so the hits of a class stay the same."""
    chapter = chapters[len(chapters) // 2]
    boundary = just_reset(device, chapter)
    layout = Layout.of(shipped)
    totals = set()
    for seed in range(3):
        decoded = recast(device, chapter, drawn(device, chapter, boundary.blocks, seed), boundary)
        timeline, counter = Timeline(layout, boundary), HitCounter(shipped, layout)
        counter.add(timeline.settle(decoded.chunk))
        counter.add(timeline.finish())
        totals.add((counter.total, counter.cells))
    assert len(totals) == 1


def test_op_names_stay_in_their_class_and_status_reads_of_a_die_follow_it(
    device: Device, chapters: tuple[Chapter, ...]
) -> None:
    names = device.catalogue.names
    blocks = Boundary.fresh(device).blocks
    crossed = 0
    for seed in range(6):
        cast = drawn(device, chapters[0], blocks, seed)
        assert sorted(cast.name.tolist()) == list(range(len(names)))
        for op, stand_in in zip(names, (names[n] for n in cast.name.tolist()), strict=True):
            assert (op.base, op.multi, op.celltype, op.durations) == (
                stand_in.base, stand_in.multi, stand_in.celltype, stand_in.durations
            )  # fmt: skip
            lun = lun_of(op.name)
            if lun is not None and lun < device.geometry.dies:
                assert lun_of(stand_in.name) == cast.die[lun]
                crossed += lun != cast.die[lun]
    assert crossed


def test_all_chapters_together_hit_every_cell_whatever_is_exchanged(
    shipped: Config, device: Device, chapters: tuple[Chapter, ...]
) -> None:
    layout, casting = Layout.of(shipped), Casting(device)
    boundary = just_reset(device, chapters[0])
    for seed in range(2):
        counter, exchange = HitCounter(shipped, layout), casting.exchange(rng(seed))
        for chapter in chapters:
            cast = casting.draw(chapter, exchange, boundary.blocks, rng(seed))
            assert cast is not None
            timeline = Timeline(layout, boundary)
            counter.add(timeline.settle(recast(device, chapter, cast, boundary).chunk))
            counter.add(timeline.finish())
        assert counter.cells == Covering(device, Goal()).total


def test_rows_with_bad_blocks_are_played_by_rows_that_have_these_planes(
    worn: Config, chapters: tuple[Chapter, ...]
) -> None:
    device = Device(worn)
    blocks = Boundary.fresh(device).blocks
    planes, played = device.geometry.planes, 0
    for seed, chapter in enumerate(chapters[:12]):
        cast = tried(device, chapter, blocks, seed)
        if cast is None:
            continue
        played += 1
        for die, row, used in zip(cast.die[chapter.rows.die], cast.row, chapter.rows.used, strict=True):
            for plane in range(planes):
                assert not int(used) >> plane & 1 or blocks.kind[die, row * planes + plane] != BAD
        rows = list(zip(cast.die[chapter.rows.die].tolist(), cast.row.tolist(), strict=True))
        assert len(set(rows)) == len(rows)
    assert played >= 6


def test_what_looks_at_a_block_before_it_is_erased_does_not_find_an_undefined_one(
    device: Device, chapters: tuple[Chapter, ...]
) -> None:
    """Half of all rows are undefined: DSL checks of blocks that nothing has erased go to the others."""
    blocks = Boundary.fresh(device).blocks.copy()
    blocks.kind[:, : device.geometry.blocks // 2] = UNDEFINED
    planes, looked = device.geometry.planes, 0
    for seed, chapter in enumerate(chapters):
        cast = tried(device, chapter, blocks, seed)
        assert cast is not None
        for die, row, mask in zip(cast.die[chapter.rows.die], cast.row, chapter.rows.looked, strict=True):
            for plane in range(planes):
                if int(mask) >> plane & 1:
                    looked += 1
                    assert blocks.kind[die, row * planes + plane] == GOOD
    assert looked


def test_there_is_no_cast_where_rows_are_missing(device: Device, chapters: tuple[Chapter, ...]) -> None:
    blocks = Boundary.fresh(device).blocks.copy()
    blocks.kind[:, device.geometry.planes :] = BAD  # one row is left on each die
    most = max(chapters, key=lambda chapter: int(np.bincount(chapter.rows.die).max()))
    assert Counter(most.rows.die.tolist()).most_common(1)[0][1] > 1
    assert tried(device, most, blocks, 0) is None


def test_pauses_come_only_where_nothing_is_under_way(device: Device, chapters: tuple[Chapter, ...]) -> None:
    spans_of = [(chapter, chapter.spans.start, chapter.spans.end) for chapter in chapters]
    lulls = 0
    for chapter, start, end in spans_of:
        for lull in chapter.lulls.tolist():
            lulls += 1
            assert not ((start < lull) & (end >= lull)).any()
            assert (start == lull).any()
    assert lulls


def test_chapters_are_shorter_where_runs_are(tiny_config: Config) -> None:
    """One for all cells and one walk, or several."""
    device = Device(tiny_config)
    assert len(library(device, 1, 100_000, None)) == 2
    for ops, until in ((400, None), (None, tiny_config.clock.ticks("40000"))):
        assert len(library(device, 1, ops, until)) >= 4
