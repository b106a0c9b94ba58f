"""Shapefiles of polygons, zipped or not: complete, of one piece, and in an encoding that reads."""

from __future__ import annotations

import codecs
import lzma
import shutil
import struct
import tempfile
import warnings
import zipfile
import zlib
from collections.abc import Mapping
from functools import partial
from pathlib import Path, PurePosixPath
from typing import NoReturn

import geopandas as gpd
import pyogrio
from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely.errors import ShapelyError

from siting.boundaries.refusal import refuse
from siting.errors import Finding, Findings

_refuse = partial(
    refuse,
    fix="请把一套 .shp .shx .dbf .prj 压缩为 .zip",
    fix_en="Put one set of .shp, .shx, .dbf and .prj into a .zip",
)

LIMIT_BYTES = 500_000_000
LIMIT_RATIO = 200
LIMIT_MEMBERS = 100
_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_NEEDED = (".shp", ".shx", ".dbf")
_BESIDE = (".sbn", ".sbx", ".qix", ".qmd", ".qpj", ".xml", ".txt", ".idx")  # never opened
_POLYGONS = (5, 15, 25)
_CHUNK = 1 << 20
_READING = (NotImplementedError, EOFError, OSError, RuntimeError, UnicodeError, struct.error)


def read_shapefile(path: Path) -> gpd.GeoDataFrame:
    """
    Read a polygon shapefile: a ``.shp`` with its companions, or a ``.zip`` with exactly one set.

    Parameters
    ----------
    path
        An existing local file.

    Returns
    -------
    GeoDataFrame
        A row per record, RangeIndex; the CRS of the ``.prj``, or None without one. Remarks, such as
        the encoding found, are in ``attrs["findings"]``.

    Raises
    ------
    InputError
        If a part is missing (named), cut off, or disagrees with the others; if the archive holds
        anything but one shapefile, unsafe names, or inflates beyond the limits; if the shapes are
        no polygons; if the text is in no known encoding.

    Notes
    -----
    The parts are copied under fixed names into a folder of their own, so that nothing else of the
    archive or of the user's folder is ever opened.

    References
    ----------
    ESRI Shapefile Technical Description (1998), main file header and index records.
    """
    findings = Findings()
    with tempfile.TemporaryDirectory(prefix="siting-") as folder:
        place = Path(folder)
        zipped = path.suffix.lower() == ".zip"
        parts = unpack(path, place) if zipped else collect(path, place)
        missing = [suffix for suffix in _NEEDED if suffix not in parts]
        if missing:
            listed = "、".join(missing)
            _refuse(
                path,
                f"缺少 {listed} 文件",
                f"the {', '.join(missing)} file is missing",
                fix="请把同名的 .shp .shx .dbf .prj 一起提供，最好压缩为 .zip",
                fix_en="Give .shp, .shx, .dbf and .prj together, best as one .zip",
            )
        records = _check(path, parts)
        encoding = text_encoding(path, parts, findings)
        crs = stated_crs(path, parts.pop(".prj", None))
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # ring order and the like; the checks say the rest
                frame = pyogrio.read_dataframe(parts[".shp"], encoding=encoding)
        except (RuntimeError, ValueError, OverflowError, ShapelyError) as error:
            _refuse(path, f"无法读取（{error}）", f"it cannot be read ({error})")
    frame = frame.set_crs(crs, allow_override=True)
    if len(frame) < records:
        findings.append(note_deleted(path, records - len(frame)))
    frame.attrs["findings"] = findings
    return frame


def collect(path: Path, place: Path) -> dict[str, Path]:
    """Copy the parts that lie beside ``path`` under the same name."""
    parts = {}
    for other in path.parent.iterdir():
        suffix = other.suffix.lower()
        if other.stem == path.stem and suffix in _PARTS and other.is_file():
            parts[suffix] = place / f"layer{suffix}"
            shutil.copyfile(other, parts[suffix])
    return parts


