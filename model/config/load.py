"""From a config file to a frozen Config, or to everything that is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import model
from model.config import tables
from model.config.badblocks import read_bad_blocks
from model.config.bases import read_bases, read_names
from model.config.chains import read_chains
from model.config.digest import digest_of
from model.config.facts import note_facts
from model.config.leftover import Parts, without_wrong
from model.config.names import Known, names_in
from model.config.node import Node
from model.config.older import modernise
from model.config.planning import read_bootstrap, read_coverage, read_pattern, read_weights
from model.config.problems import Problems, in_file_order
from model.config.raw import MOST_BLOCKS, RawPolicies, RawTopology, parse, unknown_keys
from model.config.source import read, read_on
from model.config.spec import NO_CELLTYPE, Config, NameSpec, Policies, Topology
from model.units import Clock, decimals_of

REQUIRED = ("topology", "celltypes", "op_bases", "payload_by_op_base", "op_names", "program_base_whitelist")
SECTIONS = (
    *REQUIRED,
    "policies",
    "exclusion_groups",
    "exclusions_by_op_state",
    "exclusions_by_latch_state",
    "exclusions_by_cache_state",
    "exclusions_by_suspend_state",
    "exclusions_by_odt_state",
    "constraints",
    "generate_seq_rules",
    "phase_conditional_overrides",
    "phase_conditional",
    "coverage",
    "bootstrap",
    "pattern_export",
)


def shipped_path() -> Path:
    """Where the shipped config lies: in the checkout, or beside the installed package."""
    package = Path(model.__file__).parent
    checkout = package.parent / "config.yaml"
    return checkout if (package.parent / "pyproject.toml").is_file() and checkout.is_file() else package / "config.yaml"


def load(path: str | Path | None = None) -> Config:
    """The config of a YAML file; without a path the shipped one.

    Raises ConfigError with everything that is wrong, each with file, line, column, key path and value.
    """
    file = shipped_path() if path is None else Path(path)
    shown = file.name if path is None else str(path)
    root = read(file, shown)
    problems = Problems(shown)
    return _Reader(modernise(root, problems), file, problems).config()


@dataclass(frozen=True, slots=True)
class Examined:
    """All that one reading finds in a file.

    `root`: its tree in today's spelling, None where it cannot be read at all. `config`: what the file means where it
    has no errors; with errors what is left of it without the entries that are wrong, None where that is no device.
    """

    problems: Problems
    root: Node | None = None
    known: Known | None = None
    config: Config | None = None


def examine(path: str | Path | None = None) -> Examined:
    """Reads a config file to its end, whatever is wrong with it; without a path the shipped one."""
    file = shipped_path() if path is None else Path(path)
    problems = Problems(file.name if path is None else str(path))
    tree = read_on(file, problems)
    if tree is None:
        return Examined(problems)
    root = modernise(tree, problems)
    reader = _Reader(root, file, problems)
    config = reader.leftover()
    return Examined(problems, root, Known.of(root), config)


@dataclass(frozen=True, slots=True)
class _Reader:
    root: Node
    file: Path
    problems: Problems

    def config(self) -> Config:
        """The whole config; ConfigError with all that is wrong."""
        device, blank = self._read()
        self.problems.stop_if_unusable()
        return self._finished(blank, device)

    def leftover(self) -> Config | None:
        """The config without what is wrong in it; None where no device is left."""
        device, blank = self._read()
        if not self.problems.errors:
            return _timed(blank, device)
        blank, device = without_wrong(blank, device)
        return _timed(blank, device) if device.drafts else None

    def _read(self) -> tuple[Parts, Config]:
        root, problems, known = self.root, self.problems, Known.of(self.root)
        unknown_keys(root, SECTIONS, problems)
        for key in REQUIRED:
            if root.get(key) is None and not problems.lost:
                problems.error(root, f"{key} is missing; it is required", id="key-missing")
        device = self._device(known)
        blank = self._blank(device, known)
        tables.warn_of_missing_states(device.bases, {d.base for d in device.drafts}, blank.by_op_state, root, problems)
        note_facts(device.bases, device.drafts, device.whitelist, root, problems)
        return device, blank

    def _finished(self, blank: Config, device: Parts) -> Config:
        config = _timed(blank, device)
        return replace(
            config,
            warnings=in_file_order(self.problems.warnings),
            infos=in_file_order(self.problems.infos),
            digest=digest_of(config),
            lines={path: node.key_line for path, node in self.root.walk()},
        )

    def _device(self, known: Known) -> Parts:
        root, problems = self.root, self.problems
        topology = self._topology()
        policies = root.get("policies")
        return Parts(
            topology=topology,
            bad_blocks=self._bad_blocks(topology),
            policies=parse(RawPolicies, policies, problems)
            if policies is not None and policies.value
            else RawPolicies(),
            celltypes=self._celltypes(),
            bases=read_bases(root, known, problems),
            drafts=read_names(root, known, problems),
            whitelist=names_in(root.get("program_base_whitelist"), known.bases, "base", problems),
        )

    def _blank(self, device: Parts, known: Known) -> Config:
        """Everything of the config that has no time in it."""
        root, problems = self.root, self.problems
        cache = tables.read_table(root, "exclusions_by_cache_state", tables.CACHE_STATES, known, problems)
        constraints = root.get("constraints")
        return Config(
            path=problems.file,
            clock=Clock(0),
            topology=Topology(0, 0, 0, 0, device.bad_blocks),
            celltypes=device.celltypes,
            policies=Policies(0, 0, 0, 0, 0, False),
            bases=tuple(device.bases),
            names=(),
            groups=tables.read_groups(root, known, problems),
            by_op_state=tables.read_op_state_table(root, known, problems),
            by_latch_state=tables.read_table(root, "exclusions_by_latch_state", tables.LATCH_STATES, known, problems),
            by_cache_state=tables.with_plane_cache_read(cache),
            by_suspend_state=tables.read_table(
                root, "exclusions_by_suspend_state", tables.SUSPEND_STATES, known, problems
            ),
            by_odt_state=tables.read_table(root, "exclusions_by_odt_state", tables.ODT_STATES, known, problems),
            single_single_allowed_bases=names_in(
                constraints.get("single_single_allowed_bases") if constraints is not None else None,
                known.bases,
                "base",
                problems,
            ),
            program_base_whitelist=device.whitelist,
            sequences=read_chains(root, known, problems),
            weights=read_weights(root, known, problems),
            coverage=read_coverage(root, problems),
            bootstrap=read_bootstrap(root, device.topology, known, problems),
            pattern=read_pattern(root, known, problems),
        )

    def _topology(self) -> RawTopology | None:
        node, problems = self.root.get("topology"), self.problems
        topology = parse(RawTopology, node, problems) if node is not None else None
        if node is None or topology is None:
            return None
        if topology.blocks_per_die % topology.planes:
            message = f"not a multiple of planes ({topology.planes}); allowed: such as {_multiple(topology)}"
            problems.error(node.at("blocks_per_die"), message, id="blocks-uneven")
        if topology.dies * topology.blocks_per_die > MOST_BLOCKS:
            said = f"too many blocks in all; allowed: up to {MOST_BLOCKS}"
            problems.error(node.at("blocks_per_die"), said, id="too-many-blocks")
        maxplanes = self.root.at("policies", "maxplanes")
        most = maxplanes.data() if maxplanes.path == "policies.maxplanes" else None
        if isinstance(most, int) and most > topology.planes:
            said = f"more than the planes of a die; taken as {topology.planes}"
            problems.warn(maxplanes, said, at_key=False, id="maxplanes-too-many")
        return topology

    def _bad_blocks(self, topology: RawTopology | None) -> frozenset[tuple[int, int]]:
        if topology is None or topology.bad_blocks is None:
            return frozenset()
        path = self.file.parent / topology.bad_blocks
        shown = str(Path(self.problems.file).parent / topology.bad_blocks)
        blocks, wrong = read_bad_blocks(path, shown, topology.dies, topology.blocks_per_die)
        if wrong and not wrong[0].line:
            self.problems.error(self.root.at("topology", "bad_blocks"), wrong[0].message, id="bad-block-file")
        else:
            self.problems.errors.extend(wrong)
        return blocks

    def _celltypes(self) -> tuple[str, ...]:
        node, problems = self.root.get("celltypes"), self.problems
        if node is not None and not isinstance(node.value, list):
            problems.error(node, "not a list; allowed: a list of names such as [NONE, SLC]", id="not-a-list")
        found = [NO_CELLTYPE]
        for item in node.members if node is not None else ():
            if not item.text or not isinstance(item.data(), str):
                problems.error(item, "not a name of a celltype", id="not-a-name")
            elif item.text in found and not (item.text == NO_CELLTYPE and found.count(NO_CELLTYPE) == 1):
                problems.error(item, f"the celltype {item.text} stands twice", id="celltype-twice")
            else:
                found.append(item.text)
        return tuple(dict.fromkeys(found))


def _multiple(topology: RawTopology) -> int:
    return -(-topology.blocks_per_die // topology.planes) * topology.planes


def _timed(blank: Config, device: Parts) -> Config:
    """The config with its times in ticks of the coarsest clock that counts them all exactly."""
    raw, size = device.policies, device.topology
    if raw is None or size is None:
        raise AssertionError("unusable sections are reported before")
    waits = (raw.sequence_gap, raw.admission_window, raw.queue_refill_period_us)
    lengths = [[us or Decimal(0) for us in draft.durations] for draft in device.drafts]
    clock = Clock(decimals_of([*waits, *(us for each in lengths for us in each)]))
    names = tuple(
        NameSpec(d.name, d.base, d.multi, d.celltype, tuple(map(clock.ticks, each)))
        for d, each in zip(device.drafts, lengths, strict=True)
    )
    gap, window, refill = map(clock.ticks, waits)
    maxplanes = min(raw.maxplanes or size.planes, size.planes)
    return replace(
        blank,
        clock=clock,
        topology=Topology(size.dies, size.planes, size.blocks_per_die, size.pages_per_block, device.bad_blocks),
        policies=Policies(maxplanes, gap, window, refill, raw.read_offset_guard, raw.carry_over),
        names=names,
    )
