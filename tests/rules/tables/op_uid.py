"""[op-uid]"""

from tests.rules.table import FREE, Made, Raw, illegal, legal, table


def _no_issue(raw: Raw) -> None:
    for name in ("Block_Erase_SLC", "Read_Status_Enhanced_72h"):
        raw["op_names"][name]["durations"]["ISSUE"] = 0


AT_ONCE = Made(FREE.small, _no_issue)
"""A small device on which the ISSUE of two op_names lasts no time."""

TABLE = table(
    "op-uid",
    FREE,
    legal("operations numbered 1, 2, 3", "0 Get_Parameter uid 1\n 2 Get_Parameter uid 2\n 4 Get_Parameter uid 3"),
    illegal("operations numbered from 2 on", "0 Get_Parameter uid 2"),
    illegal("operations numbered 1, 3", "0 Get_Parameter uid 1\n 2 Get_Parameter uid 3"),
    illegal("operations numbered 1, 1", "0 Get_Parameter uid 1\n 2 Get_Parameter uid 1"),
    illegal("operations numbered 2, 1", "0 Get_Parameter uid 2\n 2 Get_Parameter uid 1"),
    legal("equal starts on die 0, then die 1", "0 Block_Erase_SLC die 0\n 0 Block_Erase_SLC die 1", device=AT_ONCE),
    illegal("equal starts on die 1, then die 0", "0 Block_Erase_SLC die 1\n 0 Block_Erase_SLC die 0", device=AT_ONCE),
    legal(
        "equal starts on plane 0, then plane 1",
        "0 Read_Status_Enhanced_72h plane 0 shows ready\n 0 Read_Status_Enhanced_72h plane 1 shows ready",
        device=AT_ONCE,
    ),
    illegal(
        "equal starts on plane 1, then plane 0",
        "0 Read_Status_Enhanced_72h plane 1 shows ready\n 0 Read_Status_Enhanced_72h plane 0 shows ready",
        device=AT_ONCE,
    ),
    planned=False,
)
