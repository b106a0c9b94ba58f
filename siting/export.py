"""Every file that leaves: single-file map pages, workbooks, GeoPackages, tables; whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from siting.errors import stop
from siting.files import Sheet, write_atomic, write_text, write_workbook
from siting.schema import Lang, check_lang

if TYPE_CHECKING:
    import folium

# GDAL would stamp the hour into a GeoPackage; the same input must give the same bytes.
_STAMP = "2000-01-01T00:00:00.000Z"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def save_html(
    folium_map: folium.Map,
    path: str | os.PathLike[str],
    *,
    title: str | None = None,
    lang: Lang = "zh",
    overwrite: bool = True,
) -> Path:
    """
    Write a map as ONE .html file that asks for nothing: no request, strict content policy.

    Parameters
    ----------
    folium_map
        A map of `siting.maps`, or a plain folium map of common elements; it is not changed.
    path
        The .html file.
    title
        Title of the page; a map of `siting.maps` brings its own.
    lang
        Language of the page.
    overwrite
        Whether an existing file may be replaced.

    Returns
    -------
    path

    Raises
    ------
    InputError
        If the map holds an element that cannot be shown safely without a network.
    OutputError, ExistingOutputError
        If the file cannot be written.

    Notes
    -----
    Text from data is shown as it was written; nothing in it runs. Leaflet comes from the package
    XStatic-Leaflet and is written into the page.
    """
    from siting.maps.page import page  # noqa: PLC0415  (folium loads only when a map leaves)

    _check_suffix(path, ".html", ".htm")
    text = page(folium_map, title=title, lang=check_lang(lang))
    return write_text(path, text, overwrite=overwrite)


def save_workbook(
    frames: Mapping[str, pd.DataFrame],
    path: str | os.PathLike[str],
    *,
    formats: Mapping[str, str] | None = None,
    overwrite: bool = True,
) -> Path:
    """
    Write frames as the sheets of an .xlsx: texts are text cells, the same bytes each time.

    Parameters
    ----------
    frames
        Frames by sheet name; their columns are the headings, their index is not written.
    path
        The .xlsx file.
    formats
        Excel number format by heading, such as ``{"p": "0.0000"}``.
    overwrite
        Whether an existing file may be replaced.

    Raises
    ------
    InputError
        If Excel cannot hold the content.
    OutputError, ExistingOutputError
        If the file cannot be written.
    """
    _check_suffix(path, ".xlsx")
    sheets = {
        name: Sheet(frame, {c: f for c, f in (formats or {}).items() if c in frame.columns})
        for name, frame in frames.items()
    }
    return write_workbook(path, sheets, overwrite=overwrite)


def save_layers(
    layers: Mapping[str, gpd.GeoDataFrame],
    path: str | os.PathLike[str],
    *,
    overwrite: bool = True,
) -> Path:
    """
    Write frames as the layers of a GeoPackage, the same bytes each time.

    Parameters
    ----------
    layers
        Frames by layer name (Chinese names are fine), each with a CRS. Index levels with names
        become columns; a tuple in a cell is joined by 、.
    path
        The .gpkg file; it is written anew, so layers that are not given do not survive.
    overwrite
        Whether an existing file may be replaced.

    Raises
    ------
    InputError
        If a layer has no CRS.
    OutputError, ExistingOutputError
        If the file cannot be written.
    """
    _check_suffix(path, ".gpkg")
    if not layers:
        stop(
            code="E-LAYER-02",
            reason="没有图层",
            reason_en="there are no layers",
            fix="请至少给出一个图层",
            fix_en="Give at least one",
        )
    for name, frame in layers.items():
        taken = {"fid", "geom"} & {str(column).lower() for column in _plain(frame).columns}
        if taken - {str(frame.geometry.name).lower()}:
            stop(
                code="E-LAYER-03",
                sheet=name,
                column=", ".join(sorted(taken)),
                reason="GeoPackage 自己要用这个列名",
                reason_en="a GeoPackage keeps this name for itself",
                fix="请给这一列改名",
                fix_en="Give the column another name",
            )
        if frame.crs is None:
            stop(
                code="E-LAYER-01",
                sheet=name,
                reason="图层没有坐标系",
                reason_en="the layer has no CRS",
                fix="请先用 set_crs 声明坐标系",
                fix_en="Declare one with set_crs",
            )

    def write(part: Path) -> None:
        with _gdal_option("OGR_CURRENT_DATE", _STAMP):
            for name, frame in layers.items():
                try:
                    _plain(frame).to_file(part, layer=name, driver="GPKG", engine="pyogrio")
                except (DataSourceError, DataLayerError) as error:
                    raise OSError(errno.EIO, str(error)) from error

    return write_atomic(path, write, overwrite=overwrite)


def save_csv(frame: pd.DataFrame, path: str | os.PathLike[str], *, overwrite: bool = True) -> Path:
    """
    Write a frame as CSV that Excel opens as Chinese text (UTF-8 with BOM, LF).

    Parameters
    ----------
    frame
        What to write; the index is not written. A text that a spreadsheet would take for a formula
        gets a leading ``'`` (OWASP, CSV injection).
    path
        The .csv file.
    overwrite
        Whether an existing file may be replaced.

    Raises
    ------
    OutputError, ExistingOutputError
        If the file cannot be written.
    """
    _check_suffix(path, ".csv")

    def guard(value: Any) -> Any:
        risky = isinstance(value, str) and value.startswith(_FORMULA_STARTS)
        return f"'{value}" if risky else value

    safe = frame.map(guard)
    safe.columns = pd.Index([guard(column) for column in frame.columns])
    text = safe.to_csv(index=False, lineterminator="\n")
    return write_text(path, "\ufeff" + text, overwrite=overwrite)


def _check_suffix(path: str | os.PathLike[str], *suffixes: str) -> None:
    """Stop if the name of a file promises something else than what will be in it."""
    if Path(path).suffix.lower() not in suffixes:
        stop(
            code="E-OUT-03",
            file=Path(path).name,
            value=Path(path).suffix,
            reason="文件名的后缀与内容不符",
            reason_en="the ending of the name does not say what is in the file",
            fix=f"请以 {'、'.join(suffixes)} 结尾",
            fix_en=f"Let it end in {', '.join(suffixes)}",
        )


def _plain(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a copy with named index levels as columns and tuples as text, as GDAL wants it."""
    named = [name for name in frame.index.names if name is not None]
    plain = frame.reset_index() if named else frame.reset_index(drop=True)
    for column in plain.columns.drop(plain.geometry.name):
        if plain[column].map(lambda value: isinstance(value, tuple)).any():
            plain[column] = plain[column].map(lambda ids: "、".join(map(str, ids)))
    return plain


@contextmanager
def _gdal_option(name: str, value: str) -> Iterator[None]:
    """Set a GDAL option for the length of a block."""
    before = pyogrio.get_gdal_config_option(name)
    pyogrio.set_gdal_config_options({name: value})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({name: before})
