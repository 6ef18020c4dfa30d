"""[datain]"""

from tests.rules.stories import ERASED, ONE_BAD, PROGRAMMED, TWO_PAGES
from tests.rules.table import FREE, illegal, legal, table

LOAD = "Change_Row_Address"
THREE_PAGES = f"""{TWO_PAGES}
    18  Page_Program_SLC  block 0 page 2    # until 24
"""

TABLE = table(
    "datain",
    FREE,
    legal("a load of page 0 after an erase", ERASED + f"6 {LOAD} block 0"),
    illegal("a load of page 0 one tick before the erase ends", ERASED + f"5 {LOAD} block 0", also="block-in-flight"),
    illegal("a load of page 1 after an erase", ERASED + f"6 {LOAD} block 0 page 1"),
    legal("a load of page 1 after page 0", PROGRAMMED + f"12 {LOAD} block 0 page 1"),
    illegal("a load of page 0 after page 0", PROGRAMMED + f"12 {LOAD} block 0 page 0"),
    illegal("a load of page 1 one tick before page 0 has ended", PROGRAMMED + f"11 {LOAD} block 0 page 1"),
    illegal("a load of a block that was never erased", ERASED + f"6 {LOAD} block 2 celltype SLC"),
    legal("a load of the last page", THREE_PAGES + f"24 {LOAD} block 0 page 3"),
    illegal(
        "a load of a full block", PROGRAMMED + f"12 All_WL_Dummy_Program block 0 page 1\n 18 {LOAD} block 0 page 3"
    ),
    illegal(
        "a load of an UNDEFINED block",
        f"0 Block_Erase_SLC block 0\n 5 Super_Reset\n 11 {LOAD} block 0",
        also="undefined-block",
        by="undefined-block",
    ),
    illegal(
        "a load of a bad block", f"0 {LOAD} block 5 celltype SLC", also="bad-block", by="bad-block", device=ONE_BAD
    ),
    legal("it changes nothing: the program comes after it", ERASED + f"6 {LOAD} block 0\n 8 Page_Program_SLC block 0"),
)
