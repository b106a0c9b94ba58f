"""Plan against evidence: is what is planned there, is what is there planned, and is it more than chance."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import betaincinv, gammaincinv

from siting.alignment.sections import finding, location_quotient, whole_counts
from siting.chance import false_discovery, permutation_p
from siting.errors import Findings, InputError, stop
from siting.schema import check_incidence, require_unique

QUADRANTS = {
    # (planned, present)
    (True, True): "planned_present",
    (True, False): "planned_absent",
    (False, True): "unplanned_present",
    (False, False): "neither",
}
_NO_VALUE = "没有证据 / no evidence"
_NO_COUNTS = "没有计数，无区间 / no counts, so no interval"


def evidence_gap(
    incidence: pd.DataFrame,
    evidence: pd.DataFrame,
    *,
    threshold: float = 1.0,
    counts: pd.DataFrame | None = None,
    totals: pd.Series | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """
    Return for each place and cluster whether it is planned, whether it is there, and how sure that is.

    Parameters
    ----------
    incidence
        0/1, all places x clusters.
    evidence
        A number for places x clusters, such as location quotients, counts or jobs; by label. NaN is
        no evidence. Clusters of the plan that it lacks are left out, and named in
        ``.attrs["without_evidence"]``; never are they counted as absent.
    threshold
        A value of at least this is present.
    counts, totals
        What the numbers were made from, for an interval. `counts` alone: `evidence` is these
        counts. With `totals`, the count of everything in each place: `evidence` is the location
        quotient of `counts`.
    confidence
        Of the interval.

    Returns
    -------
    DataFrame
        A row per place and cluster: ``place_id cluster_id``, ``planned`` (0, 1), ``value``, ``lower
        upper``, ``quadrant`` (planned_present, planned_absent, unplanned_present, neither), ``firm``
        (True where the whole interval is on one side of the threshold, False where it straddles,
        NA without an interval), ``reading``: the quadrant where it is firm or has no interval,
        ``uncertain`` where it is not firm. Without a value quadrant and reading are ``no_evidence``.
        Reasons for NaN are in ``.attrs["undefined"]``: {(place_id, cluster_id, column): reason}.

    Raises
    ------
    InputError
        If places or clusters do not belong together, a number is infinite or negative, or
        `evidence` is not what `counts` and `totals` make of it.

    Notes
    -----
    Exact intervals. A count x: Poisson, from G(a/2; x) to G(1 - a/2; x + 1), with G the quantile of
    the gamma distribution of that shape and scale 1, and a = 1 - confidence. A location quotient:
    the share of the place is binomial, from B(a/2; x, n - x + 1) to B(1 - a/2; x + 1, n - x), with B
    the quantile of the beta distribution; both ends over the share of the whole, which is taken as
    known. Such intervals treat each thing counted as placed by itself. Jobs are not: they come in
    firms, so for jobs the interval is the least doubt there can be; give counts of firms where they
    are to be had.

    References
    ----------
    Garwood, F. (1936). Fiducial Limits for the Poisson Distribution. Biometrika 28(3/4), 437-442.
    Clopper, C. J. and Pearson, E. S. (1934). The Use of Confidence or Fiducial Limits Illustrated
    in the Case of the Binomial. Biometrika 26(4), 404-413. Moineddin, R., Beyene, J. and Boyle, E.
    (2003). On the Location Quotient Confidence Interval. Geographical Analysis 35(3), 249-256 (the
    share of the whole taken as known).

    Examples
    --------
    Counts against a threshold of 3. Nothing seen: from 0 to -ln(0.025) = 3.69, which straddles 3.

    >>> planned = pd.DataFrame({"x": [1, 1, 0]}, index=["p", "q", "r"])
    >>> seen = pd.DataFrame({"x": [0, 20, 20]}, index=["p", "q", "r"])
    >>> evidence_gap(planned, seen, threshold=3, counts=seen)[
    ...     ["quadrant", "reading", "upper"]].round(2).to_numpy().tolist()
    [['planned_absent', 'uncertain', 3.69], ['planned_present', 'planned_present', 30.89],
     ['unplanned_present', 'unplanned_present', 30.89]]
    """
    if not (np.isfinite(threshold) and threshold > 0 and 0 < confidence < 1):
        stop(
            code="E-ALIGN-31",
            column="threshold, confidence",
            value=f"{threshold}, {confidence}",
            reason="阈值应为正数，置信度应在 0 与 1 之间",
            reason_en="the threshold is to be positive, the confidence between 0 and 1",
            fix="例如 threshold=1、confidence=0.95",
            fix_en="For example threshold=1, confidence=0.95",
        )
    marks, values = _aligned(incidence, evidence)
    lower, upper = _intervals(values, counts, totals, confidence)
    cells = {
        "planned": marks,
        "value": values,
        "lower": lower,
        "upper": upper,
    }
    rows = pd.DataFrame(
        [(place, cluster) for place in marks.index for cluster in marks.columns],
        columns=["place_id", "cluster_id"],
    ).assign(**{name: frame.to_numpy().ravel() for name, frame in cells.items()})
    known = rows["value"].notna()
    present = rows["value"] >= threshold
    side = zip(rows["planned"] == 1, present, strict=True)
    rows["quadrant"] = pd.Series([QUADRANTS[bool(a), bool(b)] for a, b in side], dtype="str").where(
        known, "no_evidence"
    )
    firm = (rows["lower"] >= threshold) | (rows["upper"] < threshold)
    rows["firm"] = firm.astype("boolean").where(rows["lower"].notna())
    rows["reading"] = rows["quadrant"].mask(
        ~rows["firm"].fillna(value=True).astype(bool), "uncertain"
    )
    rows.attrs["without_evidence"] = [c for c in incidence.columns if c not in marks.columns]
    rows.attrs["undefined"] = {
        (row["place_id"], row["cluster_id"], column): _NO_COUNTS
        if row["value"] == row["value"]
        else _NO_VALUE
        for row in rows.to_dict("records")
        for column in ("value", "lower", "upper")
        if row[column] != row[column]
    }
    return rows


def evidence_test(
    incidence: pd.DataFrame,
    evidence: pd.DataFrame,
    *,
    draws: int | Literal["auto"] = "auto",
    seed: int = 0,
) -> pd.DataFrame:
    """
    Return for each cluster whether the planned places hold more evidence than chance would give.

    Parameters
    ----------
    incidence, evidence
        As in `evidence_gap`. Places without a value take no part.
    draws, seed
        As in `siting.chance.permutation_p`.

    Returns
    -------
    DataFrame
        Index ``cluster_id``; ``n planned`` places [count], ``mean_planned mean_others``,
        ``statistic`` = their difference, ``expected`` = 0, ``p`` (one-sided: more), ``q``, its false
        discovery rate over the clusters, ``p_smallest``, ``method``, ``n_arrangements``. NaN where
        no or every place is planned, with the reason in ``.attrs["undefined"]``: {(cluster_id,
        column): reason}. ``.attrs["without_evidence"]`` names the clusters left out.

    Raises
    ------
    InputError
        As `evidence_gap`.

    Notes
    -----
    By chance means: as many places as the plan names, any choice of them as likely as any other.
    Neighbouring places are alike, so a small p says that plan and evidence go together, not that
    one made the other.

    Examples
    --------
    The plan names the fullest of four places: p = 1/4; 9 - (1 + 2 + 3) / 3 = 7.

    >>> planned = pd.DataFrame({"x": [0, 0, 0, 1]}, index=list("pqrs"))
    >>> seen = pd.DataFrame({"x": [1, 2, 3, 9]}, index=list("pqrs"))
    >>> evidence_test(planned, seen)[["statistic", "p", "q"]].to_numpy().tolist()
    [[7.0, 0.25, 0.25]]
    """
    marks, values = _aligned(incidence, evidence)
    rows: dict[Any, dict[str, Any]] = {}
    undefined: dict[tuple[Any, str], str] = {}
    for cluster in marks.columns:
        seen = values[cluster].dropna()
        chosen = marks.loc[seen.index, cluster] == 1
        test = permutation_p(seen, chosen, draws=draws, seed=seed)
        rows[cluster] = {
            "n": len(seen),
            "planned": int(chosen.sum()),
            "mean_planned": seen[chosen].mean(),
            "mean_others": seen[~chosen].mean(),
            "statistic": test.statistic,
            "expected": test.expected,
            "p": test.p,
            "p_smallest": test.p_smallest,
            "method": test.method,
            "n_arrangements": test.n_arrangements,
        }
        if test.reason:
            undefined |= {
                (cluster, column): test.reason
                for column in ("statistic", "expected", "p", "q", "p_smallest")
            }
    answer = pd.DataFrame.from_dict(rows, orient="index", columns=list(_TEST_COLUMNS))
    answer.index.name = "cluster_id"
    answer.insert(7, "q", false_discovery(answer["p"].astype("float64")))
    answer.attrs["undefined"] = undefined
    answer.attrs["without_evidence"] = [c for c in incidence.columns if c not in marks.columns]
    return answer


_TEST_COLUMNS = (
    *("n", "planned", "mean_planned", "mean_others", "statistic", "expected", "p"),
    *("p_smallest", "method", "n_arrangements"),
)


def _aligned(incidence: pd.DataFrame, evidence: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return marks and values of the clusters that have evidence, places in the order of the plan."""
    marks = check_incidence(incidence)
    require_unique(evidence.index, "evidence")
    require_unique(evidence.columns, "evidence")
    findings = Findings(
        finding(str(place), "evidence", "这个地区没有证据行", "this place has no row of evidence")
        for place in marks.index.difference(evidence.index)
    )
    findings += [
        finding(str(place), "incidence", "规划的地区表里没有它", "the plan's places lack it")
        for place in evidence.index.difference(marks.index)
    ]
    findings += [
        finding(str(cluster), "incidence", "规划里没有这个集群", "the plan has no such cluster")
        for cluster in evidence.columns.difference(marks.columns)
    ]
    findings.stop()
    shared = [cluster for cluster in marks.columns if cluster in evidence.columns]
    values = (
        evidence.loc[marks.index, shared].apply(pd.to_numeric, errors="coerce").astype("float64")
    )
    bad = (np.isinf(values) | (values < 0)).to_numpy()
    told = evidence.loc[marks.index, shared].notna().to_numpy() & values.isna().to_numpy()
    findings = Findings(
        finding(
            f"{values.index[i]} {shared[j]}: {evidence.loc[values.index[i], shared[j]]}",
            "evidence",
            "应为不小于 0 的有限数",
            "should be a finite number of at least 0",
        )
        for i, j in np.argwhere(bad | told)
    )
    findings.stop()
    return marks[shared], values


