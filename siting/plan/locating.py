"""The places of a plan: names and codes held against the gazetteer, lists in one cell taken apart."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from siting.errors import (
    AmbiguousPlaceError,
    Finding,
    InputError,
    SitingWarning,
    UnknownPlaceError,
)
from siting.plan.cells import Entry, row_number
from siting.schema import ID_PATTERN

_OPEN_LIST = re.compile(r"等(区域|地区|地|区|街镇|镇)?$")
_SURE, _UNSURE = re.compile(r"[、,，;；/\n]+"), re.compile(r"[和及与]")
_CITY = "310000"


@dataclass
class Locator:
    """
    The search for the places of one plan.

    Parameters
    ----------
    level, parent_id
        Of the plan.
    unknown, ambiguous
        The findings that are about such names, so that the error can say so by its class.
    """

    level: str
    parent_id: str
    unknown: set[Finding] = field(default_factory=set)
    ambiguous: set[Finding] = field(default_factory=set)
    _known: dict[str, tuple[str | None, InputError | None, tuple[Finding, ...]]] = field(
        default_factory=dict
    )
    _covered: bool | None = None

    def search(self, name: str) -> tuple[str | None, InputError | None, tuple[Finding, ...]]:
        """Return the place of a name or code, or the error; and what was read between the lines."""
        if name not in self._known:
            # Bundled plans need no gazetteer, and it costs a second to load.
            from siting.places import resolve  # noqa: PLC0415

            within = self.parent_id or None if self.level == "town" else None
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", SitingWarning)  # told again with the row
                try:
                    answer = resolve([name], level=self.level, within=within)
                except InputError as error:
                    self._known[name] = (None, error, ())
                else:
                    said = tuple(answer.attrs.get("findings", ()))
                    self._known[name] = (str(answer.iloc[0]), None, said)
        return self._known[name]

    def covered(self) -> bool:
        """Whether the gazetteer has the places of this level under the plan's parent."""
        if self.level == "district":
            return self.parent_id in ("", _CITY)
        if self._covered is None:
            from siting.places import resolve  # noqa: PLC0415

            try:
                self._covered = len(resolve([self.parent_id], level="district")) == 1
            except InputError:
                self._covered = False
        return self._covered

    def accepts(self, code: str) -> bool:
        """Whether a code could be one of a place that the gazetteer does not cover."""
        own = self.parent_id if self.level == "town" else self.parent_id[:4].rstrip("0")
        fits = re.fullmatch(ID_PATTERN[self.level], code) is not None and code.startswith(own)
        return fits and self.search(code)[0] is None and not self.covered()

    def knows(self, text: str) -> bool:
        """Whether a name or code is one of a place of this level."""
        return self.search(text)[0] is not None or self.accepts(text)

    def means(self, name: str, place: str) -> bool:
        """Whether a name means this place, be it one of several of that name: the code decides."""
        named, error, _ = self.search(name)
        if isinstance(error, AmbiguousPlaceError):
            return any(place in finding.reason for finding in error.findings)
        return named == place

    def find(self, name: str, entry: Entry, row: int, column: str) -> str | None:
        """Return the place of a name, or report why there is none."""
        place, error, said = self.search(name)
        for finding in said:
            entry.findings.append(self._here(finding, entry, row, column))
        if error is not None:
            for finding in error.findings:
                here = self._here(finding, entry, row, column)
                entry.findings.append(here)
                if isinstance(error, UnknownPlaceError):
                    self.unknown.add(here)
                elif isinstance(error, AmbiguousPlaceError):
                    self.ambiguous.add(here)
        return place

    def _here(self, finding: Finding, entry: Entry, row: int, column: str) -> Finding:
        table = entry.table
        return replace(finding, file=table.file, sheet=table.sheet, row=row, column=column)


def right_level(plan: pd.DataFrame, rows: pd.DataFrame, entry: Entry, locator: Locator) -> Locator:
    """
    Return the search to go on with: the one given, or that of the level its places are of.

    Parameters
    ----------
    plan, rows
        The parsed rows of the sheet of the plan, and of that of the assignments.
    entry
        The sheet of the plan as read, to report a level that most places are not of. That is said
        once, there: every place would be refused for it.
    locator
        The search at the level that the plan states.
    """
    stated = locator.level
    meant = "district" if stated == "town" else "town"
    other = Locator(meant, locator.parent_id)
    own, found = 0, list[str]()
    for _, cells in rows.iterrows():
        written, code = str(cells["place_as_written"] or ""), str(cells["place_id"] or "")
        for name in [code] if code else _parts(_OPEN_LIST.sub("", written), "", locator):
            if locator.knows(name):
                own += 1
            elif other.knows(name):
                found.append(other.search(name)[0] or name)
    if len(found) <= own:
        return locator
    parent = _CITY if meant == "district" else max(found, key=found.count)[:6]
    row, cells = next(iter(plan.iterrows()))
    zh, en = ("街镇", "towns") if meant == "town" else ("区", "districts")
    said = (
        f"层级与地名不符：{own + len(found)} 处地名中有 {len(found)} 处是{zh}",
        f"the level is not that of the places: {len(found)} of {own + len(found)} are {en}",
    )
    also = cells["parent_id"] != parent
    fix = (
        f"层级请写 {meant}（{zh}）{f'，上级代码写 {parent}' if also else ''}；层级无误则请改写这些地名",
        f"Put {meant}{f', and {parent} as parent_id' if also else ''}; else name places of that level",
    )
    written = entry.rows["level"].iloc[0]
    entry.report("E-PLAN-24", row_number(row), "level", said, fix, value=written)
    return Locator(meant, parent)


