"""A piece of a run as text: one line per plane, one letter per operation, and what the bus sends.

    python docs/timeline.py OUT/op_state_timeline_….csv OUT/operation_sequence_….csv [--from US] [--scale US]

Upper case: CORE_BUSY; lower case: DATA_OUT or DATA_IN; an ISSUE is drawn where it is longer than half a column, as the
letter too; a dot: the plane is free. Without --from the piece is chosen that shows most.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

COLUMNS = 96
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
SCALES = tuple(Decimal(us) for us in (2, 5, 10, 20))
MOST = 16
"""Operations that a picture may name and still be read."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One state of one plane; times in us."""

    start: Decimal
    end: Decimal
    lane: str
    state: str
    op_uid: int


@dataclass(frozen=True, slots=True)
class Command:
    """One line of the sequence."""

    time: Decimal
    op_uid: int
    op_name: str
    payload: list[dict[str, int | str]]

    @property
    def address(self) -> str:
        """Die, blocks and page, as far as the payload names them."""
        if not self.payload:
            return ""
        first = self.payload[0]
        words = [f"die {first['die']}"]
        if "block" in first:
            words.append(f"block {'+'.join(str(entry['block']) for entry in self.payload)}, page {first['page']}")
        return ", ".join(words)


@dataclass(frozen=True, slots=True)
class Piece:
    """The times that a picture shows, in us."""

    start: Decimal
    scale: Decimal

    @property
    def end(self) -> Decimal:
        """Where the picture ends."""
        return self.start + COLUMNS * self.scale

    def column(self, time: Decimal) -> int:
        """The column in which a time lies, within the picture."""
        return max(0, min(COLUMNS, int((time - self.start) / self.scale)))


def read_segments(path: Path) -> list[Segment]:
    """The rows of an op_state_timeline."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Segment(Decimal(row["start"]), Decimal(row["end"]), row["lane"], row["op_state"], int(row["op_uid"]))
            for row in csv.DictReader(file)
        ]


def read_commands(path: Path) -> list[Command]:
    """The rows of an operation_sequence."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Command(Decimal(row["time"]), int(row["op_uid"]), row["op_name"], json.loads(row["payload"]))
            for row in csv.DictReader(file)
        ]


def drawn(segments: Sequence[Segment], piece: Piece) -> dict[str, list[Segment | None]]:
    """Per lane and column the segment that is there in the column's middle."""
    lanes: dict[str, list[Segment | None]] = {lane: [None] * COLUMNS for lane in sorted({s.lane for s in segments})}
    half = piece.scale / 2
    for segment in segments:
        if segment.start < piece.end and segment.end > piece.start:
            for column in range(piece.column(segment.start + half), piece.column(segment.end + half)):
                lanes[segment.lane][column] = segment
    return lanes


def worth(segments: Sequence[Segment], piece: Piece) -> int:
    """How much a piece shows: operations, kinds of states, above all what is cut and goes on; 0 if too much."""
    shown: dict[int, set[Decimal]] = {}
    states: set[str] = set()
    if len({segment.op_uid for segment in segments}) > MOST:
        return 0
    for segment in segments:
        if min(segment.end, piece.end) - max(segment.start, piece.start) < 2 * piece.scale:
            continue
        states.add(segment.state)
        if segment.state.endswith(".CORE_BUSY"):
            shown.setdefault(segment.op_uid, set()).add(segment.start)
    gone_on = sum(len(starts) > 1 for starts in shown.values())
    return len(shown) + 2 * len(states) + 8 * gone_on


def best(segments: Sequence[Segment]) -> Piece:
    """The piece around the continuation of a suspended operation that shows most; the earliest of equals."""
    lane = sorted({segment.lane for segment in segments})[:1]
    begun: dict[int, Decimal] = {}
    starts = []
    for segment in segments:
        if segment.lane in lane and segment.state.endswith(".CORE_BUSY"):
            if segment.op_uid in begun:
                starts.append(segment.start)
            begun.setdefault(segment.op_uid, segment.start)
    found, most = Piece(Decimal(0), SCALES[0]), -1
    for scale in SCALES:
        for start in starts or sorted(begun.values()):
            piece = Piece(max(start - COLUMNS // 2 * scale, Decimal(0)), scale)
            value = worth([s for s in segments if s.start < piece.end and s.end > piece.start], piece)
            if value > most:
                found, most = piece, value
    return found


def picture(segments: Sequence[Segment], commands: Sequence[Command], piece: Piece) -> Iterator[str]:
    """The lines of a picture: a scale, the lanes, the bus, and what each letter stands for."""
    lanes = drawn(segments, piece)
    uids = sorted({segment.op_uid for lane in lanes.values() for segment in lane if segment is not None})
    letters = dict(zip(uids, LETTERS, strict=False))
    yield f"       {_ruler(piece)}"
    for lane, cells in lanes.items():
        yield f"{lane}  {''.join(_cell(cell, letters) for cell in cells)}"
    sent = [0] * COLUMNS
    for command in commands:
        if piece.start <= command.time < piece.end:
            sent[piece.column(command.time)] += 1
    yield f"bus    {''.join('.' if count == 0 else '+' if count > 9 else str(count) for count in sent)}"
    yield ""
    for command in commands:
        if command.op_uid in letters:
            yield f"{letters[command.op_uid]} {command.time:>12} us  {command.op_name}  {command.address}".rstrip()


def _cell(segment: Segment | None, letters: dict[int, str]) -> str:
    if segment is None:
        return "."
    letter = letters.get(segment.op_uid, "?")
    return letter.lower() if segment.state.endswith(("DATA_OUT", "DATA_IN", "DOUT", "DATAIN")) else letter


def _ruler(piece: Piece) -> str:
    left, right = f"|{piece.start} us", f"{piece.end} us|"
    middle = f"one column = {piece.scale} us"
    return left + middle.center(COLUMNS - len(left) - len(right)) + right


def main() -> None:
    """Prints a picture."""
    parser = argparse.ArgumentParser(description="Draws a piece of a run as text.")
    parser.add_argument("timeline", type=Path, help="an op_state_timeline file")
    parser.add_argument("sequence", type=Path, help="the operation_sequence file of the same run")
    parser.add_argument("--from", dest="start", type=Decimal, help="us; default: where most is to be seen")
    parser.add_argument("--scale", type=Decimal, default=Decimal(5), help="us per column, with --from")
    args = parser.parse_args()
    segments = read_segments(args.timeline)
    piece = best(segments) if args.start is None else Piece(args.start, args.scale)
    print("\n".join(picture(segments, read_commands(args.sequence), piece)))


if __name__ == "__main__":
    main()
