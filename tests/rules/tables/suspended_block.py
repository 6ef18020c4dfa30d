"""[suspended-block]"""

from tests.rules.stories import SUSPENDED_TLC
from tests.rules.table import FREE, illegal, legal, table

ERASE = """
    0   Block_Erase_Multi_Plane_ONFI_SLC  block 0+1    # until 6
    6   Block_Erase_SLC                   block 0      # CORE_BUSY from 8 to 12
    9   Erase_Suspend_Reset                            # until 15; 3 ticks are left
"""
RESUMED = f"""{ERASE}
    15  Erase_Resume    # until 21, the erase until 24
"""
PROGRAM = """
    0   Block_Erase_SLC   block 0           # until 6
    6   Page_Program_SLC  block 0           # until 12
    12  Page_Program_SLC  block 0 page 1    # CORE_BUSY from 14 to 18
    15  Program_Suspend_Reset               # until 21
"""

TABLE = table(
    "suspended-block",
    FREE,
    legal("another block is loaded while an erase is suspended", ERASE + "11 Change_Row_Address block 1"),
    illegal(
        "the block is loaded while its erase is suspended",
        ERASE + "11 Change_Row_Address block 0",
        also="block-in-flight",
    ),
    illegal(
        "the block is loaded at the last tick of the RESUME",
        RESUMED + "20 Change_Row_Address block 0",
        also="block-in-flight",
    ),
    legal("the block is loaded when the erase has ended", RESUMED + "24 Change_Row_Address block 0"),
    illegal("the block is erased while its erase is suspended", ERASE + "15 Block_Erase_SLC block 0"),
    legal("another block is erased while an erase is suspended", ERASE + "15 Block_Erase_SLC block 2"),
    illegal(
        "the block is programmed while its erase is suspended",
        ERASE + "15 Page_Program_SLC block 0",
        also="block-in-flight",
    ),
    illegal("an earlier page is read while the program of a later one is suspended", PROGRAM + "21 Read_SLC block 0"),
    illegal("the block is checked while its program is suspended", PROGRAM + "21 DSL_Vth_Check block 0"),
    legal("another block is checked while a program is suspended", PROGRAM + "21 DSL_Vth_Check block 2"),
    legal(
        "RECOVERY_RD reads the suspended page, and a DOUT delivers it",
        SUSPENDED_TLC
        + """
        27  Read_write_conflict_Fire_N_Forget_LSB  block 0    # CORE_BUSY until 33
        33  Change_Read_Column_Random_Data_Output  block 0
        """,
    ),
)
