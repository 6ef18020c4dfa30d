"""[bus]"""

from tests.rules.table import FREE, SHIPPED, Made, Raw, illegal, legal, table


def _data_on_bus(raw: Raw) -> None:
    raw["op_bases"]["READ"]["states"] = {"ISSUE": {"bus": True}, "CORE_BUSY": {}, "DATA_OUT": {"bus": True}}


LATE = Made(FREE.small, _data_on_bus)
"""A small device on which the DATA_OUT of READ uses the bus, too."""
READ = """
    0   Block_Erase_SLC   block 0    # until 6
    6   Page_Program_SLC  block 0    # until 12
    12  Read_SLC          block 0    # CORE_BUSY until 18, DATA_OUT until 21
"""

TABLE = table(
    "bus",
    SHIPPED,
    legal(
        "the ISSUE of die 1 starts when that of die 0 ends",
        """
        0.0000  Block_Erase_SLC  die 0    # ISSUE until 0.1100
        0.1100  Block_Erase_SLC  die 1
        """,
    ),
    illegal(
        "the ISSUE of die 1 starts one tick before that of die 0 ends",
        """
        0.0000  Block_Erase_SLC  die 0    # ISSUE until 0.1100
        0.1099  Block_Erase_SLC  die 1
        """,
    ),
    illegal(
        "a short ISSUE inside a long one",
        """
        0.0000    Temperature_Sensor_Slow_mode  die 0    # ISSUE until 400.6036
        100.0000  ODT_Reenable                  die 1
        """,
    ),
    illegal(
        "the bus stays taken after a short ISSUE inside a long one",
        """
        0.0000    Temperature_Sensor_Slow_mode  die 0    # ISSUE until 400.6036
        100.0000  ODT_Reenable                  die 1    # ISSUE until 100.1250
        400.6035  ODT_Reenable                  die 1
        """,
    ),
    legal(
        "CORE_BUSY leaves the bus to the other die",
        """
        0.0000  Block_Erase_SLC           die 0                # ISSUE until 0.1100
        0.1100  Read_Status_Enhanced_70h  die 0 shows busy     # ISSUE until 0.3886
        0.3886  Read_Status_Enhanced_70h  die 1 shows ready
        """,
    ),
    illegal(
        "two status reads of two dies overlap by one tick",
        """
        0.0000  Block_Erase_SLC           die 0                # ISSUE until 0.1100
        0.1100  Read_Status_Enhanced_70h  die 0 shows busy     # ISSUE until 0.3886
        0.3885  Read_Status_Enhanced_70h  die 1 shows ready
        """,
    ),
    legal("an ISSUE ends when a DATA_OUT on the bus begins", READ + "16 Block_Erase_SLC die 1", device=LATE),
    illegal("an ISSUE goes on when a DATA_OUT on the bus begins", READ + "17 Block_Erase_SLC die 1", device=LATE),
    illegal(
        "an ISSUE begins at the last tick of a DATA_OUT on the bus", READ + "20 Block_Erase_SLC die 1", device=LATE
    ),
    legal("an ISSUE begins when a DATA_OUT on the bus has ended", READ + "21 Block_Erase_SLC die 1", device=LATE),
    legal("a reset starts when the ISSUE on its own die ends", "0 Block_Erase_SLC\n2 Reset_LUN", device=FREE),
    illegal(
        "a reset starts within the ISSUE that it aborts",
        "0 Block_Erase_SLC\n1 Reset_LUN",
        inherent=True,
        device=FREE,
    ),
    legal(
        "a reset starts when an ISSUE ends, where a DATA_OUT uses the bus, too",
        "0 Block_Erase_SLC\n2 Reset_LUN",
        device=LATE,
    ),
    illegal(
        "a reset starts within the ISSUE that it aborts, where a DATA_OUT uses the bus, too",
        "0 Block_Erase_SLC\n1 Reset_LUN",
        inherent=True,
        device=LATE,
    ),
    illegal(
        "a reset starts within the ISSUE of a read that it aborts, where its DATA_OUT uses the bus, too",
        READ + "13 Reset_LUN",
        inherent=True,
        device=LATE,
    ),
    legal("a reset starts within a DATA_OUT on the bus, which ends there", READ + "19 Reset_LUN", device=LATE),
    legal(
        "an ISSUE begins right behind a DATA_OUT on the bus that a reset has cut",
        READ + "19 Reset_LUN\n21 Block_Erase_SLC die 1",
        device=LATE,
    ),
    illegal(
        "an ISSUE begins within that of the reset that has cut a DATA_OUT on the bus",
        READ + "19 Reset_LUN\n20 Block_Erase_SLC die 1",
        device=LATE,
    ),
)
