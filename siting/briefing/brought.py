"""The firms that a user brings to a briefing: read, put in towns or districts, told as a chapter."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, NoReturn

import pandas as pd

from siting import points
from siting.briefing.firms import firm_chapter
from siting.briefing.folder import digest
from siting.briefing.inputs import SEED, own_files
from siting.briefing.story import Chapter, Text
from siting.errors import Finding, Findings, stop, visible
from siting.points import Points
from siting.schema import Lang, check_choice, require_columns
from siting.study import Study, study_points

# What `read_points` may be told besides the frame.
_OPTIONS = ("columns", "encoding", "sheet", "within", "swap", "missing_weight", "dedupe", "sectors")
Over = Literal["city", "district"]


@dataclass(frozen=True, eq=False)
class Firms:
    """
    The firms that a briefing is given.

    Parameters
    ----------
    points
        What was read.
    by, weight
        Columns of sector and size, or None as in `siting.briefing.write_briefing`.
    inputs
        Checksum of each file of theirs, by its name for the manifest.
    over
        Whose places they are counted in; None where it is for the points to say.
    """

    points: Points
    by: str | None
    weight: str | None
    inputs: Mapping[str, str]
    over: Over | None = None


def bring(
    given: object,
    *,
    by: str | None,
    weight: str | None,
    frame: str | None,
    options: Mapping[str, Any] | None = None,
    over: Over | None = None,
) -> Firms | None:
    """Return the firms in a file, or those that were read already; None where there are none."""
    if over is not None:
        check_choice(over, ("city", "district"), "points_over")
        if given is None:
            _refuse_options()
    firms = _brought(given, by=by, weight=weight, frame=frame, options=dict(options or {}))
    if firms is None:
        return None
    if firms.points.frame.empty:
        _refuse(
            "points",
            "",
            ("没有一行可用", "请看以上各行的原因，改正后重试"),
            ("not one row can be used", "See the reasons above, and correct them"),
            file=firms.points.report.file,
        )
    _sector(firms.points, firms.by)
    return replace(firms, over=over)


def _brought(
    given: object,
    *,
    by: str | None,
    weight: str | None,
    frame: str | None,
    options: dict[str, Any],
) -> Firms | None:
    if given is None:
        if (by, weight, frame) != (None, None, None) or options:
            _refuse_options()
        return None
    if isinstance(given, Points):
        if frame is not None or options:
            _refuse(
                "points_frame" if frame is not None else "points_options",
                frame or "、".join(options),
                ("点表已经读好，坐标已是 WGS-84", "请去掉它，写在 read_points 里"),
                ("the points were read already, in WGS-84", "Give it to read_points instead"),
            )
        return Firms(given, by, weight, {})
    if not isinstance(given, (str, os.PathLike)):
        _refuse(
            "points",
            type(given).__name__,
            ("应为点表文件，或 read_points 读出的 Points", "请给文件的路径"),
            ("must be a file, or Points as read_points gives them", "Give the path of a file"),
        )
    for name in options:
        check_choice(name, _OPTIONS, "points_options")
    roles = {
        "weight": weight,
        **({} if by is None else {"sector": by}),
        **options.pop("columns", {}),
    }
    read = points.read_points(given, frame=frame or "wgs84", columns=roles, **options)
    files = own_files(given)
    inputs = {f"{path.resolve().parent.name}/{path.name}": digest(path) for path in files}
    return Firms(read, by, roles["weight"], inputs)


def brought_chapter(firms: Firms, city: Study, district: Study, lang: Lang) -> Chapter:
    """
    Return the chapter on firms that are part of a briefing.

    They are put in the towns of the district if at least half of those in the city lie there, else in
    the districts of the city, or as was asked for; the chapter says which, and how many are left out.

    Warns
    -----
    SitingWarning
        If towns are counted and there are points elsewhere.
    """
    sector = _sector(firms.points, firms.by)
    frame = firms.points.frame
    inside, elsewhere = (
        points.assign(frame["lon"], frame["lat"], one.places).notna() for one in (district, city)
    )
    # What lies in neither can be counted in neither, and says nothing for one of them.
    here, away = int(inside.sum()), int((elsewhere & ~inside).sum())
    over = firms.over or ("district" if here >= max(away, 1) else "city")
    study = district if over == "district" else city
    said = _chosen(over, here, len(frame), asked=firms.over is not None)
    if study is district and here < len(frame):
        _left_out(firms.points, said).warn(stacklevel=4)
    weight = None if firms.weight is None else _size(firms.points, firms.weight)
    found = study_points(
        firms.points,
        study.places,
        by=sector,
        weight=weight,
        clusters=city.plan.clusters,
        seed=SEED,
    )
    made = firm_chapter(found, lang)
    told = f"{said[0]}。" if lang == "zh" else f"{said[1]}."
    return replace(made, blocks=(Text(told, basis=("firm_counts",)), *made.blocks))


def _chosen(over: Over, here: int, rows: int, *, asked: bool) -> tuple[str, str]:
    """Return whose places are counted and why, in Chinese and English."""
    out = rows - here
    zh, en = "全部点都在该区内", "All points lie in the district"
    if out:
        zh = f"{rows} 个点中有 {out} 个不在该区内"
        en = f"{out} of {rows} points {'lies' if out == 1 else 'lie'} outside the district"
    if asked:
        zh, en = f"{zh}；按要求", f"{en}; as asked, "
    elif over == "city":
        zh = f"{zh}，全市的点不到一半在该区，因此"
        en = f"{en}, and fewer than half of those in the city in it, so "
    elif out:
        zh = f"{zh}，全市的点至少一半在该区，因此"
        en = f"{en}, and at least half of those in the city in it, so "
    else:
        zh, en = f"{zh}，因此", f"{en}, so "
    if over == "city":
        return f"{zh}按全市各区统计", f"{en}the districts of the city are counted"
    zh, en = f"{zh}按街镇统计", f"{en}its towns are counted"
    if out:
        zh = f"{zh}；区外的 {out} 个不计入，列在“未采用的行”"
        en = f"{en}; the {out} outside {'is' if out == 1 else 'are'} listed in 'Rows not used'"
    return zh, en


def _left_out(firms: Points, said: tuple[str, str]) -> Findings:
    """Return the warning that points outside the district count for none of its towns."""
    told = Finding(
        "W-BRIEF-03",
        said[0],
        '要按全市各区统计，请用 points_over="city"',
        said[1],
        'For the districts of the city use points_over="city"',
        severity="warning",
        file=firms.report.file,
        sheet=firms.report.sheet,
    )
    return Findings([told])


def with_firms(sources: pd.DataFrame, firms: Firms, lang: Lang) -> pd.DataFrame:
    """Return the table of sources with a row for the user's own firms."""
    own = pd.DataFrame("", index=[0], columns=sources.columns)
    own.iloc[0, 0] = firms.points.report.file
    zh, en = "使用者自备的点表，许可由使用者负责", "The user's own table of firms and licence"
    own.iloc[0, 2] = zh if lang == "zh" else en
    own.iloc[0, -1] = next(iter(firms.inputs.values()), "")
    return pd.concat([sources, own], ignore_index=True)


