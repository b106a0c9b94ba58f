"""Shapefiles for those who ask for one: nothing renamed in silence, nothing cut, nothing dropped."""

from __future__ import annotations

import os
import shutil
import tempfile
from functools import partial
from pathlib import Path
from typing import Literal

import geopandas as gpd
import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from siting.errors import ExistingOutputError, Finding, Findings, stop
from siting.export.layers import plain_layer
from siting.export.names import check_suffix
from siting.export.tables import save_csv
from siting.files import output_error, write_atomic
from siting.schema import check_choice, label

_PARTS = (".shx", ".dbf", ".prj", ".cpg", ".shp")  # the one that people open comes last
_NAME_BYTES, _TEXT_BYTES = 10, 254


def save_shapefile(
    frame: gpd.GeoDataFrame,
    path: str | os.PathLike[str],
    *,
    encoding: Literal["UTF-8", "GBK"] = "UTF-8",
    overwrite: bool = True,
) -> Path:
    """
    Write a layer as a shapefile, and beside it the table that says what its short field names mean.

    Parameters
    ----------
    frame
        The layer, with a CRS and one kind of geometry. Named index levels become fields; a tuple in a
        cell is joined by 、.
    path
        The .shp file; .shx, .dbf, .prj and .cpg stand beside it, and
        ``<name>_字段说明.csv`` with the column and the meaning of each field, in both languages.
    encoding
        ``GBK`` for programs of before 2015 that take no other.
    overwrite
        Whether existing files may be replaced.

    Returns
    -------
    path

    Raises
    ------
    InputError
        If there is no CRS; if the geometries are of several kinds; if a column holds times; if a text is longer than 254 bytes or holds a character that the encoding
        lacks: a shapefile would drop it without a word.
    OutputError, ExistingOutputError
        If a file cannot be written.

    Notes
    -----
    Field names have at most ten ASCII characters; a longer or Chinese one becomes ``F01``, ``F02``, ...
    A shapefile has no missing text: it is read back as empty. A GeoPackage has none of these limits.
    """
    check_suffix(path, ".shp")
    check_choice(encoding, ("UTF-8", "GBK"), "encoding")
    plain = plain_layer(frame)
    fields = [column for column in plain.columns if column != plain.geometry.name]
    short = _short(fields)
    _check(plain, fields, encoding, Path(path).name)
    target = Path(path)
    notes = target.with_name(f"{target.stem}_字段说明.csv")
    for one in (*(target.with_suffix(part) for part in _PARTS), notes):
        if one.exists() and not overwrite:
            stop(
                ExistingOutputError,
                code="E-OUT-01",
                file=one.name,
                value=str(one),
                reason="输出文件已存在",
                reason_en="the output file exists already",
                fix="请换一个路径，或声明可以覆盖（overwrite）",
                fix_en="Choose another path, or say that it may be replaced (overwrite)",
            )
    renamed = plain.rename(columns=dict(zip(fields, short, strict=True)))
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, "layer.shp")
        try:
            options = {"DBF_DATE_LAST_UPDATE": "2000-01-01"}
            pyogrio.write_dataframe(
                renamed, made, driver="ESRI Shapefile", encoding=encoding, layer_options=options
            )
        except (DataSourceError, DataLayerError) as error:
            raise output_error(target, OSError(5, str(error))) from error
        for part in _PARTS:
            write_atomic(target.with_suffix(part), partial(shutil.copy, made.with_suffix(part)))
    named = [str(one) for one in fields]
    said = pd.DataFrame({"字段": short, "原名": named})
    said["含义"] = [label(one) for one in named]
    said["Meaning"] = [label(one, "en") for one in named]
    save_csv(said, notes)
    return target


def _short(fields: list[str]) -> list[str]:
    """Return a name of at most ten ASCII characters per field, each another, case apart."""
    taken: set[str] = set()
    short = []
    for i, field in enumerate(map(str, fields), 1):
        fits = field.isascii() and field.isidentifier() and len(field) <= _NAME_BYTES
        name, more = field if fits else f"F{i:02d}", 0
        while name.casefold() in taken:
            more += 1
            name = f"F{i:02d}_{more}"
        taken.add(name.casefold())
        short.append(name)
    return short


def _check(plain: gpd.GeoDataFrame, fields: list[str], encoding: str, file: str) -> None:
    """Stop with every text that the file would cut or lose."""
    findings = Findings()

    def add(
        code: str, column: str, value: str, said: tuple[str, str], fix: tuple[str, str]
    ) -> None:
        (zh, en), (fix_zh, fix_en) = said, fix
        findings.append(
            Finding(code, zh, fix_zh, en, fix_en, file=file, column=column, value=value)
        )

    if plain.crs is None:
        fix = ("请先用 set_crs 声明坐标系", "Declare one with set_crs")
        add("E-SHP-01", "", "", ("图层没有坐标系", "the layer has no CRS"), fix)
    kinds = {str(one).removeprefix("Multi") for one in plain.geom_type.dropna()}
    if len(kinds) > 1:
        fix = ("请按图形类型分成几个文件", "Write a file for each kind")
        add(
            "E-SHP-04",
            "",
            "、".join(sorted(kinds)),
            ("图形类型不一", "several kinds of geometry"),
            fix,
        )
    for column in fields:
        if pd.api.types.is_datetime64_any_dtype(plain[column]):
            fix = ("请先改成文本", "Make it text first")
            said = ("shapefile 存不下时刻", "a shapefile keeps no hour")
            add("E-SHP-05", str(column), "", said, fix)
        for value in plain[column]:
            if not isinstance(value, str):
                continue
            try:
                size = len(value.encode(encoding))
            except UnicodeEncodeError as error:
                lost = value[error.start : error.end]
                said = (
                    f"{encoding} 没有“{lost}”这个字",
                    f"{encoding} lacks the character {lost!r}",
                )
                fix = ("请用 UTF-8 或 GeoPackage", "Use UTF-8 or a GeoPackage")
                add("E-SHP-02", str(column), value, said, fix)
                continue
            if size > _TEXT_BYTES:
                said = (f"文字有 {size} 字节，上限 254", f"a text of {size} bytes, 254 at most")
                fix = ("请缩短，或改用 GeoPackage", "Shorten it, or use a GeoPackage")
                add("E-SHP-03", str(column), value, said, fix)
    findings.stop()
