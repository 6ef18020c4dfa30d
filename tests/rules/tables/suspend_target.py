"""[suspend-target]"""

from tests.rules.table import SHIPPED, illegal, legal, table

ERASE = """
    0.0000  Block_Erase_SLC  block 0    # CORE_BUSY from 0.1100 to 7000.1100
"""
CACHE_PROGRAM = """
    0.0000     Block_Erase_SLC    block 0    # until 7000.1100
    7000.1100  Cache_Program_SLC  block 0    # CORE_BUSY from 7009.9344 to 7309.9344, DATA_IN until 7319.9344
"""
CONTINUED = f"""{ERASE}
    100.0000  Erase_Suspend_Reset    # until 200.1850
    200.1850  Erase_Resume           # until 350.3700; CORE_BUSY from there to 7250.4800
"""

TABLE = table(
    "suspend-target",
    SHIPPED,
    illegal("a SUSPEND as CORE_BUSY begins", ERASE + "0.1100 Erase_Suspend_Reset", also="plane-busy"),
    legal("a SUSPEND one tick into CORE_BUSY", ERASE + "0.1101 Erase_Suspend_Reset"),
    legal("a SUSPEND at the last tick of CORE_BUSY", ERASE + "7000.1099 Erase_Suspend_Reset"),
    illegal("a SUSPEND as CORE_BUSY ends", ERASE + "7000.1100 Erase_Suspend_Reset"),
    illegal("a SUSPEND of the other axis", ERASE + "100.0000 Program_Suspend_Reset", also="op-state plane-busy"),
    illegal("a SUSPEND on another die", ERASE + "100.0000 Erase_Suspend_Reset die 1"),
    legal("a SUSPEND inside a cache program's CORE_BUSY", CACHE_PROGRAM + "7309.9343 Program_Suspend_Reset"),
    illegal("a SUSPEND inside DATA_IN", CACHE_PROGRAM + "7309.9344 Program_Suspend_Reset", also="op-state plane-busy"),
    illegal("a SUSPEND as a continuation begins", CONTINUED + "350.3700 Erase_Suspend_Reset", also="plane-busy"),
    legal("a SUSPEND one tick into a continuation", CONTINUED + "350.3701 Erase_Suspend_Reset"),
    legal("a SUSPEND at the last tick of a continuation", CONTINUED + "7250.4799 Erase_Suspend_Reset"),
    illegal("a SUSPEND as a continuation ends", CONTINUED + "7250.4800 Erase_Suspend_Reset"),
)
