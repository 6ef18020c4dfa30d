"""[plane-busy]"""

from tests.rules.stories import BOTH_PLANES, ERASED
from tests.rules.table import FREE, illegal, legal, table

PLANE_READ = f"""{BOTH_PLANES}
    12  Plane_Level_Page_Read_SLC  block 0    # CORE_BUSY from 14, DATA_OUT from 18 to 21
"""
CUT = f"""{ERASED}
    6   Block_Erase_SLC  block 2              # CORE_BUSY from 8 to 12
    9   Erase_Suspend_Reset                   # until 15
"""

TABLE = table(
    "plane-busy",
    FREE,
    legal("an erase starts when the one before ends", ERASED + "6 Block_Erase_SLC block 2"),
    illegal("an erase starts one tick before the one before ends", ERASED + "5 Block_Erase_SLC block 2"),
    illegal("an erase starts with CORE_BUSY of another one", ERASED + "2 Block_Erase_SLC block 2"),
    illegal("a die-wide erase holds the planes that it does not name", ERASED + "5 Block_Erase_SLC block 1"),
    legal("the planes of another die are free", ERASED + "2 Block_Erase_SLC die 1 block 0"),
    legal("a plane read leaves the other plane free", PLANE_READ + "14 Plane_Level_Set_Parameter plane 1"),
    illegal("a plane read holds its plane", PLANE_READ + "14 Plane_Level_Set_Parameter plane 0"),
    illegal("a plane is held to the last tick of DATA_OUT", PLANE_READ + "20 Plane_Level_Set_Parameter plane 0"),
    legal("a plane is free when DATA_OUT has ended", PLANE_READ + "21 Plane_Level_Set_Parameter plane 0"),
    legal("a DOUT holds no plane", PLANE_READ + "18 Change_Read_Column_Random_Data_Output block 0"),
    illegal("a SUSPEND holds all planes", CUT + "14 Plane_Level_Set_Parameter plane 0"),
    legal("a suspended erase holds no plane", CUT + "15 Plane_Level_Set_Parameter plane 0"),
    illegal(
        "a continuation holds the planes again",
        CUT
        + """
        15  Erase_Resume                           # until 21, then 3 ticks of the erase
        23  Plane_Level_Set_Parameter  plane 0
        """,
    ),
    legal(
        "a continuation leaves the planes at its true end",
        CUT
        + """
        15  Erase_Resume                           # until 21, then 3 ticks of the erase
        24  Plane_Level_Set_Parameter  plane 0
        """,
    ),
    legal(
        "a RESET of die 0 stops a CAMREAD on all dies",
        """
        0   Auto_Read_by_38h_Cmd_Target_Level    # CORE_BUSY from 2 to 6, on all dies
        3   Super_Reset      die 0
        5   Block_Erase_SLC  die 1 block 0
        """,
    ),
    illegal(
        "a CAMREAD holds the planes of all dies",
        """
        0   Auto_Read_by_38h_Cmd_Target_Level    # until 6
        5   Block_Erase_SLC  die 1 block 0
        """,
    ),
)
