"""What follows from a config that is worth knowing before a run."""

from __future__ import annotations

from model.config.bases import Draft
from model.config.node import Node
from model.config.problems import Problems
from model.config.spec import NO_CELLTYPE, BaseSpec


def note_facts(
    bases: list[BaseSpec], names: list[Draft], programs: tuple[str, ...], root: Node, problems: Problems
) -> None:
    """Bases never sent, pages that cannot be read, reads that cannot happen, addresses without a celltype."""
    reads = {base.name for base in bases if "DATA_OUT" in base.states}
    read, programmed, erased = (
        {name.celltype for name in names if name.base in family} for family in (reads, programs, ("ERASE",))
    )
    sent = {name.base for name in names}
    for base in bases:
        if base.name not in sent:
            said = "no op_name has this base: it is never sent"
            problems.info(root.at("op_bases", base.name), said, id="base-never-sent")
    planeless = {base.name for base in bases if "plane" not in base.payload}
    for name in names:
        node = root.at("op_names", name.name)
        if name.multi and name.base in planeless:
            said = f"multi, but {name.base} names no plane: it can never be legal"
            problems.warn(node, said, id="multi-without-planes")
        addressed = name.base in reads or name.base in programs or name.base == "ERASE"
        if addressed and name.celltype == NO_CELLTYPE:
            problems.warn(node, f"{name.base} without a celltype", id="no-celltype")
        elif name.base in reads and name.celltype not in programmed:
            problems.info(node, f"cannot happen: nothing programs pages as {name.celltype}", id="read-of-nothing")
    for item in root.at("celltypes").members:
        if item.text in programmed and item.text not in read:
            said = f"pages programmed as {item.text} cannot be read: no read has this celltype"
            problems.info(item, said, id="written-not-read")
        elif item.text in erased and item.text not in programmed:
            said = f"blocks erased as {item.text} cannot be programmed: no program has this celltype"
            problems.info(item, said, id="erased-not-written")
