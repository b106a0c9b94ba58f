"""The words of the tables: titles, names that tell things apart, lists."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

import pandas as pd

from siting.schema import Lang, check_choice, check_lang

if TYPE_CHECKING:
    from siting.plan import Plan

By = Literal["cluster", "field"]

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
    "facts": ("逐条内容", "Clause by clause"),
    "comparison": ("市区对照-集群", "City and district, clusters"),
    "field_matches": ("市区对照-领域", "City and district, fields"),
    "agreement": ("市区对照-一致程度", "City and district, measures"),
    "target_shares": ("区占全市的份额", "The district's shares"),
    "towns": ("街镇承担的集群", "What towns carry"),
    "evidence_tests": ("规划与就业-检验", "Plan and jobs, tests"),
    "evidence": ("规划与就业-各区", "Plan and jobs, districts"),
    "sectors": ("各门类的集中程度", "Concentration of sectors"),
    "specialisation": ("各地区的专业化", "Specialisation of places"),
    "quotients": ("区位商", "Location quotients"),
    "cluster_tests": ("热点检验", "Hot spots"),
    "firm_counts": ("地区×分类", "Places by category"),
    "rejects": ("未采用的行", "Rows not used"),
    "city_layout": ("全市先导区", "Leading zones of the city"),
    "city_scenarios": ("全市先导区-情景", "City zones, scenarios"),
    "city_regret": ("全市先导区-后悔值", "City zones, regret"),
    "city_firmness": ("全市先导区-稳固性", "City zones, how firm"),
    "city_front": ("全市先导区-两个目标", "City zones, two aims"),
    "district_layout": ("区内特色园区", "Parks of the district"),
    "district_scenarios": ("区内园区-情景", "District parks, scenarios"),
    "district_regret": ("区内园区-后悔值", "District parks, regret"),
    "district_firmness": ("区内园区-稳固性", "District parks, how firm"),
    "district_front": ("区内园区-两个目标", "District parks, two aims"),
    "scenario_sides": ("情景对照", "Scenarios side by side"),
    "scenario_sites": ("各情景的选点", "Sites by scenario"),
    "scenario_regret": ("换情景的结果", "Each layout, other scenarios"),
    "layout_sites": ("选定的点", "Chosen sites"),
    "layout_served": ("每个需求点由谁服务", "Which site serves which demand"),
    "layout_firmness": ("选点的稳固性", "How firm the sites are"),
    "sources": ("数据来源", "Sources"),
    "sources_full": ("数据来源", "Sources"),
}
_SHEETS = {  # of sheets in English, where the Chinese title is short as it is
    "clusters": "Clusters",
    "places": "Places",
    "incidence": "Place x cluster",
    "pairs": "Overlap",
    "pairs_by_area_official_km2": "Overlap, area",
    "pairs_by_population_2020": "Overlap, people",
    "field_incidence": "Place x field",
    "field_pairs": "Field overlap",
    "facts": "Clauses",
    "sectors": "Concentration",
    "specialisation": "Specialisation",
    "quotients": "Quotients",
}


def table_title(key: str, *, lang: Lang = "zh") -> str:
    """
    Return the title of a table of the briefing.

    Parameters
    ----------
    key
        ``clusters``, ``pairs``, ``sources``, ...; another raises InputError with the list.
    lang
        ``zh`` or ``en``.

    Returns
    -------
    str
        As a page shows it.

    Examples
    --------
    >>> table_title("pairs"), table_title("pairs", lang="en")
    ('集群两两重叠', 'Overlap of clusters')
    """
    check_choice(key, _TITLES, "key")
    return _TITLES[key][check_lang(lang) == "en"]


def sheet_title(key: str, *, lang: Lang = "zh") -> str:
    """
    Return the title of a table in few words, for the name of a sheet behind the name of a plan.

    Parameters
    ----------
    key, lang
        As in `table_title`.

    Examples
    --------
    >>> table_title("field_pairs", lang="en"), sheet_title("field_pairs", lang="en")
    ('Overlap of fields', 'Field overlap')
    """
    title = table_title(key, lang=lang)
    return _SHEETS.get(key, title) if lang == "en" else title


def names(frame: pd.DataFrame, lang: Lang) -> pd.Series:
    """
    Return the names of clusters, fields, places, ... by their id; each is another.

    Where the English name is blank, the Chinese one stands. Where two share a name, the id follows.
    """
    shown = frame["name_zh"].astype("object")
    if check_lang(lang) == "en" and "name_en" in frame:
        english = frame["name_en"].astype("object")
        shown = english.where(english.notna() & (english != ""), shown)
    ids = pd.Series([f" [{key}]" for key in frame.index], index=frame.index, dtype="object")
    return shown.where(~shown.duplicated(keep=False), shown.astype(str) + ids)


def named(ids: Iterable[str], known: pd.Series) -> list[str]:
    """Return the name of each id; an id without a name is shown itself, never left out."""
    return [str(known.get(one, one)) for one in ids]


def joined(parts: Iterable[str], lang: Lang) -> str:
    """Return the parts as one list in a cell."""
    return (", " if lang == "en" else "、").join(map(str, parts))


def units(plan: Plan, by: str) -> pd.DataFrame:
    """Return the clusters or the fields of a plan."""
    return plan.fields if check_choice(by, ("cluster", "field"), "by") == "field" else plan.clusters


def open_end(is_exhaustive: pd.Series, lang: Lang) -> str:
    """Return what ends a list of places: nothing, or 等 if the document leaves it open."""
    if is_exhaustive.all():
        return ""
    return " and others" if lang == "en" else " 等"
