"""Coverage at base grain as UCIS XML (Unified Coverage Interoperability Standard 1.0), for other coverage tools.

One covergroup per op_state, in it one coverpoint per op_name, in it one bin per tenth of the segment. Cells that no
legal sequence hits (excluded, unreachable) are illegal bins, disabled ones ignored; ten bins alike of these kinds are
one bin with the range 0 to 9. A bin's alias holds why.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

import numpy as np

from planner.coverage.report import Outcome
from planner.targets.cells import BINS, Status

_TYPES = {
    Status.EXCLUDED: "illegal",
    Status.UNREACHABLE: "illegal",
    Status.DISABLED: "ignore",
    Status.REACHABLE: "bins",
    Status.OPEN: "bins",
}
_NO_CLOCK = "2000-01-01T00:00:00"
_SPACE = "http://www.w3.org/2001/XMLSchema-instance"
_PLACE = 'file="1" line="1" inlineCount="1"'


def ucis_lines(outcome: Outcome) -> Iterator[str]:
    """The lines of the document. Its date is that of the newest run, in no case a clock's."""
    date = _date(outcome)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<ucis:UCIS xmlns:ucis="{_SPACE}" writtenBy="nandplan" writtenTime="{date}" ucisVersion="1.0">'
    yield f'<sourceFiles fileName={quoteattr(outcome.config.path)} id="1"/>'
    yield (
        f'<historyNodes historyNodeId="0" logicalName="nandplan" kind="1" testStatus="true" date="{date}" '
        f'toolCategory="UCIS:simulator" ucisVersion="1.0" vendorId="nandplan" vendorTool="nandplan" '
        f"vendorToolVersion={quoteattr(outcome.config.digest[:12])}/>"
    )
    yield '<instanceCoverages name="device" key="0" instanceId="0" moduleName="device">'
    yield f"<id {_PLACE}/>"
    yield "<covergroupCoverage>"
    yield from _groups(outcome)
    yield "</covergroupCoverage>"
    yield "</instanceCoverages>"
    yield "</ucis:UCIS>"


def _date(outcome: Outcome) -> str:
    dates = [file.date for file in outcome.found.files if file.date] if outcome.found is not None else []
    last = max(dates, default="")
    return f"20{last[:2]}-{last[2:4]}-{last[4:]}T00:00:00" if last else _NO_CLOCK


def _groups(outcome: Outcome) -> Iterator[str]:
    chart = outcome.base_chart()
    hits = outcome.hits(chart)
    status = chart.with_hits(hits)
    index, reasons = chart.reasons
    flat = np.zeros(status.size, dtype=np.int64)
    flat[chart.cells] = index
    why = flat.reshape(status.shape)
    for state, name in enumerate(chart.device.op_states.names):
        if not status[state].any():
            continue
        text = quoteattr(name)
        yield f'<cgInstance name={text} key="{state}">'
        yield '<options weight="1" goal="100" at_least="1" per_instance="true" merge_instances="true"/>'
        yield f"<cgId cgName={text} moduleName={quoteattr('device')}>"
        yield f"<cginstSourceId {_PLACE}/><cgSourceId {_PLACE}/></cgId>"
        for op in chart.device.catalogue.names:
            kinds, counts = status[state, op.index].tolist(), hits[state, op.index].tolist()
            if any(kinds):
                yield f'<coverpoint name={quoteattr(op.name)} key="{op.index}">'
                yield '<options weight="1" goal="100" at_least="1"/>'
                yield from _bins(kinds, counts, [reasons[one] for one in why[state, op.index].tolist()])
                yield "</coverpoint>"
        yield "</cgInstance>"


def _bins(kinds: list[int], counts: list[int], reasons: list[str]) -> Iterator[str]:
    alike = len(set(zip(kinds, reasons, strict=True))) == 1 and _TYPES[Status(kinds[0])] != "bins"
    if alike:
        yield _bin(f"0..{BINS - 1}", 0, BINS - 1, _TYPES[Status(kinds[0])], sum(counts), reasons[0])
        return
    for place, (kind, count, reason) in enumerate(zip(kinds, counts, reasons, strict=True)):
        if kind:
            yield _bin(str(place), place, place, _TYPES[Status(kind)], count, reason)


def _bin(name: str, first: int, last: int, kind: str, count: int, reason: str) -> str:
    alias = f" alias={quoteattr(reason)}" if reason else ""
    return (
        f'<coverpointBin name="{name}" type="{kind}" key="{first}"{alias}><range from="{first}" to="{last}">'
        f'<contents coverageCount="{count}"/></range></coverpointBin>'
    )
