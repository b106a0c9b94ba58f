"""City beside district, targets beside shares, plan beside evidence: the frames that people read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from siting.schema import NOT_REVIEWED, TIERS, Lang, check_lang, in_language, label
from siting.tables.amounts import amount, measured
from siting.tables.words import joined, names

if TYPE_CHECKING:
    from siting.alignment import Comparison, SectionEvidence

_STATUS = {
    "both": ("市区都有", "both"),
    "city_only": ("只有市", "city only"),
    "district_only": ("只有区", "district only"),
    "neither": ("都没有", "neither"),
}
_RELATION = {
    "same": ("相同", "same"),
    "narrower": ("区窄于市", "district narrower"),
    "broader": ("区宽于市", "district broader"),
    "related": ("相关", "related"),
    "none": ("无对应", "no counterpart"),
}
_SCOPE = {
    "clusters": ("集群", "Clusters"),
    "fields_named": ("领域：两份规划写到的全部", "Fields: all that either names"),
    "fields_asked": ("领域：市列入本区 × 区有对应", "City fields: asked x answered"),
    "fields_asked_related": ("同上，相关也算对应", "The same, related counts as answered"),
}
_QUADRANT = {
    "planned_present": ("规划了，也集中", "planned and present"),
    "planned_absent": ("规划了，不集中", "planned, not present"),
    "unplanned_present": ("没规划，却集中", "present, not planned"),
    "neither": ("没规划，也不集中", "neither"),
    "uncertain": ("样本太小，说不准", "uncertain"),
    "no_evidence": ("没有证据", "no evidence"),
}
_COMPARABLE = {
    "comparable": ("可比", "comparable"),
    "city_only": ("只有市", "city only"),
    "district_only": ("只有区", "district only"),
    "unit_differs": ("单位不同", "unit differs"),
    "year_differs": ("年份不同", "year differs"),
    "no_figure": ("无数据", "no figure"),
}
_TOWN = {
    "both": ("承担市里列入的集群，也有区里自定的", "carries what the city asks, and more"),
    "asked": ("只承担市里列入本区的集群", "carries only what the city asks"),
    "own": ("只有区里自定的集群", "carries only the district's own"),
    "none": ("没有列入集群", "no cluster"),
}


def _said(words: dict[str, tuple[str, str]], key: object, lang: Lang) -> str:
    zh, en = words.get(str(key), (str(key), str(key)))
    return en if lang == "en" else zh


def _mark(yes: object, clause: object) -> str:
    return f"● {clause}" if yes else ""


def comparison_table(comparison: Comparison, *, lang: Lang = "zh") -> pd.DataFrame:
    """Return one row per cluster: does the city list the district, does the district pursue it."""
    rows = comparison.clusters
    zh = check_lang(lang) == "zh"
    return pd.DataFrame(
        {
            label("cluster", lang): list(names(rows, lang)),
            "市列入本区" if zh else "City lists the district": [
                _mark(row.city, row.city_clause) for row in rows.itertuples()
            ],
            "区推进" if zh else "District pursues it": [
                _mark(row.district, row.district_clause) for row in rows.itertuples()
            ],
            label("tier", lang): [one if zh else TIERS.get(one, one) for one in rows["tier"]],
            "结论" if zh else "Status": [_said(_STATUS, one, lang) for one in rows["status"]],
        }
    )


def field_match_table(comparison: Comparison, *, lang: Lang = "zh") -> pd.DataFrame:
    """Return one row per pair of fields, and per field left alone: relation, reason, who judged."""
    rows = comparison.fields
    zh = check_lang(lang) == "zh"
    name = "name_zh" if zh else "name_en"
    sides = [rows[[f"{side}_name_zh", f"{side}_{name}"]] for side in ("city", "district")]
    named = {one: other for side in sides for one, other in side.itertuples(index=False)}
    return pd.DataFrame(
        {
            "市领域" if zh else "City field": list(rows[f"city_{name}"]),
            "市条款" if zh else "City clause": list(rows["city_clause"]),
            "区领域" if zh else "District field": list(rows[f"district_{name}"]),
            "区条款" if zh else "District clause": list(rows["district_clause"]),
            "关系" if zh else "Relation": [_said(_RELATION, one, lang) for one in rows["relation"]],
            "结论" if zh else "Status": [_said(_STATUS, one, lang) for one in rows["status"]],
            "市列入本区" if zh else "City asks it of the district": [
                _mark(one, "").strip() for one in rows["asked"]
            ],
            "相邻领域" if zh else "Related": [
                joined([named.get(one, one) for one in cell.split("、")], lang)
                for cell in rows["related_to"]
            ],
            "理由" if zh else "Reason": list(rows["reason" if zh else "reason_en"]),
            "判断者" if zh else "Judged by": [
                one.replace(NOT_REVIEWED, in_language(NOT_REVIEWED, lang))
                for one in rows["judged_by"]
            ],
        }
    )


def agreement_table(comparison: Comparison, *, lang: Lang = "zh") -> pd.DataFrame:
    """Return the measures of agreement by scope, with the smallest p that so few could ever give."""
    rows = comparison.agreement
    zh = check_lang(lang) == "zh"
    heads = {
        "n": ("总数", "n"),
        "city": ("市", "City"),
        "district": ("区", "District"),
        "both": ("共有", "Both"),
        "expected": ("随机期望", "Expected by chance"),
        "jaccard": ("杰卡德系数", "Jaccard index"),
        "kappa": ("Kappa 系数", "Cohen's kappa"),
        "p": ("精确 p 值", "Exact p"),
        "p_smallest": ("可能的最小 p 值", "Smallest p possible"),
    }
    scope = [_said(_SCOPE, one, lang) for one in rows.index]
    return pd.DataFrame(
        {
            "范围" if zh else "Scope": scope,
            **{pair[not zh]: list(rows[column]) for column, pair in heads.items()},
        }
    )


def target_share_table(shares: pd.DataFrame, *, lang: Lang = "zh") -> pd.DataFrame:
    """
    Return the district's share of targets and figures, those that compare first, qualifiers kept.

    `attrs["amounts"]` has the quantities of both as numbers with their unit, by heading.
    """
    shares = shares.sort_values("status", key=lambda one: one != "comparable", kind="stable")
    zh = check_lang(lang) == "zh"
    clause = {
        "区条款" if zh else "District clause": shares["district_clause"],
        "市条款" if zh else "City clause": shares["city_clause"],
    }
    sourced = shares["source"].where(shares["kind"] == "figure", "")
    sides = {
        "区" if zh else "District": _quantities(shares, "district", lang),
        "市" if zh else "City": _quantities(shares, "city", lang),
    }
    table = pd.DataFrame(
        {
            "项目" if zh else "Item": list(shares["name_zh" if zh else "name_en"]),
            **{head: [said for said, _, _ in known] for head, known in sides.items()},
            "份额下限" if zh else "Share from": list(shares["share_lower"]),
            "份额上限" if zh else "Share to": list(shares["share_upper"].replace(np.inf, np.nan)),
            label("year", lang): [str(one) for one in shares["year"]],
            "可比性" if zh else "Comparable": [_bounded(row, lang) for row in shares.itertuples()],
            **{head: list(one) for head, one in clause.items()},
            label("source", lang): [in_language(str(one), lang) for one in sourced],
        }
    )
    table.attrs["amounts"] = {head: [one[1:] for one in known] for head, known in sides.items()}
    return table


def _quantities(shares: pd.DataFrame, side: str, lang: Lang) -> list[tuple[str, float, str]]:
    """Return the quantities of the city or the district in words, and as numbers with their unit."""
    columns = shares[[f"{side}_value", "unit", f"{side}_qualifier"]]
    columns = columns.replace({"unit": {"km2": "平方公里"}})  # as documents write it
    return [
        ("", np.nan, "")
        if pd.isna(value)
        else (
            amount(float(value), str(unit), str(qualifier) or "exactly", lang),
            *measured(float(value), str(unit), lang),
        )
        for value, unit, qualifier in columns.itertuples(index=False)
    ]


def _bounded(row: Any, lang: Lang) -> str:
    """Return whether two numbers compare, and what the bounds of their share leave open."""
    said = _said(_COMPARABLE, row.status, lang)
    if pd.isna(row.share_lower):
        return said
    limits = {
        ("约数", "about"): row.approximate,
        ("下限不含", "lower bound excluded"): row.lower_open,
        ("上限不含", "upper bound excluded"): row.upper_open and np.isfinite(row.share_upper),
        ("上不封顶", "no upper bound"): np.isinf(row.share_upper),
    }
    told = joined([pair[lang == "en"] for pair, holds in limits.items() if holds], lang)
    return f"{said}{f' ({told})' if lang == 'en' else f'（{told}）'}" if told else said


def evidence_table(
    gap: pd.DataFrame, places: pd.DataFrame, clusters: pd.DataFrame, *, lang: Lang = "zh"
) -> pd.DataFrame:
    """Return each place and cluster with its location quotient, its interval if any has one, what it says."""
    zh = check_lang(lang) == "zh"
    place, cluster = names(places, lang), names(clusters, lang)
    ends = {"lower": ("下限", "Lower"), "upper": ("上限", "Upper")}
    return pd.DataFrame(
        {
            label("place", lang): [place[one] for one in gap["place_id"]],
            label("cluster", lang): [cluster[one] for one in gap["cluster_id"]],
            "已规划" if zh else "Planned": ["●" if one else "" for one in gap["planned"]],
            "区位商" if zh else "Location quotient": list(gap["value"]),
            **{
                heads[not zh]: list(gap[end])
                for end, heads in ends.items()
                if gap[end].notna().any()
            },
            "结论" if zh else "Reading": [_said(_QUADRANT, one, lang) for one in gap["reading"]],
        }
    )


def evidence_test_table(
    test: pd.DataFrame,
    evidence: SectionEvidence,
    clusters: pd.DataFrame,
    *,
    lang: Lang = "zh",
) -> pd.DataFrame:
    """Return one row per cluster: the test, or why there is no evidence, and the caveat to read first."""
    zh = check_lang(lang) == "zh"
    caveat = "caveat" if zh else "caveat_en"
    named = names(clusters, lang)
    said = pd.concat([evidence.mapping, evidence.without])
    rows = []
    for cluster_id, name in named.items():
        here = said[said["cluster_id"] == cluster_id]
        numbers = test.reindex([cluster_id])[["mean_planned", "mean_others", "p", "q"]]
        rows.append(
            (
                name,
                joined(here["section"][here["section"] != ""], lang),
                *numbers.to_numpy(dtype="float64")[0],
                joined(here[caveat].drop_duplicates(), lang),
            )
        )
    heads = (
        (
            "集群",
            "统计门类",
            "规划地区平均区位商",
            "其他地区平均区位商",
            "精确 p 值",
            "FDR 校正 q 值",
            "使用前须知",
        )
        if zh
        else (
            "Cluster",
            "Sections",
            "Mean LQ, planned",
            "Mean LQ, others",
            "Exact p",
            "FDR q",
            "Caveat",
        )
    )
    return pd.DataFrame(rows, columns=list(heads)).astype(dict.fromkeys(heads[2:6], "float64"))


def town_table(towns: pd.DataFrame, places: pd.DataFrame, *, lang: Lang = "zh") -> pd.DataFrame:
    """Return for each town the clusters that the city asks of its district, and the district's own."""
    zh = check_lang(lang) == "zh"
    suffix = "zh" if zh else "en"
    return pd.DataFrame(
        {
            label("place", lang): list(names(places.loc[towns.index], lang)),
            "市列入本区的集群" if zh else "Asked by the city": list(towns[f"asked_{suffix}"]),
            "区自定的集群" if zh else "The district's own": list(towns[f"own_{suffix}"]),
            "类别" if zh else "Kind": [_said(_TOWN, one, lang) for one in towns["status"]],
        }
    )


