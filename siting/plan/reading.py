"""Plans from a bundled id, a folder of CSV files or a workbook; all that is amiss is said at once."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from siting import geodata
from siting.errors import (
    AmbiguousPlaceError,
    Finding,
    Findings,
    InputError,
    UnknownPlaceError,
    stop,
)
from siting.files import local_file
from siting.plan.cells import Entry, parse_cells
from siting.plan.locating import (
    Locator,
    locate_assignments,
    locate_zones,
    report_repeated_pairs,
    right_level,
)
from siting.plan.model import FRAMES, REQUIRED_SHEETS, SHEET_NAMES, SHEETS, Plan, empty_frame
from siting.plan.rules import check_parents, check_plan_row, check_points, check_unique
from siting.schema import LABELS, label
from siting.sheets import Table, heading_key, read_csv_text, read_workbook_text, records

CHECK = "check"  # a column for people, never read
GUIDE_SHEETS = ("说明", "readme", "核对", "check")  # for people, never read


def read_plan(source: str | os.PathLike[str]) -> Plan:
    """
    Read a plan and check all of it: every fact must have its clause, every name its place.

    Parameters
    ----------
    source : str or path
        The id of a bundled plan (see `list_plans`), a folder with one CSV file per sheet, or an
        .xlsx with the same sheets, such as `write_template` makes.

    Returns
    -------
    Plan
        Notes and warnings from the reading are in its ``findings``.

    Raises
    ------
    UnknownPlaceError, AmbiguousPlaceError
        If the only things wrong are names of places.
    InputError
        If anything else is: a sheet, column or cell missing; an id, field or pair twice; a cluster
        without fields or places; a parent missing or in a circle; a number, year, qualifier or code
        that is none; text in mixed encodings or garbled. Every finding names file, sheet, row and
        column, and all come in one error.

    Warns
    -----
    SitingWarning
        For what was repaired or deserves a look.

    Notes
    -----
    Sheets and headings may be in English or Chinese, in any case, with blanks. The sheets targets,
    programmes and zones may be absent. ``place_id`` may be blank: ``place_as_written`` is then
    looked up among the places of the plan's level, within its parent; where both are given they
    must agree. Towns outside the bundled gazetteer are taken by code and noted.

    Examples
    --------
    >>> read_plan("jiading-2023").clusters["tier"].value_counts().to_dict()
    {'集群': 2, '领域': 2, '方向': 1}
    """
    if not isinstance(source, (str, os.PathLike)) or not str(source):
        _refuse_unknown(str(source))
    text = os.fspath(source)
    if text in bundled_ids():
        return _build(_folder_tables(geodata.folder() / "plans" / text), text, trusted=True)
    path = Path(text)
    if path.is_dir():
        return _build(_folder_tables(path), path.name)
    if not path.suffix and not path.exists():
        _refuse_unknown(text)
    file = local_file(path, suffixes=(".xlsx",))
    return _build(_named(read_workbook_text(file).items(), file.name), file.name)


def list_plans() -> pd.DataFrame:
    """
    Return the bundled plans, one row each.

    Returns
    -------
    DataFrame
        Index ``id``; ``title issuer document_no published level`` as text, ``clusters fields
        places`` as counts: places that have a cluster.

    Examples
    --------
    >>> list_plans().loc["shanghai-2022", ["clusters", "fields", "places"]].tolist()
    [5, 16, 11]
    """
    rows = []
    for one in bundled_ids():
        plan = read_plan(one)
        texts = {n: getattr(plan, n) for n in ("id", "title", "issuer", "document_no")}
        counts = {"clusters": len(plan.clusters), "fields": len(plan.fields)}
        places = plan.assignments["place_id"].nunique()
        rows.append(
            {**texts, "published": plan.published, "level": plan.level, **counts, "places": places}
        )
    return pd.DataFrame(rows).set_index("id")


def bundled_ids() -> list[str]:
    """Return the ids of the bundled plans."""
    return sorted(found.parent.name for found in (geodata.folder() / "plans").glob("*/plan.csv"))


def _refuse_unknown(text: str) -> None:
    known = bundled_ids()
    near = difflib.get_close_matches(text, known, n=1)
    stop(
        code="E-PLAN-02",
        value=text,
        reason="没有这个规划，也没有这个文件",
        reason_en="neither a bundled plan nor a file",
        fix=f"自带的规划：{'、'.join(near or known)}；或给出 .xlsx 或文件夹的路径",
        fix_en=f"Bundled plans: {', '.join(near or known)}; or give the path of an .xlsx or a folder",
    )


def _folder_tables(folder: Path) -> dict[str, Table]:
    files = sorted(item for item in folder.iterdir() if item.suffix.lower() == ".csv")
    return _named(((item.stem, item) for item in files), folder.name)


def _named(found: Iterable[tuple[str, Table | Path]], file: str) -> dict[str, Table]:
    """Return tables by the sheet they are; those of no known name are left out with a warning."""
    spellings = {heading_key(n): s for s in SHEETS for n in (s, *SHEET_NAMES[s])}
    guides = {heading_key(name) for name in GUIDE_SHEETS}
    tables: dict[str, Table] = {}
    findings = Findings()
    for name, item in found:
        keys = [heading_key(part) for part in (name, *name.split())]
        sheet = next((spellings[key] for key in keys if key in spellings), None)
        if sheet is None:
            if heading_key(name) not in guides:
                findings.append(_sheet_finding("W-PLAN-06", file, name, "warning"))
        elif sheet in tables:
            findings.append(_sheet_finding("E-PLAN-06", file, name, "error"))
        else:
            tables[sheet] = read_csv_text(item) if isinstance(item, Path) else item
    findings.stop()
    findings.warn(stacklevel=5)
    return tables


def _sheet_finding(code: str, file: str, name: str, severity: str) -> Finding:
    twice = severity == "error"
    return Finding(
        code=code,
        severity="error" if twice else "warning",
        file=file,
        sheet=name,
        reason="同一种表有两个" if twice else "不认识这个表，未读入",
        reason_en="this sheet is there twice" if twice else "not a sheet of a plan, not read",
        fix="请只保留一个" if twice else f"规划的表：{'、'.join(SHEETS)}",
        fix_en="Keep one" if twice else f"Sheets of a plan: {', '.join(SHEETS)}",
    )


def _build(tables: Mapping[str, Table], file: str, *, trusted: bool = False) -> Plan:
    """Return the plan in `tables`, or stop with all that is wrong; `trusted` places are not looked up."""
    findings = Findings()
    entries = {
        sheet: Entry(table, _records(sheet, table, findings), findings)
        for sheet, table in tables.items()
        if table.rows or sheet in REQUIRED_SHEETS
    }
    for sheet in REQUIRED_SHEETS:
        if sheet not in entries:
            findings.append(_missing_sheet(sheet, file))
        elif entries[sheet].table.rows and entries[sheet].rows.empty and sheet != "plan":
            said = ("只有表头，没有内容", "headings only, no rows")
            fix = ("请填写内容", "Give at least one row")
            entries[sheet].report("E-PLAN-05", None, "", said, fix)
    rows = {sheet: parse_cells(sheet, entry) for sheet, entry in entries.items()}
    _check_rows(entries, rows)
    locator = _locate(entries, rows, findings) if not trusted else None
    _stop(findings, locator)
    findings.warn(stacklevel=4)
    head: dict[str, Any] = {name: rows["plan"][name].iloc[0] or "" for name in SHEETS["plan"]}
    frames: dict[str, Any] = {
        sheet: rows[sheet] if sheet in rows else empty_frame(sheet) for sheet in FRAMES
    }
    return Plan(**head, **frames, findings=tuple(findings))


def _records(sheet: str, table: Table, findings: Findings) -> pd.DataFrame:
    columns = SHEETS[sheet]
    names = {name: _spellings(name) for name in columns}
    if sheet == "clusters":
        names["parent_id"] = _spellings("parent_id")
    required = [name for name, column in columns.items() if column.required]
    # A draft has remarks beside its rows; they are for people and no part of a plan.
    rows = records(table, {**names, CHECK: ["核对"]}, findings, required=required)
    read = rows.drop(columns=CHECK)
    read.attrs["absent"] = tuple(name for name in rows.attrs["absent"] if name != CHECK)
    return read


def _spellings(column: str) -> list[str]:
    chinese = label(column)
    return [chinese, chinese.split("（", maxsplit=1)[0], *LABELS.get(column, ())]


def _missing_sheet(sheet: str, file: str) -> Finding:
    columns = ", ".join(name for name, column in SHEETS[sheet].items() if column.required)
    return Finding(
        code="E-PLAN-01",
        file=file,
        sheet=sheet,
        reason=f"缺少此表（{SHEET_NAMES[sheet][0]}）",
        reason_en="sheet missing",
        fix=f"请加上此表，至少含列：{columns}",
        fix_en=f"Add it, with the columns {columns} at least",
    )


def _check_rows(entries: Mapping[str, Entry], rows: Mapping[str, pd.DataFrame]) -> None:
    for sheet, entry in entries.items():
        if sheet == "plan":
            if entry.table.rows:
                check_plan_row(rows[sheet], entry)
        else:
            check_unique(sheet, rows[sheet], entry)
    if set(REQUIRED_SHEETS) <= entries.keys() and not entries["clusters"].rows.empty:
        check_parents(*(entries[sheet] for sheet in REQUIRED_SHEETS[1:]))
    if "zones" in entries:
        check_points(rows["zones"], entries["zones"])


def _locate(
    entries: Mapping[str, Entry], rows: dict[str, pd.DataFrame], findings: Findings
) -> Locator | None:
    """Look up all places if the plan says what kind they are; `rows` gets those found."""
    plan = rows.get("plan")
    if plan is None or len(plan) != 1 or not plan["level"].iloc[0]:
        return None
    level, parent = plan["level"].iloc[0], plan["parent_id"].iloc[0] or ""
    if any(f.code == "E-PLAN-14" for f in findings):
        return None
    locator = Locator(level, parent)
    if "assignments" in rows:
        entry = entries["assignments"]
        locator = right_level(plan, rows["assignments"], entries["plan"], locator)
        rows["assignments"] = locate_assignments(rows["assignments"], entry, locator)
        report_repeated_pairs(rows["assignments"], entry)
    if "zones" in rows:
        rows["zones"] = locate_zones(rows["zones"], entries["zones"], locator)
    return locator


def _stop(findings: Findings, locator: Locator | None) -> None:
    """Raise the error that fits: one about places only if nothing else is wrong."""
    errors = {f for f in findings if f.severity == "error"}
    kind: type[InputError] = InputError
    if locator is not None and errors <= locator.ambiguous:
        kind = AmbiguousPlaceError
    elif locator is not None and errors <= locator.unknown | locator.ambiguous:
        kind = UnknownPlaceError
    findings.stop(kind)
