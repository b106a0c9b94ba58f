"""How often chance does as much around one place: its neighbours' values drawn from all others."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, combinations, permutations
from math import comb, perm
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from siting.chance.arranging import DRAWS, ENUMERATED
from siting.chance.counting import whole_number
from siting.chance.permuting import PERMUTATIONS, Counts, Draws, Floats, Tails

_CELLS = 4_000_000  # numbers held at a time
_ALPHA = 0.05


@dataclass(frozen=True)
class _Question:
    """Values and links, the sums observed, and which rows weigh all neighbours alike."""

    x: Floats
    links: Any  # csr; the largest weight of each row is 1
    sums: Floats
    degree: npt.NDArray[Any]
    even: npt.NDArray[np.bool_]
    slack: float


def neighbour_tails(
    values: npt.ArrayLike,
    neighbours: Any,
    *,
    draws: Draws = "auto",
    seed: int = 0,
    slack: float = 0.0,
) -> Tails:
    """
    Return how often as many other places, chosen blindly, sum to as much as the neighbours do.

    Parameters
    ----------
    values
        One number for each place.
    neighbours : sparse matrix, places x places
        Weights above 0; no place is its own neighbour. Only the proportions within a row matter.
    draws
        ``auto`` counts every set of neighbours of a place if there are at most `ENUMERATED`, and
        draws otherwise `PERMUTATIONS`, or `DRAWS` where the places are so many that the fewer draws
        could not carry a single finding through `false_discovery` at 0.05; a number draws that many.
    seed
        Of the draws.
    slack
        Sums, each in units of the largest weight of its row, that differ by no more count as equal.

    Returns
    -------
    Tails
        One entry for each place; a place without neighbours has nothing to arrange.

    Raises
    ------
    InputError
        If `draws` or `seed` is no whole number of at least 0.

    Notes
    -----
    The place keeps its value; its k neighbours are any k of the other n - 1 places, C(n - 1, k) sets,
    each as likely as any other. Where the weights of a row differ, it matters which value meets
    which weight, and the ordered lists are counted instead.

    Drawn are lists of k_max + 1 distinct places, once for all places together: for a place with k
    neighbours the first k of a list count, and where they hold the place itself, the next one
    stands in for it. That is again any k of the others with equal chances. So the sums are sorted
    once for each k, and only the few lists that hold a place are corrected for it.

    References
    ----------
    Anselin, L. (1995). Local Indicators of Spatial Association. Geographical Analysis 27(2),
    93-115, p. 96 (conditional randomisation).

    Examples
    --------
    Values 9 5 1 0; the first has the second as its one neighbour: of 5, 1, 0 one reaches 5.

    >>> links = sparse.csr_array(([1.0], ([0], [1])), shape=(4, 4))
    >>> neighbour_tails([9, 5, 1, 0], links).p("greater").round(3).tolist()
    [0.333, nan, nan, nan]
    """
    seeded = whole_number(seed, "seed")
    ask = _question(np.asarray(values, dtype="float64"), neighbours, slack)
    linked = ask.degree > 0
    listed = linked & _enumerable(ask) if draws == "auto" else np.zeros_like(linked)
    asked = _enough(linked.sum()) if draws == "auto" else whole_number(draws, "draws")
    counts = np.ones((4, linked.size), dtype="int64")
    total = np.where(linked, asked + 1, 0)
    if listed.any():
        counts[:, listed], total[listed] = _every(ask, listed)
    drawn = linked & ~listed
    if drawn.any():
        counts[:2, drawn] += _drawn(ask, drawn, asked, seeded)[:, drawn]
    above, below, top, bottom = counts
    return Tails(above, below, top, bottom, total, listed)


def _question(x: Floats, neighbours: Any, slack: float) -> _Question:
    """Return the rows with their largest weight made 1, and what they sum to."""
    rows = sparse.csr_array(neighbours, dtype="float64")
    degree = np.diff(rows.indptr)
    linked = degree > 0
    starts = rows.indptr[:-1][linked]
    weights, even = rows.data, np.ones(x.size, dtype=bool)
    if linked.any():
        weights = weights / np.repeat(np.maximum.reduceat(weights, starts), degree[linked])
        even[linked] = np.minimum.reduceat(weights, starts) > 1 - 1e-12
        weights[np.repeat(even, degree)] = 1.0
    links = sparse.csr_array((weights, rows.indices, rows.indptr), shape=rows.shape)
    return _Question(x, links, links @ x, degree, even, slack)


def _enough(tests: int) -> int:
    """Return how many draws let one finding of `tests` two-sided tests pass at 0.05, if any do."""
    return PERMUTATIONS if 2 * tests <= _ALPHA * (PERMUTATIONS + 1) else DRAWS


def _enumerable(ask: _Question) -> npt.NDArray[np.bool_]:
    """Return for each place whether its sets of neighbours are few enough to count."""
    kinds = list(zip(ask.degree.tolist(), ask.even.tolist(), strict=True))
    few = {
        (k, even): (comb if even else perm)(ask.x.size - 1, k) <= ENUMERATED
        for k, even in set(kinds)
    }
    return np.array([few[kind] for kind in kinds])


def _every(ask: _Question, listed: npt.NDArray[np.bool_]) -> tuple[Counts, Counts]:
    """Count every set of neighbours of each listed place: 4 counts by place, and the totals."""
    counts, totals = [], []
    choices: dict[tuple[int, bool], npt.NDArray[np.int32]] = {}
    for i in np.flatnonzero(listed):
        k, even = int(ask.degree[i]), bool(ask.even[i])
        if (k, even) not in choices:
            choices[k, even] = _choices(ask.x.size - 1, k, even=even)
        chosen = choices[k, even]
        others = np.delete(ask.x, i)
        found = np.zeros(chosen.shape[1])
        weights = ask.links.data[ask.links.indptr[i] :]
        for row, weight in zip(chosen, weights, strict=False):
            found += weight * others[row]
        if len(chosen) < k:  # those left out were listed
            found = others.sum() - found
        counts.append(
            [
                (found >= ask.sums[i] - ask.slack).sum(),
                (found <= ask.sums[i] + ask.slack).sum(),
                (found >= found.max() - ask.slack).sum(),
                (found <= found.min() + ask.slack).sum(),
            ]
        )
        totals.append(found.size)
    return np.array(counts, dtype="int64").T, np.array(totals, dtype="int64")


def _choices(others: int, k: int, *, even: bool) -> npt.NDArray[np.int32]:
    """Return every choice in a column: sets of k or, if fewer, of those left out; or ordered lists."""
    k = min(k, others - k) if even else k
    ways, count = (combinations, comb) if even else (permutations, perm)
    n = count(others, k)
    flat = chain.from_iterable(ways(range(others), k))
    listed = np.fromiter(flat, dtype="int32", count=n * k).reshape(n, k)
    return np.ascontiguousarray(listed.T)


def _drawn(ask: _Question, drawn: npt.NDArray[np.bool_], draws: int, seed: int) -> Counts:
    """Count, for each drawn place, the shared lists whose first k reach its sum: above and below."""
    x, links, degree = ask.x, ask.links, ask.degree
    even, uneven = drawn & ask.even, np.flatnonzero(drawn & ~ask.even)
    random = np.random.default_rng(seed)
    size = int(degree[drawn].max()) + 1
    low, high = ask.sums - ask.slack, ask.sums + ask.slack
    counts = np.zeros((2, x.size), dtype="int64")
    for lists in _lists(random, x.size, size, draws):
        held = x[lists]
        upto = np.zeros((size + 1, lists.shape[1]))
        np.cumsum(held, axis=0, out=upto[1:])
        for k in np.unique(degree[even]):
            places = np.flatnonzero(even & (degree == k))
            ordered = np.sort(upto[k])
            counts[0, places] += ordered.size - np.searchsorted(ordered, low[places], "left")
            counts[1, places] += np.searchsorted(ordered, high[places], "right")
        # The lists that hold the place itself: the next one stands in for it.
        reach = np.where(even, degree, 0)
        at, which = np.nonzero(np.arange(size)[:, None] < reach[lists])
        place = lists[at, which]
        was = upto[degree[place], which]
        now = was - x[place] + held[degree[place], which]
        for row, change in enumerate(
            (
                (now >= low[place]).astype("float64") - (was >= low[place]),
                (now <= high[place]).astype("float64") - (was <= high[place]),
            )
        ):
            counts[row] += np.bincount(place, change, x.size).astype("int64")
        for i in uneven:
            k, weights = degree[i], links.data[links.indptr[i] : links.indptr[i + 1]]
            found = weights @ held[:k]
            at, which = np.nonzero(lists[:k] == i)
            found[which] += weights[at] * (held[k, which] - x[i])
            counts[:, i] += [(found >= low[i]).sum(), (found <= high[i]).sum()]
    return counts


def _lists(random: np.random.Generator, n: int, size: int, draws: int) -> Any:
    """Yield lists of `size` distinct places of n, one in a column, some at a time."""
    few = size * size <= 4 * n  # then it is quicker to draw one by one than to shuffle all
    step = max(1, _CELLS // (size if few else n))
    for start in range(0, draws, step):
        columns = min(step, draws - start)
        if not few:
            all_places = np.tile(np.arange(n), (columns, 1))
            yield np.ascontiguousarray(random.permuted(all_places, axis=1)[:, :size].T)
            continue
        lists = np.empty((size, columns), dtype="int64")
        for j in range(size):
            pick = random.integers(0, n - j, columns)
            for taken in np.sort(lists[:j], axis=0):  # the pick counts only places not yet taken
                pick += pick >= taken
            lists[j] = pick
        yield lists
