"""[sr-value]"""

from tests.rules.stories import FLAGGED, shipped_programmed
from tests.rules.table import SHIPPED, illegal, legal, table

SR = "Read_Status_Enhanced_70h"
ERASE = """
    0.0000  Block_Erase_SLC  block 0    # CORE_BUSY from 0.1100 to 7000.1100
"""
READ = f"""{shipped_programmed()}
    7309.9344  Read_SLC  block 0        # CORE_BUSY until 7335.0544, DATA_OUT until 7341.0544
"""
SUSPENDED = """
    0   Block_Erase_SLC  block 0        # CORE_BUSY from 2 to 6
    3   Erase_Suspend_Reset             # CORE_BUSY from 5 to 9
"""

TABLE = table(
    "sr-value",
    SHIPPED,
    legal("a status read that expects ready on an idle die", f"0.0 {SR} shows ready"),
    legal("a status read that expects busy as CORE_BUSY begins", ERASE + f"0.1100 {SR} shows busy"),
    illegal("a status read that expects ready as CORE_BUSY begins", ERASE + f"0.1100 {SR} shows ready"),
    legal("a status read that expects ready as CORE_BUSY ends", ERASE + f"7000.1100 {SR} shows ready"),
    illegal("a status read that expects busy as CORE_BUSY ends", ERASE + f"7000.1100 {SR} shows busy"),
    legal("a status read that expects extrdy as DATA_OUT begins", READ + f"7335.0544 {SR} shows extrdy"),
    illegal("a status read that expects busy as DATA_OUT begins", READ + f"7335.0544 {SR} shows busy"),
    illegal("a status read that expects extrdy as DATA_OUT ends", READ + f"7341.0544 {SR} shows extrdy"),
    legal("a status read that expects ready on the other die", ERASE + f"0.1100 {SR} die 1 shows ready"),
    legal("any plane counts, whichever is asked", ERASE + "0.1100 Read_Status_Enhanced_72h plane 3 shows busy"),
    legal(
        "a status read that expects erasus as the SUSPEND ends",
        SUSPENDED + f"9 {SR} shows ready/erasus",
        device=FLAGGED,
    ),
    illegal(
        "a status read that expects no erasus as the SUSPEND ends", SUSPENDED + f"9 {SR} shows ready", device=FLAGGED
    ),
    legal(
        "a status read that expects no erasus while the SUSPEND runs", SUSPENDED + f"5 {SR} shows busy", device=FLAGGED
    ),
    planned=False,
)
