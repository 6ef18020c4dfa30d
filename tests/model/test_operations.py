"""The catalogue: bases and op_names of the config, and the families that rules speak of."""

from __future__ import annotations

import pytest

from model import operations
from model.config import Config
from model.operations import Catalogue


@pytest.fixture(scope="module")
def catalogue(shipped: Config) -> Catalogue:
    return Catalogue.of(shipped)


def test_positions_are_those_of_the_config(shipped: Config, catalogue: Catalogue) -> None:
    assert [base.name for base in catalogue.bases] == [spec.name for spec in shipped.bases]
    assert all(catalogue.names[name.index] is name for name in catalogue.names)


def test_a_base_knows_its_op_names(catalogue: Catalogue) -> None:
    resets = [catalogue.names[i].name for i in catalogue.base("RESET").names]
    assert resets == ["Super_Reset", "Synchronous_Reset"]


def test_durations_are_ticks(catalogue: Catalogue) -> None:
    name = catalogue.name("Cache_Program_SLC")
    assert (name.issue, name.core_busy, name.data, name.length) == (98_244, 3_000_000, 100_000, 3_198_244)


def test_an_op_name_without_a_state_has_no_time_in_it(catalogue: Catalogue) -> None:
    name = catalogue.name("Read_Status_Enhanced_70h")
    assert (name.core_busy, name.data, name.has_core, name.has_data) == (0, 0, False, False)


def test_celltypes_are_positions_with_none_first(shipped: Config, catalogue: Catalogue) -> None:
    assert shipped.celltypes[catalogue.name("Block_Erase_TLC").celltype] == "TLC"
    assert catalogue.name("Erase_Resume").celltype == 0


@pytest.mark.parametrize(
    ("base", "holds"),
    [
        ("READ", True),  # affects state
        ("ERASE_SUSPEND", True),  # affects state, though instant
        ("ETC", True),  # neither instant nor without scope
        ("NOP", False),  # instant
        ("DOUT", False),  # scope NONE
        ("PLANE_SETPARA", True),
        ("SR", False),
    ],
)
def test_what_holds_its_planes(catalogue: Catalogue, base: str, holds: bool) -> None:
    assert catalogue.base(base).holds is holds


def test_payloads_tell_of_dies_and_planes(catalogue: Catalogue) -> None:
    assert [(catalogue.base(b).has_die, catalogue.base(b).has_plane) for b in ("READ", "SR", "CAMREAD")] == [
        (True, True),
        (True, False),
        (False, False),
    ]


def test_an_unknown_name_is_a_key_error(catalogue: Catalogue) -> None:
    with pytest.raises(KeyError):
        catalogue.name("Read_QLC")


def test_reads_are_the_bases_with_data_out(catalogue: Catalogue) -> None:
    assert {base.name for base in catalogue.bases if "DATA_OUT" in base.states} == operations.READS


def test_every_family_names_bases_of_the_shipped_device(catalogue: Catalogue) -> None:
    families = [value for value in vars(operations).values() if isinstance(value, frozenset)]
    assert frozenset().union(*families) <= catalogue.base_index.keys()


def test_every_advancing_program_is_a_program(shipped: Config) -> None:
    assert set(shipped.program_base_whitelist) <= operations.PROGRAMS