def _intervals(
    values: pd.DataFrame,
    counts: pd.DataFrame | None,
    totals: pd.Series | None,
    confidence: float,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the ends of the interval of each value; NaN without counts."""
    like: dict[str, Any] = {"index": values.index, "columns": values.columns}
    if counts is None:
        nothing = pd.DataFrame(np.nan, **like)
        return nothing, nothing
    lacking = values.index.difference(counts.index).union(values.columns.difference(counts.columns))
    if len(lacking):
        raise InputError(finding(str(lacking[0]), "counts", "没有计数", "there is no count"))
    cells = whole_counts(counts.loc[values.index, values.columns], "counts").to_numpy(
        dtype="float64"
    )
    tail = (1 - confidence) / 2
    if totals is None:
        made: npt.NDArray[np.float64] = cells
        low, high = gammaincinv(np.maximum(cells, 1), tail), gammaincinv(cells + 1, 1 - tail)
        low = np.where(cells == 0, 0.0, low)
    else:
        all_of = whole_counts(totals.reindex(values.index).to_frame("total"), "totals")["total"]
        made = location_quotient(pd.DataFrame(cells, **like), all_of).to_numpy()
        n = all_of.to_numpy(dtype="float64")[:, None]
        if (cells > n).any():
            raise InputError(finding("", "totals", "分项大于总数", "a part exceeds its total"))
        low = np.where(cells == 0, 0.0, betaincinv(np.maximum(cells, 1), n - cells + 1, tail))
        high = np.where(cells == n, 1.0, betaincinv(cells + 1, np.maximum(n - cells, 1), 1 - tail))
        whole = np.where(cells.sum(axis=0) > 0, cells.sum(axis=0), np.nan) / n.sum()
        low, high = low / whole, high / whole
    if not np.allclose(made, values, rtol=1e-9, atol=0, equal_nan=True):
        reason = "证据与计数不符：只给计数时应等于计数，另给总数时应为区位商"
        reason_en = "evidence and counts differ: it is to be the counts or, with totals, their location quotient"
        raise InputError(finding("", "evidence", reason, reason_en))
    blank = np.isnan(values.to_numpy())
    low, high = np.where(blank, np.nan, low), np.where(blank, np.nan, high)
    return pd.DataFrame(low, **like), pd.DataFrame(high, **like)
