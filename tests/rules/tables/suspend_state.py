"""[suspend-state]"""

from tests.rules.stories import ERASED, shipped_programmed
from tests.rules.table import FREE, SHIPPED, illegal, legal, table

SUSPENDED = """
    0.0000    Block_Erase_SLC  block 0    # CORE_BUSY from 0.1100
    100.0000  Erase_Suspend_Reset         # until 200.1850; 6900.1100 of the erase are left
"""
RESUMED = f"""{SUSPENDED}
    200.1850  Erase_Resume                # until 350.3700; the erase ends at 350.3700 + 6900.1100
"""
PROGRAM = f"""{shipped_programmed()}
    7309.9344  Page_Program_SLC  block 0 page 1    # CORE_BUSY from 7319.7588
    7400.0000  Program_Suspend_Reset               # until 7500.1850
"""

CUT = f"""{ERASED}
    6   Block_Erase_SLC  block 2    # CORE_BUSY from 8 to 12
    9   Erase_Suspend_Reset         # until 15; 3 ticks are left
"""

TABLE = table(
    "suspend-state",
    SHIPPED,
    legal("a RESUME when the SUSPEND has ended", SUSPENDED + "200.1850 Erase_Resume"),
    illegal(
        "a RESUME at the last tick of the SUSPEND",
        SUSPENDED + "200.1849 Erase_Resume",
        also="op-state plane-busy",
    ),
    illegal(
        "a RESUME with nothing suspended",
        """
        0.0000     Block_Erase_SLC  block 0    # until 7000.1100
        7000.1100  Erase_Resume
        """,
    ),
    illegal("a RESUME after the last continuation has ended", RESUMED + "7250.4800 Erase_Resume"),
    illegal("a RESUME with nothing suspended, and no group", ERASED + "6 Erase_Resume", device=FREE),
    illegal(
        "a RESUME with its SUSPEND under way, and no group",
        CUT + "14 Erase_Resume",
        device=FREE,
        also="plane-busy",
    ),
    legal("a RESUME when the SUSPEND has ended, and no group", CUT + "15 Erase_Resume", device=FREE),
    illegal("features set while an erase is suspended", SUSPENDED + "200.1850 Set_Features"),
    legal("parameters set while an erase is suspended", SUSPENDED + "200.1850 Set_Parameter"),
    legal("features set when the erase has ended", RESUMED + "7250.4800 Set_Features"),
    illegal("an ODT switch while a program is suspended", PROGRAM + "7500.1850 ODT_Disable"),
    legal("an ID read while a program is suspended", PROGRAM + "7500.1850 Read_ID_JEDEC"),
    illegal(
        "an erase's RESUME while a program is suspended",
        PROGRAM + "7500.1850 Erase_Resume",
        also="resume-order",
    ),
)
