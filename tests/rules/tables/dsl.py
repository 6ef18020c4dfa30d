"""[dsl]"""

from tests.rules.stories import ONE_BAD, PROGRAMMED
from tests.rules.table import FREE, illegal, legal, table

CHECK = "DSL_Vth_Check"
CUT = """
    0   Block_Erase_SLC  block 0    # CORE_BUSY from 2 to 6
    5   Super_Reset                 # until 11
"""

TABLE = table(
    "dsl",
    FREE,
    legal("a check of a block that was never erased", f"0 {CHECK} block 0"),
    legal("a check of a programmed block", PROGRAMMED + f"12 {CHECK} block 0"),
    legal("a check of a page that is not programmed", PROGRAMMED + f"12 {CHECK} block 0 page 3"),
    illegal("a check of an UNDEFINED block", CUT + f"11 {CHECK} block 0", also="undefined-block"),
    legal("a check of another block", CUT + f"11 {CHECK} block 2"),
    legal(
        "a check of an UNDEFINED block that was erased again", CUT + f"11 Block_Erase_SLC block 0\n 17 {CHECK} block 0"
    ),
    illegal("a check of a bad block", f"0 {CHECK} block 5", also="bad-block", device=ONE_BAD),
    illegal(
        "a multi-plane check with a bad block",
        "0 DSL_Vth_Check_Multi_Plane block 4+5",
        also="bad-block",
        device=ONE_BAD,
    ),
    legal("a check of the block before a bad one", f"0 {CHECK} block 4", device=ONE_BAD),
)
