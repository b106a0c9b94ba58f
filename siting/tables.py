"""Numbers for people: frames with headings in Chinese or English, ready for a page or a workbook."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from siting import geodata
from siting.schema import Lang, check_choice, check_lang, label

if TYPE_CHECKING:
    from siting.plan import Plan

_TITLES: dict[str, tuple[str, str]] = {
    "contents": ("目录", "Contents"),
    "key_figures": ("要点", "Key figures"),
    "clusters": ("集群与地区", "Clusters and places"),
    "places": ("各地区的集群", "Clusters of each place"),
    "incidence": ("地区×集群", "Places by clusters"),
    "pairs": ("集群两两重叠", "Overlap of clusters"),
    "pairs_by_area_official_km2": ("两两重叠（按官方面积）", "Overlap by official area"),
    "pairs_by_population_2020": ("两两重叠（按人口）", "Overlap by population"),
    "field_incidence": ("地区×领域", "Places by fields"),
    "field_pairs": ("领域两两重叠", "Overlap of fields"),
    "depth": ("地面叠加", "Ground shared"),
    "targets": ("定量目标", "Targets"),
    "programmes": ("专项计划", "Programmes"),
    "zones": ("点名的先导区", "Named zones"),
    "sources": ("数据来源", "Sources"),
}
# What a qualifier says around a quantity.
_QUALIFIED = {
    "about": ("约 {}", "about {}"),
    "at_least": ("不少于 {}", "at least {}"),
    "more_than": ("超过 {}", "more than {}"),
    "exactly": ("{}", "{}"),
}
_MARK = "●"


def table_title(key: str, *, lang: Lang = "zh") -> str:
    """
    Return the title of a table of the briefing.

    Examples
    --------
    >>> table_title("pairs"), table_title("pairs", lang="en")
    ('集群两两重叠', 'Overlap of clusters')
    """
    check_choice(key, _TITLES, "key")
    return _TITLES[key][check_lang(lang) == "en"]


def key_figures(
    plan: Plan, places: gpd.GeoDataFrame, incidence: pd.DataFrame, *, lang: Lang = "zh"
) -> pd.DataFrame:
    """
    Return what a plan comes to, a row per figure: label, value as text, clause or table behind it.

    Parameters
    ----------
    plan
        The plan.
    places
        Its places, index ``place_id``.
    incidence
        Places x clusters [0/1], as `siting.overlap.incidence` gives it.
    lang
        ``zh`` or ``en``.

    Returns
    -------
    DataFrame
        Three text columns; a first target is added where the plan has any.
    """
    zh = check_lang(lang) == "zh"
    stack = incidence.sum(axis=1)
    names = places.loc[stack.index, _name(lang)]
    clusters = ("表：" if zh else "table: ") + table_title("clusters", lang=lang)
    by_place = ("表：" if zh else "table: ") + table_title("places", lang=lang)
    none = names[stack == 0]
    top = names[(stack == stack.max()) & (stack > 0)]
    rows = [
        ("集群" if zh else "Clusters", str(len(plan.clusters)), clusters),
        ("领域" if zh else "Fields", str(len(plan.fields)), clusters),
        ("集群—地区组合" if zh else "Cluster-place pairs", str(len(plan.assignments)), clusters),
        (
            "列入至少一个集群的地区" if zh else "Places with a cluster",
            f"{int((stack > 0).sum())} / {len(stack)}",
            by_place,
        ),
        (
            "未列入任何集群" if zh else "Places without any",
            str(len(none)),
            _joined(none, lang) if len(none) else by_place,
        ),
        ("集群最多" if zh else "Most clusters", str(int(stack.max())), _joined(top, lang)),
    ]
    targets = target_table(plan, lang=lang)
    if len(targets):
        first = targets.iloc[0]
        clause = ("条款 " if zh else "clause ") + first[label("clause", lang)]
        rows.append((f"{first.iloc[0]} {first.iloc[2]}", first.iloc[1], clause))
    heads = ("指标", "数值", "依据") if zh else ("Figure", "Value", "Basis")
    return pd.DataFrame(rows, columns=list(heads))


def cluster_table(plan: Plan, places: gpd.GeoDataFrame, *, lang: Lang = "zh") -> pd.DataFrame:
    """
    Return one row per cluster: tier, fields, places as the plan lists them, clause.

    A list that the document leaves open ends with 等 (``and others``).
    """
    check_lang(lang)
    rows = []
    for cluster_id, cluster in plan.clusters.iterrows():
        fields = plan.fields[plan.fields["cluster_id"] == cluster_id]
        here = plan.assignments[plan.assignments["cluster_id"] == cluster_id]
        names = places[_name(lang)].reindex(here["place_id"]).fillna(here["place_id"])
        rows.append(
            (
                cluster[_name(lang)],
                cluster["tier"],
                _joined(fields[_name(lang)], lang),
                len(here),
                _joined(names, lang) + _open_end(here, lang),
                cluster["clause"],
            )
        )
    count = "列出的地区数" if lang == "zh" else "Places listed"
    places_head = "地区" if lang == "zh" else "Places"
    heads = [label("cluster", lang), label("tier", lang), label("fields", lang), count, places_head]
    return pd.DataFrame(rows, columns=[*heads, label("clause", lang)])


def place_table(
    plan: Plan, places: gpd.GeoDataFrame, incidence: pd.DataFrame, *, lang: Lang = "zh"
) -> pd.DataFrame:
    """Return one row per place, those without a cluster included: code, name, clusters, area, people."""
    check_lang(lang)
    names = plan.clusters[_name(lang)]
    ordered = places.loc[incidence.index]
    columns = {
        label("place_id", lang): incidence.index.astype(str),
        label("place", lang): ordered[_name(lang)],
        label("clusters", lang): incidence.sum(axis=1),
        label("cluster", lang): [
            _joined(names[incidence.columns[row.astype(bool)]], lang)
            for row in incidence.to_numpy()
        ],
    }
    for column in ("area_official_km2", "population_2020"):
        if column in ordered and ordered[column].notna().any():
            columns[label(column, lang)] = ordered[column]
    return pd.DataFrame({head: list(values) for head, values in columns.items()})


def incidence_table(
    plan: Plan,
    places: gpd.GeoDataFrame,
    incidence: pd.DataFrame,
    *,
    by: str = "cluster",
    lang: Lang = "zh",
) -> pd.DataFrame:
    """Return places x clusters (or fields) with a ● where a place is listed, and the count."""
    check_lang(lang)
    names = _things(plan, by)[_name(lang)].reindex(incidence.columns)
    heads = [label("place", lang), *names, "合计" if lang == "zh" else "Total"]
    # Two fields may share a name, and a field may be called 合计: then the id tells them apart.
    heads = [
        f"{head} [{thing}]" if heads.count(head) > 1 and thing else head
        for head, thing in zip(heads, ["", *incidence.columns, ""], strict=True)
    ]
    rows = [
        (place, *(_MARK if one else "" for one in row), int(row.sum()))
        for place, row in zip(
            places.loc[incidence.index, _name(lang)], incidence.to_numpy(), strict=True
        )
    ]
    return pd.DataFrame(rows, columns=heads)


def pair_table(
    pairs: pd.DataFrame, plan: Plan, *, by: str = "cluster", lang: Lang = "zh"
) -> pd.DataFrame:
    """Return the pairs of `siting.overlap.pairs` with names for ids, most surprising first."""
    check_lang(lang)
    names = _things(plan, by)[_name(lang)]
    shown = pairs.sort_values(["p", "a", "b"], kind="stable", ignore_index=True)
    shown = shown.assign(a=shown["a"].map(names), b=shown["b"].map(names))
    return shown.rename(columns={column: label(column, lang) for column in shown.columns})


def overlap_reading(
    pairs: pd.DataFrame, plan: Plan, *, alpha: float = 0.05, lang: Lang = "zh"
) -> str:
    """
    Return in one sentence whether any pair of clusters overlaps more than chance, and the nearest.

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
    """
    check_lang(lang)
    if not len(pairs):
        return "只有一个集群，没有可比的组合。" if lang == "zh" else "One cluster only: no pairs."
    names = plan.clusters[_name(lang)]
    first = pairs.sort_values(["p", "a", "b"], kind="stable").iloc[0]
    many, n = int((pairs["q"] <= alpha).sum()), len(pairs)
    numbers = f"p = {first['p']:.4f}, q = {first['q']:.4f}"
    a, b = names[first["a"]], names[first["b"]]
    if lang == "en":
        said = f"Of {n} pairs, {many or 'none'} overlap more than chance at q <= {alpha:g}"
        shared = f"they share {first['shared']:g} places where chance gives {first['expected']:.2f}"
        return f"{said}. The most surprising is {a} with {b}: {shared} ({numbers})."
    said = f"{n} 对集群中，{'没有一对' if not many else f'有 {many} 对'}的重叠明显多于随机（q ≤ {alpha:g}）"
    shared = f"共有 {first['shared']:g} 个地区，随机期望 {first['expected']:.2f} 个"
    return f"{said}。最突出的一对是{a}与{b}：{shared}（{numbers}）。"


def depth_table(depth: gpd.GeoDataFrame, plan: Plan, *, lang: Lang = "zh") -> pd.DataFrame:
    """Return the pieces of `siting.overlap.depth` with names for ids, deepest first."""
    names = plan.clusters[_name(check_lang(lang))]
    shown = pd.DataFrame(
        {
            "depth": depth["depth"],
            "members": [_joined(names[list(ids)], lang) for ids in depth["members"]],
            "area_km2": depth["area_km2"],
        }
    )
    shown = shown.sort_values(["depth", "area_km2"], ascending=False, ignore_index=True)
    return shown.rename(columns={column: label(column, lang) for column in shown.columns})


def target_table(plan: Plan, *, lang: Lang = "zh") -> pd.DataFrame:
    """Return the targets with their qualifier in words, never as an equality: 约 5,000 亿元."""
    heads = ("目标", "数量") if check_lang(lang) == "zh" else ("Target", "Quantity")
    quantities = [
        _QUALIFIED[str(row.qualifier)][lang == "en"].format(f"{row.quantity:,g} {row.unit}")
        for row in plan.targets.itertuples()
    ]
    return pd.DataFrame(
        {
            heads[0]: list(plan.targets[_name(lang)]),
            heads[1]: quantities,
            label("year", lang): list(plan.targets["year"].astype(str)),
            label("clause", lang): list(plan.targets["clause"]),
        }
    )


def programme_table(plan: Plan, *, lang: Lang = "zh") -> pd.DataFrame:
    """Return the programmes with their clauses."""
    head = "计划" if check_lang(lang) == "zh" else "Programme"
    rows = plan.programmes
    return pd.DataFrame(
        {head: list(rows[_name(lang)]), label("clause", lang): list(rows["clause"])}
    )


def zone_table(plan: Plan, places: gpd.GeoDataFrame, *, lang: Lang = "zh") -> pd.DataFrame:
    """Return the zones that the plan names: place, point, clause, source and note of each."""
    zones = plan.zones
    head = "先导区" if check_lang(lang) == "zh" else "Zone"
    return pd.DataFrame(
        {
            head: list(zones[_name(lang)]),
            label("place", lang): list(places[_name(lang)].reindex(zones["place_id"])),
            **{
                label(column, lang): list(zones[column])
                for column in ("lon", "lat", "clause", "source", "note")
            },
        }
    )


def source_table(files: Iterable[str], *, lang: Lang = "zh") -> pd.DataFrame:
    """Return what the register says of bundled `files`: producer, licence, dates, checksum."""
    register = geodata.register()
    rows = register[register["file"].isin(list(files))]
    heads = {
        "file": ("文件", "File"),
        "producer": ("制作者", "Producer"),
        "citation": ("出处", "Citation"),
        "licence": ("许可", "Licence"),
        "published": ("发布日期", "Published"),
        "accessed": ("取得日期", "Accessed"),
        "note": ("说明", "Note"),
        "sha256": ("校验和（SHA-256）", "SHA-256"),
    }
    english = check_lang(lang) == "en"
    return pd.DataFrame({pair[english]: list(rows[key]) for key, pair in heads.items()})


def _name(lang: str) -> str:
    return "name_en" if lang == "en" else "name_zh"


def _things(plan: Plan, by: str) -> pd.DataFrame:
    return plan.fields if check_choice(by, ("cluster", "field"), "by") == "field" else plan.clusters


def _joined(names: Iterable[str], lang: str) -> str:
    return (", " if lang == "en" else "、").join(map(str, names))


def _open_end(assignments: pd.DataFrame, lang: str) -> str:
    """Say that a list is open if any of its rows is."""
    if assignments["is_exhaustive"].all():
        return ""
    return " and others" if lang == "en" else " 等"
