"""The notebooks are clean, run from top to bottom with the network off, and leave as pages that ask for nothing."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import nbformat
import pytest

from tests import browser
from tests.run_notebooks import NOTEBOOKS, WIDGET, page, run

NAMES = [
    "01-plans",
    "02-overlap",
    "03-concentration",
    "04-leading-zones",
    "05-alignment",
    "06-your-own-data",
]
every = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)


@cache
def executed(path: Path) -> nbformat.NotebookNode:
    """Run each notebook once for all tests."""
    return run(path)


def outputs(book: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [output for cell in book.cells if cell.cell_type == "code" for output in cell.outputs]


def maps_of(book: nbformat.NotebookNode) -> int:
    return sum("<iframe" in one.get("data", {}).get("text/html", "") for one in outputs(book))


def test_there_are_six_notebooks() -> None:
    assert [p.stem for p in NOTEBOOKS] == NAMES


@every
def test_it_is_committed_without_outputs_and_opens_with_its_question(path) -> None:
    book = nbformat.read(path, as_version=4)
    nbformat.validate(book)
    assert book.cells[0].cell_type == "markdown"
    assert "？" in book.cells[0].source.splitlines()[0]
    assert "widgets" not in book.metadata
    for cell in book.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
            assert not cell.source.startswith("def ")


@every
def test_it_runs_offline_and_shows_its_maps_inside(path) -> None:
    shown = "".join(
        str(one.get("data", {}).get("text/html", "")) for one in outputs(executed(path))
    )
    assert "<iframe" in shown
    assert "https://cdn" not in shown


@every
def test_it_runs_without_a_warning(path) -> None:
    said = [one.text for one in outputs(executed(path)) if one.get("name") == "stderr"]
    assert said == []


def test_made_up_firms_are_called_made_up_wherever_they_are_shown() -> None:
    told = [
        cell.source
        for name in ("03-concentration", "06-your-own-data")
        for cell in nbformat.read(NOTEBOOKS[NAMES.index(name)], as_version=4).cells
        if cell.cell_type == "code" and ("point_map(" in cell.source or "企业01" in cell.source)
    ]
    assert len(told) == 2
    for source in told:
        assert "合成数据" in source or "虚构" in source


def test_sliders_are_there_beside_plain_numbers_that_do_without_them() -> None:
    book = executed(NOTEBOOKS[NAMES.index("04-leading-zones")])
    assert any(WIDGET in one.get("data", {}) for one in outputs(book))
    sources = [cell.source for cell in book.cells]
    plain = next(i for i, source in enumerate(sources) if source.startswith("n_zones = 15"))
    assert "shown(n_zones" in sources[plain + 2]
    assert "<iframe" in book.cells[plain + 2].outputs[0].data["text/html"]


def test_the_notebook_of_zones_runs_where_ipywidgets_is_missing(tmp_path) -> None:
    book = nbformat.read(NOTEBOOKS[NAMES.index("04-leading-zones")], as_version=4)
    slider = next(cell.source for cell in book.cells if "import ipywidgets" in cell.source)
    gone = "import sys\nsys.modules['ipywidgets'] = None"
    cells = [nbformat.v4.new_code_cell(one) for one in (gone, slider)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "bare.ipynb")
    (said,) = outputs(run(tmp_path / "bare.ipynb"))
    assert "没有安装 ipywidgets" in said.data["text/plain"]


@every
@pytest.mark.browser
def test_its_page_asks_for_nothing_and_shows_every_map(path, tmp_path) -> None:
    book = executed(path)
    file = tmp_path / f"{path.stem}.html"
    file.write_text(page(book, path.stem), "utf-8")
    with browser.chromium() as window:
        browser.visit(window, file)
        frames = window.find_elements("css selector", "iframe")
        assert len(frames) == maps_of(book)
        for frame in frames:
            window.switch_to.frame(frame)
            inner = window.find_elements("css selector", "iframe, path, canvas")
            assert inner, f"an empty map in {path.stem}"
            window.switch_to.default_content()
        assert browser.requests(window) == []
        assert [one for one in browser.complaints(window) if one.startswith("SEVERE")] == []


def test_a_page_puts_a_line_of_text_where_a_widget_was() -> None:
    view = nbformat.v4.new_output(
        "display_data", data={WIDGET: {"model_id": "x"}, "text/plain": "interactive()"}
    )
    cell = nbformat.v4.new_code_cell("slider", outputs=[view])
    book = nbformat.v4.new_notebook(cells=[cell])
    made = page(book, "one")
    assert "JupyterLab" in made
    assert "widget-view" not in made
    assert book.cells[0].outputs[0].data[WIDGET] == {"model_id": "x"}, "the notebook is not touched"


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
