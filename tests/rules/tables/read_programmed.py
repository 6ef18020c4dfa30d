"""[read-programmed]"""

from tests.rules.stories import ERASED, GUARDED, PROGRAMMED, TWO_PAGES
from tests.rules.table import FREE, illegal, legal, table

TABLE = table(
    "read-programmed",
    FREE,
    legal("a read of a page as its program ends", PROGRAMMED + "12 Read_SLC block 0"),
    illegal(
        "a read of a page one tick before its program ends",
        PROGRAMMED + "11 Read_SLC block 0",
        also="plane-busy block-in-flight",
    ),
    illegal("a read of the page after the last one", PROGRAMMED + "12 Read_SLC block 0 page 1"),
    illegal("a read of an erased block", ERASED + "6 Read_SLC block 0"),
    illegal("a read of a block that was never erased", PROGRAMMED + "12 Read_SLC block 2"),
    illegal("a read with another celltype than the program's", PROGRAMMED + "12 Read_AESLC block 0"),
    legal("a read of an earlier page", TWO_PAGES + "18 Read_SLC block 0 page 0"),
    legal("a read below the guard", TWO_PAGES + "18 Read_SLC block 0 page 0", device=GUARDED),
    illegal("a read within the guard", TWO_PAGES + "18 Read_SLC block 0 page 1", device=GUARDED),
    illegal("a read after another erase", PROGRAMMED + "12 Block_Erase_SLC block 0\n 18 Read_SLC block 0"),
    legal(
        "a read of a page that ALLWL_PROGRAM has filled",
        PROGRAMMED
        + """
        12  All_WL_Dummy_Program  block 0 page 1    # until 18, fills pages 1 to 3
        18  Read_SLC              block 0 page 3
        """,
    ),
)
