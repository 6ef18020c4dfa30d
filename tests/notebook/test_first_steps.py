"""The notebook of the first steps runs from its first cell to its last, and was committed with its outputs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

PATH = Path(__file__).parents[2] / "examples" / "first_steps.ipynb"


def read() -> Any:
    """The notebook as it was committed."""
    return nbformat.read(PATH, as_version=4)  # type: ignore[no-untyped-call]


def code(notebook: Any) -> list[Any]:
    """Its cells of code."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The notebook, executed anew in a folder of its own; a cell that fails is an error here."""
    notebook = read()
    folder = tmp_path_factory.mktemp("notebook")
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(folder)}}).execute()
    assert list(folder.glob("out/first_steps/operation_sequence_*.csv"))
    return notebook


def test_every_cell_that_ends_in_a_value_shows_it(executed: Any) -> None:
    silent = [cell.source for cell in code(executed) if not cell.outputs]
    assert silent == []


def test_the_plan_shows_itself_as_a_timeline(executed: Any) -> None:
    shown = [output for cell in code(executed) for output in cell.outputs if "<svg" in output.data.get("text/html", "")]
    assert len(shown) == 2  # the whole plan, and the closer look


def test_what_it_claims_holds(executed: Any) -> None:
    texts = [output.data["text/plain"] for cell in code(executed) for output in cell.outputs]
    assert texts[-1] == "True"  # what was opened again is what was planned
    assert any(text.startswith("(True, ") and text.endswith(", 0)") for text in texts)  # legal, no violation


def test_the_committed_notebook_holds_outputs_of_all_cells() -> None:
    notebook = read()
    nbformat.validate(notebook)
    assert all(cell.outputs for cell in code(notebook))
    assert PATH.stat().st_size < 500_000


@pytest.mark.parametrize("word", ["/home/", "/tmp/", "/Users/", "Traceback", "site-packages"])
def test_the_committed_notebook_tells_nothing_of_the_machine(word: str) -> None:
    assert word not in PATH.read_text(encoding="utf-8")
