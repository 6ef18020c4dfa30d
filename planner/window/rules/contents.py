"""The contents page of the rules: which encoder states which rule of the catalogue."""

from __future__ import annotations

from collections.abc import Callable

from planner.window.rules import addresses, chains, delivery, ends, issue, occupancy, status, suspension
from planner.window.variables import Window

Encoder = Callable[[Window], None]

ENCODERS: tuple[tuple[str, Encoder], ...] = (
    ("bus", occupancy.bus),
    ("plane-busy", occupancy.plane_busy),
    ("handover", occupancy.handover),
    ("multi-plane", occupancy.multi_plane),
    ("op-state", issue.op_state),
    ("end-state", issue.end_state),
    ("latch", issue.latch),
    ("cache", issue.cache),
    ("suspend-state", issue.suspend_state),
    ("odt", issue.odt),
    ("suspend-target", suspension.suspend_target),
    ("resume-order", suspension.resume_order),
    ("residual", suspension.residual),
    ("suspended-block", suspension.suspended_block),
    ("recovery", suspension.recovery),
    ("multi-address", addresses.multi_address),
    ("addresses", addresses.addresses),
    ("block-in-flight", addresses.block_in_flight),
    ("open-chain-page", addresses.open_chain_page),
    ("chain", chains.chain),
    ("transfer", chains.transfer),
    ("dout", delivery.dout),
    ("cache-chain", delivery.cache_chain),
    ("absent-lun", status.absent_lun),
    ("sr-stable", status.sr_stable),
    ("drained", ends.drained),
)
