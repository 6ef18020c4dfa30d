"""An example of each side of every rule, in words: what keeps it, and what breaks it.

Each is the title of a row of that rule's table (`tests/rules/tables/`), where it stands with its op_names and ticks.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Examples(NamedTuple):
    """What keeps a rule, and what breaks it."""

    legal: str
    illegal: str


_WORDS: Final = {
    "range": Examples("a payload with the last block of the last die", "a payload with block 64 of a die of 64 blocks"),
    "block-plane": Examples("a payload with block 7 on plane 3", "a payload with block 7 on plane 2"),
    "op-uid": Examples("operations numbered 1, 2, 3", "operations numbered 1, 3"),
    "time": Examples(
        "each operation starts after the one before", "an operation starts a tick before the one above it"
    ),
}
_OCCUPANCY: Final = {
    "bus": Examples(
        "the ISSUE of die 1 starts when that of die 0 ends",
        "the ISSUE of die 1 starts one tick before that of die 0 ends",
    ),
    "plane-busy": Examples(
        "an erase starts when the one before ends", "an erase starts one tick before the one before ends"
    ),
    "handover": Examples(
        "a cache program takes the window over as it opens", "a read of one plane starts as a window of both opens"
    ),
    "multi-plane": Examples("two plane reads on two planes overlap", "a read overlaps a plane read on another plane"),
}
_ISSUE: Final = {
    "op-state": Examples("an ID read when ERASE.CORE_BUSY has ended", "an ID read at the last tick of ERASE.CORE_BUSY"),
    "end-state": Examples("an ID read after the next segment, a program", "an ID read when ERASE has ended"),
    "latch": Examples("a load when the DOUT has ended", "a load on a plane with undelivered data"),
    "cache": Examples("a cache program on the page before the last", "a cache program on the last page"),
    "suspend-state": Examples("a RESUME when the SUSPEND has ended", "a RESUME at the last tick of the SUSPEND"),
    "odt": Examples("an erase as ODTENABLE ends", "an erase as ODTDISABLE ends"),
}
_SUSPEND: Final = {
    "suspend-target": Examples("a SUSPEND at the last tick of CORE_BUSY", "a SUSPEND as CORE_BUSY ends"),
    "resume-order": Examples(
        "the erase goes on when the program has ended", "the erase is resumed while the program is suspended"
    ),
    "residual": Examples("a RESUME when the data are delivered", "a RESUME over undelivered data"),
    "op-end-once": Examples("an erase that was suspended ends once", "an erase that was suspended ends twice"),
    "suspended-block": Examples(
        "another block is erased while an erase is suspended", "the block is erased while its erase is suspended"
    ),
    "drained": Examples("a suspended erase goes on to its end", "an erase stays suspended"),
}
_ADDRESSES: Final = {
    "erase": Examples("an erase of a programmed block", "an erase of a bad block"),
    "program-after-erase": Examples("a program as the erase ends", "a program one tick before the erase ends"),
    "page-order": Examples("a program of page 1 after page 0", "a program of page 0 twice"),
    "celltype": Examples("a program of A0SLC after an erase as SLC", "a program of SLC after A0SLC"),
    "read-programmed": Examples(
        "a read of a page as its program ends", "a read of a page one tick before its program ends"
    ),
    "multi-address": Examples("a multi-plane erase of two planes in one row", "blocks of two rows"),
    "block-in-flight": Examples(
        "a load of the next page when the program has ended", "a load of a page at the last tick of its program"
    ),
    "open-chain-page": Examples(
        "a read of the page before while a chain is open", "a read of the page of an open chain"
    ),
    "bad-block": Examples("an erase of the block before a bad one", "an erase of a bad block"),
}
_CHAINS: Final = {
    "chain": Examples("LSB, CSB, MSB, EXEC_MSB", "LSB, CSB, MSB, MSB_23H"),
    "dout": Examples("DOUTs in plane order", "the DOUT of plane 1 before that of plane 0"),
    "cache-chain": Examples(
        "READ p, CACHE_READ q, DOUT p, END, DOUT q", "CACHE_READ over an undelivered cache register"
    ),
    "transfer": Examples("a transfer of the first page as LSB ends", "a transfer of the first page as CSB ends"),
    "recovery": Examples("a RECOVERY_RD as the SUSPEND ends", "a RECOVERY_RD when the program has ended"),
    "datain": Examples("a load of page 1 after page 0", "a load of page 0 after page 0"),
    "dsl": Examples("a check of a page that is not programmed", "a check of an UNDEFINED block"),
}
_STATUS: Final = {
    "sr-value": Examples(
        "a status read that expects busy as CORE_BUSY begins", "a status read that expects busy as CORE_BUSY ends"
    ),
    "sr-stable": Examples(
        "a status read's ISSUE ends with CORE_BUSY", "a status read's ISSUE ends one tick after CORE_BUSY"
    ),
    "absent-lun": Examples("a status read of LUN 1 with die 1", "a status read of LUN 2 of a device with two dies"),
    "undefined-block": Examples("an erase of a block whose erase was cut", "a program of a block whose erase was cut"),
    "payload": Examples(
        "an erase with die, plane, block, page and celltype", "an erase with another celltype than its op_name's"
    ),
}

EXAMPLES: Final = {**_WORDS, **_OCCUPANCY, **_ISSUE, **_SUSPEND, **_ADDRESSES, **_CHAINS, **_STATUS}
"""By rule id."""
