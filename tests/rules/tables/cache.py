"""[cache]"""

from tests.rules.stories import BOTH_PLANES, shipped_programmed
from tests.rules.table import FREE, SHIPPED, illegal, legal, table

CACHE_READ = f"""{shipped_programmed(2)}
    7619.7588  Read_SLC                               block 0           # until 7650.8788
    7650.8788  Change_Read_Column_Random_Data_Output  block 0           # until 7660.8232
    7660.8232  Read_Cache_Random_SLC                  block 0 page 1    # until 7690.9432, + 20 + 10
"""
READ_END = f"""{CACHE_READ}
    7690.9432  Read_Cache_End                         block 0 page 1    # until + 0.0450 + 50 = 7740.9882
"""
CACHE_PROGRAM = """
    0.0000     Block_Erase_SLC    block 0    # until 7000.1100
    7000.1100  Cache_Program_SLC  block 0    # CORE_BUSY until 7309.9344, DATA_IN until 7319.9344
"""
CLOSED = f"""{CACHE_PROGRAM}
    7319.9344  Page_Program_SLC   block 0 page 1    # until 7629.7588
"""
TWO_BLOCKS = """
    0   Block_Erase_Multi_Plane_ONFI_SLC  block 0+1    # until 6
    6   Cache_Program_SLC                 block 0      # CORE_BUSY until 12, DATA_IN until 15
"""
CLOSER_SUSPENDED = f"""{TWO_BLOCKS}
    15  Page_Program_SLC                  block 0 page 1    # CORE_BUSY from 17 to 21
    18  Program_Suspend_Reset                               # until 24; 3 ticks are left
"""
BEGUN_IN_A_SUSPENSION = """
    0   Block_Erase_Multi_Plane_ONFI_SLC  block 0+1    # until 6
    6   Page_Program_SLC                  block 0      # CORE_BUSY from 8 to 12
    9   Program_Suspend_Reset                          # until 15; 3 ticks are left
    15  Cache_Program_SLC                 block 1      # CORE_BUSY until 21, DATA_IN until 24
    24  Program_Resume                                 # until 30, the program until 33
"""
PAGES_0_AND_1 = """
    0   Block_Erase_SLC   block 0                  # until 6
    6   Page_Program_SLC  block 0                  # until 12
    12  Page_Program_SLC  block 0 page 1           # until 18
"""

TABLE = table(
    "cache",
    SHIPPED,
    illegal("a parameter read while a cache read is open", CACHE_READ + "7690.9432 Get_Parameter"),
    legal("a parameter read when the cache read's END has ended", READ_END + "7740.9882 Get_Parameter"),
    illegal(
        "a parameter read at the last tick of the cache read's END",
        READ_END + "7740.9881 Get_Parameter",
        also="op-state",
    ),
    legal(
        "a DOUT while a cache read is open", READ_END + "7740.9882 Change_Read_Column_Random_Data_Output block 0 page 1"
    ),
    illegal("a parameter read while a cache program is open", CACHE_PROGRAM + "7319.9344 Get_Parameter"),
    legal("a training while a cache program is open", CACHE_PROGRAM + "7319.9344 DCC_training"),
    legal("a parameter read when the cache program is closed", CLOSED + "7629.7588 Get_Parameter"),
    illegal(
        "a parameter read at the last tick of the program that closes it",
        CLOSED + "7629.7587 Get_Parameter",
        also="op-state",
    ),
    illegal(
        "a cache program on the last page",
        PAGES_0_AND_1
        + """
        18  Page_Program_SLC   block 0 page 2    # until 24
        24  Cache_Program_SLC  block 0 page 3
        """,
        device=FREE,
    ),
    legal(
        "a cache program on the page before the last",
        PAGES_0_AND_1 + "18 Cache_Program_SLC block 0 page 2",
        device=FREE,
    ),
    illegal(
        "another block is programmed while a cache program is open",
        TWO_BLOCKS + "15 Page_Program_SLC block 1",
        also="chain",
        by="chain",
        device=FREE,
    ),
    illegal(
        "other planes are read while a cache read is open",
        BOTH_PLANES
        + """
        12  Read_SLC                                  block 0      # until 21
        21  Change_Read_Column_Random_Data_Output     block 0      # until 23
        23  Read_Cache_Random_SLC                     block 0      # until 32
        32  Read_Cache_Random_Multi_Plane_ONFI_SLC    block 0+1
        """,
        also="cache-chain",
        by="cache-chain",
        device=FREE,
    ),
    illegal(
        "another block's cache program while the program that closes one is suspended",
        CLOSER_SUSPENDED + "24 Cache_Program_SLC block 1",
        also="chain",
        by="chain",
        device=FREE,
    ),
    illegal(
        "another block's cache program one tick before the program that closes one has ended",
        CLOSER_SUSPENDED + "24 Program_Resume\n 32 Cache_Program_SLC block 1",
        also="chain plane-busy",
        by="chain",
        device=FREE,
    ),
    legal(
        "another block's cache program when the program that closes one has ended",
        CLOSER_SUSPENDED + "24 Program_Resume\n 33 Cache_Program_SLC block 1",
        device=FREE,
    ),
    illegal(
        "another block is programmed when a program has ended in whose suspension a cache program was opened",
        BEGUN_IN_A_SUSPENSION + "33 Page_Program_SLC block 0 page 1",
        also="chain",
        by="chain",
        device=FREE,
    ),
    legal(
        "a cache program that was opened in a program's suspension is closed by its own next page",
        BEGUN_IN_A_SUSPENSION + "33 Page_Program_SLC block 1 page 1",
        device=FREE,
    ),
)
