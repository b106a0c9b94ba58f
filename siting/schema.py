"""Column names, their labels and units, and the checks that every frame goes through."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, Literal

import numpy as np
import pandas as pd

from siting.errors import Finding, Findings, InputError, stop

Lang = Literal["zh", "en"]
Level = Literal["district", "town"]
ID_PATTERN: dict[str, str] = {"district": r"\d{6}", "town": r"\d{9}"}
NO_NUMBERS = (bool, np.bool_, complex, np.complexfloating, dt.date, dt.timedelta)
NOT_REVIEWED = "未经人工核对 / not looked at yet"  # who judged, where siting only proposed
QUALIFIERS = ("about", "at_least", "more_than", "exactly")

LABELS: dict[str, tuple[str, str]] = {
    # column: (Chinese, English)
    "place_id": ("区划代码", "Place code"),
    "parent_id": ("上级代码", "Parent code"),
    "level": ("层级", "Level"),
    "name_zh": ("中文名称", "Chinese name"),
    "name_en": ("英文名称", "English name"),
    "place": ("地区", "Place"),
    "area_official_km2": ("官方面积（平方公里）", "Official area (km2)"),
    "area_km2": ("面积（平方公里）", "Area (km2)"),
    "population_2020": ("常住人口（2020，人）", "Population (2020, persons)"),
    "id": ("规划编号", "Plan id"),
    "title": ("标题", "Title"),
    "title_en": ("英文标题", "English title"),
    "issuer": ("发文机关", "Issuer"),
    "issuer_en": ("发文机关英文名", "Issuer in English"),
    "document_no": ("文号", "Document number"),
    "published": ("发布日期", "Published"),
    "url": ("网址", "Web address"),
    "cluster_id": ("集群编号", "Cluster id"),
    "cluster": ("集群", "Cluster"),
    "site": ("选点", "Site"),
    "site_id": ("选点编号", "Site id"),
    "kind": ("类别", "Kind"),
    "key": ("编号", "Key"),
    "status": ("核对结果", "Status"),
    "start": ("起（第几字）", "Start (character)"),
    "end": ("止（第几字）", "End (character)"),
    "field_id": ("领域编号", "Field id"),
    "field": ("领域", "Field"),
    "fields": ("领域", "Fields"),
    "tier": ("层次", "Tier"),
    "clause": ("条款", "Clause"),
    "place_as_written": ("原文地名", "Place as written"),
    "is_exhaustive": ("名单是否完整", "List is exhaustive"),
    "target_id": ("目标编号", "Target id"),
    "quantity": ("数量", "Quantity"),
    "unit": ("单位", "Unit"),
    "qualifier": ("限定", "Qualifier"),
    "year": ("年份", "Year"),
    "programme_id": ("计划编号", "Programme id"),
    "zone_id": ("先导区编号", "Zone id"),
    "lon": ("经度（度）", "Longitude (deg)"),
    "lat": ("纬度（度）", "Latitude (deg)"),
    "label_lon": ("注记点经度（度）", "Longitude of the label (deg)"),
    "label_lat": ("注记点纬度（度）", "Latitude of the label (deg)"),
    "source": ("来源", "Source"),
    "note": ("说明", "Note"),
    "clusters": ("集群数", "Clusters"),
    "n_fields": ("领域数", "Fields"),
    "places": ("地区数", "Places"),
    "a": ("甲", "A"),
    "b": ("乙", "B"),
    "shared": ("共有", "Shared"),
    "union": ("并集", "Union"),
    "jaccard": ("杰卡德系数", "Jaccard index"),
    "overlap_coefficient": ("重叠系数", "Overlap coefficient"),
    "expected": ("随机期望", "Expected by chance"),
    "p": ("精确 p 值", "Exact p"),
    "q": ("FDR 校正 q 值", "FDR q"),
    "depth": ("叠加层数", "Depth"),
    "members": ("所含集群", "Members"),
    "sector": ("行业", "Sector"),
    "size": ("规模", "Size"),
    "lq": ("区位商", "Location quotient"),
    "share": ("占比", "Share"),
    "size_star": ("规模星", "Star for size"),
    "specialisation_star": ("专业化星", "Star for specialisation"),
    "focus_star": ("聚焦星", "Star for focus"),
    "stars": ("星数", "Stars"),
    "gamma": ("EG 指数 γ", "Ellison-Glaeser gamma"),
    "G": ("总集中度 G", "Raw concentration G"),
    "H": ("企业规模赫芬达尔指数 H", "Plant Herfindahl H"),
    "z": ("标准化值 z", "z"),
    "n_plants": ("企业数", "Plants"),
    "unrelated": ("无关多样性（比特）", "Unrelated variety (bits)"),
    "related": ("相关多样性（比特）", "Related variety (bits)"),
    "between": ("组间", "Between groups"),
    "within": ("组内", "Within groups"),
}
# What documents call a group of industries; an unknown word stays as it is written.
TIERS: dict[str, str] = {
    "集群": "Cluster",
    "领域": "Field",
    "方向": "Direction",
    "赛道": "Track",
    "产业": "Industry",
    "板块": "Segment",
}


def label(column: str, lang: Lang = "zh") -> str:
    """
    Return the heading that people read for a column name; an unknown name is its own heading.

    Examples
    --------
    >>> label("area_km2"), label("area_km2", "en")
    ('面积（平方公里）', 'Area (km2)')
    """
    zh, en = LABELS.get(column, (column, column))
    return en if lang == "en" else zh


def in_language(text: str, lang: Lang = "zh") -> str:
    """
    Return the part in one language of a text "Chinese / English"; a text in one part is returned whole.

    Examples
    --------
    >>> in_language("近似值 / approximate", "en"), in_language("近似值", "en")
    ('approximate', '近似值')
    """
    parts = text.split(" / ")
    return parts[lang == "en"] if len(parts) == 2 else text


def check_lang(lang: str) -> Lang:
    """Return `lang` if it is ``zh`` or ``en``, or raise InputError."""
    return check_choice(lang, ("zh", "en"), "lang")  # type: ignore[return-value]


def check_choice(value: object, choices: Iterable[str], name: str) -> str:
    """Return `value` if it is one of `choices`, or raise an InputError that lists them."""
    listed = tuple(choices)
    if isinstance(value, str) and value in listed:
        return value
    stop(
        code="E-ARG-01",
        column=name,
        value=str(value),
        reason="不是可选的值",
        reason_en="not one of the choices",
        fix=f"请用 {'、'.join(listed)} 之一",
        fix_en=f"Use one of {', '.join(listed)}",
    )


def require_columns(frame: pd.DataFrame, columns: Iterable[str], what: str) -> None:
    """Raise an InputError that names every column of `columns` that `frame` lacks."""
    findings = Findings(
        Finding(
            code="E-COL-01",
            sheet=what,
            column=column,
            reason="缺少此列",
            reason_en="column missing",
            fix=f"现有的列：{'、'.join(map(str, frame.columns))}",
            fix_en=f"Columns found: {', '.join(map(str, frame.columns))}",
        )
        for column in columns
        if column not in frame.columns
    )
    findings.stop()


def require_unique(index: pd.Index, what: str) -> None:
    """Raise an InputError that names every repeated entry of `index`."""
    repeated = index[index.duplicated()].unique()
    findings = Findings(
        Finding(
            code="E-KEY-01",
            sheet=what,
            value=str(key),
            reason="编号重复",
            reason_en="this id occurs more than once",
            fix="请只保留一行，或改成不同的编号",
            fix_en="Keep one row, or give the others ids of their own",
        )
        for key in repeated
    )
    findings.stop()


def check_incidence(incidence: pd.DataFrame) -> pd.DataFrame:
    """Return a 0/1 table as integers, or raise InputError for anything else in it."""
    require_unique(incidence.index, "incidence")
    require_unique(incidence.columns, "incidence")
    values = incidence.to_numpy()
    good = np.isin(values, (0, 1))
    findings = Findings(
        Finding(
            code="E-INC-01",
            sheet="incidence",
            column=str(incidence.columns[j]),
            value=f"{incidence.index[i]}: {values[i, j]}",
            reason="关联表只能含 0 和 1",
            reason_en="an incidence table holds 0 and 1 only",
            fix="请改为 0 或 1",
            fix_en="Put 0 or 1",
        )
        for i, j in np.argwhere(~good)
    )
    findings.stop()
    return incidence.astype("int64")


def numbers(column: pd.Series) -> pd.Series:
    """
    Return a column as floats, NaN where a value is no real number: a date, true, or some text.

    Examples
    --------
    >>> numbers(pd.Series(["1.5", True, pd.Timestamp("2020-01-01"), 2 + 1j], dtype=object)).tolist()
    [1.5, nan, nan, nan]
    """
    if column.dtype.kind in "bmMc":
        return pd.Series(np.nan, column.index, name=column.name)
    if column.dtype.kind == "O":
        column = column.where(np.array([not isinstance(one, NO_NUMBERS) for one in column], bool))
    return pd.to_numeric(column, errors="coerce").astype("float64")


def check_weights(weights: pd.Series, index: pd.Index, what: str = "weights") -> pd.Series:
    """
    Return `weights` as floats in the order of `index`, aligned by label and never by position.

    Raises
    ------
    InputError
        If a label has no weight, two weights, or one that is missing, infinite or negative.
    """
    require_unique(weights.index, what)
    findings = Findings()
    numbers = pd.to_numeric(weights.reindex(index), errors="coerce").astype("float64")
    for key, number in numbers.items():
        if np.isfinite(number) and number >= 0:
            continue
        found = weights.get(key, None)
        findings.append(
            Finding(
                code="E-WGT-01",
                sheet=what,
                value=f"{key}: {found}",
                reason="权重缺失、为负或不是有限数",
                reason_en="weight missing, negative or not finite",
                fix="请为每个地区给出不小于 0 的数",
                fix_en="Give every place a number of at least 0",
            )
        )
    findings.stop(InputError)
    return numbers


def check_assigned(plan: Any, places: pd.DataFrame) -> None:
    """
    Stop with every assignment whose place is not among `places`, and every cluster that is none.

    Parameters
    ----------
    plan
        A Plan; its ``assignments``, ``fields``, ``clusters`` and ``title`` are used.
    places
        Index ``place_id``; ``attrs`` may hold ``level`` and ``vintage``, which the fix then names.

    Raises
    ------
    InputError
        With a finding for each.
    """
    findings = Findings()
    assignments, fields, clusters = plan.assignments, plan.fields, plan.clusters.index
    level, vintage = places.attrs.get("level", "?"), places.attrs.get("vintage", "?")
    for row in assignments[~assignments["place_id"].isin(places.index)].itertuples(index=False):
        findings.append(
            Finding(
                code="E-ASSIGN-01",
                file=plan.title,
                sheet="assignments",
                column="place_id",
                value=f"{row.place_id} {row.place_as_written} {row.clause}",
                reason="规划写到的地区不在所给的地区表里",
                reason_en="the plan names a place that is not among the places",
                fix=f"所给为 {level} 层级、{vintage} 年区划；请换成规划所用的，或用 siting.plan.carry_plan 和 siting.places.crosswalk 换算规划",
                fix_en=f"The places are of level {level}, vintage {vintage}; take those of the plan, or convert the plan with siting.plan.carry_plan and siting.places.crosswalk",
            )
        )
    for sheet, frame in (("assignments", assignments), ("fields", fields)):
        for row in frame[~frame["cluster_id"].isin(clusters)].itertuples(index=False):
            findings.append(
                Finding(
                    code="E-ASSIGN-02",
                    file=plan.title,
                    sheet=sheet,
                    column="cluster_id",
                    value=f"{row.cluster_id} {row.clause}",
                    reason="规划里没有这个集群",
                    reason_en="the plan has no such cluster",
                    fix=f"现有集群：{'、'.join(map(str, clusters))}",
                    fix_en=f"Clusters of the plan: {', '.join(map(str, clusters))}",
                )
            )
    findings.stop()
