"""[handover]"""

from tests.rules.stories import BOTH_PLANES
from tests.rules.table import FREE, illegal, legal, table

WINDOW = f"""{BOTH_PLANES}
    12  Block_Erase_SLC    block 2    # until 18
    18  Cache_Program_SLC  block 2    # CORE_BUSY until 24, DATA_IN until 27, on both planes
"""
PLANES_0_AND_1 = f"""{BOTH_PLANES}
    12  Copyback_Read_Multi_Plane_ONFI_SLC      block 0+1    # CORE_BUSY until 18, DATA_OUT until 21
"""

TABLE = table(
    "handover",
    FREE,
    legal("a cache program takes the window over as it opens", WINDOW + "24 Cache_Program_SLC block 2 page 1"),
    legal("a cache program takes the window over at its last tick", WINDOW + "26 Cache_Program_SLC block 2 page 1"),
    illegal(
        "a read of one plane starts as a window of both opens",
        WINDOW + "24 Plane_Level_Page_Read_SLC block 0",
        also="plane-busy",
        beside="",
    ),
    illegal(
        "a read of one plane starts at the last tick of a window of both",
        WINDOW + "26 Plane_Level_Page_Read_SLC block 0",
        also="plane-busy",
        beside="",
    ),
    legal("a read of one plane starts when the window is over", WINDOW + "27 Plane_Level_Page_Read_SLC block 0"),
    legal("a read of both planes takes the window over", WINDOW + "25 Read_Multi_Plane_ONFI_SLC block 0+1"),
    illegal(
        "a read of plane 0 takes the window of planes 0 and 1 over",
        PLANES_0_AND_1 + "19 Read_SLC block 0",
        also="plane-busy dout",
        beside="dout",
    ),
    legal(
        "a copyback program takes the window of its source over",
        """
        0   Block_Erase_SLC       block 0    # until 6
        6   Page_Program_SLC      block 0    # until 12
        12  Block_Erase_SLC       block 2    # until 18
        18  Copyback_Read_SLC     block 0    # CORE_BUSY until 24, DATA_OUT until 27
        24  Copyback_Program_SLC  block 2
        """,
    ),
)
