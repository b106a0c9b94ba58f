"""How a measurement is made and shown: medians of runs, a peer in the same run, a target beside."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from math import isnan
from typing import Any


@dataclass(frozen=True)
class Row:
    """One line of the report: a figure of siting, that of a peer, and what was to be reached."""

    what: str
    siting: float
    unit: str
    peer: float
    peer_is: str
    target: str
    reached: bool

    def text(self) -> str:
        """Return the line; the ratio is peer over siting, so that more is better."""
        ratio = self.peer / self.siting if self.siting else float("inf")
        peer = f"{self.peer:>9.4g} {self.unit:<3} {ratio:>8.1f}x"
        if isnan(self.peer):
            peer = f"{'-':>9} {'':<3} {'-':>9}"
        return (
            f"{self.what:<52} {self.siting:>9.4g} {self.unit:<3} {peer}"
            f"  {'ok    ' if self.reached else 'MISSED'} {self.target:<14} ({self.peer_is})"
        )


HEAD = f"{'what':<52} {'siting':>13} {'peer':>13} {'ratio':>9}  target"


def median_s(work: Callable[[], Any], runs: int) -> float:
    """Return the median time [s] of `runs` calls."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)