def unpack(path: Path, place: Path) -> dict[str, Path]:
    """Inflate the one shapefile of an archive, counting the bytes that really come out."""
    parts: dict[str, Path] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            members = _members(path, archive)
            room = LIMIT_BYTES
            for suffix, member in members.items():
                parts[suffix] = place / f"layer{suffix}"
                room -= _inflate(path, archive, member, parts[suffix], room)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, *_READING) as error:
        zh, en = f"压缩包损坏或不完整（{error}）", f"the archive is damaged or cut off ({error})"
        _refuse(path, zh, en)
    return parts


def _members(path: Path, archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Return the parts of the one shapefile by suffix, after a look at every member."""
    found: dict[str, zipfile.ZipInfo] = {}
    stems: set[str] = set()
    infos = [info for info in archive.infolist() if not info.filename.endswith("/")]
    if len(infos) > LIMIT_MEMBERS or sum(i.compress_size for i in infos) > path.stat().st_size:
        _refuse(path, "压缩包的成员过多或互相重叠", "its members are too many or overlap")
    for info in infos:
        name = PurePosixPath(info.filename.replace("\\", "/"))
        odd = not name.parts or name.is_absolute() or ".." in name.parts or ":" in info.filename
        if odd or info.flag_bits & 1:
            _refuse(
                path,
                "压缩包成员的路径不安全或已加密",
                "an unsafe or encrypted member",
                info.filename,
            )
        if (info.external_attr >> 16) & 0o170000 == 0o120000:
            _refuse(path, "压缩包内有符号链接", "it contains a symbolic link", info.filename)
        suffix = name.suffix.lower()
        if name.parts[0] == "__MACOSX" or name.name in (".DS_Store", "Thumbs.db"):
            continue
        if suffix not in (*_PARTS, *_BESIDE):
            _refuse(
                path,
                "压缩包内只能有一套 Shapefile",
                "only one shapefile may be in it",
                info.filename,
            )
        if suffix in _PARTS:
            stems.add(str(name.with_suffix("")))
            if suffix in found or len(stems) > 1:
                _refuse(
                    path,
                    "压缩包内不止一套 Shapefile",
                    "more than one shapefile in it",
                    info.filename,
                )
            found[suffix] = info
    if ".shp" not in found:
        _refuse(path, "压缩包内没有 .shp", "there is no .shp in it")
    return found


def _inflate(
    path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, room: int
) -> int:
    done = 0
    with archive.open(member) as source, target.open("wb") as sink:
        while chunk := source.read(_CHUNK):
            done += len(chunk)
            bomb = done > _CHUNK and done > LIMIT_RATIO * max(member.compress_size, 1)
            if done > room or bomb:
                zh, en = "解压后过大，疑似压缩炸弹", "it inflates beyond the limits"
                _refuse(path, zh, en, member.filename)
            sink.write(chunk)
    return done


def _check(path: Path, parts: Mapping[str, Path]) -> int:
    """Hold the headers against the sizes of the files and each other; return the records."""
    heads = {suffix: _head(parts[suffix]) for suffix in (".shp", ".shx")}
    for suffix, head in heads.items():
        if len(head) < 100 or head[:4] != b"\x00\x00\x27\x0a":
            _refuse(path, f"{suffix} 不是 Shapefile 文件", f"its {suffix} is no shapefile part")
        said, size = 2 * struct.unpack(">i", head[24:28])[0], parts[suffix].stat().st_size
        if size < said:
            _cut(path, suffix, f"{size}/{said}")
    (kind,) = struct.unpack("<i", heads[".shp"][32:36])
    if kind not in _POLYGONS:
        zh, en = f"应为面图层，实为类型 {kind}", f"polygons are needed, its shape type is {kind}"
        _refuse(path, zh, en, fix="请导出面图层", fix_en="Export a polygon layer")
    table = _head(parts[".dbf"])
    if len(table) < 32:
        _cut(path, ".dbf", str(len(table)))
    records, head_bytes, record_bytes = struct.unpack("<IHH", table[4:12])
    if parts[".dbf"].stat().st_size < head_bytes + records * record_bytes:
        _cut(path, ".dbf", f"{parts['.dbf'].stat().st_size}/{head_bytes + records * record_bytes}")
    shapes = (parts[".shx"].stat().st_size - 100) // 8
    if shapes != records:
        zh, en = f"图形 {shapes} 个，属性 {records} 行", f"{shapes} shapes but {records} rows"
        _refuse(path, zh, en, fix="请重新导出", fix_en="Export it again")
    return int(records)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(100)


def stated_crs(path: Path, prj: Path | None) -> CRS | None:
    """Return the system of the ``.prj``, which is then taken away: GDAL need not see it."""
    if prj is None:
        return None
    text = prj.read_bytes()[:100_000].decode("utf-8", "replace").strip()
    prj.unlink()
    if not text:
        return None
    try:
        return CRS.from_wkt(text)
    except CRSError:
        zh, en = ".prj 的内容无法识别", "its .prj is not understood"
        _refuse(path, zh, en, text, fix="请重新导出 .prj", fix_en="Export the .prj again")


def text_encoding(path: Path, parts: Mapping[str, Path], findings: Findings) -> str:
    """Return the encoding of the text: the one declared if it reads, else UTF-8 or GB18030."""
    raw = parts[".dbf"].read_bytes()
    declared = ""
    if ".cpg" in parts:
        declared = parts[".cpg"].read_bytes()[:40].decode("ascii", "replace").strip()
    for encoding in (declared, "utf-8", "gb18030"):
        if encoding and _reads(raw, encoding):
            if encoding != declared and not raw.isascii():
                findings.append(_note_encoding(path, encoding, declared))
            return codecs.lookup(encoding).name
    _refuse(path, "属性文字的编码无法识别", "the encoding of its text is not known", declared)


def _reads(raw: bytes, encoding: str) -> bool:
    """Whether every text cell of a dBase table decodes."""
    _, head_bytes, record_bytes = struct.unpack("<IHH", raw[4:12])
    try:
        for start in range(head_bytes, len(raw), max(record_bytes, 1)):
            at = start + 1
            for field in range(32, head_bytes - 1, 32):
                width = raw[field + 16]
                if raw[field + 11 : field + 12] == b"C":
                    raw[at : at + width].rstrip(b" \0\x1a").decode(encoding)
                at += width
    except (LookupError, ValueError):
        return False
    return True


def _note_encoding(path: Path, encoding: str, declared: str) -> Finding:
    wrong = f"（.cpg 所称 {declared} 不符）" if declared else ""
    wrong_en = f" (its .cpg says {declared})" if declared else ""
    return Finding(
        code="N-BND-01",
        reason=f"属性文字按 {encoding} 读取{wrong}",
        reason_en=f"its text was read as {encoding}{wrong_en}",
        fix="如有乱码，请补上正确的 .cpg",
        fix_en="If names look wrong, add the right .cpg",
        severity="repaired" if declared else "note",
        file=path.name,
    )


def note_deleted(path: Path, count: int) -> Finding:
    """Return the finding that deleted records were left out."""
    return Finding(
        code="W-BND-05",
        reason=f"{count} 条记录在文件中已标记为删除，未读取",
        reason_en=f"{count} records are marked as deleted in the file and were not read",
        fix="如仍需要，请在绘图软件中恢复后重新导出",
        fix_en="If they are needed, restore them in a GIS and export again",
        severity="warning",
        file=path.name,
    )


def _cut(path: Path, suffix: str, sizes: str) -> NoReturn:
    zh, en = f"{suffix} 文件不完整（字节 {sizes}）", f"its {suffix} is cut off (bytes {sizes})"
    _refuse(path, zh, en, fix="请重新下载或导出", fix_en="Download or export it again")
