"""From commands and spans to segments, events, and what every operation found when it was issued."""

from model.timeline.issue import FINE, Markers, Seen
from model.timeline.layout import Layout
from model.timeline.live import Live
from model.timeline.pieces import EventKind, Events, Fragments, Segments, busy_times
from model.timeline.stream import Settled, Timeline

__all__ = [
    "FINE",
    "EventKind",
    "Events",
    "Fragments",
    "Layout",
    "Live",
    "Markers",
    "Seen",
    "Segments",
    "Settled",
    "Timeline",
    "busy_times",
]
