"""[residual]"""

from tests.rules.stories import DOUT_OFF_BUS, SUSPENDED_ERASE
from tests.rules.table import FREE, illegal, legal, table

READ = f"""{SUSPENDED_ERASE}
    21  Read_SLC  block 0    # CORE_BUSY until 27, DATA_OUT until 30
"""
OTHER_PLANE = """
    0   Block_Erase_Multi_Plane_ONFI_SLC   block 0+1    # until 6
    6   Page_Program_Multi_Plane_ONFI_SLC  block 0+1    # until 12
    12  Block_Erase_SLC                    block 2      # CORE_BUSY from 14 to 18, on both planes
    15  Erase_Suspend_Reset                             # until 21
    21  Read_SLC                           block 1      # until 30
"""

TABLE = table(
    "residual",
    FREE,
    legal(
        "a RESUME when the data are delivered",
        READ
        + """
        30  Change_Read_Column_Random_Data_Output  block 0    # until 32
        32  Erase_Resume
        """,
    ),
    illegal("a RESUME over undelivered data", READ + "30 Erase_Resume", also="dout"),
    illegal(
        "a RESUME over undelivered data of another plane that the erase holds",
        OTHER_PLANE + "30 Erase_Resume",
        also="dout",
    ),
    legal(
        "the rest runs from the end of the RESUME on: 3 ticks later the planes are free",
        SUSPENDED_ERASE
        + """
        21  Erase_Resume                  # until 27, the erase until 30
        30  Page_Program_SLC  block 2
        """,
    ),
    legal("a RESUME with empty registers", SUSPENDED_ERASE + "21 Erase_Resume"),
    legal(
        "a RESUME long after the SUSPEND: the rest does not shrink",
        SUSPENDED_ERASE
        + """
        100  Erase_Resume                 # until 106, the erase until 109
        109  Page_Program_SLC  block 2
        """,
    ),
    illegal(
        "a RESUME before the second plane's data are delivered",
        """
        0   Block_Erase_Multi_Plane_ONFI_SLC       block 0+1    # until 6
        6   Page_Program_Multi_Plane_ONFI_SLC      block 0+1    # until 12
        12  Block_Erase_SLC                        block 2      # CORE_BUSY from 14 to 18
        15  Erase_Suspend_Reset                                 # until 21
        21  Read_Multi_Plane_ONFI_SLC              block 0+1    # until 30
        30  Change_Read_Column_Random_Data_Output  block 0      # until 32
        32  Erase_Resume
        """,
        also="dout",
    ),
    illegal(
        "a RESUME while a DOUT off the bus is still delivering",
        READ
        + """
        30  Change_Read_Column_Random_Data_Output  block 0    # until 32
        31  Erase_Resume
        """,
        device=DOUT_OFF_BUS,
    ),
)
