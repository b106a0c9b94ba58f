"""From a statistic by section to location quotients of clusters, through a mapping that says its caveats."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from siting.alignment.crosswalks import checked_section_mapping, read_section_mapping
from siting.alignment.figures import read_sections
from siting.errors import Finding, Findings
from siting.schema import require_columns, require_unique


@dataclass(frozen=True, eq=False)
class SectionEvidence:
    """
    What a statistic by section says of clusters.

    Parameters
    ----------
    location_quotient
        Places x clusters; NaN where a place or a cluster's sections hold nothing.
    counts
        Places x clusters [count].
    totals
        All that is counted in each place [count].
    mapping
        Which sections stand for which cluster, with the caveats to print beside every number.
    without
        Clusters named in the mapping for which there is no evidence, and why.
    """

    location_quotient: pd.DataFrame
    counts: pd.DataFrame
    totals: pd.Series
    mapping: pd.DataFrame
    without: pd.DataFrame


def section_evidence(
    table: pd.DataFrame | None = None,
    mapping: pd.DataFrame | None = None,
    *,
    total: str = "total",
) -> SectionEvidence:
    """
    Return the location quotient of each cluster in each place, from a statistic by section.

    Parameters
    ----------
    table
        Places x sections [count], with a column for all sections together; the bundled employment
        of 2023 without it.
    mapping
        As `read_section_mapping` gives (the default). Several sections of a cluster are summed.
    total
        The column that counts everything, sections that are not in the table included.

    Returns
    -------
    SectionEvidence

    Raises
    ------
    InputError
        If a section or the total is not in the table, a count is no whole number of at least 0, or
        the sections of a cluster hold more than the total.

    Notes
    -----
    LQ = (x / n) / (X / N): x the place's count for the cluster, n its total, X and N the sums over
    all places; the place is part of its own benchmark. 0/0 is NaN. Clusters without a section are
    left out and never get a number.

    References
    ----------
    Florence, P. S. (1939). Report of the Location of Industry. Political and Economic Planning.
    Isard, W. (1960). Methods of Regional Analysis, chapter 5. MIT Press.

    Examples
    --------
    10 of 100 here and 10 of 300 there: 20 of 400 in all, so LQ = 0.1 / 0.05 = 2.

    >>> mapping = pd.DataFrame({"section": ["I"], "cluster_id": ["x"], "relation": ["related"],
    ...                         "caveat": ["..."], "judged_by": ["..."]})
    >>> table = pd.DataFrame({"I": [10, 10], "total": [100, 300]}, index=["p", "q"])
    >>> section_evidence(table, mapping).location_quotient["x"].round(3).tolist()
    [2.0, 0.667]
    """
    if table is None:
        cells = read_sections().set_index(["place_id", "section"])["employment"]
        table = cells.unstack("section")  # noqa: PD010 - each pair occurs once, nothing is averaged
    mapping = read_section_mapping() if mapping is None else checked_section_mapping(mapping)
    used = mapping[mapping["relation"] != "none"]
    require_unique(table.index, "table")
    require_columns(table, [total, *used["section"].unique()], "table")
    table = whole_counts(table[[total, *used["section"].unique()]], "table")
    counts = pd.DataFrame(
        {
            cluster: table[list(group["section"].unique())].sum(axis="columns")
            for cluster, group in used.groupby("cluster_id", sort=False)
        },
        index=table.index,
    )
    counts.columns.name = "cluster_id"
    Findings(
        finding(f"{place} {cluster}", "table", "分项大于总数", "a part exceeds its total")
        for place, cluster in zip(*_beyond(counts, table[total]), strict=True)
    ).stop()
    unused = mapping[(mapping["relation"] == "none") & (mapping["cluster_id"] != "")]
    return SectionEvidence(
        location_quotient=location_quotient(counts, table[total]),
        counts=counts,
        totals=table[total].rename("total"),
        mapping=used,
        without=unused[~unused["cluster_id"].isin(counts.columns)],
    )


def location_quotient(counts: pd.DataFrame, totals: pd.Series) -> pd.DataFrame:
    """Return (x / n) / (X / N), NaN where n, X or N is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        quotient = counts.to_numpy() * totals.sum() / np.outer(totals, counts.sum())
    undefined = np.outer(totals == 0, np.ones(counts.shape[1])) + (counts.sum() == 0).to_numpy() > 0
    quotient = np.where(undefined, np.nan, quotient)
    return pd.DataFrame(quotient, index=counts.index, columns=counts.columns)


def _beyond(counts: pd.DataFrame, totals: pd.Series) -> tuple[pd.Index, pd.Index]:
    rows, columns = np.nonzero(counts.to_numpy() > totals.to_numpy()[:, None])
    return counts.index[rows], counts.columns[columns]


def whole_counts(table: pd.DataFrame, what: str) -> pd.DataFrame:
    """Return `table` as integers, or raise InputError for anything but whole numbers from 0 on."""
    numbers = table.apply(pd.to_numeric, errors="coerce").astype("float64")
    good = (numbers >= 0) & (numbers == np.rint(numbers)) & np.isfinite(numbers)
    Findings(
        finding(
            f"{table.index[i]} {table.columns[j]}: {table.iloc[i, j]}",
            what,
            "计数应为不小于 0 的整数",
            "a count is to be a whole number of at least 0",
        )
        for i, j in np.argwhere(~good.to_numpy())
    ).stop()
    whole: pd.DataFrame = numbers.astype("int64")
    return whole


def finding(value: str, what: str, reason: str, reason_en: str) -> Finding:
    """Return the finding that something in the table `what` cannot be used."""
    fix, fix_en = "请改正，或删去后重试", "Correct it, or take it out"
    return Finding("E-ALIGN-32", reason, fix, reason_en, fix_en, sheet=what, value=value)
