"""[odt]"""

from tests.rules.table import SHIPPED, illegal, legal, table

OFF = """
    0.0000  ODT_Disable    # until 0.0250
"""

TABLE = table(
    "odt",
    SHIPPED,
    illegal("an erase as ODTDISABLE ends", OFF + "0.0250 Block_Erase_SLC"),
    legal(
        "an erase as ODTENABLE ends",
        OFF
        + """
        0.0250  ODT_Reenable    # until 0.1500
        0.1500  Block_Erase_SLC
        """,
    ),
    illegal(
        "an erase one tick before ODTENABLE ends",
        OFF
        + """
        0.0250  ODT_Reenable    # until 0.1500
        0.1499  Block_Erase_SLC
        """,
        also="bus",
    ),
    illegal("an erase on the other die: there is one switch", OFF + "0.0250 Block_Erase_SLC die 1"),
    legal("an ID read while ODT is disabled", OFF + "0.0250 Read_ID_JEDEC"),
    legal("an erase while ODT is enabled", "0.0000 Block_Erase_SLC"),
    legal("a status read while ODT is disabled", OFF + "0.0250 Read_Status_Enhanced_70h shows ready"),
    illegal(
        "an erase after a RESET, which leaves ODT as it is",
        OFF
        + """
        0.0250   Super_Reset        # until 30.0500
        30.0500  Block_Erase_SLC
        """,
    ),
)
