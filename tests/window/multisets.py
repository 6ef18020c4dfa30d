"""Multisets of operations whose legal sequences are counted, on devices of one or two planes and a few blocks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from model.device import Device
from tests.window.exhaust import Question
from tests.window.small import TABLES, small_config

TICKS = {
    "Block_Erase_SLC": (1, 3),
    "Block_Erase_TLC": (1, 2),
    "Page_Program_SLC": (1, 2),
    "Page_Program_A0SLC": (1, 2),
    "Cache_Program_SLC": (1, 1, 2),
    "One_Shot_PGM_LSB": (1, 1),
    "One_Shot_PGM_CSB": (1, 1),
    "One_Shot_PGM_MSB": (1, 1),
    "One_Shot_PGM_MSB_23h": (1, 2),
    "One_Shot_PGM_Execution_MSB": (1, 2),
    "Cache_Program_MSB": (1, 2, 2),
    "Data_transfer_to_cache_for_1st_Page_TLC": (1, 1),
    "Copyback_Read_SLC": (1, 1, 1),
    "Copyback_Program_SLC": (1, 2),
    "Read_SLC": (1, 1, 1),
    "Read_Multi_Plane_ONFI_SLC": (1, 1, 1),
    "Read_Cache_Random_SLC": (1, 1, 1),
    "Read_Cache_Random_Multi_Plane_ONFI_SLC": (1, 1, 1),
    "Read_Cache_End": (1, 1),
    "Plane_Level_Page_Read_SLC": (1, 1, 1),
    "Plane_Level_Cache_Read_SLC": (1, 1, 1),
    "Plane_Level_Cache_Read_End": (1, 1),
    "4KB_Page_Read_confirm_SLC": (1, 1, 1),
    "Read_write_conflict_Fire_N_Forget_LSB": (1, 1, 1),
    "Change_Read_Column_Random_Data_Output": (1,),
    "Enhanced_Random_Data_Output_4K_Secondary": (1,),
    "Change_Write_Column": (1,),
    "DSL_Vth_Check": (1, 1),
    "Read_Status_Enhanced_70h": (1,),
    "Auto_Read_by_38h_Cmd_Target_Level": (1, 1),
    "Erase_Suspend_Reset": (1, 1),
    "Erase_Resume": (1, 1),
    "Program_Suspend_Reset": (1, 1),
    "Program_Resume": (1, 1),
    "Super_Reset": (1, 1),
    "Set_Features": (1,),
    "ODT_Disable": (1,),
    "ODT_Reenable": (1,),
    "Delay": (1,),
}
"""Durations of the op_names' states."""
DOUT = "Change_Read_Column_Random_Data_Output"


@dataclass(frozen=True)
class Multiset:
    """A question without its device. `legal`: so many sequences are; `free`: no group forbids anything."""

    name: str
    legal: int
    wanted: str
    last: int
    before: str = ""
    floor: int = 0
    drained: bool = False
    free: bool = False
    planes: int = 2
    dies: int = 1

    def ask(self, folder: Path) -> Question:
        """The question; the config file of its device is put into a folder."""
        lines = [line.split() for line in (self.wanted + self.before).splitlines()]
        used = {word for words in lines for word in words if word in TICKS}
        ticks = {name: TICKS[name] for name in TICKS if name in used}
        empty = TABLES if self.free else ()
        config = small_config(folder, ticks, dies=self.dies, planes=self.planes, empty=empty)
        return Question(config, Device(config), self.wanted, self.last, self.before, self.floor, self.drained)


def without_groups(multiset: Multiset, legal: int, last: int | None = None) -> Multiset:
    """The same on a device whose groups forbid nothing: every rule has to keep the window from it by itself."""
    last = multiset.last if last is None else last
    return replace(multiset, name=f"{multiset.name}, no groups", legal=legal, last=last, free=True)


def drained(multiset: Multiset, legal: int, last: int | None = None) -> Multiset:
    """The same with nothing left open behind it."""
    last = multiset.last if last is None else last
    return replace(multiset, name=f"{multiset.name}, drained", legal=legal, last=last, drained=True)


ERASED = """
    0  Block_Erase_SLC  block 0    # until 4
    4  Block_Erase_SLC  block 3    # until 8
"""
"""Blocks 0 and 3 lie in different rows and on different planes."""
ERASED_TLC = """
    0  Block_Erase_TLC  block 0    # until 3
    3  Block_Erase_TLC  block 3    # until 6
"""
PROGRAMMED = """
    0   Block_Erase_SLC   block 0    # until 4
    4   Block_Erase_SLC   block 1    # until 8
    8   Page_Program_SLC  block 0    # until 11
    11  Page_Program_SLC  block 1    # until 14
"""
TWO_PAGES = """
    0  Block_Erase_SLC   block 0           # until 4
    4  Page_Program_SLC  block 0           # until 7
    7  Page_Program_SLC  block 0 page 1    # until 10
"""
LSB = f"""{ERASED_TLC}
    6  One_Shot_PGM_LSB  block 0    # until 8
"""
CUT_ERASE = """
    0  Block_Erase_SLC  block 0    # until 4
    4  Block_Erase_SLC  block 3    # CORE_BUSY from 5 to 8
    6  Erase_Suspend_Reset         # until 8; 2 ticks are left
"""

ERASE = "Block_Erase_SLC   plane 0|1 row 0|1 page 0"
PROGRAM = "Page_Program_SLC  plane 0|1 row 0|1 page 0|1"
SUSPENDED_ERASE = """
    Erase_Suspend_Reset
    Erase_Resume
"""
SUSPENDED_PROGRAM = """
    Program_Suspend_Reset
    Program_Resume
"""
