"""What a config means: defaults, older spellings, digests, places, weights."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from model.config import Chain, Config, Followers, Policies, Problem, Step, load

Tiny = Callable[..., Config]
Write = Callable[[str], Path]


def messages(problems: tuple[Problem, ...]) -> list[str]:
    return [f"{p.line} {p.key}: {p.message}" for p in problems]


def test_the_older_spelling_means_the_same(tiny: Tiny, older_text: str, write_config: Write) -> None:
    today = tiny()
    older = load(write_config(older_text))
    assert older.digest == today.digest


def test_the_older_spelling_loads_without_a_warning(older_text: str, write_config: Write) -> None:
    assert load(write_config(older_text)).warnings == ()


def test_what_older_configs_have_without_effect_is_an_info(older_text: str, write_config: Write) -> None:
    infos = load(write_config(older_text)).infos
    idle = [p.key for p in infos if p.message == "known from older configs; it has no effect here"]
    assert idle == ["policies.topN", "features", "latencies", "constraints.max_suspends"]


def test_durations_of_a_base_are_an_info(older_text: str, write_config: Write) -> None:
    infos = load(write_config(older_text)).infos
    assert "op_bases.ERASE.states" in [p.key for p in infos if "durations given with a base" in p.message]


def test_states_as_names_have_issue_on_the_bus(tiny: Tiny) -> None:
    config = tiny(("READ:\n    scope", "READ:\n    # as names\n    scope"),
                  ("{ISSUE: {bus: true}, CORE_BUSY: {}, DATA_OUT: {}}", "[ISSUE, CORE_BUSY, DOUT]"))  # fmt: skip
    assert (config.bases[2].states, config.bases[2].bus) == (("ISSUE", "CORE_BUSY", "DATA_OUT"), (True, False, False))


def test_a_state_is_on_the_bus_only_where_the_config_says_so(tiny: Tiny) -> None:
    config = tiny(("SR: {scope: NONE, affect_state: false, instant_resv: true, states: {ISSUE: {bus: true}}}",
                   "SR: {scope: NONE, affect_state: false, instant_resv: true, states: {ISSUE: {}}}"))  # fmt: skip
    assert next(base for base in config.bases if base.name == "SR").bus == (False,)


def test_chains_may_be_spelled_flat(tiny_text: str, write_config: Write) -> None:
    steps = "{sequences: [{DOUT: [multi]}], name_weights: {DOUT: {Data_Output: 2}}}"
    flat = load(write_config(tiny_text + f"generate_seq_rules: {{A.B: {steps}}}\n"))
    deep = load(write_config(tiny_text + f"generate_seq_rules: {{A: {{B: {steps}}}}}\n"))
    assert flat.digest == deep.digest
    assert deep.sequences == {"A.B": Chain("A.B", (Step("DOUT", ("multi",)),), {"DOUT": {"Data_Output": 2.0}})}


def test_followers_have_weights_and_inherit_rules(tiny: Tiny) -> None:
    assert tiny().bases[2].sequence == Followers({"DOUT": 1.0}, {"DOUT": ("same_page", "multi", "same_celltype")})


def test_older_volumes_are_shares_of_the_device(older_text: str, write_config: Write) -> None:
    bootstrap = load(write_config(older_text)).bootstrap
    assert (bootstrap.erase_share, bootstrap.program_share, bootstrap.read_share) == (2 / 4, 8 / 32, 4 / 32)


def test_policies_have_defaults(tiny: Tiny) -> None:
    assert tiny().policies == Policies(
        maxplanes=2,
        sequence_gap=10_000,
        admission_window=5_000,
        queue_refill_period=1_000_000,
        read_offset_guard=0,
        carry_over=False,
    )


def test_the_finest_duration_makes_the_tick(tiny: Tiny) -> None:
    config = tiny(("ISSUE: 0.2786", "ISSUE: 0.27861250"))
    assert config.clock.decimals == 7
    assert config.names[5].durations == (2_786_125,)


def test_a_policy_finer_than_the_durations_counts_too(tiny_text: str, write_config: Write) -> None:
    config = load(write_config(tiny_text + "policies: {sequence_gap: 0.00001}\n"))
    assert (config.clock.decimals, config.policies.sequence_gap) == (5, 1)


def test_durations_are_read_as_written_not_as_floats(tiny: Tiny) -> None:
    config = tiny(("CORE_BUSY: 7000", "CORE_BUSY: 9007199.2547409"))
    assert config.names[1].durations[1] == 90_071_992_547_409


def test_more_planes_at_once_than_a_die_has_are_all_of_them(tiny_text: str, write_config: Write) -> None:
    config = load(write_config(tiny_text + "policies: {maxplanes: 3}\n"))
    assert config.policies.maxplanes == 2
    assert [(p.key, p.value, p.message) for p in config.warnings] == [
        ("policies.maxplanes", "3", "more than the planes of a die; taken as 2")
    ]


def test_none_is_always_the_first_celltype(tiny: Tiny) -> None:
    assert tiny(("celltypes: [SLC]", "celltypes: [TLC, NONE, SLC]")).celltypes == ("NONE", "TLC", "SLC")


def test_bad_blocks_come_from_a_file_beside_the_config(tiny_text: str, write_config: Write) -> None:
    path = write_config(tiny_text.replace("pages_per_block: 8", "pages_per_block: 8, bad_blocks: bad.csv"))
    (path.parent / "bad.csv").write_text("die,block\n0,3\n0,1\n", encoding="utf-8")
    assert load(path).topology.bad_blocks == {(0, 1), (0, 3)}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("CORE_BUSY: 7000", "CORE_BUSY: 7000.000"),
        ("celltypes: [SLC]", "celltypes:\n  - NONE\n  - SLC  # cells"),
        ("READ.END: after_read", "READ.END: [after_read]"),
        ("affect_state: true", "affect_state: yes"),
        ("DATA_OUT: 6", "DOUT: 6"),
        ("program_base_whitelist:", "policies: {maxplanes: 2}\nprogram_base_whitelist:"),
        ("forbid: [ERASE, PROGRAM_SLC,", "forbid: [PROGRAM_SLC, ERASE,"),
    ],
)
def test_spelling_does_not_change_the_digest(tiny: Tiny, old: str, new: str) -> None:
    assert tiny((old, new)).digest == tiny().digest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("CORE_BUSY: 7000", "CORE_BUSY: 7001"),
        ("pages_per_block: 8", "pages_per_block: 9"),
        ("forbid: []", "forbid: [SR]"),
        ("ERASE_SUSPEND: 0.1", "ERASE_SUSPEND: 0.2"),
        ("read_share: 0.125", "read_share: 0.5"),
        ("READ.END: after_read", "READ.END: on_busy"),
        ("{DOUT: 1}", "{DOUT: 1, NONE: 1}"),
    ],
)
def test_meaning_changes_the_digest(tiny: Tiny, old: str, new: str) -> None:
    assert tiny((old, new)).digest != tiny().digest


def test_a_key_path_has_its_line(tiny: Tiny) -> None:
    config = tiny()
    assert (config.line("topology"), config.line("exclusion_groups.on_erase"), config.line("nothing")) == (2, 28, 0)
    assert config.line("exclusions_by_op_state.READ.END") == 35


def test_a_place_is_the_name_of_the_file_and_the_line(tiny: Tiny) -> None:
    config = tiny()
    assert config.at("exclusion_groups.on_erase") == "config.yaml:28"
    assert config.at("exclusion_groups.none") == "config.yaml"


def test_older_state_names_have_their_lines_too(older_text: str, write_config: Write) -> None:
    assert load(write_config(older_text)).line("exclusions_by_op_state.READ.DATA_OUT") > 0


def test_an_unknown_key_is_a_warning_with_the_nearest_known_one(tiny: Tiny) -> None:
    config = tiny(("program_base_whitelist:", "polices: {}\nprogram_base_whitelist:"))
    assert messages(config.warnings) == ["4 polices: unknown key, without effect; did you mean policies?"]


def test_an_unknown_key_deep_inside_is_a_warning(tiny: Tiny) -> None:
    config = tiny(("{base: ERASE, celltype", "{base: ERASE, mutli: true, celltype"))
    assert [(p.key, p.message) for p in config.warnings] == [
        ("op_names.Block_Erase_SLC.mutli", "unknown key, without effect; did you mean multi?")
    ]


def test_a_state_that_no_table_mentions_is_a_warning(tiny: Tiny) -> None:
    config = tiny(("  READ.CORE_BUSY: on_erase\n", ""))
    assert [(p.key, p.message) for p in config.warnings] == [
        (
            "op_bases.READ.states.CORE_BUSY",
            "exclusions_by_op_state has no entry READ.CORE_BUSY: this state forbids nothing",
        )
    ]


def test_a_table_entry_of_a_state_that_the_base_lacks_is_a_warning(tiny: Tiny) -> None:
    config = tiny(("READ.END: after_read", "ERASE.DATA_OUT: after_read"))
    assert [p.message for p in config.warnings] == ["ERASE has no state DATA_OUT; this entry has no effect"]


def test_a_multi_plane_operation_without_planes_is_a_warning(tiny: Tiny) -> None:
    config = tiny(("{base: SR,", "{base: SR, multi: true,"))
    assert [p.key for p in config.warnings] == ["op_names.Status_Read"]


def test_a_read_that_cannot_happen_is_an_info(tiny: Tiny) -> None:
    config = tiny(
        ("celltypes: [SLC]", "celltypes: [SLC, TLC]"), ("{base: READ, celltype: SLC", "{base: READ, celltype: TLC")
    )
    assert [(p.key, p.message) for p in config.infos] == [
        ("celltypes[0]", "pages programmed as SLC cannot be read: no read has this celltype"),
        ("op_names.Read_SLC", "cannot happen: nothing programs pages as TLC"),
    ]


def test_a_config_survives_a_trip_to_another_process(shipped: Config) -> None:
    assert pickle.loads(pickle.dumps(shipped)) == shipped


def wanted(config: Config, state: str) -> dict[str, float]:
    return {spec.name: round(w, 9) for spec, w in zip(config.names, config.wanted(state), strict=True)}


def test_without_weights_all_op_names_are_wanted_alike(tiny: Tiny) -> None:
    config = tiny(("  global: {ERASE: 0.05}\n  ERASE.CORE_BUSY: {ERASE_SUSPEND: 0.1}\n", "  global: {}\n"))
    assert set(wanted(config, "READ.END").values()) == {1 / 8}


def test_what_is_given_leaves_the_rest_to_all_others(tiny: Tiny) -> None:
    weights = wanted(tiny(), "READ.END")
    assert weights.pop("Block_Erase_SLC") == 0.05
    assert set(weights.values()) == {round(0.95 / 7, 9)}


def test_a_state_of_its_own_adds_to_global(tiny: Tiny) -> None:
    weights = wanted(tiny(), "ERASE.CORE_BUSY")
    assert (weights["Block_Erase_SLC"], weights["Erase_Suspend_Reset"]) == (0.05, 0.1)
    assert weights["Delay"] == round(0.85 / 6, 9)


@pytest.mark.parametrize(
    ("levels", "erase"),
    [
        ("global: {ERASE: 0.05, Block_Erase_SLC: 0.2}", 0.2),
        ("global: {Block_Erase_SLC: 0.2}\n  READ.END: {ERASE: 0.3}", 0.3),
        ("global: {ERASE: 0}", 0.0),
        ("global: {ERASE: 3, READ: 1}", 0.75),
    ],
)
def test_states_go_before_global_and_op_names_before_bases(tiny: Tiny, levels: str, erase: float) -> None:
    assert wanted(tiny(("global: {ERASE: 0.05}", levels)), "READ.END")["Block_Erase_SLC"] == erase


def test_weights_of_one_or_more_leave_nothing_to_others(tiny: Tiny) -> None:
    weights = wanted(tiny(("global: {ERASE: 0.05}", "global: {ERASE: 3, READ: 1}")), "READ.END")
    assert {name for name, weight in weights.items() if weight} == {"Block_Erase_SLC", "Read_SLC"}


def test_a_base_shares_its_weight_among_its_op_names(shipped: Config) -> None:
    weights = replace(shipped.weights, overrides={"global": {"RESET": 0.5}})
    got = dict(zip((n.name for n in shipped.names), replace(shipped, weights=weights).wanted("READ.END"), strict=True))
    assert got["Super_Reset"] == pytest.approx(0.25)


def test_a_phase_conditional_entry_is_complete(tiny_text: str, write_config: Write) -> None:
    config = load(
        write_config(tiny_text + "phase_conditional: {READ.DOUT: {Status_Read: 0.2, NOP: 0.2}, READ.END: {}}\n")
    )
    assert {n: w for n, w in wanted(config, "READ.DATA_OUT").items() if w} == {"Status_Read": 0.5, "Delay": 0.5}
    assert not any(wanted(config, "READ.END").values())
    assert all(wanted(config, "READ.CORE_BUSY").values())
