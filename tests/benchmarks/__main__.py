"""Run the benchmarks named on the command line, or all of them."""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path

from tests.benchmarks.measure import HEAD

NAMES = sorted(p.stem.removeprefix("bench_") for p in Path(__file__).parent.glob("bench_*.py"))


def main() -> None:
    """Print one line for each figure."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of {', '.join(NAMES)}")
    asked = parser.parse_args().names
    if unknown := set(asked) - set(NAMES):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    print(HEAD, flush=True)
    for name in asked or NAMES:
        for row in importlib.import_module(f"tests.benchmarks.bench_{name}").rows():
            print(row.text(), flush=True)


if __name__ == "__main__":
    main()
