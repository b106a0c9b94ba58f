"""The whole job, `siting briefing`: time and memory of one process, and how soon its page is seen."""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from math import nan
from pathlib import Path

from siting.briefing import write_briefing
from tests.benchmarks.measure import Row
from tests.browser import chromium, complaints, requests, visit

# A process counts the memory of the one that started it until it runs its own program, so a small
# one stands between: it starts the work, waits, and tells time [s] and most memory [kB].
_BETWEEN = """
import json, os, sys, time
start = time.perf_counter()
nowhere = os.open(os.devnull, os.O_WRONLY)
hush = [(os.POSIX_SPAWN_DUP2, nowhere, 1), (os.POSIX_SPAWN_DUP2, nowhere, 2)]
child = os.posix_spawn(sys.executable, [sys.executable, *sys.argv[1:]], os.environ, file_actions=hush)
_, status, used = os.wait4(child, 0)
print(json.dumps([os.waitstatus_to_exitcode(status), time.perf_counter() - start, used.ru_maxrss]))
"""


def spawn(*words: str) -> tuple[float, float]:
    """Run python with these words; return its time [s] and the most memory it held [MB]."""
    told = subprocess.run(
        [sys.executable, "-S", "-E", "-c", _BETWEEN, *words], check=True, capture_output=True
    )
    code, took, memory = json.loads(told.stdout)
    if code:
        msg = f"{words} ended with {code}"
        raise RuntimeError(msg)
    return took, memory / (1e6 if sys.platform == "darwin" else 1e3)


def first_paint_s(page: Path, runs: int = 5) -> float:
    """Return the median time [s] from opening a file to its first text or picture on the screen."""
    times = []
    for _ in range(runs):
        with chromium() as window:
            window.set_script_timeout(30)
            visit(window, page)
            wait = (
                "const end = arguments[0]; const t = () => {"
                " const one = performance.getEntriesByName('first-contentful-paint')[0];"
                " if (one) end(one.startTime); else setTimeout(t, 20); }; t();"
            )
            times.append(window.execute_async_script(wait) / 1000)
            if bad := requests(window) + complaints(window):
                raise RuntimeError("; ".join(bad)[:400])
    return statistics.median(times)


def page_rows() -> list[Row]:
    """Measure the page as a reader opens it; the peer is a page of one line."""
    if not (shutil.which("chromium") and shutil.which("chromedriver")):
        print("no chromium: the first paint is not measured")
        return []
    with tempfile.TemporaryDirectory() as name:
        page = write_briefing(Path(name) / "briefing") / "index.html"
        blank = Path(name) / "blank.html"
        blank.write_text("<!DOCTYPE html><title>x</title><p>x", "utf-8")
        took, floor = first_paint_s(page), first_paint_s(blank)
        size = page.stat().st_size / 1e6
    return [
        Row("index page, first paint", took, "s", floor, "a page of one line", "<= 1.5 s", took <= 1.5),
        Row("index page, all maps inside", size, "MB", nan, "nothing to compare with", "<= 5 MB", size <= 5),
    ]  # fmt: skip


def rows() -> list[Row]:
    """Measure three briefings; the peer is the import of what any such work needs."""
    runs, peers = [], []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as folder:
            out = str(Path(folder) / "briefing")
            runs.append(spawn("-m", "siting.cli", "briefing", out))
        peers.append(spawn("-c", "import geopandas, folium"))
    took, memory = (statistics.median(column) for column in zip(*runs, strict=True))
    peer_took, peer_memory = (statistics.median(column) for column in zip(*peers, strict=True))
    peer = "import geopandas, folium: the floor"
    return [
        Row("siting briefing, both plans", took, "s", peer_took, peer, "<= 30 s", took <= 30),
        Row("siting briefing, most memory", memory, "MB", peer_memory, peer, "<= 1000 MB", memory <= 1000),
        *page_rows(),
    ]  # fmt: skip
