"""How often chance does as much: the values moved over all places, every way counted or many drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, combinations, islice
from math import comb, prod
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from siting.chance.arranging import ENUMERATED
from siting.chance.counting import whole_number

Counts = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Draws = int | Literal["auto"]

PERMUTATIONS = 9_999  # drawn where nothing else is said
_CELLS = 50_000  # numbers held at a time; so few stay in the cache of the processor
_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Tails:
    """
    How many arrangements reach what was observed; one entry for each test.

    Parameters
    ----------
    above, below
        Arrangements [count] whose statistic is at least, or at most, the one observed; ties count
        in both. Where arrangements are drawn, the one observed counts as one of them.
    top, bottom
        Arrangements [count] that reach the largest, or the smallest, value there is; 1 where they
        are drawn.
    total
        Arrangements [count] in all; 0 where there is nothing to arrange.
    exact
        True where every arrangement was counted.
    """

    above: Counts
    below: Counts
    top: Counts
    bottom: Counts
    total: Counts
    exact: npt.NDArray[np.bool_]

    def p(self, alternative: str) -> Floats:
        """Return the p-values: ``greater``, ``less``, or ``two-sided``; NaN where `total` is 0."""
        return _shares(self.above, self.below, self.total, alternative)

    def p_smallest(self, alternative: str) -> Floats:
        """Return the least p that any arrangement, or so many draws, could have given."""
        return _shares(self.top, self.bottom, self.total, alternative)


def rearrangement_tails(
    values: npt.ArrayLike,
    statistic: Callable[[Floats], Floats],
    *,
    draws: Draws = "auto",
    seed: int = 0,
    slack: float = 0.0,
) -> Tails:
    """
    Return how many arrangements of the values over the places reach the statistic observed.

    Parameters
    ----------
    values
        One number for each place.
    statistic
        Takes a matrix, places x arrangements, and returns one row for each statistic and one column
        for each arrangement.
    draws
        ``auto`` counts every distinct arrangement if there are at most `ENUMERATED`, and draws
        `PERMUTATIONS` otherwise; a number draws that many.
    seed
        Of the draws.
    slack
        Statistics that differ by no more count as equal.

    Returns
    -------
    Tails
        One entry for each statistic.

    Raises
    ------
    InputError
        If `draws` or `seed` is no whole number of at least 0.

    Notes
    -----
    Places with equal values may change them without anything changing, so only distinct
    arrangements are counted: n! / (m1! m2! ...) with m the times that each value occurs. All are
    equally likely.

    References
    ----------
    Phipson, B. and Smyth, G. K. (2010). Permutation P-values Should Never Be Zero. Statistical
    Applications in Genetics and Molecular Biology 9(1), article 39, eq. 2.

    Examples
    --------
    Three places in a row, values 1 0 0: the first place holds the 1 in one of 3 arrangements.

    >>> tails = rearrangement_tails([1, 0, 0], lambda x: x[:1])
    >>> tails.p("greater") == 1 / 3, tails.total.tolist(), tails.exact.tolist()
    (array([ True]), [3], [True])
    """
    x = np.asarray(values, dtype="float64")
    seeded = whole_number(seed, "seed")
    distinct, codes = np.unique(x, return_inverse=True)
    ways = _ways(np.bincount(codes)) if draws == "auto" else ENUMERATED + 1
    exact = ways <= ENUMERATED
    asked = PERMUTATIONS if draws == "auto" else whole_number(draws, "draws")
    observed = np.atleast_2d(statistic(x[:, None]))[:, :1]
    blocks = _all_of(np.bincount(codes), distinct) if exact else _drawn(x, asked, seeded)
    counts = np.zeros((2, len(observed)), dtype="int64")
    found = []  # of each arrangement, only where all are counted: for the largest and the smallest
    for block in blocks:
        reached = np.atleast_2d(statistic(np.ascontiguousarray(block.T)))
        counts[0] += (reached >= observed - slack).sum(axis=1)
        counts[1] += (reached <= observed + slack).sum(axis=1)
        if exact:
            found.append(reached)
    flags = np.full(len(observed), exact)
    if not exact:
        one = np.ones(len(observed), dtype="int64")
        return Tails(counts[0] + 1, counts[1] + 1, one, one, one * (asked + 1), flags)
    every = np.concatenate(found, axis=1)
    return Tails(
        above=counts[0],
        below=counts[1],
        top=(every >= every.max(axis=1, keepdims=True) - slack).sum(axis=1),
        bottom=(every <= every.min(axis=1, keepdims=True) + slack).sum(axis=1),
        total=np.full(len(observed), ways),
        exact=flags,
    )


def whole_values(values: npt.ArrayLike) -> Floats | None:
    """
    Return the values less their minimum as whole numbers, or None if they are not decimals.

    Parameters
    ----------
    values
        Finite numbers.

    Returns
    -------
    ndarray or None
        Whole numbers of at least 0, as floats, in the same order and the same proportions; sums of
        them are exact and so are ties. None if the values have more than 6 decimals or 9 digits.

    Examples
    --------
    0.1 + 0.2 and 0.3 are one value, though not one double.

    >>> whole_values([0.1 + 0.2, 0.3, 1.25]).tolist()
    [0.0, 0.0, 95.0]
    """
    x = np.asarray(values, dtype="float64")
    for decimals in range(_DECIMALS + 1):
        scaled = x * 10.0**decimals
        size = np.abs(scaled).max(initial=0.0)
        if size > 1e9:
            return None
        near = np.rint(scaled)
        if (np.abs(scaled - near) <= 1e-14 * size).all():
            return np.asarray(near - near.min(initial=np.inf))
    return None


def _shares(above: Counts, below: Counts, total: Counts, alternative: str) -> Floats:
    """Return counts of one tail, or twice the smaller of both, as shares of the total."""
    of_one = {"greater": above, "less": below, "two-sided": 2 * np.minimum(above, below)}
    count = np.minimum(of_one[alternative], total).astype("float64")
    shares = np.full(count.shape, np.nan)
    np.divide(count, total, out=shares, where=total > 0)
    return shares


def _ways(counts: npt.NDArray[Any]) -> int:
    """Return how many distinct arrangements there are of values that occur so many times."""
    ends = np.cumsum(counts).tolist()
    return prod(comb(end, count) for end, count in zip(ends, counts.tolist(), strict=True))


def _drawn(x: Floats, draws: int, seed: int) -> Iterator[Floats]:
    """
    Yield random arrangements, one in a row, some at a time.

    Random keys, each ending in the number of its place, are put in order: an order in which all are
    equally likely, the same on every machine, and faster than shuffling. No two keys are equal, and
    what comes before the number is in 217 places the same for two of them once in 3e12 draws.
    """
    random = np.random.default_rng(seed)
    rows = max(1, _CELLS // max(1, x.size))
    place = np.arange(x.size, dtype=np.uint64)
    end = np.uint64((1 << x.size.bit_length()) - 1)
    for start in range(0, draws, rows):
        shape = (min(rows, draws - start), x.size)
        keys = random.integers(0, 1 << 64, shape, dtype=np.uint64)
        keys &= ~end
        keys |= place
        keys.sort(axis=1)
        keys &= end
        yield x[keys.view(np.int64)]


def _all_of(counts: npt.NDArray[Any], distinct: Floats) -> Iterator[Floats]:
    """Yield every distinct arrangement, one in a row: the commonest value fills what is left."""
    order = np.argsort(counts, kind="stable")[::-1]
    n = int(counts.sum())
    first = np.full((1, n), distinct[order[0]])
    free = np.arange(n)[None, :]
    others = [(float(distinct[i]), int(counts[i])) for i in order[1:]]
    yield from _placed(first, free, others)


def _placed(
    rows: Floats, free: npt.NDArray[Any], others: list[tuple[float, int]]
) -> Iterator[Floats]:
    """Put each other value on every choice of the places that are still free in each row."""
    if not others:
        yield rows
        return
    (value, times), *rest = others
    m, n = rows.shape
    choices = combinations(range(free.shape[1]), times)
    while block := list(islice(choices, max(1, _CELLS // (m * n)))):
        flat = chain.from_iterable(block)
        chosen = np.fromiter(flat, dtype="intp", count=len(block) * times).reshape(-1, times)
        kept = np.ones((len(block), free.shape[1]), dtype=bool)
        kept[np.arange(len(block))[:, None], chosen] = False
        left = np.nonzero(kept)[1].reshape(len(block), -1)
        filled = np.repeat(rows, len(block), axis=0)
        where = free[:, chosen].reshape(-1, times)
        filled[np.arange(len(filled))[:, None], where] = value
        yield from _placed(filled, free[:, left].reshape(len(filled), -1), rest)
