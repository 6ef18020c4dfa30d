"""[bus]"""

from tests.rules.table import FREE, SHIPPED, illegal, legal, table

TABLE = table(
    "bus",
    SHIPPED,
    legal(
        "the ISSUE of die 1 starts when that of die 0 ends",
        """
        0.0000  Block_Erase_SLC  die 0    # ISSUE until 0.1100
        0.1100  Block_Erase_SLC  die 1
        """,
    ),
    illegal(
        "the ISSUE of die 1 starts one tick before that of die 0 ends",
        """
        0.0000  Block_Erase_SLC  die 0    # ISSUE until 0.1100
        0.1099  Block_Erase_SLC  die 1
        """,
    ),
)
