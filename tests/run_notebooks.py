"""Run notebooks top to bottom in a kernel that cannot reach the network; write them as HTML-free copies.

As a script: ``python -m tests.run_notebooks OUT [NOTEBOOK ...]`` leaves the executed notebooks in OUT.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

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


def run(path: Path) -> nbformat.NotebookNode:
    """Return the notebook with its outputs; any error in a cell is raised."""
    book = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "sitecustomize.py").write_text(OFFLINE, "utf-8")
        env = {**os.environ, "PYTHONPATH": folder, "PYTHONWARNINGS": "error::UserWarning"}
        client = NotebookClient(
            book, timeout=300, kernel_name="python3", resources={"metadata": {"path": folder}}
        )
        client.execute(env=env)
    return book


def main() -> None:
    """Run the notebooks named on the command line, or all of them."""
    out, *names = map(Path, sys.argv[1:])
    out.mkdir(parents=True, exist_ok=True)
    for path in names or NOTEBOOKS:
        print(f"== {path.name}")
        nbformat.write(run(path), out / path.name)
    print(f"== executed notebooks are in {out.resolve()}")


if __name__ == "__main__":
    main()
