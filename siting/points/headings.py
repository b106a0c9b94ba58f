"""Which column is the longitude, the name, the headcount: told by the user, or known by its heading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from siting.errors import Finding, Findings, InputError, stop
from siting.sheets import heading_key

_CALLED = {  # what a role is called in a message
    "lon": ("经度", "the longitude"),
    "lat": ("纬度", "the latitude"),
    "lonlat": ("经纬度", "both coordinates"),
    "name": ("名称", "the name"),
    "id": ("编号", "the id"),
    "weight": ("人数等权重", "the weight"),
    "sector": ("行业等分类", "the sector"),
    "place": ("地区", "the place"),
}
ROLES = tuple(_CALLED)
# Headings by role, the usual ones first; those after "|" count only if none before is there.
_WORDS = {
    "lon": "经度 东经 经度坐标 坐标经度 经 lon lng long longitude | x x坐标 坐标x 横坐标 point_x coord_x",
    "lat": "纬度 北纬 纬度坐标 坐标纬度 纬 lat latitude | y y坐标 坐标y 纵坐标 point_y coord_y",
    "lonlat": "经纬度 坐标 经纬度坐标 lnglat lonlat location coordinates wkt",
    "name": "企业名称 单位名称 公司名称 机构名称 园区名称 单位详细名称 名称 name firm company | 企业 单位 公司 园区",
    "id": "统一社会信用代码 社会信用代码 信用代码 uscc 组织机构代码 企业代码 单位代码 企业编号 firm_id | id 编号 代码",
    "weight": "从业人数 从业人员 从业人员数 从业人员期末人数 期末从业人数 年末从业人数 员工人数 员工数 职工人数"
    " 就业人数 权重 employment employees headcount jobs weight | 人数 size staff workers",
    "sector": "行业 行业名称 行业门类 行业代码 行业分类 所属行业 产业 所属产业 产业集群 所属集群 集群 sector industry cluster"
    " cluster_id",
    "place": "街镇 所属街镇 街道 乡镇 镇 区县 所在区 所属区 行政区 place place_id town district | 区 地区",
}
_FRAMES = {"gcj02": ("gcj", "火星", "高德", "amap"), "bd09": ("bd09", "百度", "baidu", "bdll")}
# What may stand behind the word itself: 经度（度）, lng_wgs84, 高德经度.
_BESIDE = (
    *("(度)", "(°)", "(deg)", "(wgs84)", "(gcj02)", "(bd09)", "(cgcs2000)", "(人)", "(名)"),
    *("wgs84", "gcj02", "bd09", "cgcs2000", "gcj", "wgs"),
    *("高德", "百度", "火星", "amap", "baidu", "(十进制度)"),
)
_SPLIT = {
    role: tuple(tuple(map(heading_key, part.split())) for part in words.split("|"))
    for role, words in _WORDS.items()
}
_STRICT = ("lon", "lat", "lonlat", "weight")  # two candidates are an error, not a choice
SEARCHED = 20  # rows in which the headings may stand


def check_columns(columns: Any) -> dict[str, str | None]:
    """
    Return `columns` as heading by role; both directions of the mapping are understood.

    Examples
    --------
    >>> check_columns({"经度": "lon", "纬度": "lat"})
    {'lon': '经度', 'lat': '纬度'}
    """
    if columns is None:
        return {}
    given = dict(columns) if isinstance(columns, Mapping) else None
    if given is not None and not set(given) <= set(ROLES) and set(given.values()) <= set(ROLES):
        given = {role: heading for heading, role in given.items()}
    if given is None or not set(given) <= set(ROLES):
        stop(
            code="E-PNT-01",
            column="columns",
            value=str(columns),
            reason="columns 应为“用途: 表头”的字典",
            reason_en="`columns` is a mapping of role to heading",
            fix=f"可用的用途：{'、'.join(ROLES)}；如 {{'lon': '经度', 'lat': '纬度'}}",
            fix_en=f"Roles: {', '.join(ROLES)}; for instance {{'lon': '经度', 'lat': '纬度'}}",
        )
    bad = [heading for heading in given.values() if not isinstance(heading, (str, type(None)))]
    if bad:
        stop(
            code="E-PNT-01",
            column="columns",
            value=str(bad[0]),
            reason="表头应为文字，或 None（不用这一列）",
            reason_en="a heading is text, or None for no such column",
            fix="请改用表头的文字",
            fix_en="Give the text of the heading",
        )
    return given


def header_row(rows: Sequence[Sequence[str]], columns: Mapping[str, str | None]) -> int | None:
    """Return which of the first `rows` holds the headings, or None if none does."""
    asked = {heading_key(heading) for heading in columns.values() if heading}
    best, most = None, 0
    for i, row in enumerate(rows[:SEARCHED]):
        keys = {heading_key(part) for cell in row for part in _parts(cell)}
        known = {role for cell in row for role in ROLES if _rank(role, cell) is not None}
        # Of headings in two rows, the one with the axes counts: 坐标 may stand above 经度 and 纬度.
        score = 10 * len(asked & keys) + len(known) + 5 * len(known & {"lon", "lat"})
        if score > most:
            best, most = i, score
    return best


def take(
    headings: Sequence[str],
    columns: Mapping[str, str | None],
    *,
    frame: str,
    located: bool,
    spot: Mapping[str, Any],
) -> tuple[dict[str, str], Findings]:
    """
    Return the heading of each role, and notes of what was taken.

    Parameters
    ----------
    headings
        All headings, distinct.
    columns
        What the user says, by `check_columns`.
    frame
        The frame declared, held against what the headings say.
    located
        Whether the points come from the geometry of the file.
    spot
        File, sheet and row for the findings.

    Raises
    ------
    InputError
        If a heading that was named is not there, if longitude or latitude is missing, or if several
        columns could be the longitude, the latitude or the weight.
    """
    findings = Findings()
    taken: dict[str, str] = {}
    roles = [role for role in ROLES if not (located and role in ("lon", "lat", "lonlat"))]
    for role in roles:
        if role in columns:
            if (heading := columns[role]) is not None:
                taken |= _named(role, heading, headings, findings, spot)
            continue
        if role == "lonlat" and {"lon", "lat"} & taken.keys():
            continue
        if role in ("lon", "lat") and columns.get("lonlat"):
            continue
        ranked = [(rank, one) for one in headings if (rank := _rank(role, one)) is not None]
        best = [one for rank, one in ranked if rank // 100 == min(ranked)[0] // 100]
        if len(best) > 1 and role in _STRICT:
            findings.append(_ambiguous(role, best, spot))
        elif ranked:
            taken[role] = min(ranked)[1]
            others = [one for one in best if one != taken[role]]
            if others:
                findings.append(_chosen(role, taken[role], others, spot))
    short = not located and "lonlat" not in taken and not {"lon", "lat"} <= taken.keys()
    if short and not any(f.code in ("E-PNT-05", "E-PNT-06") for f in findings):
        findings.append(_no_axes(taken, headings, spot))
    findings.stop(InputError)
    findings.extend(_frame_doubts(taken, frame, spot))
    zh, en = (
        "、".join(f"{_CALLED[role][i]}←{heading}" for role, heading in taken.items())
        for i in (0, 1)
    )
    findings.append(
        _finding(
            "N-PNT-01",
            spot,
            (f"取用的列：{zh or '无'}", f"columns taken: {en or 'none'}"),
            ("如有不符，请用 columns= 指明", "If that is wrong, name them with columns="),
            severity="note",
        )
    )
    return taken, findings


def _parts(cell: str) -> list[str]:
    return [cell, *cell.replace("|", "\n").replace("/", "\n").split("\n")]


def _rank(role: str, heading: str) -> int | None:
    """Return how well a heading fits a role (0 is best; 100 and more is a weak word), or None."""
    ranks = []
    for part in _parts(heading):
        key = heading_key(part)
        for beside in _BESIDE if role in ("lon", "lat", "lonlat", "weight") else ():
            bare = heading_key(beside)
            if key not in (bare, ""):
                key = key.removesuffix(bare).removeprefix(bare)
        for tier, words in enumerate(_SPLIT[role]):
            if key in words:
                ranks.append(100 * tier + words.index(key))
    return min(ranks, default=None)


def _named(
    role: str, heading: str, headings: Sequence[str], findings: Findings, spot: Mapping[str, Any]
) -> dict[str, str]:
    """Return the column that the user named, by its exact text or else by its key."""
    key = heading_key(heading)
    for same in (
        [one for one in headings if one == heading.strip()],
        [one for one in headings if key in map(heading_key, _parts(one))],
    ):
        if len(same) == 1:
            return {role: same[0]}
        if same:
            findings.append(_ambiguous(role, same, spot))
            return {}
    findings.append(
        _finding(
            "E-PNT-05",
            spot,
            (f"没有这一列（{_CALLED[role][0]}）", f"no such column, for {_CALLED[role][1]}"),
            (f"现有的列：{'、'.join(headings)}", f"Columns found: {', '.join(headings)}"),
            value=heading,
        )
    )
    return {}


def _no_axes(taken: Mapping[str, str], headings: Sequence[str], spot: Mapping[str, Any]) -> Finding:
    lack = [one for one in ("lon", "lat") if one not in taken]
    zh, en = zip(*(_CALLED[one] for one in lack), strict=True)
    return _finding(
        "E-PNT-04",
        spot,
        (f"找不到{'和'.join(zh)}列", f"no column for {' and '.join(en)}"),
        (
            f'请用 columns={{"lon": "…", "lat": "…"}} 指明；现有的列：{"、".join(headings)}',
            f'Name them with columns={{"lon": "…", "lat": "…"}}; columns found: {", ".join(headings)}',
        ),
    )


def _ambiguous(role: str, best: Sequence[str], spot: Mapping[str, Any]) -> Finding:
    return _finding(
        "E-PNT-06",
        spot,
        (
            f"有多列都可能是{_CALLED[role][0]}：{'、'.join(best)}",
            f"several columns could be {_CALLED[role][1]}: {', '.join(best)}",
        ),
        (
            f'请用 columns={{"{role}": "{best[0]}"}} 这样的写法指明一列',
            f'Name the one, as in columns={{"{role}": "{best[0]}"}}',
        ),
    )


def _chosen(role: str, one: str, others: Sequence[str], spot: Mapping[str, Any]) -> Finding:
    return _finding(
        "N-PNT-02",
        spot,
        (
            f"{_CALLED[role][0]}取“{one}”；“{'”“'.join(others)}”也可能是",
            f"{_CALLED[role][1]} is '{one}'; {', '.join(others)} could be it too",
        ),
        ("如有不符，请用 columns= 指明", "If that is wrong, name it with columns="),
        severity="note",
    )


def _frame_doubts(taken: Mapping[str, str], frame: str, spot: Mapping[str, Any]) -> list[Finding]:
    said = " ".join(taken.get(one, "") for one in ("lon", "lat", "lonlat")).casefold()
    return [
        _finding(
            "W-PNT-03",
            spot,
            (
                f"表头像是 {other} 坐标，却按 {frame} 读入",
                f"the headings speak of {other}, yet it is read as {frame}",
            ),
            (
                f'如确是，请用 frame="{other}" 重新读取',
                f'If it is so, read it again with frame="{other}"',
            ),
            severity="warning",
            value=said.strip(),
        )
        for other, words in _FRAMES.items()
        if other != frame and any(word in said for word in words)
    ]


def _finding(
    code: str, spot: Mapping[str, Any], said: tuple[str, str], fix: tuple[str, str], **more: Any
) -> Finding:
    return Finding(code, said[0], fix[0], said[1], fix[1], **spot, **more)


def finds_axes(row: Sequence[str], columns: Mapping[str, str | None]) -> bool:
    """
    Whether a row of headings names both coordinates.

    Examples
    --------
    >>> finds_axes(["名称", "经度", "纬度"], {}), finds_axes(["列名", "说明"], {})
    (True, False)
    """
    asked = [columns.get(role) for role in ("lon", "lat", "lonlat")]
    keys = {heading_key(part) for cell in row for part in _parts(cell)}
    if any(asked):
        return all(heading_key(heading) in keys for heading in asked if heading)
    known = {
        role for cell in row for role in ("lon", "lat", "lonlat") if _rank(role, cell) is not None
    }
    return "lonlat" in known or {"lon", "lat"} <= known
