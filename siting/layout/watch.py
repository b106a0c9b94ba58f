"""Time, memory and progress of one search, in one place."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from siting.layout.rows import Progress, Stopped

CELL_MB = 60e-6  # memory of one coefficient in the copies of the solver, counted generously
GRACE_S = 5.0  # a search whose time is over may still take this long to find a first choice


@dataclass
class Watch:
    """
    What a search may use, and how far it has come.

    Parameters
    ----------
    deadline
        Value of `time.monotonic` [s] at which to stop; None: no limit.
    memory_mb
        Most memory of the growing arrays [MB]: counted, not asked of the machine, so that the same
        input stops at the same point.
    progress
        Called with the best objective and the bound after each step.
    """

    deadline: float | None = None
    memory_mb: float | None = None
    progress: Progress | None = None
    began: float = field(default_factory=time.monotonic)
    used_mb: float = 0.0
    interrupted: bool = False

    @property
    def seconds(self) -> float:
        """Time since the start [s]."""
        return time.monotonic() - self.began

    @property
    def left(self) -> float:
        """Time left [s], never below 0; `inf` without a deadline."""
        if self.interrupted:
            return 0.0
        return math.inf if self.deadline is None else max(0.0, self.deadline - time.monotonic())

    @property
    def over(self) -> Stopped | None:
        """Why the search has to stop, or None."""
        if self.left <= 0:
            return "time"
        if self.memory_mb is not None and self.used_mb > self.memory_mb:
            return "memory"
        return None

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Let what is done inside take no more than so many seconds."""
        before = self.deadline
        self.deadline = time.monotonic() + min(seconds, self.left)
        try:
            yield
        finally:
            self.deadline = before

    def count(self, cells: int) -> None:
        """Take note of a program of so many coefficients; the largest counts."""
        self.used_mb = max(self.used_mb, cells * CELL_MB)

    def tell(self, best: float, bound: float) -> None:
        """Report the best objective and the bound to whoever listens."""
        if self.progress is not None:
            self.progress(best, bound)
