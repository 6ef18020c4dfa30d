"""[end-state]"""

from tests.rules.table import SHIPPED, Made, Raw, illegal, legal, table


def _after_erase(raw: Raw) -> None:
    raw["exclusion_groups"]["after_erase"] = {"forbid": ["READID", "PLANE_SETPARA"]}
    raw["exclusions_by_op_state"]["ERASE.END"] = "after_erase"


DEVICE = Made(SHIPPED.small, _after_erase)
"""The shipped device, but the END of an erase forbids ID reads and plane parameters."""
ERASE = """
    0.0000  Block_Erase_SLC  block 0    # ISSUE until 0.1100, CORE_BUSY until 7000.1100
"""
READ = f"""{ERASE}
    7000.1100  Page_Program_SLC  block 0    # until 7309.9344
    7309.9344  Block_Erase_SLC   block 1    # until 14310.0444
    14310.0444  Read_SLC         block 0    # until 14341.1644
"""

TABLE = table(
    "end-state",
    DEVICE,
    illegal("an ID read when ERASE has ended", ERASE + "7000.1100 Read_ID_JEDEC"),
    illegal(
        "an ID read long after the ERASE, on planes that nothing has used since", ERASE + "9000.0000 Read_ID_JEDEC"
    ),
    legal("a parameter read, which the group does not forbid", ERASE + "7000.1100 Get_Parameter"),
    legal("an ID read on another die", ERASE + "7000.1100 Read_ID_JEDEC die 1"),
    legal(
        "an ID read after the next segment, a program",
        ERASE
        + """
        7000.1100  Page_Program_SLC  block 0    # until 7309.9344
        7309.9344  Read_ID_JEDEC
        """,
    ),
    legal(
        "plane parameters on the plane that has been read since", READ + "14341.1644 Plane_Level_Set_Parameter plane 0"
    ),
    illegal("plane parameters on a plane that has not", READ + "14341.1644 Plane_Level_Set_Parameter plane 1"),
    legal(
        "an ID read while the erase is suspended: the last segment is the SUSPEND's",
        ERASE
        + """
        100.0000  Erase_Suspend_Reset    # until 200.1850
        200.1850  Read_ID_JEDEC
        """,
    ),
    illegal(
        "an ID read when the continuation has ended",
        ERASE
        + """
        100.0000   Erase_Suspend_Reset    # until 200.1850; 7000.1100 - 100 = 6900.1100 left
        200.1850   Erase_Resume           # until 350.3700
        7250.4800  Read_ID_JEDEC          # = 350.3700 + 6900.1100
        """,
    ),
)