def _refuse_options() -> NoReturn:
    stop(
        code="E-BRIEF-02",
        column="points",
        reason="指定了点表的读法，却没有点表",
        reason_en="how to read a table of points is said, but no table is given",
        fix="请用 points= 给出点表文件",
        fix_en="Give the table with points=",
    )


def _sector(firms: Points, by: str | None) -> str:
    """Return the column of the sector: the one asked for, or the one that was known by its heading."""
    if by is not None:
        require_columns(firms.frame, [by], firms.report.file)
        return by
    known = firms.report.columns.get("sector")
    if known is not None and known in firms.frame:
        return str(known)
    own = ("lon", "lat", "weight", "source_row", "is_repaired", "repairs")
    listed = [visible(one) for one in firms.frame.columns if one not in own]
    _refuse(
        "points_by",
        "",
        ("认不出分类所在的列", f"请用 points_by= 指明一列；现有的列：{'、'.join(listed)}"),
        (
            "no column of sectors is recognised",
            f"Name one with points_by=; columns: {', '.join(listed)}",
        ),
        file=firms.report.file,
    )


def _size(firms: Points, weight: str) -> str:
    """Return the column of sizes as numbers: what was read as weight, or a column of numbers."""
    if firms.report.columns.get("weight") == weight and "weight" in firms.frame:
        return "weight"
    require_columns(firms.frame, [weight], firms.report.file)
    if not pd.api.types.is_numeric_dtype(firms.frame[weight]):
        _refuse(
            "points_weight",
            weight,
            ("这一列是文字", f'读取时请写 read_points(…, columns={{"weight": "{weight}"}})'),
            ("this column is text", f'Read the points with columns={{"weight": "{weight}"}}'),
        )
    return weight


def _refuse(
    column: str, value: str, zh: tuple[str, str], en: tuple[str, str], *, file: str = ""
) -> NoReturn:
    stop(
        code="E-BRIEF-01",
        file=file,
        column=column,
        value=value,
        reason=zh[0],
        fix=zh[1],
        reason_en=en[0],
        fix_en=en[1],
    )
