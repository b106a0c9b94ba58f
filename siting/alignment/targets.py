"""The district's share of the city's targets, as ranges, beside its share of people, land, jobs and output."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf, nan
from typing import TYPE_CHECKING, Any

import pandas as pd

from siting.alignment.comparing import check_levels
from siting.alignment.figures import read_figures
from siting.errors import Finding, Findings
from siting.schema import require_columns

if TYPE_CHECKING:
    from siting.plan import Plan

FIGURE_COLUMNS = ("figure", "place_id", "name_zh", "name_en", "unit", "as_of", "value")
_WORDS = {
    # qualifier: (Chinese, English)
    "about": ("约 ", "about "),
    "at_least": ("不少于 ", "at least "),
    "more_than": ("超过 ", "more than "),
    "exactly": ("", ""),
}


def target_shares(
    city: Plan,
    district: Plan,
    figures: pd.DataFrame | None = None,
    *,
    matches: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """
    Return the district's share of each comparable target of the city, beside its share of figures.

    Parameters
    ----------
    city, district
        As in `siting.alignment.compare`.
    figures
        What to hold the targets against, as `read_figures` gives (the default); a share is of the
        sum over the places in it.
    matches
        Which target of the city (its id) compares with which of the district. Without it those of
        equal id compare.

    Returns
    -------
    DataFrame
        A row per target and figure: ``kind`` (target, figure), ``id district_id``, ``name_zh
        name_en unit year``, ``city_value city_qualifier district_value district_qualifier``,
        ``share_lower share_upper`` [share], ``lower_open upper_open`` (the bound itself is
        excluded), ``approximate`` (a number behind it is 左右), ``status``, ``text_zh text_en``,
        ``city_clause district_clause`` (empty for figures), ``source`` and ``url``. The status is ``comparable``; ``unit_differs`` or ``year_differs``;
        ``city_only``, ``district_only`` or ``no_figure``: then there is no share, and the reason is in
        ``.attrs["undefined"]``: {(row, column): reason}.

    Raises
    ------
    InputError
        If the plans are not of these levels, `matches` names a target that is none, or `figures`
        lacks a column or the district.

    Notes
    -----
    A qualifier is never turned into an equality. ``exactly`` is the interval [q, q]; ``at_least``
    [q, inf); ``more_than`` (q, inf); ``about`` says no tolerance and none is made up: it counts as
    [q, q] and the share is marked approximate. The share lies between the least of the district
    over the most of the city and the most of the district over the least of the city; where the
    city's number has no upper bound the lower bound is 0, excluded.

    Examples
    --------
    >>> from siting.plan import read_plan
    >>> table = target_shares(read_plan("shanghai-2022"), read_plan("jiading-2023"))
    >>> table.loc[table["id"] == "output", "text_zh"].tolist()
    ['约 1000 / 约 5000 亿元，约 20%']
    >>> table.loc[table["id"] == "output", ["share_lower", "share_upper"]].to_numpy().tolist()
    [[0.2, 0.2]]
    """
    check_levels(city, district)
    pairs = _pairs(city, district, matches)
    undefined: dict[tuple[int, str], str] = {}
    rows = [_target(city, district, one, other) for one, other in pairs]
    rows += _figures(read_figures() if figures is None else figures, district.parent_id)
    for i, row in enumerate(rows):
        reason = row.pop("undefined", "")
        if reason:
            undefined |= {(i, "share_lower"): reason, (i, "share_upper"): reason}
    answer = pd.DataFrame(rows)
    answer.attrs["undefined"] = undefined
    return answer


def _pairs(
    city: Plan, district: Plan, matches: Mapping[str, str] | None
) -> list[tuple[str | None, str | None]]:
    """Return the targets that compare, then those of the city alone, then of the district alone."""
    ours, theirs = city.targets.index, district.targets.index
    if matches is None:
        matches = {one: one for one in ours if one in theirs}
    findings = Findings()
    for plan, ids in ((city, matches), (district, matches.values())):
        findings += [
            Finding(
                "E-ALIGN-21",
                "规划里没有这个目标",
                f"现有目标：{'、'.join(plan.targets.index)}",
                "the plan has no such target",
                f"Targets of the plan: {', '.join(plan.targets.index)}",
                file=plan.title,
                column="target_id",
                value=str(one),
            )
            for one in ids
            if one not in plan.targets.index
        ]
    findings.stop()
    return [
        *matches.items(),
        *((one, None) for one in ours if one not in matches),
        *((None, one) for one in theirs if one not in set(matches.values())),
    ]


def _target(city: Plan, district: Plan, one: str | None, other: str | None) -> dict[str, Any]:
    """Return one row of `target_shares` for a target."""
    ours: Any = None if one is None else city.targets.loc[one]
    theirs: Any = None if other is None else district.targets.loc[other]
    named = ours if ours is not None else theirs
    row: dict[str, Any] = {
        "kind": "target",
        "id": one or "",
        "district_id": other or "",
        "name_zh": named["name_zh"],
        "name_en": named["name_en"],
        "unit": named["unit"],
        "year": str(named["year"]),
        "city_value": nan if ours is None else float(ours["quantity"]),
        "city_qualifier": "" if ours is None else ours["qualifier"],
        "district_value": nan if theirs is None else float(theirs["quantity"]),
        "district_qualifier": "" if theirs is None else theirs["qualifier"],
        **dict.fromkeys(("share_lower", "share_upper"), nan),
        **dict.fromkeys(("lower_open", "upper_open", "approximate"), False),
        "status": "comparable",
        "city_clause": "" if ours is None else ours["clause"],
        "district_clause": "" if theirs is None else theirs["clause"],
        "source": "；".join(
            f"{plan.document_no or plan.title} {target['clause']}"
            for plan, target in ((city, ours), (district, theirs))
            if target is not None
        ),
        "url": "",
    }
    row["status"], row["undefined"] = _comparable(ours, theirs)
    if not row["undefined"]:
        row |= _share(ours, theirs)
    row["text_zh"], row["text_en"] = _texts(row)
    return row


def _comparable(ours: pd.Series | None, theirs: pd.Series | None) -> tuple[str, str]:
    """Return the status of a target, and why it has no share if it has none."""
    if theirs is None:
        return "city_only", "区规划没有可比的目标 / the district's plan has no such target"
    if ours is None:
        return "district_only", "市规划没有可比的目标 / the city's plan has no such target"
    if ours["unit"] != theirs["unit"]:
        units = f"{ours['unit']}, {theirs['unit']}"
        return "unit_differs", f"单位不同 / units differ: {units}"
    if ours["year"] != theirs["year"]:
        years = f"{ours['year']}, {theirs['year']}"
        return "year_differs", f"年份不同 / years differ: {years}"
    if not ours["quantity"] > 0:
        return "comparable", "市目标为零，无份额 / the city's number is 0: no share"
    return "comparable", ""


def _share(ours: pd.Series, theirs: pd.Series) -> dict[str, Any]:
    """Return the range of the district's number over the city's."""
    open_ended = ("at_least", "more_than")
    (above, city_q), (below, district_q) = (
        (one["qualifier"] in open_ended, one["qualifier"]) for one in (ours, theirs)
    )
    ratio = float(theirs["quantity"]) / float(ours["quantity"])
    some = ratio > 0  # nothing of anything is 0, whatever the whole
    return {
        "share_lower": 0.0 if above else ratio,
        "share_upper": inf if below else ratio,
        "lower_open": (above and some) or district_q == "more_than",
        "upper_open": below or (city_q == "more_than" and some),
        "approximate": "about" in (city_q, district_q),
    }


def _figures(figures: pd.DataFrame, place_id: str) -> list[dict[str, Any]]:
    """Return the rows of `target_shares` for figures."""
    require_columns(figures, FIGURE_COLUMNS, "figures")
    rows = []
    for figure, group in figures.groupby("figure", sort=False):
        own = group[group["place_id"] == place_id]
        whole = float(group["value"].sum())
        good = len(own) == 1 and whole > 0 and group["value"].notna().all()
        value = float(own["value"].iloc[0]) if len(own) == 1 else nan
        first = (own if len(own) else group).iloc[0]
        row: dict[str, Any] = {
            "kind": "figure",
            "id": figure,
            "district_id": figure,
            **{name: first[name] for name in ("name_zh", "name_en", "unit")},
            "year": first["as_of"],
            "city_value": whole if good else nan,
            "city_qualifier": "exactly",
            "district_value": value,
            "district_qualifier": "exactly",
            **dict.fromkeys(("share_lower", "share_upper"), value / whole if good else nan),
            **dict.fromkeys(("lower_open", "upper_open", "approximate"), False),
            "status": "comparable" if good else "no_figure",
            **dict.fromkeys(("city_clause", "district_clause"), ""),
            "source": first.get("source", ""),
            "url": first.get("url", ""),
            "undefined": ""
            if good
            else "缺少本区或某区的数 / a figure is missing for this district or another",
        }
        row["text_zh"], row["text_en"] = _texts(row)
        rows.append(row)
    return rows


def _texts(row: dict[str, Any]) -> tuple[str, str]:
    """Return the two numbers and the share in words, qualifiers kept, in Chinese and English."""
    parts_zh, parts_en = [], []
    for side in ("district", "city"):
        value, qualifier = row[f"{side}_value"], row[f"{side}_qualifier"]
        if value == value:  # not NaN  # noqa: PLR0124
            zh, en = _WORDS[qualifier]
            parts_zh.append(f"{zh}{value:.10g}")
            parts_en.append(f"{en}{value:.10g}")
    zh = f"{' / '.join(parts_zh)} {row['unit']}"
    en = f"{' / '.join(parts_en)} {row['unit']}"
    low, high = row["share_lower"], row["share_upper"]
    if low != low:  # NaN  # noqa: PLR0124
        return zh, en
    near = ("约", "about ") if row["approximate"] else ("", "")
    if low == high and not row["lower_open"] and not row["upper_open"]:
        share = _percent(low)
        return f"{zh}，{f'{near[0]} {share}'.strip()}", f"{en}, {near[1]}{share}"
    bounds_zh, bounds_en = [], []
    if low > 0 or not row["lower_open"]:
        words = ("超过", "more than ") if row["lower_open"] else ("不低于", "at least ")
        bounds_zh.append(f"{words[0]}{near[0]} {_percent(low)}")
        bounds_en.append(f"{words[1]}{near[1]}{_percent(low)}")
    if high < inf:
        words = ("低于", "less than ") if row["upper_open"] else ("不高于", "at most ")
        bounds_zh.append(f"{words[0]}{near[0]} {_percent(high)}")
        bounds_en.append(f"{words[1]}{near[1]}{_percent(high)}")
    said_zh = "、".join(bounds_zh) or "份额无法限定"
    said_en = ", ".join(bounds_en) or "the share has no bounds"
    return f"{zh}，{said_zh}", f"{en}, {said_en}"


def _percent(share: float) -> str:
    """Return a share with three digits that count."""
    return f"{100 * share:.3g}%" if share < 9.995 else f"{100 * share:.0f}%"
