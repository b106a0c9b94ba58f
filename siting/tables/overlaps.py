"""What overlaps, as tables: places, pairs of clusters, and the ground they share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from siting.schema import Lang, check_choice, check_lang, label
from siting.tables.words import By, joined, named, names, units

if TYPE_CHECKING:
    from siting.plan import Plan

_MARK = "●"
_SIZES = {  # column of places: unit of its sums
    "area_official_km2": ("平方公里", "km2"),
    "population_2020": ("人", "persons"),
}


def place_table(
    plan: Plan, places: pd.DataFrame, incidence: pd.DataFrame, *, lang: Lang = "zh"
) -> pd.DataFrame:
    """
    Return one row per place, those without a cluster included.

    Parameters
    ----------
    plan
        The plan.
    places
        All its places, index place_id.
    incidence
        Places x clusters [0/1].
    lang
        ``zh`` or ``en``.

    Returns
    -------
    DataFrame
        Code (text), name, number of clusters, their names, their clauses, and official area [km2]
        and population [persons] where `places` has them; in the order of `incidence`.

    Examples
    --------
    >>> from siting.overlap import incidence
    >>> from siting.places import read_places
    >>> from siting.plan import read_plan
    >>> plan, places = read_plan("shanghai-2022"), read_places("district")
    >>> table = place_table(plan, places, incidence(plan, places))
    >>> table[["区划代码", "地区", "集群", "条款"]].iloc[9].tolist()
    ['310114', '嘉定区', '未来智能、未来能源', '二（二）、二（三）']
    """
    check_lang(lang)
    assignments = plan.assignments
    clauses = assignments.groupby("place_id")["clause"].unique()
    ordered, shown = places.loc[incidence.index], names(plan.clusters, lang)
    held = [incidence.columns[row == 1] for row in incidence.to_numpy()]
    columns: dict[str, list[Any]] = {
        label("place_id", lang): incidence.index.astype(str).tolist(),
        label("place", lang): named(incidence.index, names(places, lang)),
        label("clusters", lang): [len(ids) for ids in held],
        label("cluster", lang): [joined(named(ids, shown), lang) for ids in held],
        label("clause", lang): [joined(clauses.get(one, ()), lang) for one in incidence.index],
    }
    for column in _SIZES:
        if column in ordered and ordered[column].notna().any():
            sizes = ordered[column]
            columns[label(column, lang)] = (
                sizes.astype("float64") if sizes.isna().any() else sizes
            ).tolist()
    return pd.DataFrame(columns)


def incidence_table(
    plan: Plan,
    places: pd.DataFrame,
    incidence: pd.DataFrame,
    *,
    by: By = "cluster",
    lang: Lang = "zh",
) -> pd.DataFrame:
    """
    Return places x clusters (or fields) with a mark where a place is listed, and the count.

    Parameters
    ----------
    plan
        The plan.
    places
        All its places, index place_id.
    incidence
        Places x clusters, or x fields [0/1].
    by
        What the columns of `incidence` are: ``cluster`` or ``field``.
    lang
        ``zh`` or ``en``.

    Returns
    -------
    DataFrame
        The place, a column per cluster with ● or nothing, and the total; no two headings are equal.

    Examples
    --------
    >>> from siting.overlap import incidence
    >>> from siting.places import read_places
    >>> from siting.plan import read_plan
    >>> plan, places = read_plan("shanghai-2022"), read_places("district")
    >>> incidence_table(plan, places, incidence(plan, places)).iloc[9].tolist()[:-1]
    ['嘉定区', '', '●', '●', '', '']
    """
    ends = (label("place", lang), "合计" if check_lang(lang) == "zh" else "Total")
    shown = named(incidence.columns, names(units(plan, by), lang))
    # A field may be called 合计, too.
    heads = [f"{h} [{k}]" if h in ends else h for h, k in zip(shown, incidence, strict=True)]
    rows = [
        (place, *(_MARK if one else "" for one in row), int(row.sum()))
        for place, row in zip(
            named(incidence.index, names(places, lang)), incidence.to_numpy(), strict=True
        )
    ]
    return pd.DataFrame(rows, columns=[ends[0], *heads, ends[1]])


def pair_table(
    pairs: pd.DataFrame,
    plan: Plan,
    *,
    by: By = "cluster",
    weight: str | None = None,
    lang: Lang = "zh",
) -> pd.DataFrame:
    """
    Return the pairs of `siting.overlap.pairs` with names for ids, the most surprising first.

    Parameters
    ----------
    pairs
        What `siting.overlap.pairs` gives, weighted or not.
    plan
        The plan, for the names.
    by
        What `pairs` compares: ``cluster`` or ``field``.
    weight
        What the places were weighted by, ``area_official_km2`` or ``population_2020``; None where
        each counts 1.
    lang
        ``zh`` or ``en``.

    Returns
    -------
    DataFrame
        Sorted by p, then as in `pairs`; nothing is rounded. Sums of weights that are all whole are
        whole numbers; what is undefined is NaN. Weighted, the sums have their unit in the heading,
        and p and q are left out: they judge the number of places, and stand in the other table.

    Examples
    --------
    >>> from siting.overlap import incidence, pairs
    >>> from siting.places import read_places
    >>> from siting.plan import read_plan
    >>> plan = read_plan("shanghai-2022")
    >>> table = pair_table(pairs(incidence(plan, read_places("district"))), plan)
    >>> table.loc[table["乙"] == "未来智能", ["甲", "共有", "并集"]].values.tolist()
    [['未来健康', 3, 9]]
    """
    check_lang(lang)
    known = names(units(plan, by), lang)
    shown = pairs.sort_values("p", kind="stable", ignore_index=True)
    shown = shown.assign(a=named(shown["a"], known), b=named(shown["b"], known))
    for column in ("shared", "union"):
        if (shown[column] % 1 == 0).all():
            shown[column] = shown[column].astype("int64")
    heads = {column: label(column, lang) for column in shown.columns}
    if weight is not None:
        unit = _SIZES[check_choice(weight, _SIZES, "weight")]
        form = "{} ({})" if lang == "en" else "{}（{}）"
        sums = ("shared", "union", "expected")
        heads |= {column: form.format(heads[column], unit[lang == "en"]) for column in sums}
        shown = shown.drop(columns=["p", "q"])
    return shown.rename(columns=heads)


def overlap_reading(
    pairs: pd.DataFrame, plan: Plan, *, alpha: float = 0.05, lang: Lang = "zh"
) -> str:
    """
    Return in words whether any pair of clusters overlaps more than chance, and the nearest to it.

    Parameters
    ----------
    pairs
        What `siting.overlap.pairs` gives, without weights.
    plan
        The plan, for the names.
    alpha
        A pair counts when its q is at most this.
    lang
        ``zh`` or ``en``.

    Returns
    -------
    str
        Two sentences.

    Examples
    --------
    Both clusters in the same 1 of 2 places: p = q = 1 / 2.

    >>> from siting.overlap import pairs
    >>> from siting.plan import read_plan
    >>> two = pd.DataFrame({"future-health": [1, 0], "future-energy": [1, 0]})
    >>> overlap_reading(pairs(two), read_plan("shanghai-2022"), lang="en")[:58]
    'Of 1 pairs, none overlap more than chance at q <= 0.05. Th'
    """
    check_lang(lang)
    if not len(pairs):
        return "只有一个集群，没有可比的组合。" if lang == "zh" else "One cluster only: no pairs."
    known = names(plan.clusters, lang)
    first = pairs.sort_values("p", kind="stable").iloc[0]
    many, n = int((pairs["q"] <= alpha).sum()), len(pairs)
    numbers = f"p = {first['p']:.4f}, q = {first['q']:.4f}"
    a, b = named((first["a"], first["b"]), known)
    if lang == "en":
        said = f"Of {n} pairs, {many or 'none'} overlap more than chance at q <= {alpha:g}"
        shared = f"they share {first['shared']:g} places where chance gives {first['expected']:.2f}"
        return f"{said}. The most surprising is {a} with {b}: {shared} ({numbers})."
    said = f"{n} 对集群中，{'没有一对' if not many else f'有 {many} 对'}的重叠明显多于随机（q ≤ {alpha:g}）"
    shared = f"共有 {first['shared']:g} 个地区，随机期望 {first['expected']:.2f} 个"
    return f"{said}。最突出的一对是{a}与{b}：{shared}（{numbers}）。"


def depth_table(depth: pd.DataFrame, plan: Plan, *, lang: Lang = "zh") -> pd.DataFrame:
    """
    Return the pieces of `siting.overlap.depth` with names for ids, the deepest first.

    Parameters
    ----------
    depth
        What `siting.overlap.depth` gives for clusters.
    plan
        The plan, for the names.
    lang
        ``zh`` or ``en``.

    Returns
    -------
    DataFrame
        Depth, members, area [km2, not rounded]; of one depth the largest first.

    Examples
    --------
    >>> from siting.plan import read_plan
    >>> pieces = pd.DataFrame({"depth": [1, 2], "area_km2": [3.0, 1.5],
    ...     "members": [("future-health",), ("future-energy", "future-health")]})
    >>> depth_table(pieces, read_plan("shanghai-2022")).values.tolist()
    [[2, '未来能源、未来健康', 1.5], [1, '未来健康', 3.0]]
    """
    known = names(plan.clusters, lang)
    shown = pd.DataFrame(
        {
            "depth": depth["depth"].to_numpy(),
            "members": [joined(named(ids, known), lang) for ids in depth["members"]],
            "area_km2": depth["area_km2"].to_numpy(),
        }
    )
    shown = shown.sort_values(
        ["depth", "area_km2"], ascending=False, kind="stable", ignore_index=True
    )
    return shown.rename(columns={column: label(column, lang) for column in shown.columns})
