"""[dout]"""

from tests.rules.stories import BOTH_PLANES, DOUT_OFF_BUS, PROGRAMMED, TWO_PAGES
from tests.rules.table import FREE, illegal, legal, table

DOUT, DOUT4K = "Change_Read_Column_Random_Data_Output", "Enhanced_Random_Data_Output_4K_Secondary"
READ = f"""{TWO_PAGES}
    18  Read_SLC  block 0           # CORE_BUSY until 24, DATA_OUT until 27
"""
READ4K = f"""{TWO_PAGES}
    18  4KB_Page_Read_confirm_SLC  block 0    # CORE_BUSY until 24, DATA_OUT until 27
"""
BOTH = f"""{BOTH_PLANES}
    12  Read_Multi_Plane_ONFI_SLC  block 0+1    # CORE_BUSY until 18, DATA_OUT until 21
"""
COPYBACK = f"""{PROGRAMMED}
    12  Block_Erase_SLC    block 2    # until 18
    18  Copyback_Read_SLC  block 0    # until 27
"""

TABLE = table(
    "dout",
    FREE,
    legal("a DOUT as the read leaves the array", READ + f"24 {DOUT} block 0"),
    illegal("a DOUT one tick before the read leaves the array", READ + f"23 {DOUT} block 0"),
    legal("a DOUT long after the read", READ + f"999 {DOUT} block 0"),
    illegal("a DOUT of another page", READ + f"24 {DOUT} block 0 page 1"),
    illegal("a DOUT of another plane", READ + f"24 {DOUT} block 1 celltype SLC"),
    illegal("a DOUT without a read", TWO_PAGES + f"18 {DOUT} block 0"),
    illegal("a second DOUT of the same page", READ + f"24 {DOUT} block 0\n 26 {DOUT} block 0"),
    illegal("a DOUT of 4K for a whole page", READ + f"24 {DOUT4K} block 0"),
    illegal("a DOUT of a whole page for 4K", READ4K + f"24 {DOUT} block 0"),
    legal("a DOUT of 4K for 4K", READ4K + f"24 {DOUT4K} block 0"),
    legal("DOUTs in plane order", BOTH + f"18 {DOUT} block 0\n 20 {DOUT} block 1"),
    illegal("the DOUT of plane 1 before that of plane 0", BOTH + f"18 {DOUT} block 1"),
    illegal("a read over undelivered data", READ + "27 Read_SLC block 0 page 1"),
    illegal("an erase over undelivered data of a plane that it does not name", READ + "27 Block_Erase_SLC block 1"),
    legal("a read over delivered data", READ + f"27 {DOUT} block 0\n 29 Read_SLC block 0 page 1"),
    legal("a RESET discharges the delivery", READ + "27 Super_Reset\n 33 Read_SLC block 0 page 1"),
    illegal("a DOUT after a RESET", READ + f"27 Super_Reset\n 33 {DOUT} block 0"),
    legal("a copyback program consumes what a DOUT does not deliver", COPYBACK + "27 Copyback_Program_SLC block 2"),
    illegal("an erase over undelivered copyback data", COPYBACK + "27 Block_Erase_SLC block 4"),
    illegal(
        "a DOUT of a cache read's page that no END has moved",
        TWO_PAGES
        + f"""
        18  Read_SLC               block 0           # until 27
        27  Read_Cache_Random_SLC  block 0 page 1    # until 36
        36  {DOUT}                 block 0 page 0    # until 38
        38  {DOUT}                 block 0 page 1
        """,
    ),
    legal("a load empties nothing", READ + f"27 Change_Row_Address block 0 page 2\n 29 {DOUT} block 0"),
    legal(
        "a read as a DOUT off the bus has ended",
        READ + f"27 {DOUT} block 0\n 29 Read_SLC block 0 page 1",
        device=DOUT_OFF_BUS,
    ),
    illegal(
        "a read over data that a DOUT off the bus is still delivering",
        READ + f"27 {DOUT} block 0\n 28 Read_SLC block 0 page 1",
        device=DOUT_OFF_BUS,
    ),
)
