"""[transfer]"""

from tests.rules.table import FREE, SHIPPED, illegal, legal, table

FIRST, SECOND, THIRD = (f"Data_transfer_to_cache_for_{place}_Page_TLC" for place in ("1st", "2nd", "3rd"))
LSB = """
    0   Block_Erase_TLC   block 0    # until 6
    6   One_Shot_PGM_LSB  block 0    # until 12
"""
CSB = f"""{LSB}
    12  One_Shot_PGM_CSB  block 0    # until 18
"""
MSB = f"""{CSB}
    18  One_Shot_PGM_MSB  block 0    # until 24
"""

TABLE = table(
    "transfer",
    FREE,
    legal("a transfer of the first page as LSB ends", LSB + f"12 {FIRST}"),
    illegal("a transfer of the first page one tick before LSB ends", LSB + f"11 {FIRST}", also="plane-busy"),
    legal("a transfer of the second page as CSB ends", CSB + f"18 {SECOND}"),
    illegal("a transfer of the first page as CSB ends", CSB + f"18 {FIRST}"),
    illegal("a transfer of the second page as LSB ends", LSB + f"12 {SECOND}"),
    legal("a transfer of the third page as MSB ends", MSB + f"24 {THIRD}"),
    illegal(
        "a transfer of the third page when the program has been executed",
        MSB + f"24 One_Shot_PGM_Execution_MSB block 0\n 30 {THIRD}",
    ),
    illegal("a transfer with no chain open", f"0 {FIRST}"),
    illegal("a transfer after a RESET", LSB + f"12 Super_Reset\n 18 {FIRST}"),
    legal(
        "with the shipped groups, a transfer of the first page as LSB ends",
        f"""
        0.0000     Block_Erase_TLC   block 0    # until 7000.0850
        7000.0850  One_Shot_PGM_LSB  block 0    # until 7029.9094
        7029.9094  {FIRST}
        """,
        device=SHIPPED,
    ),
)
