"""All conditions of one question as rows over one set of 0/1 columns: the sites, and what hangs on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from siting.layout.conditions import Condition, incidence
from siting.layout.rows import Flags, Floats, Ints, SiteRows


@dataclass(frozen=True)
class World:
    """
    The sites and the columns that follow from them, what ties them together, and the conditions.

    Parameters
    ----------
    n_sites
        The first columns are the sites.
    width
        All columns; each lies in 0..1.
    whole
        Which columns take 0 or 1 only.
    matrix, lower, upper
        Rows that say what the other columns mean; they are no conditions and never give way.
    conditions
        What was asked.
    follows
        Columns beyond the sites x sites, 0/1: such a column is 1 where one of its sites is chosen;
        an empty row says nothing.
    """

    n_sites: int
    width: int
    whole: Flags
    matrix: sparse.csr_array
    lower: Floats
    upper: Floats
    conditions: tuple[Condition, ...]
    follows: sparse.csr_array

    def values(self, sites: Ints) -> Floats:
        """Return all columns where `sites` are chosen; who serves whom is left at 0."""
        chosen = np.zeros(self.n_sites)
        chosen[sites] = 1.0
        return np.concatenate([chosen, np.minimum(1.0, self.follows @ chosen)])

    def site_rows(self) -> SiteRows:
        """Return the conditions on sites alone, for the solvers."""
        least = np.zeros(self.n_sites, np.int8)
        most = np.ones(self.n_sites, np.int8)
        parts: list[tuple[sparse.csr_array, Floats, Floats]] = []
        for one in self.conditions:
            if one.apart:
                continue
            if one.kind in ("fixed", "existing") and one.matrix.nnz == 1:
                least[one.matrix.indices] = 1
            elif one.kind in ("forbidden", "allowed"):
                most[one.matrix.indices] = 0
            else:
                parts.append(one.tight or (one.matrix, one.lower, one.upper))
        rows = SiteRows.choosing(None, self.n_sites)
        rows = SiteRows(rows.matrix, rows.lower, rows.upper, least, most)
        if not parts:
            return rows
        stacked = stack([part[0] for part in parts], self.n_sites)
        return rows.with_rows(
            stacked,
            np.concatenate([part[1] for part in parts]),
            np.concatenate([part[2] for part in parts]),
        )

    def apart(self) -> tuple[sparse.csr_array, Floats, Floats]:
        """Return the rows that are not on sites alone, and those that say what columns mean."""
        parts = [one for one in self.conditions if one.apart]
        return (
            stack([self.matrix, *(one.matrix for one in parts)], self.width),
            np.concatenate([self.lower, *(one.lower for one in parts)]),
            np.concatenate([self.upper, *(one.upper for one in parts)]),
        )


def resized(matrix: sparse.csr_array, width: int) -> sparse.csr_array:
    """Return `matrix` with `width` columns; those beyond are empty."""
    kept = sparse.csr_array(matrix)
    return sparse.csr_array((kept.data, kept.indices, kept.indptr), shape=(kept.shape[0], width))


def stack(parts: Sequence[sparse.csr_array], width: int) -> sparse.csr_array:
    """Return matrices under each other, as wide as `width`."""
    return sparse.csr_array(sparse.vstack([resized(part, width) for part in parts], format="csr"))


class Columns:
    """The columns of a world as they are laid out, and the rows that give them their meaning."""

    def __init__(self, n_sites: int, world: World | None = None) -> None:
        self.n_sites = n_sites
        self.width = n_sites
        self._whole = [np.ones(n_sites, np.bool_)]
        self._parts: list[tuple[sparse.csr_array, Floats, Floats]] = []
        self._follows = [sparse.csr_array((0, n_sites))]
        if world is not None:  # more columns for a world that is there already
            self.width = world.width
            self._whole = [world.whole]
            self._parts = [(world.matrix, world.lower, world.upper)]
            self._follows = [world.follows]

    def _more(self, count: int, *, whole: bool) -> Ints:
        columns = np.arange(self.width, self.width + count)
        self.width += count
        self._whole.append(np.full(count, whole))
        return columns

    def _mean(self, matrix: sparse.csr_array, lower: float, upper: float) -> None:
        n = matrix.shape[0]
        self._parts.append((matrix, np.full(n, lower), np.full(n, upper)))

    def any_of(self, sets: Sequence[Ints]) -> Ints:
        """Add a column for each set of sites that is 1 where one of the set is chosen."""
        columns = self._more(len(sets), whole=True)
        owner = np.repeat(columns, [len(one) for one in sets])
        sites = np.concatenate([np.zeros(0, np.intp), *sets])
        self._follows.append(incidence(owner - columns[0], sites, len(sets), self.n_sites))
        rows = np.arange(sites.size)
        self._mean(
            incidence(rows, owner, rows.size, self.width)
            - incidence(rows, sites, rows.size, self.width),
            0.0,
            np.inf,
        )
        return columns

    def covered(self, covers: Flags) -> Ints:
        """Add a column for each row of `covers` that may be 1 where a site that covers it is chosen."""
        columns = self._more(len(covers), whole=False)
        rows, sites = np.nonzero(covers)
        self._follows.append(incidence(rows, sites, len(covers), self.n_sites))
        self._mean(
            incidence(rows, sites, len(covers), self.width)
            - incidence(np.arange(len(covers)), columns, len(covers), self.width),
            0.0,
            np.inf,
        )
        return columns

    def served(
        self, rows: Ints, sites: Ints, n_rows: int, *, all_rows: bool, whole: bool = True
    ) -> Ints:
        """Add a column for each pair (demand row, site): the site serves it, and is chosen."""
        columns = self._more(rows.size, whole=whole)
        self._follows.append(sparse.csr_array((rows.size, self.n_sites)))
        self._mean(incidence(rows, columns, n_rows, self.width), 1.0 if all_rows else -np.inf, 1.0)
        pairs = np.arange(rows.size)
        self._mean(
            incidence(pairs, sites, rows.size, self.width)
            - incidence(pairs, columns, rows.size, self.width),
            0.0,
            np.inf,
        )
        return columns

    def world(self, conditions: Sequence[Condition]) -> World:
        """Return the world of these columns under `conditions`."""
        empty = sparse.csr_array((0, self.width))
        return World(
            self.n_sites,
            self.width,
            np.concatenate(self._whole),
            stack([empty, *(part[0] for part in self._parts)], self.width),
            np.concatenate([np.zeros(0), *(part[1] for part in self._parts)]),
            np.concatenate([np.zeros(0), *(part[2] for part in self._parts)]),
            tuple(conditions),
            stack(self._follows, self.n_sites),
        )
