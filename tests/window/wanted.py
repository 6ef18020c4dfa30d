"""Five or six operations each, and in how many ways a small device can carry them out."""

from __future__ import annotations

from tests.window.multisets import (
    CUT_ERASE,
    DOUT,
    ERASE,
    ERASED,
    ERASED_TLC,
    LSB,
    PROGRAM,
    PROGRAMMED,
    SUSPENDED_ERASE,
    SUSPENDED_PROGRAM,
    TWO_PAGES,
    Multiset,
)

NESTED = Multiset(
    "a program suspended in the suspension of an erase",
    44,
    f"{PROGRAM}{SUSPENDED_PROGRAM}Erase_Resume\nRead_SLC plane 0 row 0|1 page 0\nSuper_Reset",
    last=20,
    before=CUT_ERASE,
    floor=8,
)
CARRIED = Multiset(
    "a suspended erase goes on, and is suspended again",
    35,
    f"{SUSPENDED_ERASE}{PROGRAM}{SUSPENDED_PROGRAM}Super_Reset",
    last=20,
    before=CUT_ERASE,
    floor=8,
)
AN_ERASE_IN_ANOTHER = Multiset(
    "an erase in the suspension of another", 440, f"{ERASE}\n{ERASE}{SUSPENDED_ERASE}{PROGRAM}", last=12
)
SUSPENDED_TWICE = Multiset(
    "an erase is suspended twice, and reset", 420, f"{ERASE}{SUSPENDED_ERASE}{SUSPENDED_ERASE}Super_Reset", last=14
)
READ_IN_A_SUSPENSION = Multiset(
    "a read is delivered in a suspension",
    440,
    f"""
        Block_Erase_SLC  plane 0|1 row 1 page 0
        Read_SLC         plane 0|1 row 0|1 page 0
        {DOUT}           plane 0|1 row 0|1 page 0
        {SUSPENDED_ERASE}
    """,
    last=18,
    before="""
        0  Block_Erase_SLC   block 0    # until 4
        4  Page_Program_SLC  block 0    # until 7
    """,
    floor=7,
)
SUSPENDED_PROGRAM_AND_READ = Multiset(
    "a program is suspended beside a read",
    240,
    f"{PROGRAM}{SUSPENDED_PROGRAM}Read_SLC plane 0|1 row 0 page 0\n{DOUT} plane 0|1 row 0 page 0",
    last=22,
    before="""
        0  Block_Erase_SLC   block 0    # until 4
        4  Page_Program_SLC  block 0    # until 7
        7  Block_Erase_SLC   block 3    # until 11
    """,
    floor=11,
)
CACHE_READS = Multiset(
    "a cache read",
    1512,
    f"""
        Read_SLC               plane 0|1 row 0 page 0|1
        Read_Cache_Random_SLC  plane 0|1 row 0 page 0|1
        {DOUT}                 plane 0|1 row 0 page 0|1
        {DOUT}                 plane 0|1 row 0 page 0|1
        Read_Cache_End         plane 0|1 row 0 page 0|1
    """,
    last=22,
    before=TWO_PAGES,
    floor=10,
)
CACHE_PROGRAMS = Multiset(
    "cache programs, one of them suspended",
    210,
    f"""
        Cache_Program_SLC  plane 0|1 row 0|1 page 0|1|2
        Cache_Program_SLC  plane 0|1 row 0|1 page 0|1|2
        Page_Program_SLC   plane 0|1 row 0|1 page 1|2
        {SUSPENDED_PROGRAM}
    """,
    last=22,
    before=ERASED,
    floor=8,
)
RECOVERY = Multiset(
    "a recovery read of a suspended one-shot program",
    21,
    f"""
        One_Shot_PGM_CSB                       plane 0|1 row 0|1 page 0|1
        One_Shot_PGM_MSB_23h                   plane 0|1 row 0|1 page 0|1
        Read_write_conflict_Fire_N_Forget_LSB  plane 0|1 row 0 page 0
        {DOUT}                                 plane 0|1 row 0 page 0
        {SUSPENDED_PROGRAM}
    """,
    last=19,
    before=LSB,
    floor=7,
)
ONE_SHOT = Multiset(
    "a one-shot program, step by step",
    1512,
    """
        Block_Erase_TLC             plane 0|1 row 0|1 page 0
        One_Shot_PGM_LSB            plane 0|1 row 0|1 page 0
        One_Shot_PGM_CSB            plane 0|1 row 0|1 page 0
        One_Shot_PGM_MSB            plane 0|1 row 0|1 page 0
        One_Shot_PGM_Execution_MSB  plane 0|1 row 0|1 page 0
        Super_Reset
    """,
    last=14,
)
ONE_SHOT_CACHE = Multiset(
    "a one-shot cache program, suspended",
    19,
    f"""
        One_Shot_PGM_CSB   plane 0|1 row 0|1 page 0|1
        Cache_Program_MSB  plane 0|1 row 0|1 page 0|1
        One_Shot_PGM_LSB   plane 0|1 row 0|1 page 0|1
        {SUSPENDED_PROGRAM}
        Super_Reset
    """,
    last=18,
    before=LSB,
    floor=7,
)
TRANSFER = Multiset(
    "a transfer between the steps",
    3780,
    """
        One_Shot_PGM_LSB                         plane 0|1 row 0|1 page 0
        One_Shot_PGM_CSB                         plane 0|1 row 0|1 page 0
        Data_transfer_to_cache_for_1st_Page_TLC
        One_Shot_PGM_MSB_23h                     plane 0|1 row 0|1 page 0
        Delay
    """,
    last=18,
    before=ERASED_TLC,
    floor=6,
)
SIDE_BY_SIDE = Multiset(
    "reads of single planes side by side",
    360,
    f"""
        Plane_Level_Page_Read_SLC  plane 0|1 row 0 page 0
        Plane_Level_Page_Read_SLC  plane 0|1 row 0 page 0
        {DOUT}                     plane 0|1 row 0 page 0
        {DOUT}                     plane 0|1 row 0 page 0
        Read_Status_Enhanced_70h
    """,
    last=20,
    before=PROGRAMMED,
    floor=14,
)
PLANE_CACHE_READS = Multiset(
    "a cache read of a single plane beside another",
    328,
    f"""
        Plane_Level_Page_Read_SLC   plane 0|1 row 0 page 0
        Plane_Level_Page_Read_SLC   plane 0|1 row 0 page 0
        Plane_Level_Cache_Read_SLC  plane 0|1 row 0 page 0
        Plane_Level_Cache_Read_End  plane 0|1|0+1 row 0 page 0
        {DOUT}                      plane 0|1 row 0 page 0
    """,
    last=22,
    before=PROGRAMMED,
    floor=14,
)
TWO_PLANES = Multiset(
    "a multi-plane read, delivered plane by plane",
    111,
    f"""
        Read_Multi_Plane_ONFI_SLC               plane 0|1|0+1 row 0 page 0
        Read_Cache_Random_Multi_Plane_ONFI_SLC  plane 0+1 row 0 page 0
        {DOUT}                                  plane 0|1 row 0 page 0
        {DOUT}                                  plane 0|1 row 0 page 0
        Super_Reset
    """,
    last=22,
    before=PROGRAMMED,
    floor=14,
)
COPYBACK = Multiset(
    "a copyback, suspended",
    126,
    f"""
        Copyback_Read_SLC     plane 0|1 row 0 page 0
        Copyback_Program_SLC  plane 0|1 row 0|1 page 0|1
        {DOUT}                plane 0|1 row 0 page 0
        {SUSPENDED_PROGRAM}
    """,
    last=23,
    before="""
        0  Block_Erase_SLC   block 0    # until 4
        4  Block_Erase_SLC   block 2    # until 8
        8  Page_Program_SLC  block 0    # until 11
    """,
    floor=11,
)
READ_4K = Multiset(
    "a 4K read and a whole one",
    24,
    f"""
        4KB_Page_Read_confirm_SLC                 plane 0|1 row 0 page 0
        Read_SLC                                  plane 0|1 row 0 page 0
        {DOUT}                                    plane 0|1 row 0 page 0
        Enhanced_Random_Data_Output_4K_Secondary  plane 0|1 row 0 page 0
        DSL_Vth_Check                             plane 0|1 row 0 page 0
    """,
    last=20,
    before=PROGRAMMED,
    floor=14,
)
DATA_IN_AND_ODT = Multiset(
    "a load while ODT is off",
    984,
    f"""
        {ERASE}
        {PROGRAM}
        Change_Write_Column  plane 0|1 row 0|1 page 0|1
        ODT_Disable
        ODT_Reenable
    """,
    last=10,
)
A_LOAD = Multiset(
    "a load before a program",
    180,
    f"""
        {ERASE}
        Change_Write_Column  plane 0|1 row 0|1 page 0|1
        Page_Program_A0SLC   plane 0|1 row 0|1 page 0|1
        Change_Write_Column  plane 0|1 row 0|1 page 0|1
    """,
    last=9,
)
READ_AND_RESET = Multiset(
    "a read that a DOUT or a reset discharges",
    18,
    f"""
        Block_Erase_SLC   plane 0 row 0|1 page 0
        Page_Program_SLC  plane 0 row 0|1 page 0
        Read_SLC          plane 0 row 0|1 page 0
        {DOUT}            plane 0 row 0|1 page 0
        Super_Reset
    """,
    last=11,
    drained=True,
)
TWO_DIES = Multiset(
    "a suspension on one die, an erase on the other",
    760,
    f"""
        Block_Erase_SLC  plane 0|1 row 0 page 0
        Block_Erase_SLC  plane 0|1 row 0 page 0 die 1
        {SUSPENDED_ERASE}
        Super_Reset die 1
        Auto_Read_by_38h_Cmd_Target_Level
    """,
    last=8,
    dies=2,
)
