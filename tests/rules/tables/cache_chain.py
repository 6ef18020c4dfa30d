"""[cache-chain]"""

from tests.rules.stories import BOTH_PLANES, DOUT_OFF_BUS, TWO_PAGES
from tests.rules.table import FREE, illegal, legal, table

DOUT = "Change_Read_Column_Random_Data_Output"
READ = f"""{TWO_PAGES}
    18  Read_SLC  block 0                        # CORE_BUSY until 24, DATA_OUT until 27
"""
CACHED = f"""{READ}
    27  Read_Cache_Random_SLC  block 0 page 1    # CORE_BUSY until 33, DATA_OUT until 36
"""
DELIVERED = f"""{CACHED}
    33  {DOUT}  block 0 page 0                   # until 35
"""
ENDED = f"""{DELIVERED}
    36  Read_Cache_End  block 0 page 1           # until 42
"""
PLANE_READ = f"""{BOTH_PLANES}
    12  Plane_Level_Page_Read_SLC  block 0       # until 21
"""

TABLE = table(
    "cache-chain",
    FREE,
    legal("READ p, CACHE_READ q, DOUT p, END, DOUT q", ENDED + f"42 {DOUT} block 0 page 1"),
    illegal("CACHE_READ q without a page to move", TWO_PAGES + "18 Read_Cache_Random_SLC block 0 page 1"),
    legal(
        "CACHE_READ takes the window of the cache read before it over",
        DELIVERED + "35 Read_Cache_Random_SLC block 0 page 0",
    ),
    illegal("CACHE_READ over an undelivered cache register", CACHED + "36 Read_Cache_Random_SLC block 0 page 0"),
    illegal("the END over an undelivered cache register", CACHED + "36 Read_Cache_End block 0 page 1"),
    legal("the END as the DOUT has ended", DELIVERED + "35 Read_Cache_End block 0 page 1"),
    illegal(
        "the END one tick before the DOUT has ended",
        DELIVERED + "34 Read_Cache_End block 0 page 1",
        also="bus",
        by="bus",
        beside="",
    ),
    legal("READ p, DOUT p, CACHE_READ q", READ + f"24 {DOUT} block 0\n 27 Read_Cache_Random_SLC block 0 page 1"),
    illegal("the END without a cache read", READ + f"24 {DOUT} block 0\n 27 Read_Cache_End block 0"),
    illegal("a plane cache read after a READ", READ + "27 Plane_Level_Cache_Read_SLC block 0 page 1"),
    illegal("a CACHE_READ after a plane read", PLANE_READ + "21 Read_Cache_Random_SLC block 0"),
    legal("a plane cache read after a plane read", PLANE_READ + "21 Plane_Level_Cache_Read_SLC block 0"),
    illegal("a plane cache read's END for a CACHE_READ", DELIVERED + "36 Plane_Level_Cache_Read_End block 0 page 1"),
    illegal(
        "a CACHE_READ after a 4K read",
        TWO_PAGES
        + """
        18  4KB_Page_Read_confirm_SLC                  block 0           # until 27
        24  Enhanced_Random_Data_Output_4K_Secondary   block 0           # until 26
        27  Read_Cache_Random_SLC                      block 0 page 1
        """,
    ),
    illegal(
        "a CACHE_READ after a copyback read",
        TWO_PAGES + f"18 Copyback_Read_SLC block 0\n 24 {DOUT} block 0\n 27 Read_Cache_Random_SLC block 0 page 1",
    ),
    illegal("a CACHE_READ after the END", ENDED + f"42 {DOUT} block 0 page 1\n 44 Read_Cache_Random_SLC block 0"),
    illegal(
        "a CACHE_READ of other planes than the READ",
        BOTH_PLANES + "12 Read_SLC block 0\n 21 Read_Cache_Random_Multi_Plane_ONFI_SLC block 0+1",
    ),
    illegal(
        "a CACHE_READ over a page that a DOUT off the bus is still delivering",
        CACHED + f"36 {DOUT} block 0\n 37 Read_Cache_Random_SLC block 0",
        device=DOUT_OFF_BUS,
    ),
)
