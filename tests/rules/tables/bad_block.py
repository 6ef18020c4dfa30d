"""[bad-block]"""

from tests.rules.stories import ONE_BAD
from tests.rules.table import illegal, legal, table

TABLE = table(
    "bad-block",
    ONE_BAD,
    legal("an erase of the block before a bad one", "0 Block_Erase_SLC block 4"),
    legal("an erase of the block of that number on the other die", "0 Block_Erase_SLC die 1 block 5"),
    legal("an erase of the other block of that plane", "0 Block_Erase_SLC block 3"),
    illegal("an erase of a bad block", "0 Block_Erase_SLC block 5", also="erase"),
    illegal("a multi-plane erase with a bad block", "0 Block_Erase_Multi_Plane_ONFI_SLC block 4+5", also="erase"),
    illegal("a program of a bad block", "0 Page_Program_SLC block 5", also="program-after-erase"),
    illegal("a read of a bad block", "0 Read_SLC block 5", also="read-programmed"),
    illegal("a load of a bad block", "0 Change_Row_Address block 5 celltype SLC", also="datain"),
    illegal("a check of a bad block", "0 DSL_Vth_Check block 5", also="dsl", by="dsl"),
)
