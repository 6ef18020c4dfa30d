"""The device and its policies: what wants more than there is."""

from __future__ import annotations

from collections.abc import Callable

from model.addresses import takes
from model.chains import READS, STEPS, TAKES_COPYBACK, Kind
from model.config.spec import Scope
from planner.checking.ground import Ground, listed
from planner.targets.usable import lun_of

_WRITES = frozenset(
    {Kind.PROGRAM, Kind.CACHE_PROGRAM, Kind.COPYBACK_PROGRAM, Kind.MSB_23H, Kind.EXEC, Kind.SHOT_CACHE}
) | {Kind.COPYBACK_EXEC}
_NO_WRITES = READS | {Kind.ERASE, Kind.LSB, Kind.CSB, Kind.MSB, Kind.COPYBACK_LSB, Kind.COPYBACK_CSB, Kind.COPYBACK_MSB}


def check_luns(ground: Ground) -> None:
    """LUN status reads of dies that are not there."""
    dies = ground.config.topology.dies
    for name in ground.config.names:
        die = lun_of(name.name)
        if die is not None and die >= dies:
            said = f"die {die} does not exist; allowed: 0 to {dies - 1}"
            cost = f"{name.name} can never be issued"
            node = ground.at("op_names", name.name)
            ground.notes.add("absent-lun", node, said, cost, rules=("absent-lun",))


def check_lists(ground: Ground) -> None:
    """program_base_whitelist and single_single_allowed_bases against what the bases do."""
    config = ground.config
    listed_node = ground.at("program_base_whitelist")
    for base in ground.sent(_WRITES):
        if base not in config.program_base_whitelist:
            said = f"{base} writes pages, but program_base_whitelist does not have it"
            cost = f"pages written by {base} never count as programmed: they cannot be read, nor {base} be suspended"
            ground.notes.add("program-not-listed", listed_node, said, cost, fix=f"add {base}")
    for item in listed_node.members:
        spec = ground.bases.get(item.text)
        if spec is None:
            continue
        if ground.kinds[item.text] in _NO_WRITES:
            said, cost = f"{item.text} writes no page", f"the end of {item.text} counts as a page that is programmed"
        elif "CORE_BUSY" not in spec.states:
            said, cost = f"{item.text} has no CORE_BUSY", f"{item.text} can never be suspended"
        else:
            continue
        ground.notes.add("listed-not-program", item, said, cost, at_key=False, fix=f"remove {item.text}")
    for item in ground.at("constraints", "single_single_allowed_bases").members:
        spec = ground.bases.get(item.text)
        if spec is not None and spec.scope is not Scope.PLANE_SET:
            said = f"the scope of {item.text} is {spec.scope}, so it never runs beside another operation"
            cost = "the entry has no effect"
            ground.notes.add("single-not-a-plane", item, said, cost, at_key=False, fix=f"remove {item.text}")


def check_policies(ground: Ground) -> None:
    """Policies that leave nothing to do."""
    config, us = ground.config, ground.config.clock.us
    policies, pages = config.policies, config.topology.pages_per_block
    if policies.read_offset_guard >= pages:
        said = f"{policies.read_offset_guard} is not less than the pages of a block; allowed: 0 to {pages - 1}"
        node = ground.at("policies", "read_offset_guard")
        ground.notes.add("guard-too-high", node, said, "no page can ever be read", at_key=False)
    if ground.has("policies") and policies.queue_refill_period < policies.sequence_gap:
        key = "sequence_gap" if ground.has("policies", "sequence_gap") else "queue_refill_period_us"
        said = f"sequence_gap ({us(policies.sequence_gap)} us) is longer than queue_refill_period_us"
        cost = "every chain leaves its die idle for longer than the policy wants"
        ground.notes.add("policy-too-long", ground.at("policies", key), said, cost, at_key=False)


def check_bootstrap(ground: Ground) -> None:
    """The bootstrap against the device, its bad blocks, its celltypes and itself."""
    if not ground.has("bootstrap"):
        return
    spec, size = ground.config.bootstrap, ground.config.topology
    node = ground.at("bootstrap")
    blocks = size.dies * size.blocks_per_die
    pages = blocks * size.pages_per_block
    volumes = {"erase_volume": blocks, "program_volume": pages, "read_coverage": pages, "read_volume": pages}
    for key, most in volumes.items():
        entry = node.get(key)
        wanted = entry.data() if entry is not None else None
        if entry is not None and isinstance(wanted, int) and not isinstance(wanted, bool) and wanted > most:
            what = "blocks" if key == "erase_volume" else "pages"
            said = f"more than the {most} {what} of the device; allowed: up to {most}"
            ground.notes.add("bootstrap-too-much", entry, said, "it is taken as all of them", at_key=False)
    good = 1 - len(size.bad_blocks) / blocks
    if spec.enabled and size.bad_blocks and spec.erase_share > good:
        said = f"{spec.erase_share:g} of all blocks, but only {good:g} of them are good; allowed: up to {good:g}"
        ground.notes.add("bootstrap-too-much", node.at("erase_share"), said, "it can never be reached")
    for less, more in (("program", "erase"), ("read", "program")):
        wanted_less, wanted_more = getattr(spec, f"{less}_share"), getattr(spec, f"{more}_share")
        if wanted_less > wanted_more:
            said = f"{less} {wanted_less:g} of all, but {more} {wanted_more:g} only; allowed: 0 to {wanted_more:g}"
            cost = f"the bootstrap cannot {less} as much as it wants"
            ground.notes.add("bootstrap-order", node.at(f"{less}_share"), said, cost)
    _check_celltypes(ground)


def _check_celltypes(ground: Ground) -> None:
    config = ground.config
    weights = config.bootstrap.celltype_weights
    node = ground.at("bootstrap", "celltype_weights")
    if weights and not any(weights.values()):
        cost = "the bootstrap has no block to erase"
        ground.notes.add("weights-all-zero", node, "all weights of the celltypes are 0", cost)
    erased = {name.celltype for name in config.names if ground.kinds[name.base] is Kind.ERASE}
    programs = STEPS | TAKES_COPYBACK | {Kind.PROGRAM, Kind.CACHE_PROGRAM, Kind.OTHER_PROGRAM}
    written = {name.celltype for name in config.names if ground.kinds[name.base] in programs}
    index = {celltype: place for place, celltype in enumerate(config.celltypes)}
    for celltype, weight in weights.items():
        if not weight or celltype not in index:
            continue
        able = any(takes(index[celltype], index[other], config.celltypes) for other in written if other in index)
        if celltype not in erased or not able:
            what = "erases" if celltype not in erased else "programs"
            said = f"no op_name {what} {celltype}; allowed: {listed(sorted(erased))}"
            ground.notes.add("bootstrap-celltype", node.at(celltype), said, f"none of its blocks can be {celltype}")


CHECKS: tuple[Callable[[Ground], None], ...] = (check_luns, check_lists, check_policies, check_bootstrap)
