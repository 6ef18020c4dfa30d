"""The contents page of the faults."""

from __future__ import annotations

from collections.abc import Sequence

from tests.mutation import faults, late_faults
from tests.mutation.site import Maker

MAKERS: Sequence[tuple[Maker, int]] = (
    (faults.shifted, 30),
    (faults.dropped, 8),
    (faults.doubled, 8),
    (faults.swapped, 8),
    (faults.swapped_names, 6),
    (faults.other_name, 10),
    (faults.page, 10),
    (faults.page_of_one_plane, 3),
    (faults.block, 8),
    (faults.block_of_one_plane, 3),
    (faults.block_off_plane, 3),
    (faults.plane, 6),
    (faults.plane_alone, 3),
    (faults.die, 4),
    (faults.celltype, 4),
    (faults.exp_val, 5),
    (faults.number, 2),
    (late_faults.dropped_resume, 5),
    (late_faults.early_resume, 4),
    (late_faults.dropped_dout, 8),
    (late_faults.reordered_chain, 8),
    (late_faults.reordered_cache_programs, 3),
)
"""Who makes faults, and how often each is asked."""
