"""The catalogue of rules is whole, and every id that the judge speaks of stands in it."""

from __future__ import annotations

import re
from pathlib import Path

import model.judge
from model.rules import RULE_IDS, RULES

IDS = (
    "range block-plane op-uid time",
    "bus plane-busy handover multi-plane",
    "op-state end-state latch cache suspend-state odt",
    "suspend-target resume-order residual op-end-once suspended-block drained",
    "erase program-after-erase page-order celltype read-programmed multi-address block-in-flight open-chain-page",
    "bad-block chain dout cache-chain transfer recovery datain dsl",
    "sr-value sr-stable absent-lun undefined-block payload",
)

JUDGE = Path(model.judge.__file__ or "").parent


def test_the_ids_are_those_of_the_device_s_description() -> None:
    assert sorted(RULE_IDS) == sorted(" ".join(IDS).split())


def test_each_id_stands_once() -> None:
    assert len(set(RULE_IDS)) == len(RULES)


def test_each_rule_says_one_sentence_and_a_formula() -> None:
    for rule in RULES:
        assert rule.sentence.endswith("."), rule.id
        assert rule.formula, rule.id


def test_the_judge_finds_only_rules_of_the_catalogue() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in JUDGE.glob("*.py"))
    found = set(re.findall(r'(?:find\(|_find\(replay, |Finding\()\s*"([a-z0-9-]+)"', text))
    assert found <= set(RULE_IDS)


def test_every_rule_that_a_sequence_can_break_has_a_judge() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in JUDGE.glob("*.py"))
    missing = {rule for rule in RULE_IDS if f'"{rule}"' not in text}
    assert missing == {"op-end-once"}, "it can only be broken in files that say how operations ended"
