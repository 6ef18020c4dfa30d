"""[program-after-erase]"""

from tests.rules.stories import ERASED, ONE_BAD, PROGRAMMED, TWO_PAGES
from tests.rules.table import FREE, illegal, legal, table

THREE_PAGES = f"""{TWO_PAGES}
    18  Page_Program_SLC  block 0 page 2    # until 24
"""

TABLE = table(
    "program-after-erase",
    FREE,
    legal("a program as the erase ends", ERASED + "6 Page_Program_SLC block 0"),
    illegal(
        "a program one tick before the erase ends",
        ERASED + "5 Page_Program_SLC block 0",
        also="plane-busy block-in-flight",
    ),
    illegal("a program of a block that was never erased", "0 Page_Program_SLC block 0"),
    illegal("a program of the block beside the erased one", ERASED + "6 Page_Program_SLC block 2"),
    legal("a program of the last page", THREE_PAGES + "24 Page_Program_SLC block 0 page 3"),
    illegal(
        "a program of a full block",
        THREE_PAGES
        + """
        24  Page_Program_SLC  block 0 page 3    # until 30
        30  Page_Program_SLC  block 0 page 3
        """,
        also="page-order",
    ),
    illegal(
        "a program of a block that ALLWL_PROGRAM has filled",
        PROGRAMMED
        + """
        12  All_WL_Dummy_Program  block 0 page 1    # until 18, fills pages 1 to 3
        18  Page_Program_SLC      block 0 page 2
        """,
        also="page-order",
    ),
    legal(
        "a program of a full block that was erased again",
        PROGRAMMED
        + """
        12  All_WL_Dummy_Program  block 0 page 1    # until 18
        18  Block_Erase_SLC       block 0           # until 24
        24  Page_Program_SLC      block 0 page 0
        """,
    ),
    illegal(
        "a program of an UNDEFINED block",
        """
        0   Block_Erase_SLC   block 0    # CORE_BUSY from 2 to 6
        5   Super_Reset                  # until 11
        11  Page_Program_SLC  block 0
        """,
        also="undefined-block",
        by="undefined-block",
    ),
    illegal("a program of a bad block", "0 Page_Program_SLC block 5", also="bad-block", by="bad-block", device=ONE_BAD),
)
