"""What is wrong with a config, where, and what it costs: form, consistency and feasibility.

`catalogue.py` lists every kind of finding. `check.py` runs the levels: `form.py` (with what the loader notes),
`consistency.py` (groups, follows, wanted, siblings, sizes), `feasibility.py` (completing, traps, loads, by the graph of
the abstract machine in `paths.py`; `lives.py`: addresses, once more). `sarif.py` and `telling.py` write what was found.
"""

from __future__ import annotations

from planner.checking.check import Report, check
from planner.checking.finding import Finding

__all__ = ["Finding", "Report", "check"]
