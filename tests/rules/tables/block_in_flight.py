"""[block-in-flight]"""

from tests.rules.stories import ERASED, PROGRAMMED
from tests.rules.table import FREE, illegal, legal, table

AGAIN = f"""{ERASED}
    6  Block_Erase_SLC  block 0    # until 12
"""
LSB = """
    0  Block_Erase_TLC       block 0    # until 6
    6  One_Shot_PGM_LSB      block 0    # until 12
"""
EXECUTED = f"""{LSB}
    12 One_Shot_PGM_CSB      block 0    # until 18
    18 One_Shot_PGM_MSB_23h  block 0    # until 24
"""

TABLE = table(
    "block-in-flight",
    FREE,
    illegal("a load of a page at the last tick of its program", PROGRAMMED + "11 Change_Row_Address block 0 page 0"),
    legal("a load of the next page when the program has ended", PROGRAMMED + "12 Change_Row_Address block 0 page 1"),
    illegal("a load of a page as its program's CORE_BUSY begins", PROGRAMMED + "8 Change_Row_Address block 0 page 0"),
    legal("a load of a page before its program", ERASED + "6 Change_Row_Address block 0\n 8 Page_Program_SLC block 0"),
    illegal("a load of a block at the last tick of its second erase", AGAIN + "11 Change_Row_Address block 0"),
    legal("a load of a block when its second erase has ended", AGAIN + "12 Change_Row_Address block 0"),
    illegal("a check of a block whose erase runs", ERASED + "5 DSL_Vth_Check block 0", also="plane-busy"),
    legal("a check of another block when the erase has ended", ERASED + "6 DSL_Vth_Check block 2"),
    illegal(
        "a load of the page of a one-shot program between its steps",
        LSB + "12 Change_Row_Address block 0",
    ),
    illegal(
        "a load of the page of a one-shot program as its execution ends, one tick early",
        EXECUTED + "23 Change_Row_Address block 0",
    ),
    legal(
        "a load of the next page when the one-shot program has ended", EXECUTED + "24 Change_Row_Address block 0 page 1"
    ),
)
