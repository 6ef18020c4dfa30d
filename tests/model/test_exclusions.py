"""What the exclusion tables forbid."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from model.config import Config
from model.exclusions import Exclusions
from model.operations import Catalogue

Tiny = Callable[..., Config]


def forbidden(config: Config, mask: int) -> set[str]:
    return {base.name for i, base in enumerate(config.bases) if mask >> i & 1}


def tables(config: Config) -> Exclusions:
    return Exclusions.of(config, Catalogue.of(config))


def test_an_allow_group_forbids_all_other_bases(tiny: Tiny) -> None:
    config = tiny()
    busy = forbidden(config, tables(config).state_mask("ERASE.CORE_BUSY"))
    assert busy == {"ERASE", "READ", "PROGRAM_SLC", "DOUT", "ERASE_RESUME"}


def test_a_forbid_group_forbids_its_bases(tiny: Tiny) -> None:
    config = tiny(("after_read: {forbid: []}", "after_read: {forbid: [ERASE]}"))
    assert forbidden(config, tables(config).state_mask("READ.END")) == {"ERASE"}


def test_a_plain_list_is_a_forbid_group(tiny: Tiny) -> None:
    config = tiny(("after_read: {forbid: []}", "after_read: [ERASE, DOUT]"))
    assert forbidden(config, tables(config).state_mask("READ.END")) == {"ERASE", "DOUT"}


def test_several_groups_forbid_what_any_of_them_forbids(tiny: Tiny) -> None:
    config = tiny(
        ("after_read: {forbid: []}", "after_read: [SR]"), ("READ.END: after_read", "READ.END: [after_read, on_erase]")
    )
    assert {"SR", "ERASE"} <= forbidden(config, tables(config).state_mask("READ.END"))


def test_a_state_without_entry_forbids_nothing(tiny: Tiny) -> None:
    config = tiny()
    assert tables(config).state_mask("ERASE.END") == 0


def test_latches_and_caches_that_are_missing_forbid_nothing(tiny: Tiny) -> None:
    exclusions = tables(tiny())
    missing = (exclusions.latch("LATCH_ON_READ"), exclusions.cache("ON_CACHE_READ"), exclusions.odt)
    assert missing == (0, 0, 0)


def test_suspend_states_forbid_by_their_group(tiny: Tiny) -> None:
    config = tiny()
    assert "ERASE_RESUME" in forbidden(config, tables(config).suspend("ERASE_SUSPENDED"))


def test_masks_by_position_are_those_by_name(shipped: Config) -> None:
    catalogue = Catalogue.of(shipped)
    exclusions = Exclusions.of(shipped, catalogue)
    for base in catalogue.bases:
        assert exclusions.end[base.index] == exclusions.state_mask(f"{base.name}.END")
        for position, state in enumerate(base.states):
            assert exclusions.by_state[base.index][position] == exclusions.state_mask(f"{base.name}.{state}")


def test_a_plane_cache_read_without_entry_is_as_a_cache_read(tiny: Tiny) -> None:
    config = tiny(
        (
            "exclusions_by_suspend_state:",
            "exclusions_by_cache_state: {ON_CACHE_READ: on_busy}\nexclusions_by_suspend_state:",
        )
    )
    exclusions = tables(config)
    assert exclusions.cache("ON_PLANE_CACHE_READ") == exclusions.cache("ON_CACHE_READ") != 0


def test_every_key_names_its_groups(shipped: Config) -> None:
    exclusions = tables(shipped)
    keys = ("READ.CORE_BUSY", "LATCH_ON_READ", "ON_CACHE_READ", "PROGRAM_SUSPENDED", "ODT_DISABLE", "READ.END")
    assert [exclusions.groups_of(key) for key in keys] == [
        ("on_read",),
        ("after_read",),
        ("after_cache_read",),
        ("program_suspended",),
        ("odt_disable",),
        (),
    ]


@pytest.mark.parametrize(
    ("state", "base", "allowed"),
    [
        ("ERASE.CORE_BUSY", "ERASE_SUSPEND", True),
        ("ERASE.CORE_BUSY", "PROGRAM_SUSPEND", False),
        ("PROGRAM_SLC.CORE_BUSY", "PROGRAM_SUSPEND", True),
        ("CACHE_READ.DATA_OUT", "CACHE_READ", True),
        ("PLANE_CACHE_READ.DATA_OUT", "CACHE_READ", False),
        ("READ.DATA_OUT", "NOP", False),
        ("CAMREAD.CORE_BUSY", "RESET", False),
    ],
)
def test_the_shipped_device_allows(shipped: Config, state: str, base: str, allowed: bool) -> None:
    assert (base not in forbidden(shipped, tables(shipped).state_mask(state))) is allowed
