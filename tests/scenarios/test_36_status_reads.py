"""36. Status reads at every bin of every state that [op-state] and [sr-stable] leave carry the right value, DATA_IN
included; 72h and 7Ch on a plane beside a busy plane read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from model.config import Config
from model.event import ERASUS, PGMSUS, Commands, ExpVal
from model.judge import Judge
from tests.scenarios.stage import Story, us
from tests.scenarios.told import Line, Told, changed

SLC_PAGES = "ERASE 2, PROGRAM 2 0, PROGRAM 2 1"
CACHED = f"{SLC_PAGES}, READ 2, DOUT 2, CACHE_READ 2 1"
PLANE_CACHED = f"{SLC_PAGES}, PLANE_READ 2, DOUT 2, Plane_Level_Cache_Read_SLC 2 1"
SHOT = "ERASE_TLC 1, LSB 1, CSB 1"
COPY = f"{SLC_PAGES}, ERASE_TLC 1, COPYBACK_READ 2, One_Shot_Copyback_Program_LSB 1"
COPY_CSB = f"{COPY}, COPYBACK_READ 2, One_Shot_Copyback_Program_CSB 1"

HOSTS = {
    "ERASE": "ERASE 1",
    "DSL_VTH_CHECK": "DSL_Vth_Check 1",
    "PROGRAM_SLC": "ERASE 1, PROGRAM 1",
    "ALLWL_PROGRAM": "ERASE 1, All_WL_Dummy_Program 1",
    "CACHE_PROGRAM_SLC": "ERASE 1, CACHE_PROGRAM 1",
    "ONESHOT_PROGRAM_LSB": "ERASE_TLC 1, LSB 1",
    "ONESHOT_PROGRAM_CSB": SHOT,
    "ONESHOT_PROGRAM_MSB": f"{SHOT}, MSB 1",
    "ONESHOT_PROGRAM_MSB_23H": f"{SHOT}, MSB_23H 1",
    "ONESHOT_PROGRAM_EXEC_MSB": f"{SHOT}, EXEC_MSB 1",
    "ONESHOT_CACHE_PROGRAM": f"{SHOT}, Cache_Program_MSB 1",
    "TRANSFER_TO_CACHE_LSB": "ERASE_TLC 1, LSB 1, Data_transfer_to_cache_for_1st_Page_TLC",
    "TRANSFER_TO_CACHE_CSB": f"{SHOT}, Data_transfer_to_cache_for_2nd_Page_TLC",
    "TRANSFER_TO_CACHE_MSB": f"{SHOT}, MSB 1, Data_transfer_to_cache_for_3rd_Page_TLC",
    "READ": f"{SLC_PAGES}, READ 2",
    "RECOVERY_RD": f"{SHOT}, MSB_23H 1, P_SUSPEND, RECOVERY_RD 1",
    "READ4K": f"{SLC_PAGES}, 4KB_Page_Read_confirm_SLC 2",
    "CACHE_READ": CACHED,
    "CACHE_READ_END": f"{CACHED}, CACHE_READ_END 2 1",
    "PLANE_READ": f"{SLC_PAGES}, PLANE_READ 2",
    "PLANE_READ4K": f"{SLC_PAGES}, Plane_Level_4KB_Page_Read_SLC 2",
    "PLANE_CACHE_READ": PLANE_CACHED,
    "PLANE_CACHE_READ_END": f"{PLANE_CACHED}, Plane_Level_Cache_Read_End 2 1",
    "COPYBACK_READ": f"{SLC_PAGES}, COPYBACK_READ 2",
    "COPYBACK_PROGRAM_SLC": f"{SLC_PAGES}, ERASE 1, COPYBACK_READ 2, COPYBACK_PROGRAM 1",
    "ONESHOT_COPYBACK_PROGRAM_LSB": COPY,
    "ONESHOT_COPYBACK_PROGRAM_CSB": COPY_CSB,
    "ONESHOT_COPYBACK_PROGRAM_EXEC_MSB": f"{COPY_CSB}, COPYBACK_READ 2, One_Shot_Copyback_Program_Execution_MSB 1",
    "CAMREAD": "Auto_Read_by_38h_Cmd_Target_Level",
    "CAMREAD_LUN": "Auto_Read_by_39h_Cmd_LUN_Level",
    "ERASE_SUSPEND": "ERASE 1, E_SUSPEND",
    "ERASE_RESUME": "ERASE 1, E_SUSPEND, E_RESUME",
    "PROGRAM_SUSPEND": "ERASE 1, PROGRAM 1, P_SUSPEND",
    "PROGRAM_RESUME": "ERASE 1, PROGRAM 1, P_SUSPEND, P_RESUME",
    "RESET": "RESET",
    "RESET_LUN": "Reset_LUN",
}
"""How each state-affecting base comes about: op_name, row and page of one operation after the other."""

NAMES = [
    *("LUN_Status_Read_for_LUN0", "STATUS"),
    *(f"Read_Status_Enhanced_{code}" for code in ("71h", "72h", "78h", "7Ah", "7Bh", "7Ch", "7Dh", "7Eh")),
]
DEAF = {"CAMREAD", "CAMREAD_LUN"}
"""Bases whose CORE_BUSY takes no status read."""


@dataclass(frozen=True)
class Scene:
    """A device just before its host, and the host's line in the story."""

    story: Story
    host: Line


