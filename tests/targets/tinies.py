"""Tiny devices on which every legal history can be tried: op_names of the shipped device with a few ticks each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from model.config import Config
from tests.window.small import small_config

Ticks = dict[str, tuple[int, ...]]

STATUS: Ticks = {"Read_Status_Enhanced_78h": (2,)}
DIE_STATUS: Ticks = {"LUN_Status_Read_for_LUN0": (2,)}
DOUT: Ticks = {"Change_Read_Column_Random_Data_Output": (2,)}
RESET: Ticks = {"Super_Reset": (1, 2)}
ERASE_SUSPEND: Ticks = {"Erase_Suspend_Reset": (1, 2), "Erase_Resume": (1, 2)}
PROGRAM_SUSPEND: Ticks = {"Program_Suspend_Reset": (1, 2), "Program_Resume": (1, 2)}
SLC: Ticks = {"Block_Erase_SLC": (1, 2), "Page_Program_SLC": (1, 2)}
MULTI_SLC: Ticks = {"Block_Erase_Multi_Plane_ONFI_SLC": (1, 1), "Page_Program_Multi_Plane_ONFI_SLC": (1, 1)}
CACHE_READS: Ticks = {"Read_SLC": (1, 2, 4), "Read_Cache_Random_SLC": (1, 2, 4), "Read_Cache_End": (1, 2)}
ONE_SHOT: Ticks = {
    "Block_Erase_TLC": (1, 2),
    "One_Shot_PGM_LSB": (1, 2),
    "One_Shot_PGM_CSB": (1, 2),
    "One_Shot_PGM_MSB_23h": (1, 3),
}


@dataclass(frozen=True)
class Tiny:
    """A tiny device: op_names with their durations in ticks, a shape, and changes to the config."""

    ticks: Ticks
    rows: int = 1
    pages: int = 1
    planes: int = 1
    empty: tuple[str, ...] = ()
    changes: tuple[Callable[[Config], Config], ...] = field(default=())

    def config(self, folder: Path) -> Config:
        """Its config, written into a folder."""
        config = small_config(
            folder, self.ticks, planes=self.planes, rows=self.rows, pages=self.pages, empty=self.empty
        )
        for change in self.changes:
            config = change(config)
        return config


def bases(**changed: dict[str, Any]) -> Callable[[Config], Config]:
    """Changes fields of bases."""

    def change(config: Config) -> Config:
        return replace(config, bases=tuple(replace(base, **changed.get(base.name, {})) for base in config.bases))

    return change


def flags(config: Config) -> Config:
    """Status reads tell what is suspended."""
    return replace(config, pattern=replace(config.pattern, exp_val_suspend=True))


def default_state(config: Config) -> Config:
    """Planes never used are a state of their own."""
    return replace(config, coverage=replace(config.coverage, default_state=True))


def by_op_name(config: Config) -> Config:
    """States are counted by op_name."""
    return replace(config, coverage=replace(config.coverage, hosts="op_name"))


TINIES: dict[str, Tiny] = {
    "erases are suspended": Tiny(
        {"Block_Erase_SLC": (1, 4), **ERASE_SUSPEND, **STATUS, **RESET, "ZQ_Calibration_Short": (1,)}, pages=2
    ),
    "suspended, with longer states": Tiny(
        {
            "Block_Erase_SLC": (1, 25),
            "Erase_Suspend_Reset": (1, 12),
            "Erase_Resume": (1, 11),
            "Read_Status_Enhanced_78h": (4,),
            "Read_Status_Enhanced_70h": (2,),
        }
    ),
    "erases and programs are suspended": Tiny(
        {
            "Block_Erase_SLC": (1, 3),
            "Page_Program_SLC": (1, 3),
            "Read_SLC": (1, 2, 3),
            **ERASE_SUSPEND,
            **PROGRAM_SUSPEND,
            **STATUS,
            **DOUT,
        },
        rows=2,
    ),
    "status reads tell what is suspended": Tiny(
        {
            "Block_Erase_SLC": (1, 4),
            "Page_Program_SLC": (1, 4),
            **ERASE_SUSPEND,
            **PROGRAM_SUSPEND,
            **STATUS,
            "LUN_Status_Read_for_LUN0": (1,),
        },
        rows=2,
        changes=(flags,),
    ),
    "cache reads": Tiny({**SLC, **CACHE_READS, **DOUT, **STATUS}, rows=2),
    "cache reads without groups": Tiny(
        {**SLC, **CACHE_READS, **DOUT, **STATUS}, rows=2, empty=("latch_state", "cache_state")
    ),
    "cache reads of planes": Tiny(
        {
            "Block_Erase_SLC": (1, 1),
            "Page_Program_SLC": (1, 1),
            "Plane_Level_Page_Read_SLC": (1, 1, 2),
            "Plane_Level_Cache_Read_SLC": (1, 1, 10),
            "Plane_Level_Cache_Read_End": (1, 2),
            "Change_Read_Column_Random_Data_Output": (3,),
            "Read_Status_Enhanced_78h": (3,),
        },
        rows=2,
    ),
    "a DATA_OUT window on the bus": Tiny(
        {**SLC, "Read_SLC": (2, 1, 2), **CACHE_READS, **DOUT, **STATUS},
        rows=2,
        changes=(bases(READ={"bus": (True, False, True)}, CACHE_READ={"bus": (True, False, True)}),),
    ),
    "cache programs": Tiny(
        {
            "Block_Erase_SLC": (1, 2),
            "Page_Program_SLC": (1, 3),
            "Page_Program_A0SLC": (1, 2),
            "Cache_Program_SLC": (1, 3, 3),
            "All_WL_Dummy_Program": (1, 2),
            **STATUS,
        },
        rows=2,
        pages=2,
    ),
    "one-shot programs": Tiny(
        {
            **ONE_SHOT,
            "One_Shot_PGM_MSB": (1, 2),
            "One_Shot_PGM_Execution_MSB": (1, 3),
            "Cache_Program_MSB": (1, 2, 3),
            "Data_transfer_to_cache_for_1st_Page_TLC": (1, 2),
            "Data_transfer_to_cache_for_2nd_Page_TLC": (1, 2),
            **PROGRAM_SUSPEND,
            **STATUS,
        },
        pages=2,
    ),
    "recovery reads": Tiny(
        {
            **ONE_SHOT,
            "Read_write_conflict_Fire_N_Forget_CSB": (1, 2, 2),
            "Read_LSB": (1, 2, 2),
            **PROGRAM_SUSPEND,
            **DOUT,
        },
        rows=2,
    ),
    "ODT": Tiny({**SLC, "ODT_Disable": (1,), "ODT_Reenable": (2,), "Read_ID_JEDEC": (1,), **STATUS}, pages=2),
    "two planes side by side": Tiny(
        {
            **MULTI_SLC,
            "Plane_Level_Page_Read_SLC": (1, 3, 3),
            "Change_Read_Column_Random_Data_Output": (1,),
            **STATUS,
            **DIE_STATUS,
        },
        rows=2,
        planes=2,
    ),
    "planes never used": Tiny(
        {**MULTI_SLC, "Read_SLC": (1, 1, 2), "Change_Write_Column": (1,), **DOUT, **STATUS},
        rows=2,
        planes=2,
        changes=(default_state,),
    ),
    "states by op_name": Tiny(
        {
            "Block_Erase_SLC": (1, 1),
            "Page_Program_SLC": (1, 2),
            "Page_Program_A0SLC": (1, 3),
            "Cache_Program_SLC": (1, 2, 2),
        },
        rows=2,
        pages=3,
        changes=(by_op_name,),
    ),
}
"""What is tried in every run of the tests, by what it is about."""

LARGER: dict[str, Tiny] = {
    "copybacks": Tiny(
        {**SLC, "Copyback_Read_SLC": (1, 2, 3), "Copyback_Program_SLC": (1, 2), **DOUT, **STATUS, **RESET}, rows=3
    ),
    "copybacks on two planes": Tiny(
        {
            "Block_Erase_SLC": (1, 1),
            "Page_Program_SLC": (1, 1),
            "Copyback_Read_SLC": (1, 1, 1),
            "Copyback_Program_SLC": (1, 2),
            "Change_Read_Column_Random_Data_Output": (1,),
        },
        rows=2,
        planes=2,
    ),
    "4K reads of planes": Tiny(
        {
            **MULTI_SLC,
            "Plane_Level_4KB_Page_Read_SLC": (1, 2, 12),
            "Read_SLC": (1, 2, 3),
            "Read_Status_Enhanced_78h": (3,),
            "LUN_Status_Read_for_LUN0": (3,),
            "Enhanced_Random_Data_Output_4K_Secondary": (1,),
            "Change_Read_Column_Random_Data_Output": (1,),
        },
        rows=2,
        planes=2,
    ),
    "cache programs without groups": Tiny(
        {
            "Block_Erase_SLC": (1, 2),
            "Page_Program_SLC": (1, 3),
            "Page_Program_A0SLC": (1, 2),
            "Cache_Program_SLC": (1, 3, 3),
            "All_WL_Dummy_Program": (1, 2),
            **STATUS,
        },
        rows=2,
        pages=3,
        empty=("latch_state", "cache_state"),
    ),
}
"""What takes longer to try."""

SINGLE_PLANES = Tiny(
    {
        "Block_Erase_SLC": (1, 3),
        "Page_Program_SLC": (1, 1),
        "Read_SLC": (1, 1, 2),
        **ERASE_SUSPEND,
        **STATUS,
        "Change_Read_Column_Random_Data_Output": (1,),
    },
    rows=1,
    planes=2,
    changes=(bases(ERASE={"scope": "PLANE_SET"}, PROGRAM_SLC={"scope": "PLANE_SET"}),),
)
"""Erases and programs of single planes; one block of each, so that not all that is open can be hit."""
