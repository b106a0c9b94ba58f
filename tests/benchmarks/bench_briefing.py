"""The whole job, `siting briefing`, environment ready: time and memory of one process."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.measure import Row

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
    ]  # fmt: skip
