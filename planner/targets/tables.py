"""What the chooser looks up per device: which op_names can be used at all, sets of bases, op_states, weights."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate

from model.addresses import SLC_LIKE, takes
from model.chains import (
    CACHE_ENDS,
    CACHE_READS,
    KEEPS_REGISTERS,
    MOVES_FROM,
    RESUMES,
    STEPS,
    SUSPENDS,
    TAKES_COPYBACK,
    Kind,
)
from model.device import Device
from model.event import NOTHING
from model.operations import Base
from planner.targets.usable import usable_names

END, DEFAULT_KEY = 3, -1
"""An op_state as the chooser keys it: 4 * base + index of the state, 4 * base + END, or DEFAULT_KEY."""

PREFERENCE = {
    Kind.RESET: 0.04,
    Kind.ERASE: 0.8,
    Kind.ALLWL: 0.25,
    Kind.CAMREAD: 0.5,
    Kind.ERASE_SUSPEND: 4.0,
    Kind.PROGRAM_SUSPEND: 4.0,
    Kind.ERASE_RESUME: 2.0,
    Kind.PROGRAM_RESUME: 2.0,
    Kind.LSB: 2.5,
    Kind.SHOT_CACHE: 1.5,
    Kind.COPYBACK_LSB: 3.0,
    Kind.COPYBACK_PROGRAM: 2.0,
    Kind.COPYBACK_READ: 2.0,
    Kind.CACHE_PROGRAM: 1.5,
    Kind.CACHE_READ: 6.0,
    Kind.PLANE_CACHE_READ: 5.0,
    Kind.CACHE_END: 1.5,
    Kind.PLANE_CACHE_END: 1.5,
    Kind.RECOVERY: 3.0,
    Kind.STATUS: 0.7,
    Kind.TRANSFER_LSB: 6.0,
    Kind.TRANSFER_CSB: 6.0,
    Kind.TRANSFER_MSB: 16.0,
}
"""How much the chooser likes a kind where the config does not say what is wanted; others 1."""


class Tables:
    """Bit sets over bases, op_names by base, multi-plane and celltype, and weights per op_state.

    `alike` are the op_names of a base that are multi-plane or not and of a celltype; `moved_by` the cache reads that
    can move the page of a read.

    `followers` are by base what may follow it, each a list of bases, with cumulative weights (None: nothing is said).
    `drawn_from`, `names_drawn_from` and `status_names` remember what was worked out once.
    """

    def __init__(self, device: Device) -> None:
        self.device = device
        catalogue = device.catalogue
        self.op_names = catalogue.names
        self.bases = catalogue.bases
        self.kinds = device.kinds
        self.pages = device.geometry.pages
        self.all_planes = device.geometry.all_planes
        usable = usable_names(device)
        self.names: tuple[tuple[int, ...], ...] = tuple(
            tuple(name for name in base.names if name in usable) for base in self.bases
        )
        self.alike: dict[tuple[int, bool, int], tuple[int, ...]] = {}
        for name in sorted(usable):
            op = self.op_names[name]
            key = (op.base.index, op.multi, op.celltype)
            self.alike[key] = (*self.alike.get(key, ()), name)
        self.longest_issue = [max((self.op_names[n].issue for n in names), default=0) for names in self.names]
        self.usable = self._mask(base.index for base in self.bases if self.names[base.index])
        self.status_names: dict[tuple[int, int], tuple[int, ...]] = {}
        self.drawn_from: dict[tuple[int, int], tuple[tuple[int, ...], list[float]]] = {}
        self.names_drawn_from: dict[tuple[int, tuple[int, ...]], list[float]] = {}
        self._sets()
        self._op_states()
        self.followers = tuple(self._followers(base) for base in self.bases)
        self.preference = [PREFERENCE.get(kind, 1.0) for kind in self.kinds]
        self._weights()

    def of(self, *kinds: Kind) -> int:
        """The usable bases of some kinds."""
        return self.device.mask_of(kinds) & self.usable

    @staticmethod
    def _mask(bases: Iterable[int]) -> int:
        result = 0
        for base in bases:
            result |= 1 << base
        return result

    def _sets(self) -> None:
        bases, kinds = self.bases, self.kinds
        self.all_on_bus = all(base.bus[0] for base in bases)
        self.wide = self._mask(b.index for b in bases if self.device.targets_all[b.index])
        self.on_planes = self._mask(b.index for b in bases if b.has_plane) & ~self.wide
        self.changing = self._mask(b.index for b in bases if b.affects_state)
        self.free = self._mask(b.index for b in bases if not b.holds)
        self.empties = self._mask(
            b.index
            for b in bases
            if b.affects_state and kinds[b.index] not in KEEPS_REGISTERS | TAKES_COPYBACK | {Kind.RESET}
        )
        no_die = self._mask(b.index for b in bases if not b.has_die)
        self.everywhere = no_die & self.wide & self.changing & self.usable
        self.apart = self.of(Kind.WAIT, Kind.ODT_OFF, Kind.ODT_ON) | no_die
        self._families()

    def _families(self) -> None:
        bases, kinds = self.bases, self.kinds
        self.steps = self.of(*STEPS)
        self.suspends, self.resumes = self.of(*SUSPENDS), self.of(*RESUMES)
        self.erase_suspend, self.program_suspend = self.of(Kind.ERASE_SUSPEND), self.of(Kind.PROGRAM_SUSPEND)
        self.erase_resume, self.program_resume = self.of(Kind.ERASE_RESUME), self.of(Kind.PROGRAM_RESUME)
        self.douts = self.of(Kind.DOUT, Kind.DOUT4K)
        self.cache_reads, self.cache_ends = self.of(*CACHE_READS), self.of(*CACHE_ENDS)
        self.recovery = self.of(Kind.RECOVERY)
        self.transfers = self.of(Kind.TRANSFER_LSB, Kind.TRANSFER_CSB, Kind.TRANSFER_MSB)
        self.status = self.of(Kind.STATUS)
        self.resets = self.of(Kind.RESET)
        self.copyback_programs = self.of(*TAKES_COPYBACK)
        self.block_programs = self.of(Kind.PROGRAM, Kind.ALLWL, Kind.CACHE_PROGRAM, Kind.OTHER_PROGRAM)
        self.closers = self.of(Kind.PROGRAM, Kind.ALLWL)
        self.waits = self.of(Kind.WAIT)
        self.moved_by = tuple(
            tuple(
                other
                for other, moves in enumerate(kinds)
                if moves in CACHE_READS and kinds[base.index] in MOVES_FROM[moves] and self.names[other]
            )
            for base in bases
        )
        self.by_kind = {kind: self.of(kind) for kind in Kind}
        self.erase_as = self._erase_as()
        self.block_takes = self._block_takes()

    def _followers(self, base: Base) -> tuple[tuple[tuple[int, ...], ...], tuple[float, ...]] | None:
        config, index = self.device.config, self.device.catalogue.base_index
        said = config.bases[base.index].sequence
        if said is None or not sum(said.probs.values()):
            return None
        plans = []
        for key in said.probs:
            steps = [step.base for step in config.sequences[key].steps] if key in config.sequences else [key]
            plans.append(tuple(index[step] for step in steps if step in index))
        return tuple(plans), tuple(accumulate(said.probs.values()))

    def _erase_as(self) -> dict[int, int]:
        """The celltype as which a block is erased before it is programmed as another."""
        celltypes = self.device.celltypes
        erased = {self.op_names[n].celltype for i in range(len(self.bases)) for n in self.names[i]
                  if self.kinds[i] is Kind.ERASE}  # fmt: skip
        slc = celltypes.index("SLC") if "SLC" in celltypes else NOTHING
        found = {}
        for celltype, word in enumerate(celltypes):
            if word in SLC_LIKE and slc in erased:
                found[celltype] = slc
            elif word not in SLC_LIKE and celltype in erased:
                found[celltype] = celltype
        return found

    def _block_takes(self) -> dict[int, int]:
        """Per celltype the blocks that take its programs: bit 2 * c = erased as c, bit 2 * c + 1 = programmed as c."""
        words = self.device.celltypes
        return {
            celltype: 1 << 2 * celltype + 1
            | sum(1 << 2 * erased for erased in range(len(words)) if takes(erased, celltype, words))
            for celltype in range(len(words))
        }

    # -- op_states -----------------------------------------------------------------------------------------------

    def _op_states(self) -> None:
        states = self.device.op_states
        self.state_of = states.of_state.tolist()
        self.end_of = states.end.tolist() if str(self.device.config.coverage.hosts) == "op_name" else None
        self.base_end = states.base_end.tolist()
        by_name = self.end_of is not None
        self.end_aim = [NOTHING if by_name else end for end in self.base_end]

    def aim(self, key: int, host: int = NOTHING) -> int:
        """The index of an op_state in the coverage's own order; `host` is the op_name of a running operation."""
        if key == DEFAULT_KEY:
            return NOTHING
        base, state = key >> 2, key & 3
        if state == END:
            return int(self.end_aim[base])
        name = host if host != NOTHING else self.bases[base].names[0]
        return int(self.state_of[name][state])

    # -- weights -------------------------------------------------------------------------------------------------

    def _weights(self) -> None:
        """Where the config says what is wanted: weights by op_state key, and what may not be issued there."""
        config = self.device.config
        self.weighted = config.weights.given
        self.wanted: dict[int, tuple[float, ...]] = {}
        self.refused: dict[int, int] = {}
        self.partly: dict[int, frozenset[int]] = {}
        if not self.weighted:
            return
        keys = [(DEFAULT_KEY, "DEFAULT")]
        for base in self.bases:
            keys += [(4 * base.index + i, f"{base.name}.{word}") for i, word in enumerate(base.states) if i]
            keys.append((4 * base.index + END, f"{base.name}.END"))
        for key, word in keys:
            weights = config.wanted(word)
            self.wanted[key] = weights
            self.refused[key] = self._mask(b.index for b in self.bases if not any(weights[n] for n in b.names))
            self.partly[key] = frozenset(name for name, weight in enumerate(weights) if weight == 0)

    def refuses(self, key: int) -> int:
        """Bases of which nothing is wanted in an op_state."""
        return self.refused.get(key, 0) if self.weighted else 0


@lru_cache(maxsize=8)
def tables_of(device: Device) -> Tables:
    """The tables of a device, made once."""
    return Tables(device)
