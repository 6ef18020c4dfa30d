"""[latch]"""

from tests.rules.table import SHIPPED, Made, Raw, illegal, legal, table


def _douts_off_bus(raw: Raw) -> None:
    raw["op_bases"]["DOUT"]["states"] = {"ISSUE": {}}


OFF_BUS = Made(SHIPPED.small, _douts_off_bus)
"""The shipped device, but its DOUTs leave the bus to others."""

READ = """
    0.0000     Block_Erase_Multi_Plane_ONFI_SLC  block 0+1    # until 3.4250 + 7000
    7003.4250  Page_Program_SLC                  block 0      # until + 9.8244 + 300 = 7313.2494
    7313.2494  Read_SLC                          block 0      # CORE_BUSY until 7338.3694, DATA_OUT until 7344.3694
"""
DELIVERED = f"""{READ}
    7344.3694  Change_Read_Column_Random_Data_Output  block 0    # until + 9.9444 = 7354.3138
"""
LSB = """
    0.0000     Block_Erase_TLC   block 0    # until 0.0850 + 7000
    7000.0850  One_Shot_PGM_LSB  block 0    # ISSUE until 7009.9094, CORE_BUSY until 7029.9094
"""
CSB = f"""{LSB}
    7029.9094  One_Shot_PGM_CSB  block 0    # until 7059.7338
"""
EXECUTED = f"""{CSB}
    7059.7338  One_Shot_PGM_MSB_23h  block 0    # until 9069.5582
"""

TABLE = table(
    "latch",
    SHIPPED,
    illegal("a load on a plane with undelivered data", READ + "7344.3694 Change_Row_Address block 0 page 1"),
    legal("a load on another plane", READ + "7344.3694 Change_Row_Address block 1 page 0"),
    legal("a load when the DOUT has ended", DELIVERED + "7354.3138 Change_Row_Address block 0 page 1"),
    illegal(
        "a load at the last tick of the DOUT",
        DELIVERED + "7354.3137 Change_Row_Address block 0 page 1",
        also="bus",
        by="bus",
        beside="",
    ),
    legal("a parameter read, which LATCH_ON_READ allows", READ + "7344.3694 Get_Parameter"),
    legal(
        "a load when a RESET has cleared the latch",
        READ
        + """
        7344.3694  Super_Reset                          # until + 0.0250 + 30 = 7374.3944
        7374.3944  Change_Row_Address  block 0 page 1
        """,
    ),
    illegal("a parameter read as LSB ends", LSB + "7029.9094 Get_Parameter"),
    legal("a training as LSB ends", LSB + "7029.9094 DCC_training"),
    illegal("a parameter read as CSB ends", CSB + "7059.7338 Get_Parameter die 0"),
    legal("a parameter read on another die", CSB + "7059.7338 Get_Parameter die 1"),
    legal("a parameter read when the program has been executed", EXECUTED + "9069.5582 Get_Parameter"),
    illegal(
        "a parameter read at the last tick of the execution", EXECUTED + "9069.5581 Get_Parameter", also="op-state"
    ),
    illegal(
        "a transfer of the first page after CSB: the latest step counts",
        CSB + "7059.7338 Data_transfer_to_cache_for_1st_Page_TLC",
        also="transfer",
    ),
    illegal(
        "a load at the last tick of a DOUT off the bus",
        DELIVERED + "7354.3137 Change_Row_Address block 0 page 1",
        device=OFF_BUS,
    ),
    legal(
        "a load when a DOUT off the bus has ended",
        DELIVERED + "7354.3138 Change_Row_Address block 0 page 1",
        device=OFF_BUS,
    ),
)
