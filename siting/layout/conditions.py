"""The conditions that planners set, each with its words, its rows, and the way in which it may give."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy import sparse

from siting.layout.labels import Words
from siting.layout.rows import Flags, Floats, Ints


@dataclass(frozen=True)
class Ease:
    """
    How a condition gives way: by t >= 0 units at `price` each.

    Parameters
    ----------
    give
        What one unit adds to the upper end of each row, and takes off the lower end.
    words
        The words of the eased condition, from its new number; a named function, so that a layout can
        be pickled.
    asked
        Its number as it was asked.
    step
        What one unit adds to that number.
    price
        Weight of one unit among the changes of several conditions.
    most
        Largest t.
    whole
        Whether t is a whole number.
    levels
        The new number that each row asks for where it is broken, or None where `number` tells it.
    """

    give: Floats
    words: Callable[[float], Words]
    asked: float
    step: float
    price: float = 1.0
    most: float = np.inf
    whole: bool = True
    levels: Floats | None = None

    def number(self, t: float) -> float:
        """Return the new number, rounded so that the eased condition still holds."""
        new = self.asked + self.step * t
        rounded = round(new, 6)
        short = (rounded - new) * np.sign(self.step) < -1e-12 * abs(new)
        return float(rounded + np.sign(self.step) * 1e-6 if short else rounded)


@dataclass(frozen=True)
class Condition:
    """
    One condition that was set: ``lower <= matrix @ columns <= upper``.

    Parameters
    ----------
    kind
        ``count fixed forbidden existing allowed group_min group_max cluster_min cluster_max
        place_max spacing same_point reach served radius capacity floor``.
    words
        What it asks, in Chinese and English.
    key
        The site, group, cluster or number that it is about.
    matrix, lower, upper
        Rows over the columns of the world: the sites first.
    ease
        How it may give way; None: it cannot.
    tight
        The same condition for whole sites in fewer and stronger rows, or None.
    apart
        True where a model sees to the condition itself, or its rows use more than sites.
    """

    kind: str
    words: Words
    key: object
    matrix: sparse.csr_array
    lower: Floats
    upper: Floats
    ease: Ease | None = None
    tight: tuple[sparse.csr_array, Floats, Floats] | None = None
    apart: bool = False


def incidence(rows: Ints, columns: Ints, n_rows: int, width: int) -> sparse.csr_array:
    """Return the 0/1 matrix with ones at (`rows`, `columns`)."""
    ones = np.ones(len(rows))
    return sparse.csr_array((ones, (rows, columns)), shape=(n_rows, width))


def _exactly(noun: tuple[str, str], n: float) -> Words:
    return Words(f"恰好选 {n:g} 个{noun[0]}", f"choose exactly {n:g} {noun[1]}")


def count(p: int, columns: Ints, width: int, noun: tuple[str, str]) -> Condition:
    """Return the condition that exactly `p` of `columns` are chosen."""
    words = partial(_exactly, noun)
    zero = np.zeros(len(columns), np.intp)
    matrix = incidence(zero, columns, 1, width)
    ease = Ease(np.ones(1), words, p, 1.0)  # t is below 0 where fewer are chosen
    return Condition("count", words(p), p, matrix, np.array([p]), np.array([p]), ease)


def total(
    kind: str,
    words: Callable[[float], Words],
    key: object,
    columns: Ints,
    width: int,
    *,
    least: float | None = None,
    most: float | None = None,
    once: bool = False,
    firm: bool = False,
) -> Condition:
    """
    Return the condition that at least `least`, or at most `most`, of `columns` are chosen.

    `once`: it is given up or kept, such as a fixed site; `firm`: it does not give way.
    """
    asked, step = (least, -1.0) if least is not None else (most, 1.0)
    assert asked is not None
    top = 1.0 if once else asked if least is not None else np.inf
    return Condition(
        kind,
        words(asked),
        key,
        incidence(np.zeros(len(columns), np.intp), columns, 1, width),
        np.array([-np.inf if least is None else float(least)]),
        np.array([np.inf if most is None else float(most)]),
        None if firm else Ease(np.ones(1), words, asked, step, most=top),
    )


def each(
    kind: str,
    words: Callable[[float], Words],
    sets: Iterable[Ints],
    width: int,
    most: int,
    *,
    key: object = None,
    once: bool = False,
) -> Condition:
    """Return the one condition that each of many sets of columns has at most `most` chosen."""
    parts = list(sets)
    rows = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    columns = np.concatenate([np.zeros(0, np.intp), *parts])
    matrix = incidence(rows, columns, len(parts), width)
    ends = np.full(len(parts), float(most))
    ease = Ease(np.ones(len(parts)), words, most, 1.0, most=1.0 if once else np.inf)
    return Condition(kind, words(most), key, matrix, np.full(len(parts), -np.inf), ends, ease)


def switch(
    kept: tuple[str, str], given_up: tuple[str, str], asked: float
) -> Callable[[float], Words]:
    """Return the words of a condition that is kept (at `asked`) or given up."""
    return partial(_switched, kept, given_up, asked)


def _switched(kept: tuple[str, str], given_up: tuple[str, str], asked: float, now: float) -> Words:
    return Words(*(kept if now == asked else given_up))


def fixed(columns: Ints, name: str, key: object, width: int) -> Condition:
    """Return the condition that a site is chosen (or one of `columns`: a place alone)."""
    words = switch(
        (f"{name} 固定入选", f"{name} is fixed"),
        (f"不再固定 {name}", f"{name} is no longer fixed"),
        1,
    )
    return total("fixed", words, key, columns, width, least=1, once=True)


def forbidden(columns: Ints, name: str, key: object, width: int) -> Condition:
    """Return the condition that a site (or any of `columns`) is not chosen."""
    words = switch(
        (f"{name} 不得入选", f"{name} is forbidden"), (f"允许 {name}", f"{name} is allowed"), 0
    )
    return each("forbidden", words, columns[:, None], width, 0, key=key, once=True)


def allowed(columns: Ints, words: Words, name: str, key: object, width: int) -> Condition:
    """Return the condition that a cluster has no zone in `columns`, for which no score is given."""
    return total("allowed", partial(_more, words, name), key, columns, width, most=0)


def _more(words: Words, name: str, n: float) -> Words:
    if n == 0:
        return words
    return Words(f"{name} 另允许 {n:g} 个地区", f"{name} is allowed in {n:g} more places")


def existing(columns: Ints, name: str, key: object, width: int) -> Condition:
    """Return the condition that one site is open already; a fact, which does not give way."""
    there = (f"{name} 已建成", f"{name} is there already")
    return total("existing", switch(there, there, 1), key, columns, width, least=1, firm=True)


def reach(reached: Flags, name: str, key: object, width: int) -> Condition:
    """Return the condition that a demand has an open site that it can reach."""
    words = switch(
        (f"{name} 须有可达的点", f"{name} must reach a site"),
        (f"{name} 可以不可达", f"{name} may stay unreached"),
        1,
    )
    return total("reach", words, key, np.flatnonzero(reached), width, least=1, once=True)
