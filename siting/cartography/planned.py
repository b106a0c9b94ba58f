"""What every map of a plan says: its document, a line per cluster, clusters per place, named zones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from siting.cartography.ground import names
from siting.cartography.words import word
from siting.colours import NEUTRAL, ramp
from siting.schema import TIERS, Lang

if TYPE_CHECKING:
    from siting.plan import Plan


def basis(plan: Plan, lang: Lang) -> list[str]:
    """Return issuer, number and date of the document; in English its title before them."""
    issuer = (getattr(plan, "issuer_en", "") if lang == "en" else "") or plan.issuer
    said = [str(p) for p in (issuer, plan.document_no, plan.published) if str(p or "")]
    called = str(getattr(plan, "title_en", "") or plan.title)
    return [word("basis", lang, title=called), *said] if lang == "en" else said


def members(plan: Plan, places: pd.Index) -> list[set[int]]:
    """Return for each cluster the places that it names, by their position among `places`."""
    row_of = {key: i for i, key in enumerate(places)}
    named = plan.assignments
    return [
        {row_of[place] for place in named.loc[named["cluster_id"] == key, "place_id"]}
        for key in plan.clusters.index
    ]


def cluster_line(plan: Plan, key: Any, count: int, lang: Lang) -> list[str]:
    """Return tier, clause and number of places of a cluster."""
    row = plan.clusters.loc[key]
    rows = plan.assignments[plan.assignments["cluster_id"] == key]
    kind = "cluster_places" if rows["is_exhaustive"].astype(bool).all() else "cluster_open"
    tier = "" if pd.isna(row["tier"]) else str(row["tier"])
    tier = TIERS.get(tier, tier) if lang == "en" else tier
    parts = (tier, word("clause", lang, clause=row["clause"]), word(kind, lang, count=count))
    return [part for part in parts if part]


def open_note(plan: Plan, lang: Lang) -> list[str]:
    """Return the note that lists are open, if any is."""
    closed = plan.assignments["is_exhaustive"].astype(bool).all()
    return [] if closed else [word("open_note", lang)]


def stack_lines(
    counts: Sequence[int], called: Sequence[str], clusters: int, lang: Lang
) -> tuple[list[str], list[tuple[int, str, str]]]:
    """
    Return the shade of each number of clusters, and the lines of their legend.

    Parameters
    ----------
    counts, called
        Number of clusters of each place, and its name.
    clusters
        How many clusters the plan has: the same number has the same shade on every map of it.
    lang
        Language of the lines.

    Returns
    -------
    shades, lines
        A line is number, label, and for none the names of its places; most clusters first.

    Examples
    --------
    >>> shades, lines = stack_lines([1, 0], ["甲", "乙"], 2, "zh")
    >>> len(shades), lines
    (3, [(1, '1 个（1）', ''), (0, '未列入任何集群（1）', '乙')])
    """
    tally = list(counts)
    lines = []
    for number in range(max(tally), 0, -1):
        text = word("stack_class", lang, count=number)
        label = word("counted", lang, text=text, count=tally.count(number))
        lines.append((number, label, ""))
    none = [name for name, count in zip(called, tally, strict=True) if count == 0]
    if none:
        label = word("counted", lang, text=word("stack_none", lang), count=len(none))
        lines.append((0, label, word("joint", lang).join(none)))
    return [NEUTRAL, *ramp(max(clusters, 1))], lines


def zone_points(plan: Plan, lang: Lang) -> tuple[list[tuple[str, pd.Series]], list[str]]:
    """Return name and row of each zone that has a point, and a note for each that has none."""
    found, lost = [], []
    for name, (_, row) in zip(names(plan.zones, lang), plan.zones.iterrows(), strict=True):
        if np.isfinite([float(row["lon"]), float(row["lat"])]).all():
            found.append((name, row))
        else:
            lost.append(word("zone_lost", lang, name=name))
    return found, lost
