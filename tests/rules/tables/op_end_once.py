"""[op-end-once]: a sequence cannot break it, only the file of its events can."""

from tests.rules.table import SHIPPED, illegal, legal, table

ERASE = """
    0.0000    Block_Erase_SLC  block 0    # until 7000.1100
"""
SUSPENDED = f"""{ERASE}
    100.0000  Erase_Suspend_Reset         # until 200.1850
    200.1850  Erase_Resume                # until 350.3700
"""


def _end(lines: list[str]) -> int:
    return next(place for place, line in enumerate(lines) if ",OP_END,1," in line)


def _left_out(lines: list[str]) -> None:
    lines.pop(_end(lines))


def _twice(lines: list[str]) -> None:
    lines.insert(_end(lines), lines[_end(lines)])


def _aborted(lines: list[str]) -> None:
    lines[_end(lines)] = lines[_end(lines)].replace("OP_END", "OP_ABORT")


TABLE = table(
    "op-end-once",
    SHIPPED,
    legal("an erase ends once", ERASE),
    legal("an erase that was suspended ends once", SUSPENDED),
    legal("an erase that a RESET stops ends once, as aborted", ERASE + "100.0000 Super_Reset"),
    illegal("an erase without its end", ERASE, files=_left_out),
    illegal("an erase that was suspended ends twice", SUSPENDED, files=_twice),
    illegal("an erase that has ended is said to be aborted", ERASE, files=_aborted),
    planned=False,
)
