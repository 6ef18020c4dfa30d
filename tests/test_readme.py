"""What the pages show and say is so: real output, real code, the options, columns and names of the program."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
import yaml

from docs.show import PAGES, Shown, pages, real_run, renewed
from model.config import Config, load
from planner.cli import app
from planner.cli import run as command_line
from planner.export.coverage import CoverageTable
from planner.export.sink import Words
from planner.export.writer import sinks

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
LINKED = (*PAGES, "CHANGELOG.md", "ARCHITECTURE.md")


@pytest.fixture(scope="module")
def run() -> Iterator[Shown]:
    """The run that the README shows."""
    with real_run() as shown:
        yield shown


@pytest.fixture(scope="module")
def made(run: Shown) -> dict[str, str]:
    """The pages as they should be."""
    return pages(run)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_what_the_program_does_today(page: str, made: dict[str, str]) -> None:
    assert made[page] == (ROOT / page).read_text(encoding="utf-8"), f"{page} is stale: python -m docs.show"


def test_a_block_that_asks_for_nothing_known_is_refused(run: Shown) -> None:
    with pytest.raises(ValueError, match="shown: nonsense: allowed: plan, "):
        renewed("<!-- shown: nonsense -->\n<!-- end -->\n", run)


def section(text: str, heading: str) -> str:
    """The text under a heading, up to the next heading."""
    return text.split(f"\n{heading}\n", 1)[1].split("\n#", 1)[0]


@pytest.mark.parametrize("command", ["plan", "verify"])
def test_the_tables_of_options_are_those_of_the_command_line(command: str) -> None:
    told = set(re.findall(r"--[a-z][a-z-]+", re.sub(r"(?m)^(?!\|).*$", "", section(README, f"### {command}"))))
    parameters = typer.main.get_command(app).commands[command].params  # type: ignore[attr-defined]
    assert told == {option for parameter in parameters for option in parameter.opts if option.startswith("--")}


def test_every_command_is_told() -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    assert [name for name in commands if f"    nandplan {name}" not in README] == []


def test_the_table_of_outputs_has_the_columns_of_the_files(shipped: Config) -> None:
    rows = re.findall(r"(?m)^\| `(\w+)` \|.*\| `([\w,]+)` \|$", section(README, "## Output files"))
    columns = {sink.name: ",".join(sink.columns) for sink in sinks(Words.of(shipped))}
    assert dict(rows) == {**columns, CoverageTable.name: ",".join(CoverageTable.columns)}


def test_the_python_example_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (code,) = re.findall(r"(?s)```python\n(from planner import.*?)```", README)
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "README.md", "exec"), {})
    words = capsys.readouterr().out.split()
    assert Path(words[0]).is_file()
    assert words[2] == "legal"


def test_the_series_of_the_readme_is_one_legal_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (lines,) = re.findall(r"(?s)```sh\n(.*?)```", section(README, "## Series of runs"))
    monkeypatch.chdir(tmp_path)
    codes = [command_line(line.split()[1:]) for line in lines.replace("--ops 2000", "--ops 100").splitlines()]
    assert codes == [0, 0, 0]


def test_the_keys_of_the_readme_are_keys_of_the_config() -> None:
    data = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    known = {*data, *(f"{key}.{inner}" for key, value in data.items() if isinstance(value, dict) for inner in value)}
    table = section(README, "## The config")
    told = {key for cell in re.findall(r"(?m)^\| (`.*?) \|", table) for key in re.findall(r"`([\w.]+)`", cell)}
    assert told <= known
    assert len(told) > 8


def test_the_operations_that_contributing_adds_are_accepted(tmp_path: Path) -> None:
    data = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    for block in re.findall(r"(?s)```yaml\n(.*?)```", CONTRIBUTING):
        for key, entries in yaml.safe_load(block).items():
            data[key].update(entries)
    path = tmp_path / "my.yaml"
    path.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    config = load(path)
    assert {"Read_SLC_Slow", "Read_Serial_Number"} <= {name.name for name in config.names}
    assert not config.warnings


@pytest.mark.parametrize("page", LINKED)
def test_links_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    anchors = {re.sub(r"[^a-z0-9 -]", "", head.lower()).replace(" ", "-") for head in re.findall(r"(?m)^#+ (.*)", text)}
    for target in re.findall(r"\]\(([^)]+)\)", text):
        if target.startswith("#"):
            assert target[1:] in anchors, target
        elif not target.startswith("https://"):
            assert (ROOT / target).exists(), target


@pytest.mark.parametrize("page", LINKED)
def test_paths_and_make_targets_that_are_named_exist(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for path in re.findall(r"`((?:model|planner|tests|docs)/[\w./]*)`", text):
        assert (ROOT / path).exists(), path
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"(?m)^make ([\w-]+)|`make ([\w-]+)", text):
        assert f"\n{''.join(target)}:" in makefile, target
