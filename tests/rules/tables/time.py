"""[time]"""

from tests.rules.table import FREE, SHIPPED, illegal, legal, table

TABLE = table(
    "time",
    FREE,
    legal("each operation starts after the one before", "0 Get_Parameter\n 2 Get_Parameter\n 4 Get_Parameter"),
    legal("the first may start late", "7 Get_Parameter\n 9 Get_Parameter"),
    legal("the least difference is a tick of 0.0001 us", "0.0 Get_Parameter\n 1.3605 Get_Parameter", device=SHIPPED),
    illegal(
        "an operation starts a tick before the one above it", "9 Get_Parameter\n 8 Get_Parameter die 1", also="bus"
    ),
    illegal("an operation starts long before the one above it", "9 Get_Parameter\n 0 Get_Parameter die 1", also="bus"),
    illegal(
        "the last of three stands in the wrong place", "0 Get_Parameter\n 9 Get_Parameter\n 2 Get_Parameter", also="bus"
    ),
    planned=False,
)
