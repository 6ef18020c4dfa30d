"""[drained]"""

from tests.rules.stories import ERASED_TLC, PROGRAMMED, SUSPENDED_ERASE
from tests.rules.table import FREE, Made, Raw, illegal, legal, table

DOUT = "Change_Read_Column_Random_Data_Output"


def _carry_over(raw: Raw) -> None:
    raw["policies"]["carry_over"] = True


CARRIES_OVER = Made(FREE.small, _carry_over)
"""A small device whose runs hand on what is open."""
READ = f"""{PROGRAMMED}
    12  Read_SLC  block 0    # CORE_BUSY until 18, DATA_OUT until 21
"""
CACHED = f"""{READ}
    21  {DOUT}                 block 0    # until 23
    23  Read_Cache_Random_SLC  block 0    # until 32
"""

TABLE = table(
    "drained",
    FREE,
    legal("a suspended erase goes on to its end", SUSPENDED_ERASE + "21 Erase_Resume", end=True),
    illegal("an erase stays suspended", SUSPENDED_ERASE, end=True),
    legal("a run that hands on what is open", SUSPENDED_ERASE, end=True, device=CARRIES_OVER),
    legal("a read is delivered", READ + f"18 {DOUT} block 0", end=True),
    illegal("a read is not delivered", READ, end=True),
    illegal("a one-shot chain stays open", ERASED_TLC + "6 One_Shot_PGM_LSB block 0", end=True),
    illegal("a cache program stays open", "0 Block_Erase_SLC block 0\n 6 Cache_Program_SLC block 0", end=True),
    illegal("a cache read stays open", CACHED, end=True),
    legal("a cache read is ended and delivered", CACHED + f"32 Read_Cache_End block 0\n 38 {DOUT} block 0", end=True),
    illegal("ODT stays disabled", "0 ODT_Disable", end=True),
    legal("ODT is enabled again", "0 ODT_Disable\n 2 ODT_Reenable", end=True),
    legal("a RESET discharges what is open", READ + "18 Super_Reset", end=True),
)
