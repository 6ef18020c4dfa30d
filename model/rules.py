"""The catalogue of rules: id, one sentence, formula, and the config keys that can change what the rule asks.

In the formulas: t is the start of the operation judged, [s, e) a segment or an ISSUE, G(x) the set of bases that the
exclusion groups of state x forbid, b a block, p a page, last(b) the last programmed page of b (-1 after an erase).
"""

from __future__ import annotations

from dataclasses import dataclass

from model.rule_examples import EXAMPLES, Examples


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the device.

    `by_construction`: a plan keeps the rule by the way in which it is made; there is a judge for it and no encoder.
    """

    id: str
    sentence: str
    formula: str
    config_keys: tuple[str, ...]
    by_construction: bool = False

    @property
    def examples(self) -> Examples:
        """What keeps the rule and what breaks it, in words."""
        return EXAMPLES[self.id]


_WORDS = (
    Rule(
        "range",
        "Every die, plane, block and page that a payload names exists.",
        "0 <= die < dies, 0 <= plane < planes, 0 <= block < blocks_per_die, 0 <= page < pages_per_block",
        ("topology",),
        by_construction=True,
    ),
    Rule(
        "block-plane",
        "A block lies on the plane that the payload names beside it.",
        "plane = block % planes",
        ("topology.planes",),
        by_construction=True,
    ),
    Rule(
        "op-uid",
        "Operations are numbered from 1 without gaps, each once, in order of start (equal starts: die, then plane).",
        "op_uid(i + 1) = op_uid(i) + 1, and (start, die, plane) never decreases",
        (),
        by_construction=True,
    ),
    Rule(
        "time",
        "Times are whole ticks in order, and nothing is ever rounded.",
        "start(i) in N, start(i) <= start(i + 1); tick = 10^-n us, n = max(4, most decimals of any duration)",
        ("op_names.*.durations",),
        by_construction=True,
    ),
)

_OCCUPANCY = (
    Rule(
        "bus",
        "States that use the bus never overlap, over all dies.",
        "for any two bus states: s1 >= e2 or s2 >= e1",
        ("op_bases.*.states",),
    ),
    Rule(
        "plane-busy",
        "Two operations never hold one plane at the same time.",
        "for any two holds of a plane: s1 >= e2 or s2 >= e1",
        ("op_bases.*.scope", "op_bases.*.affect_state", "op_bases.*.instant_resv"),
    ),
    Rule(
        "handover",
        "Inside an open DATA_IN or DATA_OUT window only a state-affecting operation on all its planes may take over.",
        "s <= t < e of a DATA state: base not in G(window) and planes(window) is a subset of planes(newcomer)",
        ("exclusions_by_op_state",),
    ),
    Rule(
        "multi-plane",
        "State-affecting operations on different planes of a die overlap only if both are single-plane and listed.",
        "overlap => |planes1| = |planes2| = 1 and both bases in single_single_allowed_bases",
        ("constraints.single_single_allowed_bases",),
    ),
)

_ISSUE = (
    Rule(
        "op-state",
        "The segment that a target plane is in allows the operation.",
        "s <= t < e of BASE.STATE => base not in G(BASE.STATE)",
        ("exclusions_by_op_state", "exclusion_groups"),
    ),
    Rule(
        "end-state",
        "After its last segment a plane still forbids what the END of that base forbids.",
        "t >= e of the last segment of BASE => base not in G(BASE.END)",
        ("exclusions_by_op_state", "exclusion_groups"),
    ),
    Rule(
        "latch",
        "A read latch on a target plane, or a one-shot latch of its die, allows the operation.",
        "latch on at t => base not in G(latch)",
        ("exclusions_by_latch_state", "exclusion_groups"),
    ),
    Rule(
        "cache",
        "Cache states allow the operation; while cached, a family keeps its block, planes and celltype, "
        "and never opens on a block's last page.",
        "cached at t => base not in G(cache state) and (block, planes, celltype) as before; p < pages - 1 to open",
        ("exclusions_by_cache_state", "exclusion_groups"),
    ),
    Rule(
        "suspend-state",
        "What is suspended on a die, or is not, allows the operation.",
        "t in [end(SUSPEND), end(RESUME)) => base not in G(SUSPENDED), otherwise base not in G(NOT_SUSPENDED)",
        ("exclusions_by_suspend_state", "exclusion_groups"),
    ),
    Rule(
        "odt",
        "While ODT is disabled, its group allows the operation.",
        "t in [end(ODTDISABLE), end(ODTENABLE)) => base not in G(ODT_DISABLE)",
        ("exclusions_by_odt_state", "exclusion_groups"),
    ),
)

_SUSPEND = (
    Rule(
        "suspend-target",
        "A SUSPEND starts strictly inside a CORE_BUSY of its axis on its die.",
        "s < t < e of a CORE_BUSY piece of the axis",
        ("program_base_whitelist",),
    ),
    Rule(
        "resume-order",
        "The latest suspension is resumed first: no ERASE_RESUME and no ERASE_SUSPEND while a PROGRAM is suspended.",
        "base in {ERASE_RESUME, ERASE_SUSPEND} => no PROGRAM suspended at t",
        ("program_base_whitelist",),
    ),
    Rule(
        "residual",
        "What is left of a suspended operation starts exactly at the end of its RESUME, on planes without "
        "undelivered data.",
        "sum of CORE_BUSY pieces = nominal; start(piece k + 1) = end(RESUME k); at t(RESUME) no undelivered data",
        ("program_base_whitelist",),
    ),
    Rule(
        "op-end-once",
        "One OP_START and one OP_END or OP_ABORT per op_uid, whatever the number of suspensions.",
        "#OP_START(u) = #OP_END(u) + #OP_ABORT(u) = 1",
        (),
        by_construction=True,
    ),
    Rule(
        "suspended-block",
        "No other operation touches a block of a suspended operation, but RECOVERY_RD of its page and that DOUT.",
        "t in a suspension of v => blocks(op) and blocks(v) are disjoint",
        (),
    ),
    Rule(
        "drained",
        "A finished plan has nothing suspended, running or undelivered, no open chain or cache, ODT enabled.",
        "at the end: no suspension, no undelivered data, no open chain, no open cache, ODT enabled",
        ("policies.carry_over",),
        by_construction=True,
    ),
)

_ADDRESSES = (
    Rule("erase", "An erase takes any block but a BAD one, with page 0.", "kind(b) != BAD and p = 0", ()),
    Rule(
        "program-after-erase",
        "A program needs a block that is erased, or programmed below its last page.",
        "kind(b) = ERASED, or kind(b) = PROGRAMMED and last(b) < pages - 1",
        (),
    ),
    Rule("page-order", "A program writes exactly the next page of its block.", "p = last(b) + 1", ()),
    Rule(
        "celltype",
        "A block takes the celltypes that its erase prepared, and keeps that of its first page.",
        "ERASED(SLC): SLC, A0SLC or ACSLC; ERASED(c): c; PROGRAMMED(c, .): c",
        ("celltypes",),
    ),
    Rule(
        "read-programmed",
        "A read takes a programmed page, with the celltype of its program.",
        "kind(b) = PROGRAMMED(c, last), p <= last - read_offset_guard, celltype = c",
        ("policies.read_offset_guard",),
    ),
    Rule(
        "multi-address",
        "A payload names one die, planes and blocks ascending in one row, one page, and as many planes as its "
        "op_name takes.",
        "block // planes and page equal; 2 <= n <= maxplanes if multi, else n = 1; a cache read's END: its planes",
        ("policies.maxplanes", "op_names.*.multi"),
        by_construction=True,
    ),
    Rule(
        "block-in-flight",
        "No program, read, load or check of a block whose erase has not ended, or of a page whose program has not.",
        "t >= end(erase of b) and t >= end(program of (b, p))",
        (),
    ),
    Rule(
        "open-chain-page",
        "The page of an open one-shot chain is not read.",
        "chain open on (b, p) at t => no read of (b, p), RECOVERY_RD excepted",
        (),
    ),
    Rule(
        "bad-block",
        "No operation touches a bad block.",
        "(die, b) not in bad blocks",
        ("topology.bad_blocks",),
    ),
)

_CHAINS = (
    Rule(
        "chain",
        "What a program chain has begun goes on in its order, on its blocks and planes; a copyback program needs its "
        "COPYBACK_READ.",
        "step k + 1 follows step k, t >= end(step k); at most one open chain of a kind per die",
        (),
    ),
    Rule(
        "dout",
        "Every read is delivered by one DOUT per plane in plane order, before anything overwrites it.",
        "DOUT(plane) names the oldest undelivered (block, page, celltype); no overwrite while undelivered",
        (),
    ),
    Rule(
        "cache-chain",
        "A cache read moves a page of its own family from the data to a free cache register; its END moves the last.",
        "data register filled by (PLANE_)READ or (PLANE_)CACHE_READ of equal planes and celltype; cache register free",
        (),
    ),
    Rule("transfer", "A TRANSFER needs the one-shot latch at its own step.", "latch(die) = step(TRANSFER)", ()),
    Rule(
        "recovery",
        "RECOVERY_RD reads the page of a suspended program, on planes of it, with its celltype.",
        "some PROGRAM v is suspended: planes, blocks within v's, page and celltype = v's",
        (),
    ),
    Rule("datain", "A DATAIN names the page that a program may write next.", "p = last(b) + 1 < pages", ()),
    Rule(
        "dsl",
        "A DSL_VTH_CHECK names a block that is neither BAD nor UNDEFINED.",
        "kind(b) not in {BAD, UNDEFINED}",
        (),
    ),
)

_STATUS = (
    Rule(
        "sr-value",
        "A status read expects what the planes of its die say at its start.",
        "exp_val = busy if any plane in CORE_BUSY, else extrdy if any in DATA_IN or DATA_OUT, else ready",
        ("pattern_export.exp_val_suspend",),
        by_construction=True,
    ),
    Rule(
        "sr-stable",
        "That value stays the same during the status read's ISSUE.",
        "value(x) = value(t) for all x in [t, t + ISSUE)",
        ("pattern_export.exp_val_suspend",),
    ),
    Rule(
        "absent-lun",
        "LUN_Status_Read_for_LUNn reads die n, which exists and is its payload's die.",
        "n < dies and die = n",
        ("topology.dies",),
        by_construction=True,
    ),
    Rule("undefined-block", "Only ERASE is legal on an UNDEFINED block.", "kind(b) = UNDEFINED => base = ERASE", ()),
    Rule(
        "payload",
        "A payload has exactly its base's fields in order, one object per plane, and the celltype addressed.",
        "fields = payload_by_op_base; celltype = op_name's, or the addressed page's where that is NONE",
        ("payload_by_op_base", "op_names.*.celltype", "pattern_export.exp_val_suspend"),
        by_construction=True,
    ),
)

RULES: tuple[Rule, ...] = (*_WORDS, *_OCCUPANCY, *_ISSUE, *_SUSPEND, *_ADDRESSES, *_CHAINS, *_STATUS)
"""Every rule, in the order in which the device's description states them."""

RULE_IDS: tuple[str, ...] = tuple(rule.id for rule in RULES)
