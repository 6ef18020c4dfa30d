"""What `nandplan check` says, whatever it is given."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from model.config import load, shipped_path
from planner.checking import check
from planner.checking.catalogue import BY_ID, CATALOGUE, ERROR, LEVELS, WARNING
from planner.checking.loads import bus_load
from planner.checking.telling import page
from planner.cli import run
from tests.checking.table import FOLDER, cases, text_of

ROOT = Path(__file__).parents[2]

TWENTY = (
    ("dies: 2 ", "dies: 0 "),
    ("maxplanes: 4 ", "maxplanes: four "),
    ("sequence_gap: 1.0", "sequence_gap: 1:30"),
    ("ACSLC, FWSLC]", "ACSLC, FWSLC, QLC]"),
    ("  - ONESHOT_CACHE_PROGRAM\n", "  - ONESHOT_CASH_PROGRAM\n"),
    ("ETC: {scope: DIE_WIDE", "ETC: {scope: DIE_WIDTH"),
    ("probs: {NONE: 0.5, GETPARA: 0.5}", "probs: {NONE: 0.5, GETPARA: 0.3}"),
    ("- ALLWL_PROGRAM: [inc_page,", "- ALLWL_PROGRAM: [inc_page, same_page,"),
    ("  TEMPSENSOR: [die]\n", "  TEMPSENSOR: [dye]\n"),
    ("on_camread: {allow: [NOP]}", "on_camread: {allow: [NOOP]}"),
    ("ERASE.CORE_BUSY: on_erase", "ERASE.CORE_BUSSY: on_erase"),
    ("LATCH_ON_CSB: after_oneshot_program_csb", "LATCH_ON_CSB: after_oneshot_program_cbs"),
    ("phase_conditional_overrides: {}", "phase_conditional_overrides: {READ.CORE_BUSY: {PROGRAM_SLC: 0.2}}"),
    ("erase_share: 0.1 ", "erase_share: 10 "),
    ("opcode_map: {}", "opcode_map: {Delai: 1}"),
    ("Delay: {base: NOP, durations: {ISSUE: 0.02}}", "Delay: {base: NOP, durations: {ISSUE: 0.02us}}"),
    ("Read_SLC: {base: READ, celltype: SLC", "Read_SLC: {base: READ, celltype: SCL"),
    (
        "Set_Parameter: {base: SETPARA, durations: {ISSUE: 1.5736",
        "Set_Parameter: {base: SETPARA, durations: {ISSEU: 1.5736",
    ),
    ("Get_Features: {base: GETFEATURE,", "Get_Features: {base: GETFEATURES,"),
    ("Reset_LUN: {base: RESET_LUN, durations: {ISSUE: 0.06", "Reset_LUN: {base: RESET_LUN, durations: {ISSUE: -0.06"),
)


def test_twenty_faults_show_at_least_twenty_findings_each_on_its_line(tmp_path: Path) -> None:
    text = text_of("shipped")
    for old, new in TWENTY:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    path = tmp_path / "config.yaml"
    path.write_text(text, encoding="utf-8")
    lines = {finding.line for finding in check(path, LEVELS[:2]).findings}
    blamed = {text[: text.index(new.rstrip("\n"))].count("\n") + 1 for _, new in TWENTY}
    assert len(blamed) == len(TWENTY)
    assert blamed <= lines


def test_the_shipped_config_has_no_error_and_its_warnings_are_commented_in_it() -> None:
    report = check()
    assert report.count(ERROR) == 0
    assert report.examined == LEVELS
    lines = text_of("shipped").split("\n")
    first: dict[str, int] = {}
    for finding in report.findings:
        first.setdefault(finding.id, finding.line)
    for id, line in first.items():
        assert "warn" in lines[line - 1] or "noted" in lines[line - 1], id


def test_a_finding_tells_what_it_costs_and_how_to_mend_it(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    text = text_of("shipped").replace("{ISSUE: 400.6036}", "{ISSUE: 400.6ˮ}")
    path.write_text(text, encoding="utf-8")
    (finding,) = [finding for finding in check(path, ("form",)).findings if finding.severity == ERROR]
    assert finding.consequence == "Temperature_Sensor_Slow_mode can never be issued"
    assert (finding.value, finding.expected) == ("400.6ˮ", "0 or more us, such as 25.0")
    assert finding.fix == "write 400.6 for 400.6ˮ"


def test_the_nearest_name_is_offered(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(text_of("small").replace("base: ERASE,", "base: ERASSE,"), encoding="utf-8")
    (finding,) = [finding for finding in check(path, LEVELS[:2]).findings if finding.severity == ERROR]
    assert (finding.nearest, finding.fix) == ("ERASE", "write ERASE for ERASSE")


def test_after_a_broken_line_the_rest_of_the_file_is_examined(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    text = text_of("small").replace("base: NOP,", "base: NOP: ETC,").replace("CORE_BUSY: 25,", "CORE_BUSY: -25,")
    path.write_text(text, encoding="utf-8")
    report = check(path)
    assert {"not-yaml", "negative-time"} <= {finding.id for finding in report.findings}
    assert report.unreadable


def codes(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(["check", *arguments])
    said = capfd.readouterr()
    return code, said.out, said.err


def test_exit_0_without_errors_1_with_errors_2_where_nothing_can_be_read(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "config.yaml"
    outcomes = []
    for text in (text_of("small"), text_of("small").replace("enabled: true", "enabled: yes"),
                 text_of("small").replace("dies: 1", "dies: 0"), "- a list"):  # fmt: skip
        path.write_text(text, encoding="utf-8")
        outcomes.append(codes(capfd, str(path))[0])
    assert outcomes == [0, 0, 1, 2]  # clean, a warning, an error, no config
    assert codes(capfd, str(tmp_path / "none.yaml"))[0] == 2
    assert codes(capfd, str(tmp_path))[0] == 2


def test_json_has_the_fields_of_every_finding(capfd: pytest.CaptureFixture[str]) -> None:
    code, out, _ = codes(capfd, "--json", str(ROOT / "tests" / "data" / "tiny.yaml"))
    assert code == 1
    findings = json.loads(out)["findings"]
    wanted = {"id", "severity", "file", "line", "column", "key", "value", "message", "consequence"}
    assert findings
    assert all(wanted <= finding.keys() and finding["line"] > 0 for finding in findings)


def test_fix_hints_are_printed_when_asked_for(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(text_of("small").replace("base: ERASE,", "base: ERASSE,"), encoding="utf-8")
    assert "to do: write ERASE for ERASSE" in codes(capfd, "--fix-hints", str(path))[1]
    assert "to do" not in codes(capfd, str(path))[1]


def sarif_of(path: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> dict[str, Any]:
    out = tmp_path / "found.sarif"
    codes(capfd, "--sarif", str(out), str(path))
    log: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return log


def test_sarif_has_what_version_2_1_0_requires(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(text_of("small").replace("base: ERASE,", "base: ERASSE,"), encoding="utf-8")
    log = sarif_of(path, tmp_path, capfd)
    assert log["version"] == "2.1.0"
    (one,) = log["runs"]
    driver = one["tool"]["driver"]
    assert driver["name"] == "nandplan"
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(ids) == len(set(ids)) == len(CATALOGUE)
    assert one["results"]
    for result in one["results"]:
        assert result["message"]["text"]
        assert result["level"] in ("error", "warning", "note")
        assert ids[result["ruleIndex"]] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"].startswith("file:///")
        assert min(place["region"].values()) >= 1


def test_sarif_offers_the_nearest_name_as_an_edit(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "config.yaml"
    text = text_of("small").replace("base: ERASE,", "base: ERASSE,")
    path.write_text(text, encoding="utf-8")
    results = sarif_of(path, tmp_path, capfd)["runs"][0]["results"]
    (edit,) = [fix["artifactChanges"][0]["replacements"][0] for result in results for fix in result.get("fixes", [])]
    region = edit["deletedRegion"]
    line = text.split("\n")[region["startLine"] - 1]
    mended = line[: region["startColumn"] - 1] + edit["insertedContent"]["text"] + line[region["endColumn"] - 1 :]
    assert mended in text_of("small").split("\n")


def test_sarif_that_cannot_be_written_is_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code, _, said = codes(capfd, "--sarif", str(tmp_path / "none" / "found.sarif"), str(FOLDER / "small.yaml"))
    assert (code, "cannot be written" in said) == (2, True)


def test_the_page_of_findings_is_as_the_program_makes_it() -> None:
    shown = (ROOT / "docs" / "findings.md").read_text(encoding="utf-8")
    assert shown == page(), "make it anew: nandplan check --catalogue > docs/findings.md"


def test_every_id_is_of_one_kind_with_a_sentence_and_a_hint() -> None:
    assert len(BY_ID) == len(CATALOGUE)
    assert all(kind.sentence.endswith(".") and kind.hint and kind.level in LEVELS for kind in CATALOGUE)


def test_whatever_the_loader_refuses_check_calls_an_error() -> None:
    refused = [case for case in cases("form") if BY_ID[case.finding].severity == ERROR]
    assert refused
    assert all(BY_ID[case.finding].severity != WARNING for case in refused)


def test_the_bus_load_is_bus_time_over_held_time_times_dies() -> None:
    """One die, ERASE held 7000.11 us with 0.11 us on the bus, and a DOUT of 9.9444 us that holds nothing."""
    config = load(FOLDER / "small.yaml")
    bus = sum(name.durations[0] for name in config.names)
    wanted = config.wanted("*")
    assert bus_load(config) == pytest.approx(
        sum(w * name.durations[0] for w, name in zip(wanted, config.names, strict=True))
        / sum(
            w * sum(name.durations)
            for w, name in zip(wanted, config.names, strict=True)
            if name.base not in ("NOP", "DOUT", "SR")
        )
    )
    assert bus > 0


def test_a_too_large_file_is_refused_without_reading_it_whole(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(b"# " + b"x" * 2_000_001)
    assert [finding.id for finding in check(path).findings] == ["too-large"]


def test_too_many_values_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("a: [" + "1," * 150_001 + "]", encoding="utf-8")
    assert [finding.id for finding in check(path).findings] == ["too-large"]


@pytest.mark.parametrize("rows", ["0,x\n", "0,99\n", "0\n"])
def test_a_wrong_row_of_bad_blocks_is_found_in_its_file(tmp_path: Path, rows: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(text_of("small").replace("pages_per_block: 8", "pages_per_block: 8, bad_blocks: bad.csv"))
    (tmp_path / "bad.csv").write_text("die,block\n" + rows)
    (finding,) = check(path, ("form",)).findings
    assert (finding.id, Path(finding.file).name, finding.line) == ("bad-block-row", "bad.csv", 2)


def test_a_bootstrap_cannot_erase_bad_blocks(tmp_path: Path) -> None:
    """3 of 4 blocks are bad: a quarter of them can be erased, a half is wanted."""
    path = tmp_path / "config.yaml"
    path.write_text(text_of("small").replace("pages_per_block: 8", "pages_per_block: 8, bad_blocks: bad.csv"))
    (tmp_path / "bad.csv").write_text("die,block\n0,1\n0,2\n0,3\n")
    assert "bootstrap-too-much" in {finding.id for finding in check(path, LEVELS[:2]).findings}


def test_the_shipped_config_is_the_default() -> None:
    assert Path(check(levels=("form",)).file).name == shipped_path().name
