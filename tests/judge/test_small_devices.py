"""The judge on devices that are not the shipped one: few operations, few rules in the config, older spellings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from model.config import Config, load
from tests.judge.script import Script

Tiny = Callable[..., Config]

RESUMABLE = ("{ERASE_SUSPENDED: on_erase}", "{}")
"""The tiny config forbids ERASE_RESUME while an erase is suspended; without that group it can go on."""


def lived(s: Script) -> None:
    """Erase with a suspension, program, read, deliver."""
    erase = s.op("Block_Erase_SLC", 0)
    suspend = s.op("Erase_Suspend_Reset", erase.issue_end + 1000)
    resume = s.op("Erase_Resume")
    s.op("Page_Program_SLC", resume.end + erase.end - suspend.start)
    s.op("Read_SLC")
    s.op("Data_Output")


def test_a_legal_life(tiny: Tiny) -> None:
    s = Script(tiny(RESUMABLE))
    lived(s)
    assert s.broken(open_end=False) == set()


def test_a_group_may_forbid_the_resume_itself(tiny: Tiny) -> None:
    s = Script(tiny())
    lived(s)
    assert s.judge().by_rule == {"suspend-state": 1}


def test_the_older_spelling_means_the_same(older_text: str, write_config: Callable[[str], Path]) -> None:
    s = Script(load(write_config(older_text)))
    erase = s.op("Block_Erase_SLC", 0)
    s.op("Page_Program_SLC", erase.end)
    s.op("Read_SLC")
    assert s.broken() == set()


def test_without_latches_the_registers_still_hold(tiny: Tiny) -> None:
    s = Script(tiny(RESUMABLE))
    lived(s)
    s.op("Read_SLC")
    s.op("Block_Erase_SLC")
    assert s.broken() == {"dout"}


def test_one_tick_is_the_finest_duration(tiny: Tiny) -> None:
    s = Script(tiny(("ISSUE: 0.11, CORE_BUSY: 7000", "ISSUE: 0.11, CORE_BUSY: 7000.000001")))
    erase = s.op("Block_Erase_SLC", 0)
    assert erase.end == 7_000_110_001
    s.op("Page_Program_SLC", erase.end)
    assert s.broken() == set()


@pytest.mark.parametrize(("carry", "broken"), [("true", set()), ("false", {"drained"})])
def test_what_is_carried_over_needs_no_draining(tiny: Tiny, carry: str, broken: set[str]) -> None:
    s = Script(tiny(("celltypes: [SLC]", f"policies: {{carry_over: {carry}}}\ncelltypes: [SLC]")))
    erase = s.op("Block_Erase_SLC", 0)
    s.op("Erase_Suspend_Reset", erase.issue_end + 1000)
    assert s.broken(open_end=False) == broken
