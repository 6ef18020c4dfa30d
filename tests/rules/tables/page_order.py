"""[page-order]"""

from tests.rules.stories import ERASED, PROGRAMMED, TWO_PAGES
from tests.rules.table import FREE, illegal, legal, table

TABLE = table(
    "page-order",
    FREE,
    legal("a program of page 0 after an erase", ERASED + "6 Page_Program_SLC block 0 page 0"),
    illegal("a program of page 1 after an erase", ERASED + "6 Page_Program_SLC block 0 page 1"),
    legal("a program of page 1 after page 0", PROGRAMMED + "12 Page_Program_SLC block 0 page 1"),
    illegal("a program of page 0 twice", PROGRAMMED + "12 Page_Program_SLC block 0 page 0"),
    illegal("a program of page 2 after page 0", PROGRAMMED + "12 Page_Program_SLC block 0 page 2"),
    illegal(
        "a program of page 1 one tick before page 0 has ended",
        PROGRAMMED + "11 Page_Program_SLC block 0 page 1",
        also="plane-busy",
    ),
    legal(
        "a program of page 0 after another erase",
        TWO_PAGES + "18 Block_Erase_SLC block 0\n 24 Page_Program_SLC block 0 page 0",
    ),
    illegal(
        "a program of page 2 after another erase",
        TWO_PAGES + "18 Block_Erase_SLC block 0\n 24 Page_Program_SLC block 0 page 2",
    ),
    legal(
        "each block counts its own pages",
        "0 Block_Erase_Multi_Plane_ONFI_SLC block 0+1\n 6 Page_Program_SLC block 0\n 12 Page_Program_SLC block 1",
    ),
)