def town_labels(*, lang: Lang = "zh") -> dict[str, str]:
    """Return the words of the kinds of towns, in the order of a legend."""
    return {key: _said(_TOWN, key, check_lang(lang)) for key in _TOWN}


def alignment_reading(comparison: Comparison, *, lang: Lang = "zh") -> str:
    """Return in words which clusters both plans have, and what the numbers cannot show."""
    rows = comparison.clusters
    by = {
        status: joined(names(rows, lang)[rows["status"] == status], lang)
        for status in ("both", "city_only", "district_only")
    }
    asked = comparison.agreement.loc["fields_asked"]
    doubtful = any(one.doubt for one in comparison.findings)
    if check_lang(lang) == "en":
        caveat = " (clusters match by id; matches of fields are not reviewed)" if doubtful else ""
        said = (
            f"Both: {by['both'] or 'none'}; City only: {by['city_only'] or 'none'}; "
            f"District only: {by['district_only'] or 'none'}{caveat}."
        )
        return (
            f"{said} Of {asked['city']:g} fields that the city asks of the district, "
            f"{asked['both']:g} have a counterpart in its plan, where chance would give "
            f"{asked['expected']:.2f}. The city's lists are open: not named does not mean not wanted."
        )
    caveat = "（集群按编号对应；领域的对应未经人工核对）" if doubtful else ""
    said = (
        f"市区都有：{by['both'] or '无'}；只有市：{by['city_only'] or '无'}；"
        f"只有区：{by['district_only'] or '无'}{caveat}。"
    )
    return (
        f"{said}市列入本区的 {asked['city']:g} 个领域中，区规划有对应的 {asked['both']:g} 个"
        f"（随机期望 {asked['expected']:.2f} 个）。市的名单以“等”收尾，没有点名不等于不要求。"
    )
