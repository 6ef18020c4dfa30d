"""[recovery]"""

from tests.rules.stories import SUSPENDED_TLC
from tests.rules.table import FREE, illegal, legal, table

RECOVER = "Read_write_conflict_Fire_N_Forget_LSB"
RESUMED = f"""{SUSPENDED_TLC}
    27  Program_Resume    # until 33, the program until 36
"""
SUSPENDED_SLC = """
    0   Block_Erase_SLC   block 0    # until 6
    6   Page_Program_SLC  block 0    # CORE_BUSY from 8 to 12
    9   Program_Suspend_Reset        # until 15
"""
SECOND_PAGE = """
    0   Block_Erase_TLC       block 0           # until 6
    6   One_Shot_PGM_LSB      block 0           # until 12
    12  One_Shot_PGM_CSB      block 0           # until 18
    18  One_Shot_PGM_MSB_23h  block 0           # until 24
    24  One_Shot_PGM_LSB      block 0 page 1    # until 30
    30  One_Shot_PGM_CSB      block 0 page 1    # until 36
    36  One_Shot_PGM_MSB_23h  block 0 page 1    # CORE_BUSY from 38 to 42
    39  Program_Suspend_Reset                   # until 45
"""

TABLE = table(
    "recovery",
    FREE,
    legal("a RECOVERY_RD as the SUSPEND ends", SUSPENDED_TLC + f"27 {RECOVER} block 0"),
    illegal(
        "a RECOVERY_RD one tick before the SUSPEND ends",
        SUSPENDED_TLC + f"26 {RECOVER} block 0",
        also="plane-busy",
        by="plane-busy",
        beside="",
    ),
    illegal("a RECOVERY_RD when the program has ended", RESUMED + f"36 {RECOVER} block 0"),
    illegal("a RECOVERY_RD as the RESUME ends", RESUMED + f"33 {RECOVER} block 0", also="plane-busy"),
    legal("a RECOVERY_RD of the second page", SECOND_PAGE + f"45 {RECOVER} block 0 page 1"),
    illegal("a RECOVERY_RD of the page before", SECOND_PAGE + f"45 {RECOVER} block 0 page 0", also="suspended-block"),
    illegal("a RECOVERY_RD of another block", SUSPENDED_TLC + f"27 {RECOVER} block 2"),
    illegal("a RECOVERY_RD with another celltype", SUSPENDED_SLC + f"15 {RECOVER} block 0"),
    legal(
        "two RECOVERY_RDs in one suspension",
        SUSPENDED_TLC
        + f"""
        27  {RECOVER}                              block 0    # until 36
        36  Change_Read_Column_Random_Data_Output  block 0    # until 38
        38  {RECOVER}                              block 0
        """,
    ),
)
