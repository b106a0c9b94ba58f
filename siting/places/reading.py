"""Places with their outlines: the bundled ones, or a user's own in their stead."""

from __future__ import annotations

import os
from typing import Any

import geopandas as gpd
import pandas as pd

from siting.boundaries import read_boundaries
from siting.errors import InputError, stop
from siting.places import bundled
from siting.places.matching import match_units
from siting.places.resolution import find_places
from siting.places.standing import check_ground, check_inside
from siting.schema import check_choice

_WHOLE_CITY = ("310000", "310100", "上海市", "上海")


def read_places(
    level: str,
    *,
    vintage: int | None = None,
    within: str | None = None,
    boundaries: str | os.PathLike[str] | gpd.GeoDataFrame | None = None,
    frame: str = "wgs84",
) -> gpd.GeoDataFrame:
    """
    Return the places of one level with their outlines.

    Parameters
    ----------
    level : {"district", "town"}
        Shanghai's 16 districts, or the towns (subdistricts, towns and units like them) of one.
    vintage : {2023, 2026}, optional
        Which division of Jiading: the 12 management units of 2023 (default), or the 12 units since
        May 2026. Districts are the same in both.
    within : str, optional
        A district by name or code. Towns are those of 嘉定区 unless another is named.
    boundaries : path or GeoDataFrame, optional
        The user's own outlines instead of the bundled ones; see `siting.boundaries.read_boundaries`
        for what is accepted. Units are matched by code or, failing that, by name. Management zones
        of other districts may be missing, with a warning: some have no ground of their own.
    frame : {"wgs84", "cgcs2000", "gcj02", "bd09"}
        What the coordinates of `boundaries` are in.

    Returns
    -------
    GeoDataFrame
        In EPSG:4326, sorted by its index ``place_id``; columns ``name_zh``, ``name_en``, ``level``,
        ``parent_id``, ``area_official_km2`` [km2, NaN where none is published], for districts
        ``population_2020`` [persons], ``label_lon``, ``label_lat`` [deg], ``geometry``. ``attrs``:
        ``level``, ``vintage``, ``sources`` (registered files, or the name of the user's file first),
        ``generalised``, ``notes_zh``, ``notes_en``, and with `boundaries` also ``findings``.

    Raises
    ------
    InputError
        If `level` or `vintage` is another; if towns of a district without bundled outlines are
        asked for without `boundaries`; if a unit is missing, unknown or occurs twice in them.
    UnknownPlaceError, AmbiguousPlaceError
        If `within` is no district.

    Notes
    -----
    Outlines of districts include inland water and tidal flats; densities divide by the official
    area. Jiading's outlines are generalised (about 100 m).

    Examples
    --------
    >>> places = read_places("district")
    >>> len(places), places.loc["310114", "name_zh"]
    (16, '嘉定区')
    >>> read_places("town", vintage=2026).loc["310114106", "name_zh"]
    '马陆镇'
    """
    check_choice(level, ("district", "town"), "level")
    files: tuple[str, ...]
    chosen = check_vintage(vintage)
    if boundaries is None and frame != "wgs84":
        stop(
            code="E-PLACE-20",
            column="frame",
            value=str(frame),
            reason="没有自备边界，坐标系无从谈起",
            reason_en="a frame says how your own boundaries are meant, and there are none",
            fix="请给出 boundaries=，或去掉 frame=",
            fix_en="Give boundaries=, or leave out frame=",
        )
    if level == "district":
        table, files, generalised = bundled.districts(), bundled.DISTRICT_FILES, False
        district = district_id(within)
        if district is not None:
            table = table.loc[[district]]
    else:
        district = district_id(within) or bundled.JIADING
        table, files, generalised = _towns(district, chosen, given=boundaries is not None)
    attrs: dict[str, Any] = {"level": level, "vintage": chosen}
    if boundaries is None:
        shapes = bundled.outlines(files[0]).reindex(table.index)
        attrs |= {"sources": list(files), "generalised": generalised}
    else:
        read = read_boundaries(boundaries, frame=frame)
        shapes, findings = match_units(read, table, bundled.gazetteer())
        if level == "district" or district == bundled.JIADING:
            check_ground(shapes, bundled.outlines(files[0]), table["name_zh"])
        else:
            whole = bundled.outlines(bundled.DISTRICT_FILES[0]).loc[[district]]
            check_inside(shapes, whole, table["name_zh"])
        absent, table = table.drop(shapes.index), table.loc[shapes.index]
        attrs |= {"sources": [read.attrs["file"], *files[1:]], "generalised": False}
        attrs["findings"] = findings
    attrs["notes_zh"], attrs["notes_en"] = _notes(table, level)
    if boundaries is not None and len(absent):
        attrs["notes_zh"].append(f"边界文件中没有：{'、'.join(absent['name_zh'])}")
        attrs["notes_en"].append(f"Not in the boundary file: {', '.join(absent['name_zh'])}")
    answer = gpd.GeoDataFrame(
        table.drop(columns=["note", "kind"], errors="ignore"), geometry=shapes, crs=4326
    )
    if boundaries is not None:  # the bundled label points may lie outside the user's outlines
        inside = answer.geometry.representative_point()
        answer = answer.assign(label_lon=inside.x, label_lat=inside.y)
    answer.attrs = attrs
    return answer


