"""
Run notebooks top to bottom in a kernel that cannot reach the network, and export them as offline pages.

As a script: ``python -m tests.run_notebooks OUT [NOTEBOOK ...]`` leaves in OUT each executed notebook and
beside it one .html with all its maps and figures inside, which asks for nothing.
"""

from __future__ import annotations

import os
import sys
import tempfile
from copy import deepcopy
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbconvert import HTMLExporter

REPO = Path(__file__).parents[1]
NOTEBOOKS = sorted((REPO / "notebooks").glob("*.ipynb"))

# Loaded by the kernel before anything else: only this machine may be spoken to (the kernel's own pipes).
OFFLINE = """
import socket
_connect, _lookup = socket.socket.connect, socket.getaddrinfo
def _local(host):
    return host in ("127.0.0.1", "localhost", "::1", "")
def connect(self, address):
    if isinstance(address, tuple) and not _local(address[0]):
        raise OSError(f"the network is off: {address}")
    return _connect(self, address)
def lookup(host, *rest, **options):
    if host is not None and not _local(host):
        raise OSError(f"the network is off: {host}")
    return _lookup(host, *rest, **options)
socket.socket.connect, socket.getaddrinfo = connect, lookup
"""

# What nbconvert would fetch from elsewhere: formulas, diagrams, widgets and the loader of all three.
FETCHED = ("mathjax_url", "mermaid_js_url", "widget_renderer_url", "require_js_url", "jquery_url")
WIDGET = "application/vnd.jupyter.widget-view+json"
NO_WIDGET = "（滑块只在 JupyterLab 中出现 / sliders show in JupyterLab only）"


def run(path: Path) -> nbformat.NotebookNode:
    """Return the notebook with its outputs; any error in a cell is raised."""
    book = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "sitecustomize.py").write_text(OFFLINE, "utf-8")
        found = os.pathsep.join([folder, str(REPO)])
        env = {**os.environ, "PYTHONPATH": found, "PYTHONWARNINGS": "error::UserWarning"}
        client = NotebookClient(
            book, timeout=300, kernel_name="python3", resources={"metadata": {"path": folder}}
        )
        client.execute(env=env)
    return book


def page(book: nbformat.NotebookNode, title: str) -> str:
    """Return an executed notebook as one page that asks for nothing; a widget gives way to a line of text."""
    still = deepcopy(book)
    still.metadata.pop("widgets", None)
    for cell in still.cells:
        for output in cell.get("outputs", ()):
            if WIDGET in output.get("data", {}):
                output["data"] = {"text/plain": NO_WIDGET}
    exporter = HTMLExporter(embed_images=True, language_code="zh-CN")
    for address in FETCHED:
        setattr(exporter, address, "")
    return exporter.from_notebook_node(still, resources={"metadata": {"name": title}})[0]


def main() -> None:
    """Run the notebooks named on the command line, or all of them."""
    out, *names = map(Path, sys.argv[1:])
    out.mkdir(parents=True, exist_ok=True)
    for path in names or NOTEBOOKS:
        print(f"== {path.name}")
        book = run(path)
        nbformat.write(book, out / path.name)
        (out / f"{path.stem}.html").write_text(page(book, path.stem), "utf-8")
    print(f"== executed notebooks and their pages are in {out.resolve()}")


if __name__ == "__main__":
    main()
