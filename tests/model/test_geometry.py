"""Where blocks lie."""

from __future__ import annotations

from model.config import Config
from model.geometry import Geometry

FOUR_PLANES = Geometry(dies=2, planes=4, blocks=64, pages=256)


def test_blocks_go_round_the_planes() -> None:
    assert [FOUR_PLANES.plane_of(block) for block in (0, 1, 4, 63)] == [0, 1, 0, 3]


def test_a_row_has_one_block_per_plane() -> None:
    assert [FOUR_PLANES.row_of(block) for block in (0, 3, 4, 63)] == [0, 0, 1, 15]
    assert FOUR_PLANES.rows == 16


def test_row_and_plane_make_the_block() -> None:
    assert all(FOUR_PLANES.block_of(b // 4, b % 4) == b for b in range(FOUR_PLANES.blocks))


def test_planes_of_a_mask_ascend() -> None:
    assert FOUR_PLANES.planes_in(0b1101) == (0, 2, 3)
    assert FOUR_PLANES.planes_in(FOUR_PLANES.all_planes) == (0, 1, 2, 3)


def test_the_topology_gives_the_geometry(shipped: Config) -> None:
    assert Geometry.of(shipped) == FOUR_PLANES
