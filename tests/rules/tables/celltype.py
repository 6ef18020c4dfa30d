"""[celltype]"""

from tests.rules.table import FREE, illegal, legal, table

SLC = """
    0  Block_Erase_SLC    block 0    # until 6
"""
A0SLC = f"""{SLC}
    6  Page_Program_A0SLC  block 0    # until 12
"""

TABLE = table(
    "celltype",
    FREE,
    legal("a program of SLC after an erase as SLC", SLC + "6 Page_Program_SLC block 0"),
    legal("a program of A0SLC after an erase as SLC", SLC + "6 Page_Program_A0SLC block 0"),
    legal("a program of ACSLC after an erase as SLC", SLC + "6 Page_Program_ACSLC block 0"),
    illegal("a program of AESLC after an erase as SLC", SLC + "6 Page_Program_AESLC block 0"),
    illegal("a program of TLC after an erase as SLC", SLC + "6 One_Shot_PGM_LSB block 0"),
    legal("a program of AESLC after an erase as AESLC", "0 Block_Erase_AESLC block 0\n 6 Page_Program_AESLC block 0"),
    illegal("a program of SLC after an erase as AESLC", "0 Block_Erase_AESLC block 0\n 6 Page_Program_SLC block 0"),
    illegal("a program of A0SLC after an erase as TLC", "0 Block_Erase_TLC block 0\n 6 Page_Program_A0SLC block 0"),
    legal("a program of A0SLC after A0SLC", A0SLC + "12 Page_Program_A0SLC block 0 page 1"),
    illegal("a program of SLC after A0SLC", A0SLC + "12 Page_Program_SLC block 0 page 1"),
    illegal("a program of ACSLC after A0SLC", A0SLC + "12 Page_Program_ACSLC block 0 page 1"),
    legal(
        "a program of TLC after a new erase as TLC", A0SLC + "12 Block_Erase_TLC block 0\n 18 One_Shot_PGM_LSB block 0"
    ),
)
