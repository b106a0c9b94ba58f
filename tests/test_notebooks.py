"""The notebooks are clean, and run from top to bottom with the network off."""

from __future__ import annotations

import nbformat
import pytest

from tests.run_notebooks import NOTEBOOKS, run


def test_there_are_notebooks() -> None:
    assert [p.stem for p in NOTEBOOKS] == ["01-plans", "02-overlap", "05-alignment"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_it_is_committed_without_outputs_and_opens_with_its_question(path) -> None:
    book = nbformat.read(path, as_version=4)
    assert book.cells[0].cell_type == "markdown"
    assert "？" in book.cells[0].source
    for cell in book.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
            assert not cell.source.startswith("def ")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_it_runs_offline_and_shows_its_maps_inside(path) -> None:
    book = run(path)
    shown = "".join(
        str(output.get("data", {}).get("text/html", ""))
        for cell in book.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    )
    assert "<iframe" in shown
    assert "https://cdn" not in shown


def test_a_notebook_that_asks_for_the_network_fails(tmp_path) -> None:
    book = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell(
                "import urllib.request\nurllib.request.urlopen('http://192.0.2.1/', timeout=2)"
            )
        ]
    )
    nbformat.write(book, tmp_path / "bad.ipynb")
    with pytest.raises(Exception, match="the network is off"):
        run(tmp_path / "bad.ipynb")
