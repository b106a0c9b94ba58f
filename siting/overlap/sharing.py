"""Which places clusters share, how many, and whether chance alone would do as much."""

from __future__ import annotations

from itertools import combinations
from math import fsum
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from siting.chance import false_discovery, hypergeometric_p
from siting.schema import (
    check_assigned,
    check_choice,
    check_incidence,
    check_weights,
    require_unique,
)

if TYPE_CHECKING:
    from siting.plan import Plan

_UNDEFINED = {
    "jaccard": "两者皆空 / both are empty",
    "overlap_coefficient": "至少一方为空 / one of the two is empty",
    "expected": "没有地区 / there are no places",
}


def incidence(
    plan: Plan, places: pd.DataFrame, *, by: Literal["cluster", "field"] = "cluster"
) -> pd.DataFrame:
    """
    Return which cluster or field the plan puts where, over all places.

    Parameters
    ----------
    plan
        A plan; its `clusters`, `fields` and `assignments` are used.
    places
        All places of the plan's level, index place_id.
    by
        ``cluster``, or ``field``: a place then has every field of its clusters, because the
        documents assign clusters to places, never single fields.

    Returns
    -------
    DataFrame of int
        0 or 1, places x clusters (or fields), in the order of `places` and of the plan. A place
        that the plan does not name is a row of zeros.

    Raises
    ------
    InputError
        If the plan names a place that is not among `places` (each is named, with its clause), or
        assigns a cluster that it does not have.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> plan = SimpleNamespace(
    ...     title="Plan",
    ...     clusters=pd.DataFrame(index=pd.Index(["health", "space"], name="cluster_id")),
    ...     fields=pd.DataFrame({"cluster_id": [], "clause": []}),
    ...     assignments=pd.DataFrame({"cluster_id": ["space"], "place_id": ["310115"],
    ...                               "place_as_written": ["浦东"], "clause": ["二（四）"]}))
    >>> incidence(plan, pd.DataFrame(index=pd.Index(["310115", "310101"], name="place_id")))
    cluster_id  health  space
    place_id
    310115           0      1
    310101           0      0
    """
    check_choice(by, ("cluster", "field"), "by")
    require_unique(places.index, "places")
    check_assigned(plan, places)
    clusters, fields, assignments = plan.clusters.index, plan.fields, plan.assignments
    marks = np.zeros((len(places), len(clusters)), dtype="int64")
    rows = places.index.get_indexer(pd.Index(assignments["place_id"]))
    marks[rows, clusters.get_indexer(pd.Index(assignments["cluster_id"]))] = 1
    if by == "cluster":
        return pd.DataFrame(marks, index=places.index, columns=clusters)
    of_field = clusters.get_indexer(pd.Index(fields["cluster_id"]))
    return pd.DataFrame(marks[:, of_field], index=places.index, columns=fields.index)


def stack(incidence: pd.DataFrame) -> pd.Series:
    """
    Return how many clusters (or fields) each place has.

    Parameters
    ----------
    incidence
        0/1, places x clusters.

    Returns
    -------
    Series of int
        ``clusters`` [count], index of `incidence`; 0 where nothing is planned.

    Raises
    ------
    InputError
        If the table holds anything but 0 and 1.

    Examples
    --------
    >>> stack(pd.DataFrame({"x": [1, 0], "y": [1, 0]}, index=["p", "q"])).to_dict()
    {'p': 2, 'q': 0}
    """
    return check_incidence(incidence).sum(axis="columns").astype("int64").rename("clusters")


