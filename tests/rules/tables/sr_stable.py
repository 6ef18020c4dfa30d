"""[sr-stable]"""

from tests.rules.stories import FLAGGED, shipped_programmed
from tests.rules.table import FREE, SHIPPED, illegal, legal, table

SR = "Read_Status_Enhanced_70h"
ERASE = """
    0.0000  Block_Erase_SLC  block 0    # CORE_BUSY until 7000.1100
"""
READ = f"""{shipped_programmed()}
    7309.9344  Read_SLC  block 0        # CORE_BUSY until 7335.0544, DATA_OUT until 7341.0544
"""
SUSPENDED = """
    0   Block_Erase_SLC  block 0        # CORE_BUSY from 2 to 6
    3   Erase_Suspend_Reset             # CORE_BUSY from 5 to 9
"""
RESUMED = f"""{SUSPENDED}
    9   Erase_Resume                    # CORE_BUSY from 11 to 15, the erase goes on until 18
"""

TABLE = table(
    "sr-stable",
    SHIPPED,
    legal("a status read's ISSUE ends with CORE_BUSY", ERASE + f"6999.8314 {SR} shows busy    # + 0.2786 = 7000.1100"),
    illegal("a status read's ISSUE ends one tick after CORE_BUSY", ERASE + f"6999.8315 {SR} shows busy"),
    illegal("a status read's ISSUE begins at the last tick of CORE_BUSY", ERASE + f"7000.1099 {SR} shows busy"),
    legal("a status read's ISSUE begins as CORE_BUSY ends", ERASE + f"7000.1100 {SR} shows ready"),
    legal(
        "a status read's ISSUE ends as DATA_OUT begins", READ + f"7334.7758 {SR} shows busy    # + 0.2786 = 7335.0544"
    ),
    illegal("DATA_OUT begins one tick before a status read's ISSUE ends", READ + f"7334.7759 {SR} shows busy"),
    legal("a status read's ISSUE ends with DATA_OUT", READ + f"7340.7758 {SR} shows extrdy    # + 0.2786 = 7341.0544"),
    illegal("a status read's ISSUE ends one tick after DATA_OUT", READ + f"7340.7759 {SR} shows extrdy"),
    legal(
        "the SUSPEND starts as a status read's ISSUE ends",
        """
        0  Block_Erase_SLC  block 0                  # CORE_BUSY from 2 to 6
        2  Read_Status_Enhanced_70h  shows busy      # until 4
        4  Erase_Suspend_Reset
        """,
        device=FREE,
    ),
    legal("the value of the other die may change", ERASE + f"7000.0000 {SR} die 1 shows ready"),
    illegal("the SUSPEND ends inside a status read's ISSUE", SUSPENDED + f"8 {SR} shows busy", device=FREE),
    legal("the SUSPEND ends with a status read's ISSUE", SUSPENDED + f"7 {SR} shows busy", device=FLAGGED),
    legal(
        "a status read's ISSUE goes on when the RESUME ends: still busy", RESUMED + f"14 {SR} shows busy", device=FREE
    ),
    illegal(
        "the suspend flag changes inside a status read's ISSUE, the value does not",
        RESUMED + f"14 {SR} shows busy/erasus",
        device=FLAGGED,
    ),
    legal("a status read's ISSUE ends as the flag changes", RESUMED + f"13 {SR} shows busy/erasus", device=FLAGGED),
    legal("a status read's ISSUE begins as the flag changes", RESUMED + f"15 {SR} shows busy", device=FLAGGED),
)
