"""The figures that come first on a page: what a plan comes to, each with where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from siting.schema import Lang, check_lang
from siting.tables.plans import target_table
from siting.tables.words import joined, named, names, table_title

if TYPE_CHECKING:
    from siting.plan import Plan

_SIZES = {  # column of places: what a share of it is called
    "area_official_km2": ("其官方面积占比", "Their share of the official area"),
    "population_2020": ("其常住人口占比（2020）", "Their share of the population (2020)"),
}
_COUNTS = {  # what is counted: heading, unit
    "clusters": (("集群", "Clusters"), ("个集群", "clusters")),
    "fields": (("领域", "Fields"), ("个领域", "fields")),
    "pairs": (("集群—地区组合", "Cluster-place pairs"), ("个组合", "pairs")),
    "open": (
        ("名单以“等”收尾、并不完整的集群", "Clusters whose list of places is open"),
        ("个集群", "clusters"),
    ),
    "planned": (("列入至少一个集群的地区", "Places with a cluster"), ("个地区", "places")),
    "none": (("未列入任何集群的地区", "Places without a cluster"), ("个地区", "places")),
    "most": (("一地最多的集群数", "Most clusters in one place"), ("个集群", "clusters")),
}
_Row = tuple[str, str, str, tuple[float, str]]


def key_figures(
    plan: Plan, places: pd.DataFrame, incidence: pd.DataFrame, *, lang: Lang = "zh"
) -> pd.DataFrame:
    """
    Return what a plan comes to, a row per figure: label, value as text, clause or table behind it.

    Parameters
    ----------
    plan
        The plan.
    places
        All its places, index place_id. Shares of ``area_official_km2`` and ``population_2020`` are
        given where every place has the figure.
    incidence
        Places x clusters [0/1], as `siting.overlap.incidence` gives it.
    lang
        ``zh`` or ``en``.

    Returns
    -------
    DataFrame
        Three text columns. The first target of the plan comes last, if it has any.
        `attrs["amounts"]` has the values as numbers with their unit, by heading.

    Examples
    --------
    >>> from siting.overlap import incidence
    >>> from siting.places import read_places
    >>> from siting.plan import read_plan
    >>> plan, places = read_plan("shanghai-2022"), read_places("district")
    >>> figures = key_figures(plan, places, incidence(plan, places)).set_index("指标")["数值"]
    >>> figures["列入至少一个集群的地区"], figures["一地最多的集群数"]
    ('11 / 16', '5')
    """
    zh = check_lang(lang) == "zh"
    said, clause = ("表：", "条款 ") if zh else ("table: ", "clause ")
    clusters, by_place = (said + table_title(key, lang=lang) for key in ("clusters", "places"))
    stack, shown = incidence.sum(axis=1), names(places, lang)
    planned = stack.index[stack > 0]
    none, most = stack.index[stack == 0], int(stack.max()) if len(stack) else 0
    top = stack.index[stack == most] if most else none[:0]
    open_ended = plan.assignments.groupby("cluster_id")["is_exhaustive"].all()
    n, whole = len(plan.clusters), len(stack)
    lost = _with(joined(named(none, shown), lang), by_place, lang)
    first = _with(joined(named(top, shown), lang), by_place, lang)
    rows = [
        _counted("clusters", n, None, clusters, lang),
        _counted("fields", len(plan.fields), None, clusters, lang),
        _counted("pairs", len(plan.assignments), None, clusters, lang),
        _counted("open", int((~open_ended).sum()), n, clusters, lang),
        _counted("planned", len(planned), whole, by_place, lang),
        *(
            (heads[not zh], f"{share:.1%}", by_place, (100 * share, "%"))
            for heads, share in _shares(places, planned)
        ),
        _counted("none", len(none), None, lost, lang),
        _counted("most", most, None, first, lang),
    ]
    goals = target_table(plan, lang=lang)
    for target in goals.head(1).itertuples(index=False, name=None):
        known = goals.attrs["amounts"][goals.columns[1]][0]
        rows.append((f"{target[0]} {target[2]}", target[1], clause + target[3], known))
    heads = ["指标", "数值", "依据"] if zh else ["Figure", "Value", "Basis"]
    table = pd.DataFrame([row[:3] for row in rows], columns=heads)
    table.attrs["amounts"] = {heads[1]: [row[3] for row in rows]}
    return table


def _counted(key: str, number: int, of: int | None, basis: str, lang: Lang) -> _Row:
    """Return the row of a count, of how many in all if that is given."""
    en = lang == "en"
    head, unit = (pair[en] for pair in _COUNTS[key])
    if of is None:
        return head, str(number), basis, (number, unit)
    unit += f" of {of}" if en else f"（共 {of} 个）"
    return head, f"{number} / {of}", basis, (number, unit)


def _shares(places: pd.DataFrame, planned: pd.Index) -> Iterator[tuple[tuple[str, str], float]]:
    """Give the share of each size that some places have, where all places have the size."""
    for column, heads in _SIZES.items():
        if column in places and places[column].notna().all() and places[column].sum() > 0:
            yield heads, float(places.loc[planned, column].sum() / places[column].sum())


def plan_reading(
    plan: Plan, places: pd.DataFrame, incidence: pd.DataFrame, *, lang: Lang = "zh"
) -> str:
    """
    Return in a sentence how much a plan names, and where most of it comes together.

    Parameters
    ----------
    plan, places, incidence
        As in `key_figures`.
    lang
        ``zh`` or ``en``.

    Examples
    --------
    >>> from siting.overlap import incidence
    >>> from siting.places import read_places
    >>> from siting.plan import read_plan
    >>> plan, places = read_plan("shanghai-2022"), read_places("district")
    >>> plan_reading(plan, places, incidence(plan, places))
    '5 个集群、16 个领域，列入 16 个地区中的 11 个；列入集群最多的是浦东新区（5 个）。'
    """
    stack = incidence.sum(axis=1)
    most, held = int(stack.max()) if len(stack) else 0, int((stack > 0).sum())
    top = joined(named(stack.index[stack == most], names(places, lang)), lang) if most else ""
    counts = len(plan.clusters), len(plan.fields), len(stack), held
    if check_lang(lang) == "en":
        said = "{0} clusters and {1} fields; {3} of {2} places are named".format(*counts)
        return f"{said}; most clusters: {top} ({most})." if top else f"{said}."
    said = "{} 个集群、{} 个领域，列入 {} 个地区中的 {} 个".format(*counts)
    return f"{said}；列入集群最多的是{top}（{most} 个）。" if top else f"{said}。"


def _with(listed: str, basis: str, lang: Lang) -> str:
    """Return the places that a figure counts, and where they stand."""
    if not listed:
        return basis
    return f"{listed}; {basis}" if lang == "en" else f"{listed}；{basis}"