def pairs(incidence: pd.DataFrame, *, weights: pd.Series | None = None) -> pd.DataFrame:
    """
    Return what each two columns share, and whether chance alone would do as much.

    Parameters
    ----------
    incidence
        0/1, all places x clusters (or fields). Places without any cluster belong in it: they are
        part of the world that the p-values are about.
    weights
        Optional size of each place, such as official area [km2] or population [persons], by
        place_id; matched by label. Without weights each place counts 1.

    Returns
    -------
    DataFrame
        One row for each pair a < b in the order of the columns: ``a b``, ``shared union`` [count,
        or the unit of `weights`], ``jaccard`` = shared / union, ``overlap_coefficient`` = shared /
        the smaller of the two, ``expected`` = mean of `shared` by chance, ``p`` = P(X >= shared
        places), ``q`` = its false discovery rate over all pairs. What is not defined is NaN, with
        the reason in ``.attrs["undefined"]``: {(a, b, column): reason}.

    Raises
    ------
    InputError
        If the table holds anything but 0 and 1, or a place has no weight, or one below 0.

    Notes
    -----
    By chance means: both clusters keep their numbers of places n_a and n_b, and every choice of
    n_b among the N places is as likely as any other. A place is then in both with probability
    (n_a / N)(n_b / N), whatever its size. So the expected sum of the weights of shared places is
    W n_a n_b / N^2 with W the sum of all weights; with weights of 1 it is n_a n_b / N. `p` and `q`
    judge the number of places, with or without weights.

    References
    ----------
    Jaccard, P. (1912). The Distribution of the Flora in the Alpine Zone. New Phytologist 11(2),
    37-50. Simpson, G. G. (1943). Mammals and the Nature of Continents. American Journal of Science
    241(1), 1-31 (overlap coefficient). For p and q see `siting.chance`.

    Examples
    --------
    Two clusters of 2 places among 4, one place shared: union 3, expected 2 x 2 / 4 = 1.

    >>> pairs(pd.DataFrame({"x": [1, 1, 0, 0], "y": [0, 1, 1, 0]})).round(3)
       a  b  shared  union  jaccard  overlap_coefficient  expected      p      q
    0  x  y       1      3    0.333                  0.5       1.0  0.833  0.833
    """
    table = check_incidence(incidence)
    size = None if weights is None else check_weights(weights, table.index).to_numpy()
    held = {column: table[column].to_numpy() == 1 for column in table.columns}
    rows = [_pair(a, b, held, size) for a, b in combinations(table.columns, 2)]
    columns = ["a", "b", "shared", "union", "jaccard", "overlap_coefficient", "expected", "p"]
    answer = pd.DataFrame(rows, columns=columns)
    kinds = dict.fromkeys(columns[2:4], "int64" if size is None else "float64")
    answer = answer.astype(kinds | dict.fromkeys(columns[4:], "float64"))
    answer["q"] = false_discovery(answer["p"])
    answer.attrs["undefined"] = {
        (a, b, column): reason
        for column, reason in _UNDEFINED.items()
        for a, b in answer.loc[answer[column].isna(), ["a", "b"]].itertuples(index=False)
    }
    return answer


def _pair(
    a: Any,
    b: Any,
    held: dict[Any, npt.NDArray[np.bool_]],
    size: npt.NDArray[np.float64] | None,
) -> tuple[Any, ...]:
    """Return one row of `pairs` up to p."""
    in_a, in_b = held[a], held[b]
    n_a, n_b, n = int(in_a.sum()), int(in_b.sum()), in_a.size

    def measure(mask: npt.NDArray[np.bool_]) -> float:
        # fsum rounds once, so that the order of the places cannot show in the last digit.
        return int(mask.sum()) if size is None else fsum(size[mask])

    shared, union = measure(in_a & in_b), measure(in_a | in_b)
    smaller = min(measure(in_a), measure(in_b))
    mean_size = measure(np.ones(n, dtype=bool)) / n if n else np.nan
    return (
        a,
        b,
        shared,
        union,
        shared / union if union else np.nan,
        shared / smaller if smaller else np.nan,
        mean_size * (n_a * n_b) / n if n else np.nan,
        hypergeometric_p(int((in_a & in_b).sum()), n_a, n_b, n),
    )
