"""[multi-address]"""

from tests.rules.stories import BOTH_PLANES
from tests.rules.table import FREE, SHIPPED, Made, Raw, illegal, legal, table


def _two_planes(raw: Raw) -> None:
    raw["policies"]["maxplanes"] = 2


TWO_AT_MOST = Made(SHIPPED.small, _two_planes)
"""The shipped device with at most two planes at once."""
CACHE_READ = f"""{BOTH_PLANES}
    12  Read_Multi_Plane_ONFI_SLC               block 0+1    # CORE_BUSY until 18, DATA_OUT until 21
    21  Change_Read_Column_Random_Data_Output   block 0      # until 23
    23  Change_Read_Column_Random_Data_Output   block 1      # until 25
    25  Read_Cache_Random_Multi_Plane_ONFI_SLC  block 0+1    # until 34
"""

TABLE = table(
    "multi-address",
    FREE,
    legal("a multi-plane erase of two planes in one row", "0 Block_Erase_Multi_Plane_ONFI_SLC block 0+1"),
    legal("a multi-plane erase of all planes", "0.0 Block_Erase_Multi_Plane_ONFI_SLC block 0+1+2+3", device=SHIPPED),
    legal(
        "a multi-plane erase of maxplanes planes", "0.0 Block_Erase_Multi_Plane_ONFI_SLC block 1+3", device=TWO_AT_MOST
    ),
    legal("a single-plane erase of one plane", "0 Block_Erase_SLC block 1"),
    legal("a cache read's END names its planes", CACHE_READ + "34 Read_Cache_End block 0+1", asked=True),
    illegal("a multi-plane erase of one plane", "0 Block_Erase_Multi_Plane_ONFI_SLC block 0"),
    illegal("a single-plane erase of two planes", "0 Block_Erase_SLC block 0+1"),
    illegal("more than maxplanes planes", "0.0 Block_Erase_Multi_Plane_ONFI_SLC block 0+1+2", device=TWO_AT_MOST),
    illegal("blocks of two rows", "0 Block_Erase_Multi_Plane_ONFI_SLC block 0+3"),
    illegal("planes that descend", "0 Block_Erase_Multi_Plane_ONFI_SLC block 1+0"),
    illegal("a plane twice", "0 Block_Erase_Multi_Plane_ONFI_SLC block 0+0"),
    illegal("two dies", "0 Block_Erase_Multi_Plane_ONFI_SLC die 0+1 block 0+1"),
    illegal("two pages", BOTH_PLANES + "12 Page_Program_Multi_Plane_ONFI_SLC block 0+1 page 1+2"),
    illegal(
        "a cache read's END names one plane of two", CACHE_READ + "34 Read_Cache_End block 0", also="cache", asked=True
    ),
    illegal("a cache read's END names another page", CACHE_READ + "34 Read_Cache_End block 0+1 page 1", asked=True),
    illegal(
        "a cache read's END names other blocks", CACHE_READ + "34 Read_Cache_End block 2+3 celltype SLC", asked=True
    ),
    planned=False,
)
