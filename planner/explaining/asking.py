"""Reading a question: the words of `--cell`, `--op` and `--after`, with the nearest names where they are wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from model.config.problems import nearest
from model.device import Device
from model.op_states import DEFAULT, END
from planner.errors import UnusableInput
from planner.targets.cells import BINS, Status
from planner.targets.reachable import Reachability


@dataclass(frozen=True, slots=True)
class Asked:
    """A cell by its indices. `word`: what was given for the operation; `by_base`: a base, of which `op_name` is one."""

    op_state: int
    op_name: int
    bin: int
    word: str
    by_base: bool = False


def read_cell(reach: Reachability, text: str) -> Asked:
    """`STATE,OP,BIN`. UnusableInput: not three parts, or one of them names nothing; the nearest name is told."""
    device = reach.device
    parts = [part.strip() for part in text.split(",")]
    if len(parts) == 2:
        parts.append("0")
    if len(parts) != 3 or not all(parts):
        raise UnusableInput(f"--cell {text!r}: allowed: STATE,OP,BIN such as READ.DATA_OUT,DOUT,3")
    state = _op_state(device, parts[0])
    names = _op_names(device, parts[1], "--cell")
    bin = _bin(device, state, parts[2])
    able = [name for name in names if reach.status[state, name, bin] != Status.ABSENT]
    if not able:
        raise UnusableInput(
            f"--cell {text!r}: {parts[1]} is in no coverage cell of {parts[0]}{_why_absent(device, state)}"
        )
    by_base = parts[1] not in device.catalogue.name_index
    best = sorted(able, key=lambda name: -int(reach.status[state, name, bin]))[0]
    return Asked(state, best, bin, parts[1], by_base)


def _why_absent(device: Device, state: int) -> str:
    if state == device.op_states.default:
        return " (a plane that was never used; coverage.default_state: true makes cells of it)"
    return " (a NOP waits, on no plane)"


def _op_state(device: Device, text: str) -> int:
    states = device.op_states
    if text in states.index:
        return states.index[text]
    base, dot, word = text.rpartition(".")
    hosts = list(dict.fromkeys(name.rpartition(".")[0] for name in states.names if "." in name))
    if dot and base in hosts:
        own = [name for name in states.names if name.rpartition(".")[0] == base]
        extra = "; ISSUE is no op_state: an operation is not in its own ISSUE" if word == "ISSUE" else ""
        raise UnusableInput(f"--cell: {base} has no state {word!r}; allowed: {', '.join(own)}{extra}")
    known = base in device.catalogue.base_index or base in device.catalogue.name_index
    if dot and (known or word in ("CORE_BUSY", "DATA_OUT", "DATA_IN", END)):
        near = nearest(base, hosts)
        grain = _other_grain(device, base)
        raise UnusableInput(f"--cell: no op_states of {base!r}{grain or near}")
    raise UnusableInput(f"--cell: unknown op_state {text!r}{nearest(text, [*states.names[:-1], DEFAULT])}")


def _other_grain(device: Device, host: str) -> str:
    """What to say of a host that is one in the other grain, or that has no states."""
    catalogue = device.catalogue
    if host in catalogue.name_index and str(device.config.coverage.hosts) == "base":
        base = catalogue.name(host).base
        if not base.affects_state:
            return f": {base.name} does not affect the state of planes"
        return f": it is an op_name, and states are counted by base here; allowed: {base.name}, or --grain op_name"
    if host in catalogue.base_index:
        base = catalogue.base(host)
        if not base.names:
            return ": no op_name has this base, so its states never occur"
        if not base.affects_state:
            return ": this base does not affect the state of planes"
        named = ", ".join(catalogue.names[n].name for n in base.names[:3])
        return f": it is a base, and states are counted by op_name here; allowed: one of its op_names such as {named}"
    return ""


def _bin(device: Device, state: int, text: str) -> int:
    name = device.op_states.names[state]
    most = 0 if name == DEFAULT or name.endswith(f".{END}") else BINS - 1
    if not (text.isascii() and text.isdigit()) or int(text) > most:
        allowed = f"0 to {most}" if most else f"0 ({name} has one bin only)"
        raise UnusableInput(f"--cell: bin {text!r}; allowed: {allowed}")
    return int(text)


def _op_names(device: Device, text: str, option: str) -> Sequence[int]:
    """The op_names that a word stands for: itself, or those of a base. UnusableInput."""
    catalogue = device.catalogue
    if text in catalogue.name_index:
        return (catalogue.name_index[text],)
    if text in catalogue.base_index:
        names = catalogue.base(text).names
        if not names:
            raise UnusableInput(f"{option}: no op_name has the base {text}; allowed: a base that has some")
        return names
    known = [*catalogue.base_index, *catalogue.name_index]
    raise UnusableInput(f"{option}: unknown operation {text!r}{nearest(text, known)}; allowed: an op_name or a base")


def read_op(device: Device, text: str) -> tuple[int, ...]:
    """The op_names that `--op` asks for. UnusableInput."""
    return tuple(_op_names(device, text.strip(), "--op"))


def read_history(device: Device, text: str) -> tuple[tuple[int, ...], ...]:
    """The op_names that each word of `--after` stands for. UnusableInput: a word names nothing."""
    words = [word.strip() for word in text.split(",")]
    if not all(words):
        raise UnusableInput(f"--after {text!r}: allowed: op_names or bases with commas between, such as READ,DOUT")
    return tuple(tuple(_op_names(device, word, "--after")) for word in words)