def district_id(within: str | None) -> str | None:
    """Return the code of the district named, or None for the whole city."""
    if within is None or within in _WHOLE_CITY:
        return None
    return str(find_places([within], bundled.gazetteer(), level="district").iloc[0])


def check_vintage(vintage: int | None) -> int:
    """Return the vintage, 2023 if none is given, or raise InputError."""
    if vintage is None:
        return bundled.VINTAGES[0]
    if isinstance(vintage, bool) or vintage not in bundled.VINTAGES:
        stop(
            code="E-PLACE-06",
            column="vintage",
            value=str(vintage),
            reason="没有这一年份的边界",
            reason_en="there are no outlines of this vintage",
            fix="请用 2023 或 2026",
            fix_en="Use 2023 or 2026",
        )
    return int(vintage)


def _towns(
    district: str, vintage: int, *, given: bool
) -> tuple[pd.DataFrame, tuple[str, ...], bool]:
    """Return the towns of a district, their files, and whether the outlines are generalised."""
    if district == bundled.JIADING:
        return bundled.units(vintage), bundled.unit_files(vintage), True
    name = bundled.districts().loc[district, "name_zh"]
    if not given:
        stop(
            InputError,
            code="E-PLACE-07",
            column="within",
            value=str(name),
            reason="内置数据只有嘉定区的街镇边界",
            reason_en="only the towns of Jiading come with siting",
            fix="请用 boundaries= 提供该区的街镇边界文件",
            fix_en="Give a file of this district's towns with boundaries=",
        )
    listed = bundled.towns()
    table = listed[listed["parent_id"] == district]
    blank = dict.fromkeys(("area_official_km2", "label_lon", "label_lat"), float("nan"))
    return table.assign(**blank), ("", "gazetteer.csv"), False


def _notes(table: pd.DataFrame, level: str) -> tuple[list[str], list[str]]:
    if level == "district":
        zh = "区界截至海岸，含内陆水面和滩涂；密度按官方面积计算"
        en = (
            "Outlines end at the coast and include inland water and tidal flats;"
            " densities use the official area"
        )
        return [zh], [en]
    doubtful = table[table["area_official_km2"].isna()]["name_zh"].tolist()
    zh_notes, en_notes = [], []
    if len(doubtful) == len(table):
        zh_notes.append("各街镇的官方面积未收录")
        en_notes.append("Official areas of these towns are not in the data")
    elif doubtful:
        zh_notes.append(f"未见官方面积：{'、'.join(doubtful)}")
        names = table.loc[table["area_official_km2"].isna(), "name_en"]
        shown = [en or zh for en, zh in zip(names, doubtful, strict=True)]
        en_notes.append(f"No official area published: {', '.join(shown)}")
    provisional = [i for i in table.index if i.endswith("990")]
    if provisional:
        zh_notes.append(f"暂用代码：{'、'.join(provisional)}")
        en_notes.append(f"Provisional codes: {', '.join(provisional)}")
    return zh_notes, en_notes
