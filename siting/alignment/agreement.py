"""How far two sets of marks agree, and whether margins alone would do as much."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from siting.chance import hypergeometric_p
from siting.errors import stop

_EMPTY = "双方都没有 / neither side has any"
_CONSTANT = "双方都全有或都全无，无可比较 / both sides mark all or none: nothing to compare"
_NO_ITEMS = "没有可比的项目 / there are no items"
_NAMED = (
    "只含至少一方提出的项目，“双方都没有”必为零，无从检验"
    " / only items that one side names: none can be absent from both, so there is no test"
)


def agreement(
    city: pd.Series | Mapping[str, pd.Series],
    district: pd.Series | Mapping[str, pd.Series],
    *,
    named_only: tuple[str, ...] = (),
) -> pd.DataFrame:
    """
    Return how far the marks of the city and of the district agree, one row per set of items.

    Parameters
    ----------
    city, district
        True or False for each item, by label; or several such sets by name.
    named_only
        Sets that hold only items which at least one side marks.

    Returns
    -------
    DataFrame
        Index ``scope``; ``n`` items, marked by ``city``, by ``district``, by ``both`` and
        ``neither`` [count]; ``expected`` = city x district / n, the mean of `both` by chance;
        ``jaccard`` = both / (n - neither); ``simple_matching`` = (both + neither) / n; ``kappa``;
        ``p`` = P(X >= both); ``p_smallest``, the least p that these margins allow. What is not
        defined is NaN with the reason in ``.attrs["undefined"]``: {(scope, column): reason}.

    Raises
    ------
    InputError
        If the two sides do not have the same items.

    Notes
    -----
    By chance means: the city marks as many items as it does, the district too, and every choice is
    as likely as any other. With the margins fixed, all three measures grow with `both`, so that p
    belongs to each of them. Where `p_smallest` is not small, no outcome whatever could have shown
    agreement: such a p says nothing. With `named_only` kappa and p are left out, because no item
    can be absent from both by construction.

    References
    ----------
    Cohen, J. (1960). A Coefficient of Agreement for Nominal Scales. Educational and Psychological
    Measurement 20(1), 37-46, eq. 1. Sokal, R. R. and Michener, C. D. (1958). A Statistical Method
    for Evaluating Systematic Relationships. University of Kansas Science Bulletin 38, 1409-1438.
    Jaccard and the exact test: see `siting.overlap.pairs` and `siting.chance.hypergeometric_p`.

    Examples
    --------
    Four items, both mark x and neither marks w: Jaccard 1/3, matching 2/4; by chance the two would
    agree in (2 x 2 + 2 x 2) / 16 = 1/2, so kappa = 0; p = 5/6, and no less than 1/6.

    >>> one = pd.Series([True, True, False, False], index=list("xyzw"))
    >>> other = pd.Series([True, False, True, False], index=list("xyzw"))
    >>> agreement(one, other)[["both", "neither", "simple_matching", "kappa"]].values.tolist()
    [[1.0, 1.0, 0.5, 0.0]]
    >>> (agreement(one, other)[["p", "p_smallest"]] == [5 / 6, 1 / 6]).values.tolist()
    [[True, True]]
    """
    cities = city if isinstance(city, Mapping) else {"items": city}
    districts = district if isinstance(district, Mapping) else {"items": district}
    rows: dict[str, dict[str, float]] = {}
    undefined: dict[tuple[str, str], str] = {}
    for scope, one in cities.items():
        other = districts.get(scope, pd.Series(dtype=bool))
        if not one.index.is_unique or set(one.index) != set(other.index):
            stop(
                code="E-ALIGN-11",
                value=scope,
                reason="市、区两侧的项目不一致",
                reason_en="city and district do not have the same items",
                fix="请让两侧的编号相同且不重复",
                fix_en="Give both sides the same labels, once each",
            )
        for side in (one, other):
            if side.isna().any() or not side.isin([0, 1]).all():
                stop(
                    code="E-ALIGN-41",
                    value=f"{scope}: {[x for x in side if x not in (0, 1)][:3]}",
                    reason="只能是“有”或“没有”（1 或 0），不能缺",
                    reason_en="each mark is 1 or 0, and none may be missing",
                    fix="请补上缺的，或去掉这一项",
                    fix_en="Fill in what is missing, or drop the item",
                )
        marks = one.to_numpy(dtype=bool), other.reindex(one.index).to_numpy(dtype=bool)
        rows[scope], why = _row(*marks, testable=scope not in named_only)
        undefined |= {(scope, column): reason for column, reason in why.items()}
    answer = pd.DataFrame.from_dict(rows, orient="index")
    answer = answer.astype(dict.fromkeys(("n", "city", "district", "both", "neither"), "int64"))
    answer.index.name = "scope"
    answer.attrs["undefined"] = undefined
    return answer


def _row(
    city: np.ndarray, district: np.ndarray, *, testable: bool
) -> tuple[dict[str, float], dict[str, str]]:
    """Return one row of `agreement`, and why what is missing in it is missing."""
    n, a, b = int(city.size), int(city.sum()), int(district.sum())
    both = int((city & district).sum())
    neither = n - a - b + both
    by_chance = a * b + (n - a) * (n - b)  # times 1 / n^2
    why: dict[str, str] = {}
    if not n:
        why |= dict.fromkeys(("expected", "simple_matching", "p", "p_smallest", "kappa"), _NO_ITEMS)
    if n == neither:
        why["jaccard"] = _EMPTY if n else _NO_ITEMS
    if n and by_chance == n * n:
        why["kappa"] = _CONSTANT
    if n and not testable:
        why |= dict.fromkeys(("p", "p_smallest", "kappa"), _NAMED)
    row: dict[str, float] = {"n": n, "city": a, "district": b, "both": both, "neither": neither}
    row["expected"] = a * b / n if n else np.nan
    row["jaccard"] = both / (n - neither) if n != neither else np.nan
    row["simple_matching"] = (both + neither) / n if n else np.nan
    # Whole numbers up to one division: rounding cannot part equal tables.
    over = n * n - by_chance
    row["kappa"] = np.nan if "kappa" in why else (n * (both + neither) - by_chance) / over
    row["p"] = np.nan if "p" in why else hypergeometric_p(both, a, b, n)
    row["p_smallest"] = np.nan if "p" in why else hypergeometric_p(min(a, b), a, b, n)
    return row, why