def locate_assignments(rows: pd.DataFrame, entry: Entry, locator: Locator) -> pd.DataFrame:
    """
    Return the assignments with one place each, every name and code held against the gazetteer.

    Parameters
    ----------
    rows
        The parsed rows of the sheet.
    entry, locator
        The sheet as read; the search.

    Returns
    -------
    DataFrame
        Columns as `rows`; a row that names several places has become several rows.
    """
    made: list[dict[str, Any]] = []
    for number, cells in rows.iterrows():
        row = row_number(number)
        written = str(cells["place_as_written"] or "")
        code = str(cells["place_id"] or "")
        if not written:
            continue
        is_open = _OPEN_LIST.search(written) is not None and locator.search(written)[0] is None
        if is_open:
            _report_open(cells, written, entry, row)
        parts = _parts(_OPEN_LIST.sub("", written) if is_open else written, code, locator)
        if len(parts) > 1:
            _report_several(written, parts, code, entry, row)
        for name in parts:
            place = _agreed(name, code, entry, row, locator) if len(parts) == 1 else None
            if len(parts) > 1 and not code:
                place = locator.find(name, entry, row, "place_as_written")
            made.append({**cells, "place_id": place, "place_as_written": name, "_row": row})
    located = pd.DataFrame(made, columns=[*rows.columns, "_row"], dtype="object")
    return located.set_index("_row").rename_axis("row")


def locate_zones(rows: pd.DataFrame, entry: Entry, locator: Locator) -> pd.DataFrame:
    """Return the zones with a code in ``place_id``, where a name may have stood."""
    made = rows.copy()
    for number, written in rows["place_id"].items():
        if written and not locator.accepts(str(written)):
            place = locator.find(str(written), entry, row_number(number), "place_id")
            made.loc[number, "place_id"] = place
    return made


def report_repeated_pairs(rows: pd.DataFrame, entry: Entry) -> None:
    """Report each pair of cluster and place that occurs twice."""
    seen: dict[tuple[str, str], int] = {}
    for number, cells in rows.iterrows():
        row, pair = row_number(number), (cells["cluster_id"], cells["place_id"])
        if all(pair) and pair in seen:
            said = (
                f"集群和地区的组合重复（第 {seen[pair]} 行、第 {row} 行）",
                f"this cluster and place occur twice (rows {seen[pair]}, {row})",
            )
            fix = ("请只保留一行", "Keep one row")
            value = f"{pair[0]} {pair[1]}"
            entry.report("E-PLAN-08", row, "place_as_written", said, fix, value=value)
        seen.setdefault(pair, row)


def _parts(written: str, code: str, locator: Locator) -> list[str]:
    """Return the names in a cell; 和, 及 and 与 divide only what is no name as a whole."""
    parts = [part.strip() for part in _SURE.split(written) if part.strip()]
    if code and len(parts) == 1:
        return parts
    divided: list[str] = []
    for part in parts:
        whole = not _UNSURE.search(part) or locator.search(part)[0] is not None
        divided += [part] if whole else [p.strip() for p in _UNSURE.split(part) if p.strip()]
    return divided or [written]


def _agreed(name: str, code: str, entry: Entry, row: int, locator: Locator) -> str | None:
    """Return the one place that the name and the code (if given) lead to, or report why none."""
    if not code:
        return locator.find(name, entry, row, "place_as_written")
    if locator.accepts(code):
        said = (
            "内置名录没有这里的地名，未核对",
            "not in the bundled gazetteer: name not checked",
        )
        fix = ("请自备边界文件", "Bring a boundary file of your own")
        entry.report("N-PLAN-16", row, "place_id", said, fix, value=code, severity="note")
        return code
    place = locator.find(code, entry, row, "place_id")
    if place is not None and not locator.means(name, place):
        named = locator.find(name, entry, row, "place_as_written")
        if named is not None:
            said = (
                f"地名与代码不一致：名称指 {named}，代码写 {code}",
                f"name and code disagree: the name means {named}, the code says {code}",
            )
            fix = ("请改正其一，或留空代码", "Correct one of them, or leave the code blank")
            entry.report("E-PLAN-11", row, "place_id", said, fix, value=f"{name} {code}")
    return place


def _report_open(cells: Any, written: str, entry: Entry, row: int) -> None:
    fix = (
        "请把“等”去掉，在“名单是否完整”一列写 FALSE",
        "Leave 等 out and put FALSE in is_exhaustive",
    )
    if cells["is_exhaustive"]:
        said = (
            "“等”表示名单未完，与 is_exhaustive 矛盾",
            "等 says the list is open, is_exhaustive that it is not",
        )
        entry.report("E-PLAN-23", row, "is_exhaustive", said, fix, value=written)
        return
    said = ("“等”表示名单未完，已按 FALSE 读入", "等 says that the list is open: read as FALSE")
    entry.report(
        "W-PLAN-23", row, "place_as_written", said, fix, value=written, severity="repaired"
    )


def _report_several(written: str, parts: list[str], code: str, entry: Entry, row: int) -> None:
    fix = ("请一行写一个地区", "Put one place in a row")
    if code:
        said = ("一格多个地名，却只有一个代码", "several places in one cell, and one code")
        entry.report("E-PLAN-22", row, "place_id", said, fix, value=written)
        return
    listed = "、".join(parts)
    said = (f"一格多个地名，已分开：{listed}", f"several places in one cell, divided: {listed}")
    entry.report(
        "W-PLAN-22", row, "place_as_written", said, fix, value=written, severity="repaired"
    )
