"""Row against row: ids, parents, circles and empty clusters; every breach is a finding."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import pandas as pd

from siting.names import canonical
from siting.plan.cells import Entry, row_number
from siting.plan.model import SHEETS
from siting.schema import ID_PATTERN


def check_unique(sheet: str, rows: pd.DataFrame, entry: Entry) -> None:
    """Report each id that occurs twice, and each name that a cluster or a field shares."""
    keys = {"clusters": ["name_zh"], "fields": ["cluster_id", "name_zh"]}
    key = next(iter(SHEETS[sheet]))
    if sheet != "assignments":
        said = ("编号重复", "this id occurs more than once")
        _report_repeated(rows, [key], entry, "E-PLAN-04", said)
    if sheet in keys:
        said = (
            ("同一集群内领域重复", "this field occurs twice in its cluster")
            if sheet == "fields"
            else ("集群名称重复", "two clusters have this name")
        )
        _report_repeated(rows, keys[sheet], entry, "E-PLAN-07", said)


def _report_repeated(
    rows: pd.DataFrame, columns: list[str], entry: Entry, code: str, said: tuple[str, str]
) -> None:
    seen: dict[tuple[str, ...], list[int]] = {}
    for row, cells in rows[columns].iterrows():
        texts = [str(cell or "") for cell in cells]
        if all(texts):
            folded = (*texts[:-1], canonical(texts[-1]) if code == "E-PLAN-07" else texts[-1])
            seen.setdefault(folded, []).append(row_number(row))
    for where in seen.values():
        if len(where) > 1:
            shown = ("、".join(f"第 {n} 行" for n in where), ", ".join(map(str, where)))
            both = (f"{said[0]}（{shown[0]}）", f"{said[1]} (rows {shown[1]})")
            fix = ("请只保留一行，或改正名称和编号", "Keep one row, or correct the name or the id")
            value = str(rows.loc[where[1], columns[-1]])
            entry.report(code, where[1], columns[-1], both, fix, value=value)


class _Link(NamedTuple):
    """A row that names a cluster above it."""

    entry: Entry
    row: int
    own: str
    parent: str
    column: str


def check_parents(clusters: Entry, fields: Entry, assignments: Entry) -> None:
    """
    Report parents that are missing, go in a circle, or are no cluster; and clusters left empty.

    A field names its cluster, an assignment too; a cluster may name a cluster above it in a column
    ``parent_id``, which is checked but not kept.
    """
    known = set(clusters.rows["cluster_id"]) - {""}
    own_links = [
        *_links(fields, "field_id", "cluster_id"),
        *_links(clusters, "cluster_id", "parent_id"),
    ]
    # A field under a cluster ends there, even where the two have the same id.
    above = {
        link.own: link for link in own_links if link.entry is clusters or link.parent not in known
    }
    in_circles = _report_circles(above)
    for link in (*own_links, *_links(assignments, "", "cluster_id")):
        if link.parent not in known and link.own not in in_circles:
            _report_missing(link, known, above)
        elif link.column == "parent_id" and link.own not in in_circles:
            said = ("集群的上下级关系未保留", "which cluster is above which is not kept")
            fix = ("如需要，请写入层次一列", "Say it in the column tier if it matters")
            link.entry.report(
                "W-PLAN-28", link.row, "parent_id", said, fix, value=link.parent, severity="warning"
            )
    _report_empty(clusters, fields, "领域", "field")
    _report_empty(clusters, assignments, "地区", "place")


def _links(entry: Entry, key: str, column: str) -> Iterable[_Link]:
    for row, cells in entry.rows.iterrows():
        if cells[column]:
            yield _Link(entry, row_number(row), cells[key] if key else "", cells[column], column)


def _report_missing(link: _Link, known: set[str], above: Mapping[str, _Link]) -> None:
    said = ("没有这个编号的集群", "no cluster has this id")
    if link.parent in above:
        said = ("这是领域的编号，不是集群", "this is the id of a field, not of a cluster")
    listed = "、".join(sorted(known)) or "-"
    fix = (
        f"请在集群表中加上它，或改用：{listed}",
        f"Add it to the sheet of clusters, or use: {listed}",
    )
    link.entry.report("E-PLAN-27", link.row, link.column, said, fix, value=link.parent)


def _report_empty(clusters: Entry, other: Entry, zh: str, en: str) -> None:
    if other.rows.empty:  # was reported once
        return
    used = set(other.rows["cluster_id"])
    for row, cluster in clusters.rows["cluster_id"].items():
        if cluster and cluster not in used:
            said = (f"集群没有任何{zh}", f"the cluster has no {en}")
            fix = (f"请为它填写{zh}，或删去这个集群", f"Give it a {en}, or delete the cluster")
            clusters.report("E-PLAN-09", row_number(row), "cluster_id", said, fix, value=cluster)


def _report_circles(above: Mapping[str, _Link]) -> set[str]:
    """Report each circle of parents once, with its rows; return the ids in circles."""
    found: set[str] = set()
    for start in above:
        path: list[str] = []
        here = start
        while here in above and here not in path and here not in found:
            path.append(here)
            here = above[here].parent
        if here not in path:
            continue
        circle = path[path.index(here) :]
        found |= set(circle)
        steps = [(one, above[one].row) for one in (*circle, circle[0])]
        zh = "→".join(f"{one}（第 {row} 行）" for one, row in steps)
        en = " -> ".join(f"{one} (row {row})" for one, row in steps)
        link = above[circle[0]]
        said = (f"上级循环：{zh}", f"parents go in a circle: {en}")
        fix = ("请改正其中一行的上级", "Correct the parent in one of these rows")
        link.entry.report("E-PLAN-26", link.row, link.column, said, fix, value=link.parent)
    return found


def check_plan_row(rows: pd.DataFrame, entry: Entry) -> None:
    """Report a plan sheet with another number of rows than one, or a parent that does not fit."""
    if len(rows) != 1:
        said = (f"应只有 1 行，现有 {len(rows)} 行", f"there must be 1 row, there are {len(rows)}")
        fix = ("一个文件写一个规划", "One file holds one plan")
        entry.report("E-PLAN-13", None, "id", said, fix)
        return
    row, cells = next(iter(rows.iterrows()))
    if cells["parent_id"] and not re.fullmatch(ID_PATTERN["district"], cells["parent_id"]):
        said = ("应为 6 位区划代码", "must be a code of 6 digits")
        fix = ("如上海市 310000、嘉定区 310114", "Such as 310000 or 310114")
        entry.report("E-PLAN-14", row_number(row), "parent_id", said, fix, value=cells["parent_id"])
    elif cells["level"] == "town" and not cells["parent_id"]:
        said = ("街镇一级的规划须写明所在区", "a plan for towns must name its district")
        fix = ("请填写所在区的 6 位代码", "Give the code of the district, 6 digits")
        entry.report("E-PLAN-14", row_number(row), "parent_id", said, fix)


def check_points(rows: pd.DataFrame, entry: Entry) -> None:
    """Report a zone with a longitude and no latitude or the reverse, or a point without source."""
    for row, cells in rows.iterrows():
        given = [not math.isnan(cells[c]) for c in ("lon", "lat") if cells[c] is not None]
        if len(given) == 2 and given[0] != given[1]:
            said = ("经度和纬度须同时填写", "longitude and latitude go together")
            entry.report(
                "E-PLAN-15", row_number(row), "lon", said, ("请补上或都留空", "Give both or none")
            )
        elif any(given) and not cells["source"]:
            said = ("坐标没有来源", "the point has no source")
            entry.report(
                "E-PLAN-15", row_number(row), "source", said, ("请写明来源", "Name the source")
            )
