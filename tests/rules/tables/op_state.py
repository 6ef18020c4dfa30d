"""[op-state]"""

from tests.rules.stories import shipped_programmed
from tests.rules.table import SHIPPED, illegal, legal, table

ERASE = """
    0.0000  Block_Erase_SLC  block 0    # ISSUE until 0.1100, CORE_BUSY until 7000.1100
"""
READ = f"""{shipped_programmed()}
    7309.9344  Read_SLC  block 0           # ISSUE until 7310.0544, + 25 = 7335.0544, + 6 = 7341.0544
"""

TABLE = table(
    "op-state",
    SHIPPED,
    legal("a training inside ERASE.CORE_BUSY", ERASE + "0.1100 DCC_training"),
    illegal("an ID read as ERASE.CORE_BUSY begins", ERASE + "0.1100 Read_ID_JEDEC"),
    illegal("an ID read at the last tick of ERASE.CORE_BUSY", ERASE + "7000.1099 Read_ID_JEDEC"),
    legal("an ID read when ERASE.CORE_BUSY has ended", ERASE + "7000.1100 Read_ID_JEDEC"),
    legal("an ID read on another die", ERASE + "0.1100 Read_ID_JEDEC die 1"),
    illegal("an erase inside ERASE.CORE_BUSY", ERASE + "7000.1099 Block_Erase_SLC block 4", also="plane-busy"),
    illegal("a training as READ.DATA_OUT begins", READ + "7335.0544 DCC_training"),
    legal("a training at the last tick of READ.CORE_BUSY", READ + "7335.0543 DCC_training"),
    illegal(
        "a DOUT at the last tick of READ.CORE_BUSY",
        READ + "7335.0543 Change_Read_Column_Random_Data_Output",
        also="dout",
    ),
    legal("a DOUT as READ.DATA_OUT begins", READ + "7335.0544 Change_Read_Column_Random_Data_Output"),
    illegal("a parameter read at the last tick of READ.DATA_OUT", READ + "7341.0543 Get_Parameter"),
    legal("a parameter read when READ.DATA_OUT has ended", READ + "7341.0544 Get_Parameter"),
    illegal(
        "a status read of a die whose CAMREAD runs",
        """
        0.0000  Auto_Read_by_38h_Cmd_Target_Level    # ISSUE until 0.0250, CORE_BUSY until 1000.0250, on all dies
        1000.0249  Read_Status_Enhanced_70h  die 1 shows ready
        """,
        also="sr-stable sr-value",
    ),
    legal(
        "a wait, which stands on no plane, while a CAMREAD runs",
        """
        0.0000  Auto_Read_by_38h_Cmd_Target_Level    # ISSUE until 0.0250, CORE_BUSY until 1000.0250, on all dies
        0.0250  Delay
        """,
    ),
)
