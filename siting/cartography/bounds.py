"""The classes of numbers, and bounds for the legend that hold every value of their class."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from itertools import pairwise

import pandas as pd

from siting.colours import Classes, Scheme, classify

_Span = tuple[Decimal, Decimal]


def parted(
    numbers: pd.Series, *, classes: int, scheme: Scheme, neutral: float | None = None
) -> Classes:
    """
    Put numbers into classes, none of which reaches over the neutral value.

    Parameters
    ----------
    numbers
        Numbers; a missing one gets the code -1.
    classes
        Most classes; with values on both sides of `neutral` one for each side at least.
    scheme
        As for `siting.colours.classify`, on each side of `neutral` by itself.
    neutral
        The value that says neither much nor little; where it is found it ends the class below.

    Examples
    --------
    >>> found = parted(pd.Series([0.5, 0.9, 1.0008, 2.0]), classes=2, scheme="equal", neutral=1)
    >>> found.codes, found.ranges
    ([0, 0, 1, 1], [(0.5, 0.9), (1.0008, 2.0)])
    """
    low = numbers.where(numbers <= neutral) if neutral is not None else numbers
    below, known = int(low.notna().sum()), int(numbers.notna().sum())
    if below in (0, known):
        return classify(numbers, classes=classes, scheme=scheme)
    share = min(max(round(classes * below / known), 1), max(classes - 1, 1))
    one = classify(low, classes=share, scheme=scheme)
    high = numbers.where(low.isna())
    other = classify(high, classes=max(classes - share, 1), scheme=scheme)
    shift = len(one.ranges)
    codes = [b + shift if b >= 0 else a for a, b in zip(one.codes, other.codes, strict=True)]
    rule = "unique" if one.rule == other.rule == "unique" else scheme
    return Classes(codes, one.ranges + other.ranges, one.counts + other.counts, rule)


def spans(
    ranges: Sequence[tuple[float, float]], neutral: float | None = None
) -> list[tuple[str, str]]:
    """
    Return the bounds of each class as text: rounded outwards, and apart from those of the others.

    Parameters
    ----------
    ranges
        Least and greatest value of each class, the least class first.
    neutral
        A value that ends one class and begins the next, where it lies between two.

    Returns
    -------
    spans
        With as few digits (three at least) as keep the classes apart. A class of one value alone
        has that value, rounded, as both of its bounds.

    Examples
    --------
    >>> spans([(0.86789, 0.9932), (1.0008, 1.1348)])
    [('0.867', '0.994'), ('1', '1.14')]
    >>> spans([(0.86789, 0.9932), (1.0008, 1.1348)], 1)
    [('0.867', '1'), ('1', '1.14')]
    >>> spans([(1.0001, 1.0002), (1.0003, 1.0003)])
    [('1.0001', '1.0002'), ('1.0003', '1.0003')]
    """
    limit = None if neutral is None else Decimal(repr(float(neutral)))
    found: list[_Span] = []
    for digits in range(3, 18):
        found = [_outward(span, digits) for span in ranges]
        for i, (one, other) in enumerate(pairwise(ranges)):
            if neutral is not None and limit is not None and one[1] <= neutral < other[0]:
                found[i] = _reaching(one, found[i], 1, limit)
                found[i + 1] = _reaching(other, found[i + 1], 0, limit)
        beside = any(
            low == high == limit and values[0] != neutral
            for values, (low, high) in zip(ranges, found, strict=True)
        )
        if not beside and all(_apart(one, other, limit) for one, other in pairwise(found)):
            break
    return [(_text(low), _text(high)) for low, high in found]


def _outward(span: tuple[float, float], digits: int) -> _Span:
    """Return the least and greatest value, rounded outwards; one value alone to the nearest."""
    ways = (ROUND_FLOOR, ROUND_CEILING) if span[0] < span[1] else (ROUND_HALF_EVEN,) * 2
    low, high = (_rounded(end, digits, way) for end, way in zip(span, ways, strict=True))
    return low, high


def _rounded(number: float, digits: int, way: str) -> Decimal:
    """Return a number with so many significant digits; whole units are kept up to 15 digits."""
    exact = Decimal(repr(float(number)))
    step = exact.adjusted() - digits + 1
    if exact.adjusted() <= 14:
        step = min(step, 0)
    return exact.quantize(Decimal(1).scaleb(step), way) if exact else Decimal(0)


def _reaching(values: tuple[float, float], span: _Span, end: int, limit: Decimal) -> _Span:
    """Return the bounds of several values with the neutral value at one end."""
    if values[0] == values[1]:
        return span
    return (span[0], limit) if end else (limit, span[1])


def _apart(one: _Span, other: _Span, limit: Decimal | None) -> bool:
    """Whether no number is within both bounds, the neutral value between two ranges left out."""
    if one[1] != other[0]:
        return one[1] < other[0]
    return one[1] == limit and other[0] < other[1]


def _text(number: Decimal) -> str:
    if number and not -5 <= number.adjusted() <= 14:
        return f"{number.normalize():e}"
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