def scene(config: Config, text: str) -> Scene:
    """The last operation of the text is the host; what it needs to cut stands in the same story."""
    words = [part.split() for part in text.split(", ")]
    story, host = Story(config), None
    for place, (word, *address) in enumerate(words):
        cuts = word in ("E_SUSPEND", "P_SUSPEND")
        if place == len(words) - 1 and place and not cuts:
            story = story.then()
        row, page = (*map(int, address), 0, 0)[:2]
        host = story.op(word, row=row, page=page, inside=(story.lines[-1], us(50)) if cuts else None)
    assert host is not None
    return Scene(story, host)


def test_every_state_is_here(shipped: Config) -> None:
    named = {spec.base for spec in shipped.names}
    assert set(HOSTS) == {spec.name for spec in shipped.bases if spec.affects_state and spec.name in named}


def states_of(base: str, config: Config) -> list[tuple[str, int]]:
    """The states after ISSUE of a host, with their lengths."""
    host = scene(config, HOSTS[base]).host
    return list(zip(host.name.base.states[1:], host.name.durations[1:], strict=True))


@pytest.mark.parametrize("base", [base for base in HOSTS if base not in DEAF])
def test_in_every_bin(shipped: Config, base: str) -> None:
    for state, length in states_of(base, shipped):
        bins = [tenth * length // 10 for tenth in range(10)]
        apart = length // 10 >= us("0.3136")  # the longest status read fits into a bin
        for offsets in [bins] if apart else [[offset] for offset in bins]:
            the = scene(shipped, HOSTS[base])
            fits = offsets[-1] + us("0.3136") <= length
            status = [
                the.story.op(NAMES[(place + bins[0]) % len(NAMES)] if apart else "Read_Status_Enhanced_7Ch",
                             inside=(the.host, offset), state=state)
                for place, offset in enumerate(offsets)
            ]  # fmt: skip
            if not fits:
                _unstable(the, status[0], state, offsets[0])
                continue
            told = the.story.tell()
            expected = ExpVal.BUSY if state == "CORE_BUSY" else ExpVal.EXTRDY
            assert [told.exp_val(line) for line in status] == [expected] * len(status)
            assert judged_with_other_values(told, status) == 2 * len(status)
            if len(the.story.lines) < 5:
                the.story.accepted()


def _unstable(the: Scene, status: Line, state: str, offset: int) -> None:
    """In the last bin of a 2 us window the value would change under the status read."""
    alone = Story(the.story.config, the.story.since)
    host = alone.op(the.host.name.name, row=the.host.spec.rows[0], page=the.host.spec.pages[0])
    told = alone.tell()
    began = next(start for _, word, start, _, _ in told.states(host) if word == state)
    alone.op(status.name.name, at=began + offset)
    alone.refused("sr-stable")


def judged_with_other_values(told: Told, status: list[Line]) -> int:
    """How many findings of [sr-value] there are with each of the two other values in all of them."""
    numbers = {told.op_uid[line] for line in status}
    found = 0
    for shift in (1, 2):
        rows = [(*row[:4], (row[4] + shift) % 3, row[5]) if row[1] in numbers else row for row in told.rows]
        judge = Judge(told.story.config)
        judge.feed(Commands.of(rows))
        counts = judge.finish(open_end=True).by_rule
        assert set(counts) == {"sr-value"}
        found += counts["sr-value"]
    return found


@pytest.mark.parametrize("base", sorted(DEAF))
def test_nothing_sees_a_camread(shipped: Config, base: str) -> None:
    the = scene(shipped, HOSTS[base])
    the.story.op("STATUS", at=us(500))
    the.story.refused("op-state")


@pytest.mark.parametrize("base", [base for base in HOSTS if not base.endswith("_RESUME")])
def test_after_its_end(shipped: Config, base: str) -> None:
    the = scene(shipped, HOSTS[base])
    status = the.story.op("STATUS", after=the.host)
    told = the.story.tell()
    assert told.start(status) == told.end(the.host)
    assert told.exp_val(status) is ExpVal.READY


@pytest.mark.parametrize("name", ["Read_Status_Enhanced_72h", "Read_Status_Enhanced_7Ch"])
@pytest.mark.parametrize(("read", "planes"), [("PLANE_READ", 1), ("PLANE_READ", 2), ("PLANE_READ", 0)])
def test_72h_and_7ch_beside_a_busy_plane_read(shipped: Config, name: str, read: str, planes: int) -> None:
    """The target plane is idle (or the busy one), some plane of the die is busy: busy; then extrdy; then ready."""
    the = scene(shipped, f"{SLC_PAGES}, {read} 2")
    status = [
        the.story.op(name, planes=planes, inside=(the.host, us(10))),
        the.story.op(name, planes=planes, inside=(the.host, us(3)), state="DATA_OUT"),
        the.story.op(name, planes=planes, after=(the.host, us(1))),
    ]
    told = the.story.tell()
    the.story.accepted()
    assert [told.exp_val(line) for line in status] == [ExpVal.BUSY, ExpVal.EXTRDY, ExpVal.READY]
    assert judged_with_other_values(told, status) == 6


@pytest.mark.parametrize("name", ["Read_Status_Enhanced_72h", "Read_Status_Enhanced_7Ch"])
def test_a_busy_plane_counts_before_one_that_waits_for_delivery(shipped: Config, name: str) -> None:
    before = Story(shipped)
    before.programmed(row=1, planes=0)
    before.programmed(row=1, planes=1)
    story = before.then()
    begin = story.boundary.time
    first = story.op("PLANE_READ", row=1, planes=0, at=begin)
    story.op("PLANE_READ", row=1, planes=1, at=begin + us(5))
    # plane 0 is in DATA_OUT from 25.145 to 31.145, plane 1 in CORE_BUSY until 30.145
    status = story.op(name, planes=0, inside=(first, us(2)), state="DATA_OUT")
    told = story.tell()
    story.accepted()
    assert told.exp_val(status) is ExpVal.BUSY


def flagged(folder: Path) -> Story:
    """A suspended erase; with exp_val_suspend a status read also tells what is suspended."""
    story = Story(changed(folder, pattern_export={"exp_val_suspend": True}))
    erase = story.op("ERASE", row=1)
    story.op("E_SUSPEND", inside=(erase, us(50)))  # from 50.11 to 150.295
    return story


def test_suspended_from_the_end_of_the_suspend_on(tmp_path: Path) -> None:
    story = flagged(tmp_path)
    status = [story.op("STATUS", at=us(at)) for at in (100, 200)]
    told = story.tell()
    assert [told.row(line)[4] for line in status] == [ExpVal.BUSY, ExpVal.READY + ERASUS]


def test_suspended_until_the_end_of_the_resume(tmp_path: Path) -> None:
    story = flagged(tmp_path)
    resume = story.op("E_RESUME", at=us(300))  # until 450.185
    status = [story.op("STATUS", inside=(resume, us(50))), story.op("STATUS", after=(resume, us(50)))]
    told = story.tell()
    assert [told.row(line)[4] for line in status] == [ExpVal.BUSY + ERASUS, ExpVal.BUSY]


def test_flags_where_the_order_is_open(tmp_path: Path) -> None:
    story = flagged(tmp_path)
    story.op("STATUS", at=us(200))
    story.tell()
    story.accepted()


def test_flags_of_both_axes(tmp_path: Path) -> None:
    config = changed(tmp_path, pattern_export={"exp_val_suspend": True})
    before = Story(config)
    before.op("ERASE", row=2)
    erase = before.op("ERASE", row=1)
    before.op("E_SUSPEND", inside=(erase, us(50)))
    story = before.then()
    program = story.op("PROGRAM", row=2)
    cut = story.op("P_SUSPEND", inside=(program, us(50)))
    status = story.op("STATUS", after=(cut, us(1)))
    told = story.tell()
    assert told.row(status)[4] == ExpVal.READY + ERASUS + PGMSUS


def test_no_status_read_reaches_over_the_end_of_a_suspend(tmp_path: Path) -> None:
    """Its flags would change under it, although the value before them would, too."""
    story = flagged(tmp_path)
    story.op("STATUS", at=us("150.1"))
    story.refused("sr-stable")


@pytest.mark.parametrize(("lun", "die", "rule"), [(0, 0, ""), (1, 1, ""), (0, 1, "absent-lun"), (2, 0, "absent-lun")])
def test_a_lun_status_read_asks_its_own_die(shipped: Config, lun: int, die: int, rule: str) -> None:
    story = Story(shipped)
    story.op(f"LUN_Status_Read_for_LUN{lun}", die=die, exp="ready")
    if rule:
        story.refused(rule)
    else:
        story.tell()
        story.accepted()
