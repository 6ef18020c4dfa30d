"""[chain]"""

from tests.rules.table import FREE, SHIPPED, illegal, legal, table

DOUT = "Change_Read_Column_Random_Data_Output"
LSB = """
    0   Block_Erase_TLC   block 0    # until 6
    6   One_Shot_PGM_LSB  block 0    # until 12
"""
CSB = f"""{LSB}
    12  One_Shot_PGM_CSB  block 0    # until 18
"""
CACHED = f"""{CSB}
    18  Cache_Program_MSB  block 0   # CORE_BUSY until 24, DATA_IN until 27
"""
TWO_BLOCKS = """
    0   Block_Erase_Multi_Plane_ONFI_TLC  block 0+1    # until 6
    6   One_Shot_PGM_LSB                  block 0      # until 12
"""
SOURCE = """
    0   Block_Erase_SLC    block 0    # until 6
    6   Page_Program_SLC   block 0    # until 12
    12  Block_Erase_SLC    block 2    # until 18
    18  Copyback_Read_SLC  block 0    # CORE_BUSY until 24, DATA_OUT until 27
"""
FOLDING = """
    0   Block_Erase_SLC               block 0    # until 6
    6   Page_Program_SLC              block 0    # until 12
    12  Block_Erase_TLC               block 2    # until 18
    18  Copyback_Read_SLC             block 0    # until 27
    27  One_Shot_Copyback_Program_LSB block 2    # until 33
"""
CACHE_PROGRAM = """
    0   Block_Erase_Multi_Plane_ONFI_SLC  block 0+1    # until 6
    6   Cache_Program_SLC                 block 0      # CORE_BUSY until 12, DATA_IN until 15
"""

SUSPENDED = """
    0   Block_Erase_TLC       block 1           # until 6
    6   Block_Erase_TLC       block 0           # until 12
    12  One_Shot_PGM_LSB      block 0           # until 18
    18  One_Shot_PGM_CSB      block 0           # until 24
    24  One_Shot_PGM_MSB_23h  block 0           # CORE_BUSY from 26 to 30
    27  Program_Suspend_Reset                   # until 33; 3 ticks are left
"""

TABLE = table(
    "chain",
    FREE,
    legal("LSB, CSB, MSB_23H", CSB + "18 One_Shot_PGM_MSB_23h block 0"),
    legal("LSB, CSB, EXEC_MSB", CSB + "18 One_Shot_PGM_Execution_MSB block 0"),
    legal("LSB, CSB, MSB, EXEC_MSB", CSB + "18 One_Shot_PGM_MSB block 0\n 24 One_Shot_PGM_Execution_MSB block 0"),
    illegal("LSB, CSB, MSB, MSB_23H", CSB + "18 One_Shot_PGM_MSB block 0\n 24 One_Shot_PGM_MSB_23h block 0"),
    illegal("CSB with no chain open", "0 Block_Erase_TLC block 0\n 6 One_Shot_PGM_CSB block 0"),
    illegal("LSB, MSB_23H", LSB + "12 One_Shot_PGM_MSB_23h block 0"),
    illegal("LSB twice", LSB + "12 One_Shot_PGM_LSB block 0", also="block-in-flight", beside=""),
    illegal("CSB twice", CSB + "18 One_Shot_PGM_CSB block 0"),
    illegal(
        "CSB one tick before LSB has ended",
        LSB + "11 One_Shot_PGM_CSB block 0",
        also="plane-busy",
        by="plane-busy",
        beside="block-in-flight",
    ),
    illegal("CSB on another block", TWO_BLOCKS + "12 One_Shot_PGM_CSB block 1"),
    illegal("CSB on another page", LSB + "12 One_Shot_PGM_CSB block 0 page 1", also="page-order"),
    illegal("LSB of another block while a chain is open", TWO_BLOCKS + "12 One_Shot_PGM_LSB block 1"),
    legal("a chain on each die", LSB + "12 Block_Erase_TLC die 1 block 0\n 18 One_Shot_PGM_LSB die 1 block 0"),
    legal("a RESET discharges the chain", LSB + "12 Super_Reset\n 18 One_Shot_PGM_LSB block 0"),
    legal(
        "an LSB of the next page inside a one-shot cache program's window",
        CACHED + "24 One_Shot_PGM_LSB block 0 page 1",
    ),
    illegal(
        "a CSB after a one-shot cache program",
        CACHED + "27 One_Shot_PGM_CSB block 0 page 1",
    ),
    legal("a copyback program as its source leaves the array", SOURCE + "24 Copyback_Program_SLC block 2"),
    illegal(
        "a copyback program with an empty register",
        SOURCE + "27 Copyback_Program_SLC block 2\n 33 Copyback_Program_SLC block 2 page 1",
    ),
    illegal(
        "a copyback program from data that were overwritten",
        SOURCE
        + f"""
        27  {DOUT}                block 0    # until 29
        29  Read_SLC              block 0    # until 38
        38  {DOUT}                block 0    # until 40
        40  Copyback_Program_SLC  block 2
        """,
    ),
    illegal("a copyback program into the block of its source", SOURCE + "27 Copyback_Program_SLC block 0 page 1"),
    legal(
        "a delivered source serves, too",
        SOURCE + "27 Change_Read_Column_Random_Data_Output block 0\n 29 Copyback_Program_SLC block 2",
    ),
    illegal("a folding CSB without a COPYBACK_READ of its own", FOLDING + "33 One_Shot_Copyback_Program_CSB block 2"),
    legal(
        "a folding CSB after another COPYBACK_READ",
        FOLDING + "33 Copyback_Read_SLC block 0\n 42 One_Shot_Copyback_Program_CSB block 2",
    ),
    illegal("a cache program closed on another block", CACHE_PROGRAM + "15 Page_Program_SLC block 1", also="cache"),
    legal("a cache program closed by ALLWL_PROGRAM", CACHE_PROGRAM + "15 All_WL_Dummy_Program block 0 page 1"),
    illegal(
        "a CSB after a RESET has discharged the chain",
        LSB + "12 Super_Reset\n 18 One_Shot_PGM_CSB block 0",
    ),
    legal(
        "with the shipped groups, a CSB as the LSB ends",
        """
        0.0000     Block_Erase_TLC   block 0    # until 7000.0850
        7000.0850  One_Shot_PGM_LSB  block 0    # until + 9.8244 + 20 = 7029.9094
        7029.9094  One_Shot_PGM_CSB  block 0
        """,
        device=SHIPPED,
    ),
    illegal("another block's LSB while the step that executes is suspended", SUSPENDED + "33 One_Shot_PGM_LSB block 1"),
    illegal(
        "another block's LSB one tick before the step that executes has ended",
        SUSPENDED + "33 Program_Resume\n 41 One_Shot_PGM_LSB block 1",
        also="plane-busy",
    ),
    legal(
        "another block's LSB when the step that executes has ended",
        SUSPENDED + "33 Program_Resume\n 42 One_Shot_PGM_LSB block 1",
    ),
)
