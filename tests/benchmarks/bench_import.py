"""What it costs to start: `import siting` and `siting --help`, against bare python and geopandas."""

from __future__ import annotations

import subprocess
import sys

from tests.benchmarks.measure import Row, median_s


def run(*words: str) -> None:
    """Run python with these words, in a process of its own."""
    subprocess.run([sys.executable, *words], check=True, capture_output=True)


def rows() -> list[Row]:
    """Measure what `import siting` adds to bare python, and the whole of `siting --help`."""
    runs = 9
    bare = median_s(lambda: run("-c", "pass"), runs)
    siting = median_s(lambda: run("-c", "import siting"), runs)
    geopandas = median_s(lambda: run("-c", "import geopandas"), runs)
    words = median_s(lambda: run("-m", "siting.cli", "--help"), runs)
    added = max(siting - bare, 0.0001)
    peer = "import geopandas"
    return [
        Row("import siting, over bare python", added, "s", geopandas - bare, peer, "<= 0.15 s", added <= 0.15),
        Row("siting --help, whole", words, "s", geopandas, peer, "<= 0.5 s", words <= 0.5),
    ]  # fmt: skip
