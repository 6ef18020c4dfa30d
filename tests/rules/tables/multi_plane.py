"""[multi-plane]"""

from tests.rules.table import SHIPPED, illegal, legal, table

PROGRAMMED = """
    0.0000     Block_Erase_Multi_Plane_ONFI_SLC   block 0+1+2    # until 3.4250 + 7000
    7003.4250  Page_Program_Multi_Plane_ONFI_SLC  block 0+1+2    # until + 42.2826 + 300 = 7345.7076
"""
PLANE_READ = f"""{PROGRAMMED}
    7345.7076  Plane_Level_Page_Read_SLC  block 0    # ISSUE until 7345.8526, + 25 = 7370.8526, + 6 = 7376.8526
"""
READ = f"""{PROGRAMMED}
    7345.7076  Read_SLC  block 0                     # ISSUE until 7345.8276, + 25 = 7370.8276, + 6 = 7376.8276
"""

TABLE = table(
    "multi-plane",
    SHIPPED,
    legal("two plane reads on two planes overlap", PLANE_READ + "7345.8526 Plane_Level_4KB_Page_Read_SLC block 1"),
    illegal("a read overlaps a plane read on another plane", PLANE_READ + "7345.8526 Read_SLC block 1"),
    illegal(
        "a read starts at the last tick of a plane read on another plane", PLANE_READ + "7376.8525 Read_SLC block 1"
    ),
    legal("a read starts when the plane read on another plane ends", PLANE_READ + "7376.8526 Read_SLC block 1"),
    illegal("a plane read overlaps a read on another plane", READ + "7376.8275 Plane_Level_Page_Read_SLC block 1"),
    legal(
        "a plane read starts when the read on another plane ends", READ + "7376.8276 Plane_Level_Page_Read_SLC block 1"
    ),
    illegal(
        "a multi-plane read overlaps a plane read on another plane",
        PLANE_READ + "7345.8526 Read_Multi_Plane_ONFI_SLC block 1+2",
    ),
    legal(
        "three plane reads on three planes overlap",
        PLANE_READ
        + """
        7345.8526  Plane_Level_Page_Read_SLC  block 1    # ISSUE until 7345.9976
        7345.9976  Plane_Level_Page_Read_SLC  block 2
        """,
    ),
)
