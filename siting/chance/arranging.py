"""Do the chosen places hold more than as many places chosen blindly: every arrangement counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, combinations, islice
from math import comb, fsum
from typing import Any, Literal, NoReturn

import numpy as np
import numpy.typing as npt
import pandas as pd

from siting.chance.counting import whole_number
from siting.errors import InputError, stop

ENUMERATED = 1_000_000  # arrangements that are counted one by one; above, they are drawn
DRAWS = 99_999
_CELLS = 1_000_000  # numbers held at a time


@dataclass(frozen=True, slots=True)
class PermutationTest:
    """
    The answer of `permutation_p`.

    Parameters
    ----------
    p
        Probability [0..1]; NaN where there is nothing to choose.
    method
        ``exact``, ``monte-carlo`` or ``undefined``.
    n_arrangements
        Arrangements counted: all of them, or the draws and the one observed.
    statistic, expected
        Mean of the chosen minus mean of the others, and its mean by chance, which is 0.
    p_smallest
        The least p that any choice of as many places could have had with these values; where
        they are drawn, the least that so many draws can give.
    alternative, seed
        As asked; `seed` is None where nothing was drawn.
    reason
        Why there is no p, in Chinese and English; else empty.
    """

    p: float
    method: Literal["exact", "monte-carlo", "undefined"]
    n_arrangements: int
    statistic: float
    expected: float
    p_smallest: float
    alternative: str
    seed: int | None
    reason: str = ""


def permutation_p(
    values: pd.Series | npt.ArrayLike,
    chosen: pd.Series | npt.ArrayLike,
    *,
    alternative: Literal["greater", "less", "two-sided"] = "greater",
    draws: int | Literal["auto"] = "auto",
    seed: int = 0,
) -> PermutationTest:
    """
    Return the chance that as many places, chosen blindly, hold as much as the chosen ones do.

    Parameters
    ----------
    values
        One finite number for each place.
    chosen
        True or 1 for the places in question, False or 0 for the others. Two Series are matched by
        label; otherwise both are in the same order.
    alternative
        ``greater``: the chosen hold more; ``less``; or ``two-sided``, twice the smaller of the two,
        at most 1.
    draws
        ``auto`` counts every arrangement if there are at most `ENUMERATED`, and draws `DRAWS` of
        them otherwise; a number draws that many.
    seed
        Of the draws.

    Returns
    -------
    PermutationTest

    Raises
    ------
    InputError
        If a value is missing or not finite, a mark is neither 0 nor 1, the two do not belong
        together, or there are no draws.

    Notes
    -----
    With the number k of chosen places fixed, the difference of means grows with the sum over the
    chosen, so sums are compared. Whole numbers are summed exactly; other sums count as equal when
    they differ by less than 1e-12 of the sum of all sizes, so that rounding cannot part ties. Of R
    draws, r of which reach the observed sum, p = (r + 1) / (R + 1). The order of the places does not
    matter. None or all chosen: nothing to compare, p is NaN.

    References
    ----------
    Pitman, E. J. G. (1937). Significance Tests Which May Be Applied to Samples from Any
    Populations. Supplement to the Journal of the Royal Statistical Society 4(1), 119-130. Phipson,
    B. and Smyth, G. K. (2010). Permutation P-values Should Never Be Zero. Statistical Applications
    in Genetics and Molecular Biology 9(1), article 39, eq. 2.

    Examples
    --------
    The two largest of four: one of C(4, 2) = 6 arrangements reaches 3 + 4; 3.5 - 1.5 = 2.

    >>> test = permutation_p([1, 2, 3, 4], [0, 0, 1, 1])
    >>> test.p == 1 / 6, test.statistic, test.n_arrangements, test.method
    (True, 2.0, 6, 'exact')
    """
    if alternative not in ("greater", "less", "two-sided"):
        _refuse(
            "alternative", alternative, "greater、less 或 two-sided", "greater, less, two-sided"
        )
    if draws != "auto" and whole_number(draws, "draws") == 0:
        _refuse("draws", draws, "auto 或正整数", "auto or a positive whole number")
    numbers, marks = _values_and_marks(values, chosen)
    n, k = numbers.size, int(marks.sum())
    seeded = whole_number(seed, "seed")
    if k in (0, n):
        reason = "没有选中与未选中之分 / none or all are chosen"
        nan = np.nan
        return PermutationTest(nan, "undefined", 0, nan, nan, nan, alternative, None, reason)
    exact = draws == "auto" and comb(n, k) <= ENUMERATED
    # The smaller of the two groups says as much, with the signs changed.
    sign = 1 if 2 * k <= n else -1
    group = marks if sign == 1 else ~marks
    ordered = np.sort(numbers * sign)
    observed = _exact_sum(numbers[group] * sign)
    slack = 0.0 if numbers.dtype == np.int64 else 1e-12 * fsum(np.abs(numbers))
    most, least = _exact_sum(ordered[-group.sum() :]), _exact_sum(ordered[: group.sum()])
    total = comb(n, k) if exact else (DRAWS if draws == "auto" else whole_number(draws, "draws"))
    counts = np.zeros(4, dtype="int64")  # at or above, at or below, at the top, at the bottom
    for sums in _sums(ordered, int(group.sum()), None if exact else total, seeded):
        counts += [
            (sums >= observed - slack).sum(),
            (sums <= observed + slack).sum(),
            (sums >= most - slack).sum(),
            (sums <= least + slack).sum(),
        ]
    if not exact:
        counts, total = np.array([counts[0] + 1, counts[1] + 1, 1, 1]), total + 1
    above, below, top, bottom = (int(count) / total for count in counts)
    p, smallest = {
        "greater": (above, top),
        "less": (below, bottom),
        "two-sided": (min(1.0, 2 * min(above, below)), min(1.0, 2 * min(top, bottom))),
    }[alternative]
    return PermutationTest(
        p=p,
        method="exact" if exact else "monte-carlo",
        n_arrangements=total,
        statistic=fsum(numbers[marks]) / k - fsum(numbers[~marks]) / (n - k),
        expected=0.0,
        p_smallest=smallest,
        alternative=alternative,
        seed=None if exact else seeded,
    )


def _sums(
    values: npt.NDArray[Any], k: int, draws: int | None, seed: int
) -> Iterator[npt.NDArray[Any]]:
    """Yield the sums of all choices of k values, or of that many draws, some at a time."""
    rows = max(1, _CELLS // values.size)
    if draws is None:
        choices = combinations(range(values.size), k)
        while block := list(islice(choices, rows)):
            places = np.fromiter(chain.from_iterable(block), dtype="intp", count=len(block) * k)
            yield values[places].reshape(-1, k).sum(axis=1)
        return
    random = np.random.default_rng(seed)
    for start in range(0, draws, rows):
        keys = random.random((min(rows, draws - start), values.size))
        yield values[np.argpartition(keys, k - 1, axis=1)[:, :k]].sum(axis=1)


def _exact_sum(values: npt.NDArray[Any]) -> float:
    """Return the sum: of whole numbers a whole number, of others rounded once."""
    return int(values.sum()) if values.dtype == np.int64 else fsum(values)


def _values_and_marks(values: Any, chosen: Any) -> tuple[npt.NDArray[Any], npt.NDArray[np.bool_]]:
    """Return the two in the same order: whole numbers as int64, others as float64, and marks."""
    if isinstance(values, pd.Series) and isinstance(chosen, pd.Series):
        one_each = values.index.is_unique and chosen.index.is_unique
        if not one_each or set(values.index) != set(chosen.index):
            _refuse(
                "chosen", "index", "与 values 相同且不重复的编号", "the labels of values, once each"
            )
        chosen = chosen.reindex(values.index)
    numbers = np.asarray(values, dtype="float64")
    marks = np.asarray(chosen, dtype="float64")
    if numbers.ndim != 1 or numbers.shape != marks.shape:
        _refuse("chosen", str(marks.shape), "与 values 一样多的标记", "as many marks as values")
    for i in np.flatnonzero(~np.isfinite(numbers)):
        _refuse("values", f"{numbers[i]} ({i + 1})", "有限的数", "finite numbers")
    if not np.isin(marks, (0, 1)).all():
        _refuse("chosen", str(marks[~np.isin(marks, (0, 1))][0]), "0 或 1", "0 or 1")
    whole = (numbers == np.rint(numbers)).all() and np.abs(numbers).sum() < 2.0**53
    return (numbers.astype("int64") if whole else numbers), marks == 1


def _refuse(name: str, value: object, wanted: str, wanted_en: str) -> NoReturn:
    """Raise an InputError that says what is wanted in place of `value`."""
    stop(
        InputError,
        code="E-CHANCE-03",
        column=name,
        value=str(value),
        reason="不能用于置换检验",
        reason_en="cannot be used in a permutation test",
        fix=f"请给出{wanted}",
        fix_en=f"Give {wanted_en}",
    )
