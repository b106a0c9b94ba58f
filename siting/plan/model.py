"""What a plan consists of: its sheets, their columns, and the Plan that holds them unchanged."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, overload

import pandas as pd

from siting.errors import Finding, stop
from siting.schema import label, require_columns, require_unique

Kind = Literal[
    "text", "id", "number", "year", "flag", "qualifier", "place", "lon", "lat", "date", "level"
]
_DTYPES: dict[str, str] = {
    "number": "float64",
    "lon": "float64",
    "lat": "float64",
    "year": "int64",
    "flag": "bool",
}


@dataclass(frozen=True, slots=True)
class Column:
    """What the cells of a column hold, and whether each row needs one."""

    kind: Kind = "text"
    required: bool = True

    @property
    def dtype(self) -> str:
        """The dtype of the column in a Plan."""
        return _DTYPES.get(self.kind, "str")


_TEXT, _OPEN, _ID = Column(), Column(required=False), Column("id")
_NAMES = {"name_zh": _TEXT, "name_en": _OPEN}

# Sheet -> column -> what it holds. The first column is the index, but for assignments.
SHEETS: dict[str, dict[str, Column]] = {
    "plan": {
        "id": _ID,
        "title": _TEXT,
        "title_en": _OPEN,
        "issuer": _OPEN,
        "issuer_en": _OPEN,
        "document_no": _OPEN,
        "published": Column("date", required=False),
        "level": Column("level"),
        "parent_id": _OPEN,
        "url": _OPEN,
    },
    "clusters": {"cluster_id": _ID, **_NAMES, "tier": _OPEN, "clause": _TEXT},
    "fields": {"field_id": _ID, "cluster_id": _ID, **_NAMES, "clause": _TEXT},
    "assignments": {
        "cluster_id": _ID,
        "place_id": Column("place", required=False),
        "place_as_written": _TEXT,
        "clause": _TEXT,
        "is_exhaustive": Column("flag", required=False),
    },
    "targets": {
        "target_id": _ID,
        **_NAMES,
        "quantity": Column("number"),
        "unit": _TEXT,
        "qualifier": Column("qualifier"),
        "year": Column("year"),
        "clause": _TEXT,
    },
    "programmes": {"programme_id": _ID, **_NAMES, "clause": _TEXT},
    "zones": {
        "zone_id": _ID,
        **_NAMES,
        "place_id": Column("place"),
        "lon": Column("lon", required=False),
        "lat": Column("lat", required=False),
        "clause": _TEXT,
        "source": _OPEN,
        "note": _OPEN,
    },
}
SHEET_NAMES: dict[str, tuple[str, ...]] = {
    "plan": ("规划", "方案"),
    "clusters": ("集群",),
    "fields": ("领域",),
    "assignments": ("布局", "集群布局"),
    "targets": ("目标",),
    "programmes": ("专项", "计划", "行动"),
    "zones": ("先导区",),
}
REQUIRED_SHEETS = ("plan", "clusters", "fields", "assignments")
FRAMES = ("clusters", "fields", "assignments", "targets", "programmes", "zones")


def heading(column: str) -> str:
    """
    Return the heading of a column in two languages, as the template writes it.

    Examples
    --------
    >>> heading("cluster_id").split()
    ['集群编号', 'cluster_id']
    """
    return f"{label(column)}\n{column}"


def make_frame(sheet: str, rows: pd.DataFrame) -> pd.DataFrame:
    """
    Return `rows` as a sheet of a Plan has them: index, columns and dtypes; others come after.

    Parameters
    ----------
    sheet
        One of `FRAMES`.
    rows
        A frame with the columns of the sheet; the id may be its index.

    Returns
    -------
    DataFrame
        A copy.

    Raises
    ------
    InputError
        If a column is missing, an id occurs twice, or a flag is neither True nor False.
    """
    columns = SHEETS[sheet]
    key = next(iter(columns))
    keyed = sheet != "assignments"
    # An id beside the index counts more than a name that an index may have by chance.
    frame = rows.reset_index(drop=not keyed or key in rows.columns)
    if "index" in frame.columns and not isinstance(rows.index, pd.RangeIndex):
        frame = frame.rename(columns={"index": key})
    require_columns(frame, columns, sheet)
    frame = frame[[*columns, *(c for c in frame.columns if c not in columns)]].copy()
    for name, column in columns.items():
        if column.dtype == "bool" and not frame[name].isin([True, False]).all():
            stop(
                code="E-PLAN-40",
                sheet=sheet,
                column=name,
                reason="只能是 True 或 False",
                reason_en="must be True or False",
                fix="请改为 True 或 False",
                fix_en="Put True or False",
            )
        if column.dtype == "str":
            frame[name] = frame[name].astype("object").where(frame[name].notna(), "")
    frame = frame.astype({name: column.dtype for name, column in columns.items()})
    if not keyed:
        return frame
    require_unique(pd.Index(frame[key]), sheet)
    return frame.set_index(key)


def empty_frame(sheet: str) -> pd.DataFrame:
    """Return a sheet without rows, with its columns and dtypes."""
    return make_frame(sheet, pd.DataFrame({name: [] for name in SHEETS[sheet]}))


class _Frame:
    """A frame of a Plan: copied when it is given and whenever it is taken, so that none can change it."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._sheet = name

    @overload
    def __get__(self, plan: None, owner: type) -> _Frame: ...
    @overload
    def __get__(self, plan: object, owner: type) -> pd.DataFrame: ...
    def __get__(self, plan: object | None, owner: type) -> pd.DataFrame | _Frame:
        if plan is None:
            raise AttributeError(self._sheet)  # tells dataclass that there is no default
        kept: pd.DataFrame = plan.__dict__[f"_{self._sheet}"]
        return kept.copy()

    def __set__(self, plan: object, frame: pd.DataFrame) -> None:
        plan.__dict__[f"_{self._sheet}"] = make_frame(self._sheet, frame)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Plan:
    """
    An industrial plan as data: what it wants, where, by when, and the clause for each fact.

    Parameters
    ----------
    id, title, title_en, issuer, issuer_en, document_no, url
        What the document is called and who issued it. All but `id` and `title` may be empty.
    published
        ISO date, or year, or year and month; may be empty.
    level
        Level of the places it assigns clusters to: ``district`` or ``town``.
    parent_id
        Code of the place that the plan is for.
    clusters
        Index ``cluster_id``; ``name_zh name_en tier clause``.
    fields
        Index ``field_id``; ``cluster_id name_zh name_en clause``.
    assignments
        One row per cluster and place: ``cluster_id place_id place_as_written clause is_exhaustive``.
        ``is_exhaustive`` is False where the document says 等, so that other places may follow.
    targets
        Index ``target_id``; ``name_zh name_en quantity unit qualifier year clause``; the qualifier
        is ``about``, ``at_least``, ``more_than`` or ``exactly``.
    programmes
        Index ``programme_id``; ``name_zh name_en clause``.
    zones
        Index ``zone_id``; ``name_zh name_en place_id lon lat clause source note``; lon and lat
        [degrees, WGS-84] are NaN where no point is known.
    findings
        Notes and warnings from reading it; not compared.
    notes_zh, notes_en
        What a map of it has to say, such as that it was carried to other units; not compared.

    Raises
    ------
    InputError
        If a frame lacks a column or repeats an id.

    Notes
    -----
    Each frame is copied when the plan is made and again whenever it is taken from it; to change a
    plan, make another with ``dataclasses.replace``. Two plans are equal when all their texts and
    frames are, dtypes included. Columns beyond those above are kept at the end of a frame.

    Examples
    --------
    >>> from siting.plan import read_plan
    >>> plan = read_plan("shanghai-2022")
    >>> plan
    <Plan shanghai-2022: 5 clusters, 16 fields, 25 assignments, 13 targets, 6 programmes, 3 zones>
    >>> plan.clusters.loc["future-health", "clause"]
    '二（一）'
    """

    id: str
    title: str
    level: str
    clusters: _Frame = _Frame()
    fields: _Frame = _Frame()
    assignments: _Frame = _Frame()
    targets: _Frame = _Frame()
    programmes: _Frame = _Frame()
    zones: _Frame = _Frame()
    issuer: str = ""
    issuer_en: str = ""
    document_no: str = ""
    published: str = ""
    title_en: str = ""
    parent_id: str = ""
    url: str = ""
    findings: tuple[Finding, ...] = field(default=())
    notes_zh: tuple[str, ...] = ()
    notes_en: tuple[str, ...] = ()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Plan):
            return NotImplemented
        return self._texts() == other._texts() and all(
            getattr(self, name).equals(getattr(other, name)) for name in FRAMES
        )

    def __hash__(self) -> int:
        return hash(self._texts())

    def __repr__(self) -> str:
        counts = ", ".join(f"{len(getattr(self, name))} {name}" for name in FRAMES)
        return f"<Plan {self.id}: {counts}>"

    def _texts(self) -> tuple[str, ...]:
        return tuple(str(getattr(self, name)) for name in SHEETS["plan"])
