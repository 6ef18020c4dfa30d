"""[block-plane]"""

from tests.rules.table import SHIPPED, illegal, legal, table

TABLE = table(
    "block-plane",
    SHIPPED,
    legal("a payload with block 0 on plane 0", "0.0 Block_Erase_SLC plane 0 block 0"),
    legal("a payload with block 7 on plane 3", "0.0 Block_Erase_SLC plane 3 block 7    # 7 % 4 = 3"),
    legal("a payload with block 4 on plane 0", "0.0 Block_Erase_SLC plane 0 block 4"),
    illegal("a payload with block 0 on plane 1", "0.0 Block_Erase_SLC plane 1 block 0"),
    illegal("a payload with block 7 on plane 2", "0.0 Block_Erase_SLC plane 2 block 7"),
    illegal("a payload with block 4 on plane 1", "0.0 Block_Erase_SLC plane 1 block 4"),
    illegal(
        "a payload whose second block lies on another plane", "0.0 Block_Erase_Multi_Plane_ONFI_SLC plane 0+1 block 0+2"
    ),
    planned=False,
)
