"""Histories that rows begin with, and changes of a device that several tables need."""

from __future__ import annotations

from tests.rules.table import FREE, Made, Raw

ERASED = """
    0   Block_Erase_SLC   block 0    # until 6
"""
PROGRAMMED = f"""{ERASED}
    6   Page_Program_SLC  block 0    # until 12
"""
TWO_PAGES = f"""{PROGRAMMED}
    12  Page_Program_SLC  block 0 page 1    # until 18
"""
BOTH_PLANES = """
    0   Block_Erase_Multi_Plane_ONFI_SLC   block 0+1    # until 6
    6   Page_Program_Multi_Plane_ONFI_SLC  block 0+1    # until 12
"""
ERASED_TLC = """
    0   Block_Erase_TLC   block 0    # until 6
"""
"""The above and those below: on a small device."""
SUSPENDED_ERASE = """
    0   Block_Erase_SLC   block 0           # until 6
    6   Page_Program_SLC  block 0           # until 12
    12  Block_Erase_SLC   block 2           # CORE_BUSY from 14 to 18
    15  Erase_Suspend_Reset                 # until 21; 3 ticks of the erase are left
"""
SUSPENDED_TLC = """
    0   Block_Erase_TLC       block 0           # until 6
    6   One_Shot_PGM_LSB      block 0           # until 12
    12  One_Shot_PGM_CSB      block 0           # until 18
    18  One_Shot_PGM_MSB_23h  block 0           # CORE_BUSY from 20 to 24
    21  Program_Suspend_Reset                   # until 27; 3 ticks of the program are left
"""


def shipped_programmed(pages: int = 1) -> str:
    """Block 0 of the shipped device erased as SLC and programmed: until 7309.9344 with one page, 7619.7588 with two."""
    first = """
    0.0000     Block_Erase_SLC   block 0           # until 0.1100 + 7000
    7000.1100  Page_Program_SLC  block 0           # until + 9.8244 + 300 = 7309.9344
    """
    second = """
    7309.9344  Page_Program_SLC  block 0 page 1    # until + 9.8244 + 300 = 7619.7588
    """
    return first if pages == 1 else first + second


def _bad_block(raw: Raw) -> None:
    raw["topology"]["bad_blocks"] = "bad.csv"


def _guard(raw: Raw) -> None:
    raw["policies"]["read_offset_guard"] = 1


def _flags(raw: Raw) -> None:
    raw["pattern_export"]["exp_val_suspend"] = True


ONE_BAD = Made(FREE.small, _bad_block)
"""A small device whose block 5 of die 0 is bad."""
GUARDED = Made(FREE.small, _guard)
"""A small device whose reads stay one page below the last one."""
FLAGGED = Made(FREE.small, _flags)
"""A small device whose status reads show suspensions, too."""


def _douts_off_bus(raw: Raw) -> None:
    raw["op_bases"]["DOUT"]["states"] = {"ISSUE": {}}


def _erases_off_bus(raw: Raw) -> None:
    raw["op_bases"]["ERASE"]["states"] = {"ISSUE": {}, "CORE_BUSY": {}}


DOUT_OFF_BUS = Made(FREE.small, _douts_off_bus)
"""A small device whose DOUTs leave the bus to others."""
ERASE_OFF_BUS = Made(FREE.small, _erases_off_bus)
"""A small device whose erases leave the bus to others."""
