"""The conditions on sites as one array record, and the record that every solver gives back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from scipy import sparse

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]
Progress = Callable[[float, float], None]
Stopped = Literal["optimal", "cutoff", "infeasible", "time", "memory"]

RELATIVE = 1e-9  # two objectives nearer than this share of their size are the same
SLACK = 1e-7  # how far a row may be missed by whole sites: rounding of its own coefficients


@dataclass(frozen=True)
class SiteRows:
    """
    Linear conditions on the 0/1 choice y of sites: ``lower <= matrix @ y <= upper``.

    Parameters
    ----------
    matrix
        Sparse, rows x sites; how many sites to choose is one of its rows where it is given.
    lower, upper
        Ends of each row; ``-inf`` and ``inf`` where there is none.
    least, most
        0/1 for each site: 1 in `least` is a fixed site, 0 in `most` a forbidden one.

    Examples
    --------
    >>> rows = SiteRows.choosing(2, 3)  # two of three sites
    >>> rows.hold(np.array([0, 2])), rows.hold(np.array([1]))
    (True, False)
    """

    matrix: sparse.csr_array
    lower: Floats
    upper: Floats
    least: npt.NDArray[np.int8]
    most: npt.NDArray[np.int8]

    @classmethod
    def choosing(cls, count: int | None, n_sites: int) -> SiteRows:
        """Return the rows that ask for `count` of `n_sites` sites (None: any number)."""
        n_rows = 0 if count is None else 1
        ends = np.full(n_rows, float(count or 0))
        return cls(
            sparse.csr_array(np.ones((n_rows, n_sites))),
            ends,
            ends.copy(),
            np.zeros(n_sites, np.int8),
            np.ones(n_sites, np.int8),
        )

    @property
    def n_sites(self) -> int:
        """Number of sites."""
        return int(self.matrix.shape[1])

    @property
    def counting(self) -> Flags:
        """Tell for each row whether it does nothing but count all sites."""
        full: Flags = np.diff(self.matrix.indptr) == self.n_sites
        for i in np.flatnonzero(full):
            full[i] = (
                self.matrix.data[self.matrix.indptr[i] : self.matrix.indptr[i + 1]] == 1
            ).all()
        return full

    @property
    def at_most(self) -> int:
        """How many sites can be open at most, as far as the rows that count them say."""
        ends = self.upper[self.counting]
        return int(min(ends.min(initial=np.inf), float(self.most.sum())))

    def hold(self, sites: Ints) -> bool:
        """Tell whether all conditions hold for the chosen `sites` (column numbers)."""
        chosen = np.zeros(self.n_sites)
        chosen[sites] = 1.0
        if (chosen < self.least).any() or (chosen > self.most).any():
            return False
        activity = self.matrix @ chosen
        slack = SLACK * np.maximum(1.0, np.abs(activity))
        return bool(((activity >= self.lower - slack) & (activity <= self.upper + slack)).all())

    def among(self, kept: Ints) -> SiteRows:
        """Return the conditions on the sites `kept` where all others stay closed."""
        return SiteRows(
            sparse.csr_array(self.matrix[:, kept]),
            self.lower,
            self.upper,
            self.least[kept],
            self.most[kept],
        )

    def with_some(self) -> SiteRows:
        """Return these conditions and, where they do not imply it, that some site is open."""
        if self.least.any() or (self.lower[self.counting] >= 1).any():
            return self
        return self.with_rows(
            sparse.csr_array(np.ones((1, self.n_sites))), np.ones(1), np.full(1, np.inf)
        )

    def with_reach(self, possible: Flags) -> SiteRows:
        """Return these conditions and one for each demand with impossible pairs: a possible site."""
        some = np.flatnonzero(~possible.all(axis=1))
        matrix = sparse.csr_array(possible[some].astype(float))
        return self.with_rows(matrix, np.ones(some.size), np.full(some.size, np.inf))

    def with_rows(self, matrix: sparse.csr_array, lower: Floats, upper: Floats) -> SiteRows:
        """Return these conditions and more rows."""
        return SiteRows(
            sparse.csr_array(sparse.vstack([self.matrix, matrix], format="csr")),
            np.concatenate([self.lower, lower]),
            np.concatenate([self.upper, upper]),
            self.least,
            self.most,
        )


@dataclass(frozen=True)
class Solved:
    """
    What a solver found.

    Parameters
    ----------
    sites
        Chosen columns, ascending; None where there is no (wanted) choice, or none was found.
    objective
        Recomputed from `sites`; NaN without sites.
    bound
        No choice that the conditions allow is better than this (below the objective where one
        minimises, above it where one maximises).
    proven
        The answer is settled: `sites` is an optimum (to 1e-9 of the objective), or there is none.
    stopped
        ``optimal``; ``infeasible``: no choice meets the conditions; ``cutoff``: none is as good as
        the cutoff; ``time`` or ``memory``: the best found so far.
    seconds
        Time taken [s].
    assignment
        Column of each demand row where the solver decides it (capacities), else None.
    notes
        Counts such as ``rounds``, ``rows`` and ``nodes``.
    """

    sites: Ints | None
    objective: float
    bound: float
    proven: bool
    stopped: Stopped
    seconds: float
    assignment: Ints | None = None
    notes: dict[str, Any] = field(default_factory=dict)
