"""Which judging functions and effects a base has: the judge's contents page."""

from __future__ import annotations

from collections.abc import Sequence

from model.judge import addresses, chains, dataout, kinds, odt, status, suspension
from model.judge.kinds import Action, Kind

_READ = (addresses.judge_read, suspension.judge_blocks)
_PROGRAM = (addresses.judge_program, suspension.judge_blocks)


def equip(kind: Kind) -> None:
    """Give a kind what is judged, and what it does at its start and at its end."""
    base = kind.base
    kind.judges = _judges(base)
    kind.clears = _clears(base)
    kind.starts = (*_registers(kind), *_starts(kind))
    kind.ends = _ends(kind)


def _judges(base: str) -> Sequence[Action]:
    return _program_judges(base) if base in kinds.PROGRAMS else _JUDGES.get(base, ())


_JUDGES: dict[str, Sequence[Action]] = {
    **dict.fromkeys(kinds.READS, _READ),
    **dict.fromkeys(kinds.CACHE_READS, (*_READ, dataout.judge_cache_read)),
    **dict.fromkeys(kinds.CACHE_READ_ENDS, (dataout.judge_cache_read_end,)),
    **dict.fromkeys(kinds.DOUTS, (dataout.judge_dout, suspension.judge_blocks)),
    **dict.fromkeys(kinds.STATUS_READS, (status.judge_status,)),
    **dict.fromkeys(kinds.TRANSFERS, (chains.judge_transfer,)),
    **dict.fromkeys(kinds.SUSPENDS, (suspension.judge_suspend,)),
    **dict.fromkeys(kinds.RESUMES, (suspension.judge_resume,)),
    "RECOVERY_RD": (suspension.judge_recovery, suspension.judge_blocks),
    "ERASE": (addresses.judge_erase, suspension.judge_blocks),
    "DATAIN": (addresses.judge_datain, suspension.judge_blocks),
    "DSL_VTH_CHECK": (addresses.judge_check, suspension.judge_blocks),
}


def _program_judges(base: str) -> Sequence[Action]:
    judges: list[Action] = list(_PROGRAM)
    if base in (kinds.LSB, kinds.CB_LSB):
        judges.append(chains.judge_first_step)
    elif base in kinds.ONESHOTS:
        judges.append(chains.judge_later_step)
    elif base != "COPYBACK_PROGRAM_SLC":
        judges.append(chains.judge_slc_program)
    if base in kinds.COPYBACK_STEPS or base == "COPYBACK_PROGRAM_SLC":
        judges.append(dataout.judge_copyback)
    if base in ("CACHE_PROGRAM_SLC", kinds.ONESHOT_CACHE):
        judges.append(chains.judge_last_page)
    return judges


def _clears(base: str) -> Action | None:
    if base in kinds.SUSPENDS:
        return suspension.cut_victim
    return suspension.reset if base in kinds.RESETS else None


def _registers(kind: Kind) -> Sequence[Action]:
    base = kind.base
    if base in kinds.CACHE_READS:
        return (dataout.start_cache_read,)
    if base in kinds.CACHE_READ_ENDS:
        return (dataout.start_cache_read_end,)
    if not kind.affects or base in kinds.SUSPENDS or base in kinds.RESUMES:
        return ()
    if base in kinds.COPYBACK_STEPS or base == "COPYBACK_PROGRAM_SLC":
        return (dataout.consume, dataout.empty)
    return (dataout.empty, dataout.fill) if base in kinds.READS else (dataout.empty,)


def _starts(kind: Kind) -> Sequence[Action]:
    base = kind.base
    starts: list[Action] = []
    if kind.advances or base == "ERASE":
        starts.append(addresses.start_flight)
    if base in kinds.ONESHOTS:
        starts.append(chains.start_step)
    elif base == "CACHE_PROGRAM_SLC":
        starts.append(chains.start_cache_program)
    elif base in ("PROGRAM_SLC", "ALLWL_PROGRAM"):
        starts.append(chains.start_closer)
    elif base in kinds.DOUTS:
        starts.append(dataout.start_dout)
    elif base in kinds.STATUS_READS:
        starts.append(status.start_status)
    return starts


def _ends(kind: Kind) -> Sequence[Action]:
    base = kind.base
    ends: list[Action] = []
    if base == "ERASE":
        ends.append(addresses.end_erase)
    if kind.advances:
        ends.append(addresses.end_program)
    if base in kinds.ONESHOTS:
        ends.append(chains.end_step)
    if base in ("PROGRAM_SLC", "ALLWL_PROGRAM"):
        ends.append(chains.end_closer)
    if base in kinds.CACHE_READ_ENDS:
        ends.append(dataout.end_cache_read_end)
    if base in kinds.DOUTS:
        ends.append(dataout.end_dout)
    if base in kinds.SUSPENDS:
        ends.append(suspension.end_suspend)
    if base in kinds.RESUMES:
        ends.append(suspension.end_resume)
    if base in ("ODTDISABLE", "ODTENABLE"):
        ends.append(odt.end_odt)
    return ends
