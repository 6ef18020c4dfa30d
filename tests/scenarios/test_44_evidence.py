"""44. A refused operation names rule, state, group, base and config line."""

from __future__ import annotations

import pytest

from model.config import Config
from model.judge import Finding
from planner.solve import Infeasible
from tests.scenarios.stage import Story, us
from tests.scenarios.told import SHIPPED


def evidence(story: Story, rule: str) -> Finding:
    """The finding about the last line."""
    report = story.refused(rule)
    return next(finding for finding in report.findings if finding.rule == rule)


def in_a_busy_erase(config: Config) -> Story:
    story = Story(config)
    story.op("ERASE", row=1, at=0)
    story.op("READ", row=2, at=us(100))
    return story


def over_undelivered_data(config: Config) -> Story:
    before = Story(config)
    before.programmed(row=1)
    before.op("READ", row=1)
    story = before.then()
    story.op("READ", row=1)
    return story


def under_the_lsb_latch(config: Config) -> Story:
    before = Story(config)
    before.op("ERASE_TLC", row=1)
    before.op("LSB", row=1)
    story = before.then()
    story.op("ERASE", row=2)
    return story


def in_a_cache_program(config: Config) -> Story:
    before = Story(config)
    before.op("ERASE", row=1)
    before.op("CACHE_PROGRAM", row=1)
    story = before.then()
    story.op("ERASE", row=2)
    return story


def in_a_cache_read(config: Config) -> Story:
    before = Story(config)
    before.programmed(row=1, pages=2)
    for word, page in (("READ", 0), ("DOUT", 0), ("CACHE_READ", 1)):
        before.op(word, row=1, page=page)
    story = before.then()
    story.op("PLANE_READ", row=1)
    return story


def in_an_erase_suspension(config: Config) -> Story:
    before = Story(config)
    erase = before.op("ERASE", row=1)
    before.op("E_SUSPEND", inside=(erase, us(100)))
    story = before.then()
    story.op("ERASE", row=2)
    return story


def without_odt(config: Config) -> Story:
    before = Story(config)
    before.op("ODT_Disable")
    story = before.then()
    story.op("ERASE", row=2)
    return story


CASES = [
    (in_a_busy_erase, "op-state", "ERASE.CORE_BUSY", "on_erase", "READ"),
    (over_undelivered_data, "latch", "LATCH_ON_READ", "after_read", "READ"),
    (under_the_lsb_latch, "latch", "LATCH_ON_LSB", "after_oneshot_program_lsb", "ERASE"),
    (in_a_cache_program, "cache", "ON_CACHE_PROGRAM", "after_cache_program", "ERASE"),
    (in_a_cache_read, "cache", "ON_CACHE_READ", "after_cache_read", "PLANE_READ"),
    (in_an_erase_suspension, "suspend-state", "ERASE_SUSPENDED", "erase_suspended", "ERASE"),
    (without_odt, "odt", "ODT_DISABLE", "odt_disable", "ERASE"),
]


@pytest.mark.parametrize(("scene", "rule", "state", "group", "base"), CASES)
def test_what_a_finding_says(shipped: Config, scene, rule: str, state: str, group: str, base: str) -> None:  # type: ignore[no-untyped-def]
    story = scene(shipped)
    finding = evidence(story, rule)
    for word in (state, group, base):
        assert word in finding.message
    file, line = finding.config.split(":")
    assert file == SHIPPED.name
    assert SHIPPED.read_text(encoding="utf-8").splitlines()[int(line) - 1].strip().startswith(f"{group}:")
    starts = story.starts()
    assert finding.op_uid == story.boundary.next_op_uid + len(story.lines) - 1
    assert (finding.time, finding.die) == (starts[-1], 0)


def test_the_window_names_the_rule_too(shipped: Config) -> None:
    """Where the data alone break a rule, the solver is not even asked."""
    for scene, rule, *_ in CASES[1:]:
        story = scene(shipped)
        outcome = story.encoded()
        assert isinstance(outcome, Infeasible)
        assert outcome.rule in ("", rule), (rule, outcome)
