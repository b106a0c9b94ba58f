"""The register of bundled data: what each file is, whose it is, and where it lies."""

from __future__ import annotations

import csv
import difflib
import hashlib
import json
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from siting.errors import stop

COLUMNS = (
    "file",
    "title",
    "producer",
    "citation",
    "url",
    "licence",
    "licence_url",
    "published",
    "accessed",
    "sha256",
    "bytes",
    "rows",
    "crs",
    "attribution_zh",
    "attribution_en",
    "note",
    "made_by",
    "inputs",
)
_BESIDE = {".py", ".md", ".pyc"}  # what lies in the folder and is no data


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The SHA-256 of a file or folder, its size in bytes, and its records."""

    sha256: str
    bytes: int
    rows: int


def folder() -> Path:
    """Return the folder of the bundled data: inside an installed package, or in the repository."""
    here = Path(__file__).resolve().parent
    installed = here / "_geodata"
    return installed if installed.is_dir() else here.parent / "geodata"


def register() -> pd.DataFrame:
    """
    Return the register of bundled data, a row per file or folder of files.

    Returns
    -------
    DataFrame
        Columns `COLUMNS`, all text but ``bytes`` and ``rows``; sorted by ``file``, a path inside
        the data folder. ``published`` and ``accessed`` are ISO dates (``published`` may be a year
        alone, or "not stated"), ``crs`` is empty where there are no coordinates, ``inputs`` are joined by
        semicolons. A folder has one row; its checksum covers all its files.

    Examples
    --------
    >>> table = register()
    >>> table.loc[table["file"] == "districts.geojson", "crs"].tolist()
    ['EPSG:4326']
    """
    return pd.DataFrame(list(_entries()), columns=list(COLUMNS))


def path(name: str) -> Path:
    """
    Return where a bundled file lies.

    Parameters
    ----------
    name : str
        A ``file`` of the register, or a file in a registered folder.

    Returns
    -------
    Path
        An existing file or folder.

    Raises
    ------
    InputError
        If the name is not registered, or the file is missing.

    Examples
    --------
    >>> path("districts.geojson").name
    'districts.geojson'
    """
    known = [str(entry["file"]) for entry in _entries()]
    inside = Path(name).parts
    covered = any(inside[: len(Path(one).parts)] == Path(one).parts for one in known)
    where = folder() / name
    if not covered or ".." in inside or not where.exists():
        nearest = difflib.get_close_matches(name, known, n=3, cutoff=0.4) or known
        stop(
            code="E-GEO-01",
            value=name,
            reason="没有登记这个内置数据文件" if not covered else "内置数据文件缺失",
            reason_en="no such bundled file" if not covered else "the bundled file is missing",
            fix=f"相近的登记名：{'、'.join(nearest)}",
            fix_en=f"Registered names that are near: {', '.join(nearest)}",
        )
    return where


def attribution(names: Iterable[str], lang: str = "zh") -> str:
    """
    Return the attribution that a map or table made from bundled files has to print.

    Parameters
    ----------
    names : iterable of str
        Registered files; their texts are given in this order, each statement once.
    lang : {"zh", "en"}
        Language of the text.

    Returns
    -------
    str
        One line.

    Raises
    ------
    InputError
        If a name is not registered or the language is another.

    Examples
    --------
    >>> "OpenStreetMap contributors" in attribution(["districts.geojson"], "en")
    True
    """
    if lang not in ("zh", "en"):
        stop(
            code="E-ARG-01",
            column="lang",
            value=str(lang),
            reason="不是可选的值",
            reason_en="not one of the choices",
            fix="请用 zh、en 之一",
            fix_en="Use one of zh, en",
        )
    column = f"attribution_{lang}"
    between = "；" if lang == "zh" else "; "
    texts = {str(entry["file"]): str(entry[column]) for entry in _entries()}
    found: dict[str, None] = {}
    for name in names:
        path(name)
        owner = next(one for one in (name, *map(str, Path(name).parents)) if one in texts)
        found |= dict.fromkeys(texts[owner].split(between))
    return between.join(found)


def data_files(root: Path | None = None) -> list[str]:
    """
    Return the data files in the folder, as the register names them: code and notes are none.

    Parameters
    ----------
    root
        The folder; the bundled data without it.
    """
    base = folder() if root is None else root
    found = (item for item in base.rglob("*") if item.is_file() and item.suffix not in _BESIDE)
    names = (item.relative_to(base).as_posix() for item in found)
    return sorted(name for name in names if name != "register.toml" and "/." not in f"/{name}")


def fingerprint(where: Path) -> Fingerprint:
    """
    Return checksum, size and records of a file or a folder.

    Parameters
    ----------
    where : Path
        A GeoJSON file (its records are features), a CSV file (rows without the header), another
        file (no records), or a folder of such files.

    Returns
    -------
    Fingerprint
        For a folder: the SHA-256 of the lines ``<sha256>  <name>`` of its data files in the order
        of their names, and the sums of the rest.
    """
    if where.is_dir():
        names = data_files(where)
        parts = [fingerprint(where / name) for name in names]
        text = "".join(f"{p.sha256}  {n}\n" for p, n in zip(parts, names, strict=True))
        digest = hashlib.sha256(text.encode()).hexdigest()
        return Fingerprint(digest, sum(p.bytes for p in parts), sum(p.rows for p in parts))
    raw = where.read_bytes()
    rows = 0
    if where.suffix == ".geojson":
        rows = len(json.loads(raw)["features"])
    elif where.suffix == ".csv":
        rows = sum(1 for _ in csv.reader(raw.decode("utf-8-sig").splitlines(keepends=True))) - 1
    return Fingerprint(hashlib.sha256(raw).hexdigest(), len(raw), rows)


@cache
def _entries() -> tuple[dict[str, str | int], ...]:
    """Read the register once; the entries are never handed out, only copies of their values."""
    text = (folder() / "register.toml").read_text(encoding="utf-8")
    entries = tomllib.loads(text)["file"]
    for entry in entries:
        entry["inputs"] = "; ".join(entry["inputs"])
    return tuple(sorted(entries, key=lambda entry: str(entry["file"])))
