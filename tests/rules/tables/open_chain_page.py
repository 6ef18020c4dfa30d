"""[open-chain-page]"""

from tests.rules.stories import SUSPENDED_TLC
from tests.rules.table import FREE, illegal, legal, table

FIRST = """
    0   Block_Erase_TLC       block 0           # until 6
    6   One_Shot_PGM_LSB      block 0           # until 12
    12  One_Shot_PGM_CSB      block 0           # until 18
    18  One_Shot_PGM_MSB_23h  block 0           # until 24
"""
SECOND = f"""{FIRST}
    24  One_Shot_PGM_LSB      block 0 page 1    # until 30
"""
FULL = f"""{SECOND}
    30  One_Shot_PGM_CSB            block 0 page 1    # until 36
    36  One_Shot_PGM_Execution_MSB  block 0 page 1    # until 42
"""
ALSO = "read-programmed block-in-flight"

TABLE = table(
    "open-chain-page",
    FREE,
    legal("a read of the page before while a chain is open", SECOND + "30 Read_LSB block 0 page 0"),
    illegal("a read of the page of an open chain", SECOND + "30 Read_LSB block 0 page 1", also=ALSO),
    illegal(
        "a read of the page of a chain whose LSB has just begun",
        SECOND + "26 Read_LSB block 0 page 1",
        also=f"{ALSO} plane-busy",
    ),
    legal("a read of the page when the chain is closed", FULL + "42 Read_LSB block 0 page 1"),
    illegal(
        "a read of the page of a chain at CSB",
        SECOND
        + """
        30  One_Shot_PGM_CSB  block 0 page 1    # until 36
        36  Read_MSB          block 0 page 1
        """,
        also=ALSO,
    ),
    legal(
        "RECOVERY_RD reads the page of the suspended execution",
        SUSPENDED_TLC + "27 Read_write_conflict_Fire_N_Forget_CSB block 0",
    ),
    legal(
        "a read of the page that a one-shot cache program has written",
        """
        0   Block_Erase_TLC    block 0    # until 6
        6   One_Shot_PGM_LSB   block 0    # until 12
        12  One_Shot_PGM_CSB   block 0    # until 18
        18  Cache_Program_MSB  block 0    # CORE_BUSY until 24, DATA_IN until 27
        27  Read_LSB           block 0
        """,
    ),
)
