"""The device that a config describes, indexed for look-up: nothing here is read from the config twice."""

from __future__ import annotations

from collections.abc import Iterable

from model.chains import Kind, kind_of
from model.config import Config
from model.exclusions import Exclusions
from model.geometry import Geometry
from model.op_states import OpStates
from model.operations import ERASE_AXIS, Catalogue

_LATCHES = {
    Kind.LSB: "LATCH_ON_LSB",
    Kind.CSB: "LATCH_ON_CSB",
    Kind.MSB: "LATCH_ON_MSB",
    Kind.COPYBACK_LSB: "LATCH_ON_COPYBACK_LSB",
    Kind.COPYBACK_CSB: "LATCH_ON_COPYBACK_CSB",
    Kind.COPYBACK_MSB: "LATCH_ON_COPYBACK_MSB",
}
_CACHED = {Kind.CACHE_READ: "ON_CACHE_READ", Kind.PLANE_CACHE_READ: "ON_PLANE_CACHE_READ"}


class Device:
    """Geometry, catalogue, exclusions and policies of a config, and bit sets over bases (bit i = base i).

    `kinds`, `targets_all` and `advances` are indexed by base: what it does, whether it looks at every plane of its
    die, whether its end advances a page. `axis` are the bases that a kind of suspend or resume is about.
    `step_latch` and `cache_read` say what a base's latch or cache state forbids while it is on; `suspended` and
    `not_suspended` what each axis forbids (erase, program).
    """

    def __init__(self, config: Config) -> None:
        self.config = config
        self.geometry = Geometry.of(config)
        self.catalogue = Catalogue.of(config)
        self.exclusions = Exclusions.of(config, self.catalogue)
        self.policies = config.policies
        self.clock = config.clock
        self.celltypes = config.celltypes
        self.bad_blocks = config.topology.bad_blocks
        self.op_states = OpStates.of(config, self.catalogue)
        self.erase_axis = self.mask(sorted(ERASE_AXIS))
        self.program_axis = self.mask(config.program_base_whitelist)
        self.axis = {
            Kind.ERASE_SUSPEND: self.erase_axis,
            Kind.ERASE_RESUME: self.erase_axis,
            Kind.PROGRAM_SUSPEND: self.program_axis,
            Kind.PROGRAM_RESUME: self.program_axis,
        }
        self.single_single = self.mask(config.single_single_allowed_bases)
        bases = self.catalogue.bases
        self.kinds = tuple(kind_of(base.name, bool(self.program_axis >> base.index & 1)) for base in bases)
        self.targets_all = tuple(
            kind is not Kind.WAIT and (base.scope == "DIE_WIDE" or not base.has_plane)
            for base, kind in zip(bases, self.kinds, strict=True)
        )
        self.advances = tuple(
            kind is Kind.ALLWL or bool(self.program_axis >> index & 1) for index, kind in enumerate(self.kinds)
        )
        tables = self.exclusions
        self.read_latch = tables.latch("LATCH_ON_READ")
        self.step_latch = tuple(tables.latch(_LATCHES.get(kind, "")) for kind in self.kinds)
        self.cache_read = tuple(tables.cache(_CACHED.get(kind, "")) for kind in self.kinds)
        self.cache_program = tables.cache("ON_CACHE_PROGRAM")
        self.shot_cache = tables.cache("ON_ONESHOT_CACHE_PROGRAM")
        self.suspended = (tables.suspend("ERASE_SUSPENDED"), tables.suspend("PROGRAM_SUSPENDED"))
        self.not_suspended = (tables.suspend("NOT_ERASE_SUSPENDED"), tables.suspend("NOT_PROGRAM_SUSPENDED"))

    def mask(self, bases: Iterable[str]) -> int:
        """The bit set of bases, those that the config does not have left out."""
        index = self.catalogue.base_index
        result = 0
        for base in bases:
            if base in index:
                result |= 1 << index[base]
        return result

    def mask_of(self, kinds: Iterable[Kind]) -> int:
        """The bit set of all bases of some kinds."""
        wanted = frozenset(kinds)
        return sum(1 << index for index, kind in enumerate(self.kinds) if kind in wanted)

    def targets(self, base: int, planes: int) -> int:
        """Target planes on a die of an operation whose payload names `planes`."""
        return self.geometry.all_planes if self.targets_all[base] else planes
