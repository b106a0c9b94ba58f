"""A user's units against the units expected: by code, else by name, each mismatch named."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from siting.boundaries import CODE_COLUMNS, NAME_COLUMNS, code_text, key_column, unit_names
from siting.errors import Finding, Findings, InputError
from siting.names import canonical
from siting.places.gazetteer import Gazetteer


def match_units(
    units: gpd.GeoDataFrame, expected: pd.DataFrame, gazetteer: Gazetteer
) -> tuple[gpd.GeoSeries, Findings]:
    """
    Return the outline of every expected place, and what was found on the way.

    Parameters
    ----------
    units
        What `siting.boundaries.read_boundaries` gave.
    expected
        Index ``place_id``, columns ``name_zh``, ``level``, ``parent_id``. With a column ``kind``, a
        ``management_zone`` may be missing: some are offices without ground of their own.
    gazetteer
        All known places: a unit that is one of the others is left out with a note.

    Returns
    -------
    GeoSeries, Findings
        Outlines with the index of `expected`, without the zones that the file lacks; findings of
        the file and of the match.

    Raises
    ------
    InputError
        With a finding for each unit that is missing, unknown or given twice, and for each whose
        code and name disagree.
    """
    file = str(units.attrs.get("file", ""))
    findings = Findings(units.attrs.get("findings", ()))
    code_column = key_column(units, CODE_COLUMNS)
    name_column = key_column(units, NAME_COLUMNS)
    if code_column is None and name_column is None:
        _no_keys(units, file).stop()
    names = unit_names(units)
    chosen: dict[str, int] = {}
    for i in range(len(units)):
        code = code_text(units[code_column].iloc[i]) if code_column else ""
        name = units[name_column].iloc[i] if name_column else ""
        name = name if isinstance(name, str) else ""
        spot = {"file": file, "row": i + 1, "value": names[i]}
        found, said = _one(code, name, expected, gazetteer)
        if said is not None:
            findings.append(Finding(**said, **spot))  # type: ignore[arg-type]
        if found is None:
            continue
        if found in chosen:
            findings.append(_twice(found, chosen[found], names, spot))
        chosen.setdefault(found, i)
    missing = Findings(_missing(expected, chosen, names, file))
    findings.extend(missing)
    findings.stop(InputError)
    missing.warn(stacklevel=4)
    there = expected.index[expected.index.isin(list(chosen))]
    order = [chosen[one] for one in there]
    shapes = gpd.GeoSeries(units.geometry.to_numpy()[order], index=there, crs=units.crs)
    return shapes, findings


def _one(
    code: str, name: str, expected: pd.DataFrame, gazetteer: Gazetteer
) -> tuple[str | None, dict[str, str] | None]:
    """Return the expected place of one unit, or None, and what is to be said about it."""
    level = str(expected["level"].iloc[0])
    hits = gazetteer.search(name, level=level).ids if canonical(name) else ()
    meant = [one for one in hits if gazetteer.level[one] == level]
    inside = [one for one in meant if one in expected.index]
    by_name = inside[0] if len(inside) == 1 else None
    if code in expected.index:
        if not meant or code in meant:
            return code, None
        listed = expected["name_zh"][code]
        return None, _said(
            "E-BND-13",
            (
                f"代码 {code} 是{listed}，与名称不符",
                f"code {code} is {listed}, which the name is not",
            ),
            ("请改正代码或名称", "Correct the code or the name"),
        )
    if by_name is not None:
        if not code:
            return by_name, None
        return by_name, _said(
            "N-BND-04",
            (
                f"代码 {code} 不是所列代码，已按名称对应到 {by_name}",
                f"code {code} is not listed; matched by name to {by_name}",
            ),
            ("如有不符，请改正代码", "Correct the code if that is wrong"),
            severity="note",
        )
    if code in gazetteer.name or (not code and gazetteer.search(name).ids):
        return None, _said(
            "N-BND-05",
            ("不在所要的范围内，已略去", "not among the places asked for: left out"),
            ("无需处理", "Nothing to do"),
            severity="note",
        )
    return None, _said(
        "E-BND-14",
        (
            f"多出的单元：代码（{code or '无'}）和名称都对不上",
            f"an extra unit: neither code ({code or 'none'}) nor name is known",
        ),
        (
            f"应为：{'、'.join(expected['name_zh'])}",
            f"Expected: {', '.join(expected['name_zh'])}",
        ),
    )


def _said(
    code: str, reason: tuple[str, str], fix: tuple[str, str], severity: str = "error"
) -> dict[str, str]:
    """Return the keywords of a Finding from texts in Chinese and in English."""
    zh_en = {"reason": reason[0], "reason_en": reason[1], "fix": fix[0], "fix_en": fix[1]}
    return {"code": code, **zh_en, "severity": severity}


def _twice(found: str, first: int, names: list[str], spot: dict[str, object]) -> Finding:
    said = _said(
        "E-BND-11",
        (
            f"{found} 已用于第 {first + 1} 个单元“{names[first]}”",
            f"{found} is that of unit {first + 1} already",
        ),
        (
            "请合并为一个多部分面，或改正代码与名称",
            "Merge them into one multipart polygon, or correct code and name",
        ),
    )
    return Finding(**said, **spot)  # type: ignore[arg-type]


def _missing(
    expected: pd.DataFrame, chosen: dict[str, int], names: list[str], file: str
) -> list[Finding]:
    found = "、".join(names[:20]) + ("…" if len(names) > 20 else "")
    kinds = expected["kind"] if "kind" in expected else pd.Series("", index=expected.index)
    return [
        Finding(
            code="W-BND-12" if kinds[one] == "management_zone" else "E-BND-12",
            severity="warning" if kinds[one] == "management_zone" else "error",
            reason=f"缺少单元 {expected['name_zh'][one]}（{one}）",
            reason_en=f"unit {expected['name_zh'][one]} ({one}) is missing",
            fix=f"请补上（没有自己的地面的管委会除外）；文件中有：{found}",
            fix_en=f"Add it, unless it has no ground of its own; the file has {len(names)} units",
            file=file,
            value=str(expected.loc[one, "name_zh"]),
        )
        for one in expected.index
        if one not in chosen
    ]


def _no_keys(units: gpd.GeoDataFrame, file: str) -> Findings:
    listed = "、".join(str(c) for c in units.columns if c != "geometry")
    return Findings(
        [
            Finding(
                code="E-BND-15",
                reason=f"找不到代码列或名称列（现有：{listed or '无'}）",
                reason_en=f"no column of codes or names (found: {listed or 'none'})",
                fix="请把代码列命名为 code，或名称列命名为 name",
                fix_en="Call the column of codes code, or that of names name",
                file=file,
            )
        ]
    )
