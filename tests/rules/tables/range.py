"""[range]"""

from tests.rules.table import SHIPPED, illegal, legal, table

TABLE = table(
    "range",
    SHIPPED,
    legal("a payload with the last block of the last die", "0.0 Block_Erase_SLC die 1 block 63"),
    legal("a payload with the first block of the first die", "0.0 Block_Erase_SLC die 0 block 0"),
    legal("a payload with the last page", "0.0 DSL_Vth_Check die 0 block 0 page 255"),
    legal("a payload with the last plane", "0.0 Plane_Level_Set_Parameter die 0 plane 3"),
    illegal("a payload with die 2 of two dies", "0.0 Block_Erase_SLC die 2 block 0"),
    illegal("a payload with block 64 of a die of 64 blocks", "0.0 Block_Erase_SLC die 0 block 64"),
    illegal("a payload with page 256 of a block of 256 pages", "0.0 DSL_Vth_Check die 0 block 0 page 256"),
    illegal("a payload with plane 4 of a die of four planes", "0.0 Plane_Level_Set_Parameter die 0 plane 4"),
    planned=False,
)
