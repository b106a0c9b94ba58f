"""Layers of a GeoPackage, with the styles in which QGIS opens them."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from siting.errors import stop
from siting.export.names import check_suffix
from siting.files import write_atomic

# GDAL would stamp the hour into a GeoPackage; the same input must give the same bytes.
_STAMP = "2000-01-01T00:00:00.000Z"
_STYLES = "layer_styles"


def save_layers(
    layers: Mapping[str, gpd.GeoDataFrame],
    path: str | os.PathLike[str],
    *,
    styles: Mapping[str, str] | None = None,
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
    styles
        QGIS style (QML, as `siting.export.styles` makes it) by layer name. They go into the table
        ``layer_styles``, where QGIS keeps them itself: it opens the layers so. Without styles there is
        no such table.
    overwrite
        Whether an existing file may be replaced.

    Returns
    -------
    path

    Raises
    ------
    InputError
        If a layer has no CRS, has a column that a GeoPackage keeps for itself, or is called like the
        table of styles; if a style is for no layer.
    OutputError, ExistingOutputError
        If the file cannot be written.
    """
    check_suffix(path, ".gpkg")
    if not layers:
        stop(
            code="E-LAYER-02",
            reason="没有图层",
            reason_en="there are no layers",
            fix="请至少给出一个图层",
            fix_en="Give at least one",
        )
    for name in set(styles or {}) - set(layers) | {_STYLES} & set(layers):
        stop(
            code="E-LAYER-04",
            sheet=name,
            reason="样式没有对应的图层，或图层名与样式表同名",
            reason_en="a style without its layer, or a layer called like the table of styles",
            fix=f"现有图层：{'、'.join(layers)}",
            fix_en=f"Layers: {', '.join(layers)}",
        )
    for name, frame in layers.items():
        taken = {"fid", "geom"} & {str(column).lower() for column in plain_layer(frame).columns}
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
        with gdal_option("OGR_CURRENT_DATE", _STAMP):
            for name, frame in layers.items():
                try:
                    plain_layer(frame).to_file(part, layer=name, driver="GPKG", engine="pyogrio")
                except (DataSourceError, DataLayerError) as error:
                    raise OSError(errno.EIO, str(error)) from error
            if styles:
                _write_styles(part, styles)

    return write_atomic(path, write, overwrite=overwrite)


def _write_styles(part: Path, styles: Mapping[str, str]) -> None:
    """Add the table in which QGIS looks for the style of a layer."""
    names = list(styles)
    table = pd.DataFrame(
        {
            "f_table_catalog": "",
            "f_table_schema": "",
            "f_table_name": names,
            "f_geometry_column": "geom",
            "styleName": names,
            "styleQML": list(styles.values()),
            "styleSLD": "",
            "useAsDefault": [True] * len(names),
            "description": "",
            "owner": "",
            "ui": "",
            "update_time": pd.Timestamp(_STAMP),
        }
    )
    pyogrio.write_dataframe(
        table, part, layer=_STYLES, driver="GPKG", append=True, layer_options={"FID": "id"}
    )


def plain_layer(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a copy with named index levels as columns and tuples as text, as GDAL wants it."""
    named = [name for name in frame.index.names if name is not None]
    plain = frame.reset_index() if named else frame.reset_index(drop=True)
    for column in plain.columns.drop(plain.geometry.name):
        if plain[column].map(lambda value: isinstance(value, tuple)).any():
            plain[column] = plain[column].map(lambda ids: "、".join(map(str, ids)))
    return plain


@contextmanager
def gdal_option(name: str, value: str) -> Iterator[None]:
    """Set a GDAL option for the length of a block."""
    before = pyogrio.get_gdal_config_option(name)
    pyogrio.set_gdal_config_options({name: value})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({name: before})
