"""[undefined-block]"""

from tests.rules.stories import ERASE_OFF_BUS, PROGRAMMED
from tests.rules.table import FREE, illegal, legal, table

ERASE_CUT = """
    0   Block_Erase_SLC  block 0                 # CORE_BUSY from 2 to 6
    5   Super_Reset                              # until 11
"""
PROGRAM_CUT = f"""{PROGRAMMED}
    12  Page_Program_SLC  block 0 page 1         # CORE_BUSY from 14 to 18
    17  Reset_LUN                                # until 23
"""
STEP_CUT = """
    0   Block_Erase_TLC   block 0                # until 6
    6   One_Shot_PGM_LSB  block 0                # CORE_BUSY from 8 to 12
    11  Super_Reset                              # until 17
"""

TABLE = table(
    "undefined-block",
    FREE,
    legal("an erase of a block whose erase was cut", ERASE_CUT + "11 Block_Erase_SLC block 0"),
    illegal(
        "a program of a block whose erase was cut",
        ERASE_CUT + "11 Page_Program_SLC block 0",
        also="program-after-erase",
    ),
    illegal(
        "a read of a block whose program was cut", PROGRAM_CUT + "23 Read_SLC block 0 page 0", also="read-programmed"
    ),
    illegal(
        "a load of a block whose program was cut", PROGRAM_CUT + "23 Change_Row_Address block 0 page 1", also="datain"
    ),
    illegal("a check of a block whose program was cut", PROGRAM_CUT + "23 DSL_Vth_Check block 0", also="dsl", by="dsl"),
    legal(
        "a program of a block whose erase has ended with the RESET",
        "0 Block_Erase_SLC block 0\n 6 Super_Reset\n 12 Page_Program_SLC block 0",
    ),
    legal("a program of a block whose LSB was cut", STEP_CUT + "17 One_Shot_PGM_LSB block 0"),
    illegal(
        "a program of a block whose suspended erase was cut",
        """
        0   Block_Erase_SLC   block 0    # CORE_BUSY from 2 to 6
        3   Erase_Suspend_Reset          # until 9
        9   Super_Reset                  # until 15
        15  Page_Program_SLC  block 0
        """,
        also="program-after-erase",
    ),
    legal("a program of a block erased again", ERASE_CUT + "11 Block_Erase_SLC block 0\n 17 Page_Program_SLC block 0"),
    legal(
        "an erase of a block whose erase was cut in its ISSUE, off the bus",
        """
        0   Block_Erase_SLC  block 0    # ISSUE until 2
        1   Super_Reset                 # until 7
        7   Block_Erase_SLC  block 0
        """,
        device=ERASE_OFF_BUS,
    ),
)
