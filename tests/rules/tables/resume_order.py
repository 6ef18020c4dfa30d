"""[resume-order]"""

from tests.rules.table import FREE, illegal, legal, table

NESTED = """
    0   Block_Erase_SLC   block 2    # until 6
    6   Block_Erase_SLC   block 0    # CORE_BUSY from 8 to 12
    9   Erase_Suspend_Reset          # until 15; 3 ticks of the erase are left
    15  Page_Program_SLC  block 2    # CORE_BUSY from 17 to 21
    18  Program_Suspend_Reset        # until 24; 3 ticks of the program are left
"""
PROGRAM = """
    0   Block_Erase_SLC   block 2    # until 6
    6   Page_Program_SLC  block 2    # CORE_BUSY from 8 to 12
    9   Program_Suspend_Reset        # until 15; 3 ticks are left
"""

TABLE = table(
    "resume-order",
    FREE,
    legal("the program goes on first", NESTED + "24 Program_Resume"),
    illegal("the erase is resumed while the program is suspended", NESTED + "24 Erase_Resume"),
    legal(
        "the erase goes on when the program has ended",
        NESTED
        + """
        24  Program_Resume    # until 30, the program until 33
        33  Erase_Resume
        """,
    ),
    illegal(
        "the erase is resumed at the last tick of the program's RESUME",
        NESTED
        + """
        24  Program_Resume    # until 30
        29  Erase_Resume
        """,
        also="plane-busy",
    ),
    legal(
        "an erase is suspended, and then a program",
        NESTED
        + """
        24  Program_Resume         # until 30
        31  Program_Suspend_Reset  # the program again
        """,
    ),
    illegal(
        "an erase is suspended while a program is",
        PROGRAM
        + """
        15  Block_Erase_SLC  block 0    # CORE_BUSY from 17 to 21
        18  Erase_Suspend_Reset
        """,
    ),
    legal(
        "an erase runs to its end while a program is suspended",
        PROGRAM
        + """
        15  Block_Erase_SLC  block 0    # until 21
        21  Program_Resume
        """,
    ),
    illegal(
        "an erase is suspended at its last tick while a program is",
        PROGRAM
        + """
        15  Block_Erase_SLC  block 0    # CORE_BUSY from 17 to 21
        20  Erase_Suspend_Reset
        """,
    ),
)
