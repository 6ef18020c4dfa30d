"""[erase]"""

from tests.rules.stories import ONE_BAD, PROGRAMMED
from tests.rules.table import FREE, illegal, legal, table

TABLE = table(
    "erase",
    FREE,
    legal("an erase of a block that was never erased", "0 Block_Erase_SLC block 0"),
    legal("an erase of a programmed block", PROGRAMMED + "12 Block_Erase_TLC block 0"),
    legal(
        "an erase of a block that a RESET has left UNDEFINED",
        """
        0  Block_Erase_SLC  block 0    # CORE_BUSY from 2 to 6
        5  Super_Reset                 # until 11
        11 Block_Erase_SLC  block 0
        """,
    ),
    illegal("an erase that names page 1", "0 Block_Erase_SLC block 0 page 1"),
    illegal("an erase that names the last page", "0 Block_Erase_SLC block 0 page 3"),
    illegal("an erase of a bad block", "0 Block_Erase_SLC block 5", also="bad-block", by="bad-block", device=ONE_BAD),
    legal("an erase of the block before a bad one", "0 Block_Erase_SLC block 4", device=ONE_BAD),
)
