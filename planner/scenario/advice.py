"""What to try where neither a sequence nor a proof was found."""

from __future__ import annotations

from planner.scenario.language import Scenario


def advice_on(scenario: Scenario) -> tuple[str, ...]:
    """What may help with this scenario, the most likely first."""
    found = []
    if scenario.minimize:
        found.append(f"leave `minimize: {scenario.minimize}` out")
    if any(cut.offset is None for one in scenario.wanted for cut in one.cuts):
        found.append("say the points of suspensions, such as `suspended: [40%]`")
    if any(one.die is None and one.inside is None for one in scenario.wanted):
        found.append("say the dies")
    if any(not one.planes for one in scenario.wanted):
        found.append("say op_names and planes instead of bases")
    found.append("say the order" if not scenario.listed else "let the order free (`order: free`)")
    if scenario.repeat > 1:
        found.append("ask for fewer repetitions")
    if scenario.statements:
        found.append("leave statements out one by one")
    return tuple(found)
