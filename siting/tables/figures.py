"""The figures that come first on a page: what a plan comes to, each with where it stands."""

from __future__ import annotations

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

    Examples
    --------
    >>> from siting.overlap import incidence
    >>> from siting.places import read_places
    >>> from siting.plan import read_plan
    >>> plan, places = read_plan("shanghai-2022"), read_places("district")
    >>> figures = key_figures(plan, places, incidence(plan, places)).set_index("指标")["数值"]
    >>> figures["列入至少一个集群的地区"], figures["集群最多"]
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
    rows = [
        ("集群" if zh else "Clusters", str(len(plan.clusters)), clusters),
        ("领域" if zh else "Fields", str(len(plan.fields)), clusters),
        ("集群—地区组合" if zh else "Cluster-place pairs", str(len(plan.assignments)), clusters),
        (
            "名单以“等”收尾、并不完整的集群" if zh else "Clusters whose list of places is open",
            f"{int((~open_ended).sum())} / {len(plan.clusters)}",
            clusters,
        ),
        (
            "列入至少一个集群的地区" if zh else "Places with a cluster",
            f"{len(planned)} / {len(stack)}",
            by_place,
        ),
    ]
    for column, heads in _SIZES.items():
        if column in places and places[column].notna().all() and places[column].sum() > 0:
            share = places.loc[planned, column].sum() / places[column].sum()
            rows.append((heads[not zh], f"{share:.1%}", by_place))
    rows += [
        (
            "未列入任何集群" if zh else "Places without any",
            str(len(none)),
            joined(named(none, shown), lang) or by_place,
        ),
        ("集群最多" if zh else "Most clusters", str(most), joined(named(top, shown), lang)),
    ]
    for target in target_table(plan, lang=lang).head(1).itertuples(index=False, name=None):
        rows.append((f"{target[0]} {target[2]}", target[1], clause + target[3]))
    return pd.DataFrame(
        rows, columns=["指标", "数值", "依据"] if zh else ["Figure", "Value", "Basis"]
    )
