"""How concentrated, how special, how clustered: the frames that people read, and the reading in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from siting.schema import Lang, check_lang, in_language, label
from siting.tables.words import joined, names

if TYPE_CHECKING:
    from siting.study import Concentration

_KINDS = {
    "hot": ("热点：自身与相邻地区都高", "hot: high here and around"),
    "cold": ("冷点：自身与相邻地区都低", "cold: low here and around"),
    "mixed": ("自身与相邻地区相反", "unlike its neighbours"),
    "none": ("不显著", "not significant"),
    "undefined": ("无法检验", "undefined"),
}
_SECTOR = ("门类", "Sector")


def sector_names(study: Concentration, *, lang: Lang = "zh") -> pd.Series:
    """Return the name of each sector of a table; a sector without one is called by its label."""
    known = study.table.attrs.get(f"names_{check_lang(lang)}", {})
    return pd.Series({key: str(known.get(key, key)) for key in study.table.columns}, dtype="object")


def _total(study: Concentration) -> tuple[str, str]:
    """Return the heading of sums in both languages, with what is counted where that is known."""
    unit = study.table.attrs.get("unit")
    return ("合计", "Total") if unit is None else (f"合计（{unit[0]}）", f"Total ({unit[1]})")


def sector_table(study: Concentration, *, lang: Lang = "zh") -> pd.DataFrame:
    """Return one row per sector: how concentrated it is over the places, the most so first."""
    zh = check_lang(lang) == "zh"
    rows = study.by_sector.sort_values(
        "locational_gini", ascending=False, kind="stable", na_position="last"
    )
    heads = {
        "total": _total(study),
        "locational_gini": ("区位基尼系数（洛伦兹）", "Locational Gini (Lorenz)"),
        "hhi": ("赫芬达尔指数（按地区）", "HHI over places"),
        "equivalent_number": ("相当于几个地区平分", "Equivalent number of places"),
        "krugman": ("克鲁格曼集中指数", "Krugman concentration"),
        "gamma": ("EG 指数 γ", "Ellison-Glaeser gamma"),
        "gamma_z": ("EG 的 z", "z of gamma"),
        "n_plants": ("企业数", "Plants"),
        "moran": ("区位商的莫兰指数", "Moran's I of the LQ"),
        "moran_p": ("莫兰 p 值", "p of Moran's I"),
        "moran_q": ("FDR 校正 q 值", "FDR q"),
    }
    called = sector_names(study, lang=lang)
    return pd.DataFrame(
        {
            _SECTOR[not zh]: called.loc[rows.index].tolist(),
            **{
                pair[not zh]: rows[column].tolist()
                for column, pair in heads.items()
                if column in rows
            },
        }
    )


def specialisation_table(study: Concentration, *, lang: Lang = "zh") -> pd.DataFrame:
    """Return one row per place: how special its mix of sectors is, the most so first."""
    zh = check_lang(lang) == "zh"
    rows = study.by_place.sort_values("krugman", ascending=False, kind="stable", na_position="last")
    called = sector_names(study, lang=lang)
    heads = {
        "total": _total(study),
        "krugman": ("克鲁格曼专业化指数", "Krugman specialisation"),
        "hhi": ("赫芬达尔指数（按门类）", "HHI over sectors"),
        "equivalent_number": ("相当于几个门类平分", "Equivalent number of sectors"),
        "entropy": ("熵（比特）", "Entropy (bits)"),
        "hachman": ("哈克曼指数", "Hachman index"),
    }
    top = [called.get(one, "") if isinstance(one, str) else "" for one in rows["top_sector"]]
    return pd.DataFrame(
        {
            label("place", lang): names(study.places, lang).loc[rows.index].tolist(),
            **{pair[not zh]: rows[column].tolist() for column, pair in heads.items()},
            "区位商最高的门类" if zh else "Sector of the highest LQ": top,
            "其区位商" if zh else "That LQ": rows["top_quotient"].tolist(),
        }
    )


def quotient_table(study: Concentration, *, lang: Lang = "zh") -> pd.DataFrame:
    """Return the location quotient of each place (rows) in each sector; undefined ones are empty."""
    called = sector_names(study, lang=check_lang(lang))
    return pd.DataFrame(
        {
            label("place", lang): names(study.places, lang).tolist(),
            **{called[key]: study.quotient[key].tolist() for key in study.quotient.columns},
        }
    )


def cluster_test_table(study: Concentration, *, lang: Lang = "zh") -> pd.DataFrame:
    """Return each place and sector with its LQ, its interval and Gi*, the smallest p first."""
    zh = check_lang(lang) == "zh"
    rows = study.clusters.sort_values(["p", "sector", "place_id"], kind="stable")
    called, place = sector_names(study, lang=lang), names(study.places, lang)
    at = list(zip(rows["place_id"], rows["sector"], strict=True))
    why = study.clusters.attrs["undefined"]
    ends = {
        "下限" if zh else "Lower": [study.lower.loc[one] for one in at],
        "上限" if zh else "Upper": [study.upper.loc[one] for one in at],
    }
    return pd.DataFrame(
        {
            label("place", lang): [place[one] for one in rows["place_id"]],
            _SECTOR[not zh]: [called[one] for one in rows["sector"]],
            "区位商" if zh else "Location quotient": rows["quotient"].tolist(),
            **(ends if study.lower.notna().any(axis=None) else {}),
            "Gi* 的 z" if zh else "z of Gi*": rows["z"].tolist(),
            "p 值" if zh else "p": rows["p"].tolist(),
            label("q", lang): rows["q"].tolist(),
            "结论" if zh else "Reading": [
                _KINDS[kind][not zh]
                + (
                    f"{'：' if zh else ': '}{in_language(why[one], lang)}"
                    if one in why and kind == "undefined"
                    else ""
                )
                for one, kind in zip(at, rows["kind"], strict=True)
            ],
        }
    )


def cluster_labels(*, lang: Lang = "zh") -> dict[str, str]:
    """Return the words of hot, cold and neither, in the order of a legend."""
    en = check_lang(lang) == "en"
    return {key: pair[en] for key, pair in _KINDS.items() if key != "undefined"}


def concentration_reading(study: Concentration, *, lang: Lang = "zh") -> str:
    """Return in words what concentrates most and least, who is most special, and what is clustered."""
    zh = check_lang(lang) == "zh"
    called, place = sector_names(study, lang=lang), names(study.places, lang)
    gini = study.by_sector["locational_gini"].dropna()
    special = study.by_place["krugman"].dropna()
    hot = study.clusters[study.clusters["kind"] == "hot"]
    sure = study.by_sector[study.by_sector["moran_q"] <= 0.05]
    above = sure["moran"] > sure["moran_expected"]
    if not len(gini) or not len(special):
        return "表中没有可比的数。" if zh else "Nothing in the table can be compared."
    lumped = joined(
        [
            f"{called[key]}（{joined(place[here['place_id']], lang)}）"
            if zh
            else f"{called[key]} ({joined(place[here['place_id']], lang)})"
            for key, here in hot.groupby("sector", sort=False)
        ],
        lang,
    )
    alike = joined(called[sure.index[above]], lang)
    unlike = joined(called[sure.index[~above]], lang)
    told = study.clusters.groupby("place_id", sort=False)["p"].count()
    tested = told.any()
    alone = joined(place[told.index[told == 0].difference(list(study.untested), sort=False)], lang)
    apart = _apart(gini, called, _MOST, lang) + _apart(special, place, _MIX, lang)
    left = joined(place[list(study.untested)], lang)
    if zh:
        near = (
            f"相邻地区区位商相似、经 FDR 校正仍显著的门类：{alike or '无'}；"
            + (f"相邻地区相反的门类：{unlike}；" if unlike else "")
            + f"成片的热点：{lumped or '无'}。"
            + (f"没有相邻地区、因此未作热点检验：{alone}。" if alone else "")
            if tested
            else "地区太少或没有可比的相邻地区，未作空间检验。"
        )
        return f"{apart}{near}" + (
            f"表中没有任何计数、因此不参加检验的地区：{left}。" if left else ""
        )
    near = (
        f"Sectors whose quotients are alike among neighbours after FDR: {alike or 'none'}; "
        + (f"unlike: {unlike}; " if unlike else "")
        + f"hot spots: {lumped or 'none'}."
        + (f" Without a neighbour, so not tested for hot spots: {alone}." if alone else "")
        if tested
        else "Too few places, or none that touch: nothing was tested for neighbours."
    )
    return f"{apart}{near}" + (f" Nothing is counted in, so not tested: {left}." if left else "")


_MOST = (
    (
        "空间上最集中的是{most}（区位基尼系数 {high:.3f}），最均匀的是{least}（{low:.3f}）。",
        "Most concentrated: {most} (locational Gini {high:.3f}); most even: {least} ({low:.3f}). ",
    ),
    (
        "各门类同样集中（区位基尼系数都是 {high:.3f}）。",
        "All sectors are equally concentrated (locational Gini {high:.3f}). ",
    ),
)
_MIX = (
    (
        "门类构成与全体差别最大的是{most}（克鲁格曼指数 {high:.3f}，上限 2），最接近全体的是{least}（{low:.3f}）。",
        "The mix of {most} differs most from the whole (Krugman index {high:.3f} of at most 2), that of {least} least ({low:.3f}). ",
    ),
    (
        "各地区的门类构成与全体差别相同（克鲁格曼指数都是 {high:.3f}，上限 2）。",
        "The mix of every place differs as much from the whole (Krugman index {high:.3f} of at most 2). ",
    ),
)


def _apart(
    values: pd.Series,
    called: pd.Series,
    forms: tuple[tuple[str, str], tuple[str, str]],
    lang: Lang,
) -> str:
    """Return who has most and who least, all of them where several do, or that all have the same."""
    low, high = values.min(), values.max()
    least, most = (
        joined(called[values.index[np.isclose(values, end, rtol=1e-9, atol=1e-12)]], lang)
        for end in (low, high)
    )
    form = forms[bool(np.isclose(low, high, rtol=1e-9, atol=1e-12))][lang == "en"]
    return form.format(most=most, least=least, high=high, low=low)
