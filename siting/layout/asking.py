"""Each table, column of numbers and list of sites is checked before anything is solved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

import numpy as np
import pandas as pd

from siting.errors import Findings
from siting.layout.labels import Label, is_label, order
from siting.layout.rows import Floats, Ints
from siting.layout.settings import choice, refuse
from siting.schema import numbers

SHOWN = 20  # cells of one table that are named when they are wrong
DEGREES = 5.0  # a map whose farthest pair is nearer than this is hardly in metres
SPAN = 1e12  # weights that differ by more than this cannot all be told apart by a solver


def table(found: Findings, frame: object, what: str, *, scores: bool = False) -> pd.DataFrame:
    """
    Return `frame` as floats with rows and columns in the order of their ids.

    What is wrong is added to `found`; it stops at once where nothing more can be said. `scores`
    may be below 0 or missing, but not infinite; others may be infinite, but not below 0.
    """
    if not isinstance(frame, pd.DataFrame) or type(frame).__name__ == "GeoDataFrame":
        refuse(
            found,
            "E-LAY-01",
            (
                "不是数值表",
                "请给 DataFrame，行为需求点、列为候选点；坐标请先用 siting.crs 换成米，再算距离",
            ),
            (
                "not a table of numbers",
                "Give a DataFrame, rows = demand, columns = sites; turn coordinates into metres with siting.crs and those into distances first",
            ),
            sheet=what,
            value=type(frame).__name__,
        )
        found.stop()
    assert isinstance(frame, pd.DataFrame)
    if frame.empty:
        refuse(
            found,
            "E-LAY-01",
            ("表是空的", "至少要有一行一列"),
            ("the table is empty", "Give at least one row and one column"),
            sheet=what,
        )
    for axis, index in (("行", frame.index), ("列", frame.columns)):
        _labels(found, index, what, axis)
    found.stop()
    values = _numbers(frame)
    lost = np.isnan(values) & (~frame.isna().to_numpy() if scores else True)
    fill = (
        ("缺失或不是数", "请补上，或删去该行该列"),
        ("missing or not a number", "Fill it in, or drop the row or column"),
    )
    _cells(found, frame, lost, what, fill)
    if scores:
        give = (
            ("不是有限数", "请给有限数，不允许处留空"),
            ("not finite", "Give a finite number; leave it empty where not allowed"),
        )
        _cells(found, frame, np.isinf(values), what, give)
    else:
        raised = (("小于 0", "请给不小于 0 的数"), ("below 0", "Give numbers of at least 0"))
        _cells(found, frame, values < 0, what, raised)
    rows, columns = order(frame.index), order(frame.columns)
    return pd.DataFrame(
        values[np.ix_(rows, columns)], index=frame.index[rows], columns=frame.columns[columns]
    )


def _numbers(frame: pd.DataFrame) -> Floats:
    """Return the cells as floats, NaN where a cell is no number."""
    if all(isinstance(kind, np.dtype) and kind.kind in "iuf" for kind in frame.dtypes):
        return frame.to_numpy(dtype="float64")
    read = [numbers(frame.iloc[:, k]) for k in range(frame.shape[1])]
    return np.column_stack([one.to_numpy() for one in read])


def _labels(found: Findings, index: pd.Index, what: str, axis: str) -> None:
    """Refuse labels that are no ids, or that occur twice."""
    for label in dict.fromkeys(label for label in index if not is_label(label)):
        refuse(
            found,
            "E-LAY-02",
            (f"{axis}的编号必须是文字或整数", "请改用文字或整数编号"),
            ("an id must be text or a whole number", "Use text or whole numbers as ids"),
            sheet=what,
            value=str(label),
        )
    for label in index[index.duplicated()].unique():
        refuse(
            found,
            "E-LAY-03",
            (f"{axis}的编号重复", "同一候选点或需求点只留一个，或另给编号"),
            (
                "this id occurs more than once",
                "Keep one of them, or give the others ids of their own",
            ),
            sheet=what,
            value=str(label),
        )


def _cells(
    found: Findings,
    frame: pd.DataFrame,
    bad: np.ndarray[Any, Any],
    what: str,
    words: tuple[tuple[str, str], tuple[str, str]],
) -> None:
    """Refuse the cells marked in `bad`; `words` are reason and fix in Chinese and in English."""
    zh, en = words
    cells = np.argwhere(bad)
    more = f"（共 {len(cells)} 处）" if len(cells) > SHOWN else ""
    for i, j in cells[:SHOWN]:
        refuse(
            found,
            "E-LAY-04",
            (zh[0] + more, zh[1]),
            (en[0] + (f" ({len(cells)} cells in all)" if more else ""), en[1]),
            sheet=what,
            row=int(i) + 2,
            column=str(frame.columns[j]),
            value=f"{frame.index[i]}: {frame.iloc[i, j]!s}",
        )


def reachable(found: Findings, frame: pd.DataFrame, what: str, unreachable: str) -> None:
    """Refuse infinite cells, or, where single pairs may be unreachable, rows without any site."""
    if unreachable not in ("refuse", "allow pairs"):
        choice(found, unreachable, ("refuse", "allow pairs"), "unreachable")
        return
    infinite = np.isinf(frame.to_numpy())
    lost = infinite.all(axis=1)
    shown = lost if unreachable == "allow pairs" else infinite.any(axis=1)
    for label, n in zip(frame.index[shown], infinite.sum(axis=1)[shown], strict=True):
        refuse(
            found,
            "E-LAY-05",
            (
                f"有 {n} 个候选点到不了（距离为无穷大）",
                '请删去这个需求点或补上距离；只是部分到不了时可用 unreachable="allow pairs"',
            ),
            (
                f"{n} sites cannot be reached from here (infinite)",
                'Drop this demand or give its distances; where only some pairs cannot be reached, pass unreachable="allow pairs"',
            ),
            sheet=what,
            value=str(label),
        )


def unknown(
    found: Findings, given: pd.Index, index: pd.Index, what: str, *, spare: bool = False
) -> None:
    """Refuse ids that are not in `index`; where they are `spare` nothing is lost: only warn of them."""
    known = set(index)
    others = [str(label) for label in given if label not in known]
    if not others:
        return
    n = len(others)
    shown = others if n <= SHOWN else [*others[:SHOWN], "…"]
    code, severity, zh, en = (
        ("W-LAY-03", "warning", f"不在候选点之中，没有用到（{n} 个编号）", f"not among the candidates, and not used (ids: {n})")
        if spare
        else ("E-LAY-21", "error", f"不在需求表的行中（{n} 个编号）", f"not among the rows of the table (ids: {n})")
    )  # fmt: skip
    refuse(
        found,
        code,
        (zh, f"请核对编号，或去掉它们；表中如 {'、'.join(map(str, index[:5]))}"),
        (en, f"Check the ids, or drop them; the table has {', '.join(map(str, index[:5]))}"),
        sheet=what,
        value="、".join(shown),
        severity=severity,
    )


def quantities(
    found: Findings,
    given: object,
    index: pd.Index,
    what: str,
    *,
    default: float | None = 1.0,
    spare: bool = False,
) -> Floats:
    """
    Return one number of at least 0 for each label of `index`, in the order of the ids.

    `given` is a Series or mapping, matched by label, or as many numbers as labels, in the order of
    `index`; None gives `default`. Labels beyond `index` are refused, or, `spare`, warned of.
    """
    if given is None and default is not None:
        return np.full(len(index), default)
    if isinstance(given, Mapping):
        given = pd.Series(dict(given), dtype=object)
    if isinstance(given, pd.Series):
        by_label = given
    else:
        ordered = isinstance(given, Iterable) and not isinstance(given, (str, AbstractSet))
        listed = list(given) if ordered else []  # type: ignore[call-overload]
        if len(listed) != len(index):
            refuse(
                found,
                "E-LAY-07",
                (f"应有 {len(index)} 个数，实有 {len(listed)} 个", "请给按编号的 Series"),
                (
                    f"{len(index)} numbers are needed, {len(listed)} are there",
                    "Give a Series by id",
                ),
                column=what,
            )
            return np.ones(len(index))
        by_label = pd.Series(listed, index=index, dtype=object)
    twice = by_label.index[by_label.index.duplicated()].unique()
    for label in twice:
        refuse(
            found,
            "E-LAY-03",
            ("编号重复", "每个编号只留一个"),
            ("this id occurs more than once", "Keep one of them"),
            sheet=what,
            value=str(label),
        )
    if len(twice):
        return np.ones(len(index))
    unknown(found, by_label.index, index, what, spare=spare)
    read = numbers(by_label.reindex(index)).to_numpy()
    bad = ~(np.isfinite(read) & (read >= 0))
    for label in index[bad]:
        refuse(
            found,
            "E-LAY-07",
            ("缺失、为负或不是有限数", "请给不小于 0 的数"),
            ("missing, negative or not finite", "Give a number of at least 0"),
            sheet=what,
            value=f"{label}: {by_label.get(label, None)}",
        )
    in_order: Floats = np.where(bad, 1.0, read)[order(index)]
    return in_order


def total(found: Findings, weights: Floats, what: str) -> None:
    """Refuse weights that are all 0; warn where they differ beyond what a solver can tell apart."""
    positive = weights[np.isfinite(weights) & (weights > 0)]
    if not positive.size:
        refuse(
            found,
            "E-LAY-08",
            ("全部为 0，没有需求", "至少一个需求点要大于 0"),
            ("all are 0: there is no demand", "Give at least one demand above 0"),
            sheet=what,
        )
    elif positive.max() / positive.min() > SPAN:
        refuse(
            found,
            "W-LAY-01",
            (
                f"最大与最小相差 {positive.max() / positive.min():.0e} 倍，小的那些对结果几乎没有影响",
                "请核对单位",
            ),
            (
                f"the largest is {positive.max() / positive.min():.0e} times the smallest, which hardly counts",
                "Check the units",
            ),
            sheet=what,
            severity="warning",
        )


def listed(found: Findings, given: object, name: str) -> list[Any]:
    """Return a list of sites as a list, each once; a single text is refused."""
    if isinstance(given, str) or not isinstance(given, Iterable):
        refuse(
            found,
            "E-LAY-11",
            ("应为编号的列表", f"请写成 {name}=[…]"),
            ("must be a list of ids", f"Write {name}=[...]"),
            column=name,
            value=repr(given),
        )
        return []
    once: dict[Any, None] = {}
    for one in given:
        label = tuple(one) if isinstance(one, list) else one
        try:
            once[label] = None
        except TypeError:  # a mapping, a set or a table is no id
            refuse(
                found,
                "E-LAY-11",
                ("不是编号", f"请写成 {name}=[…]，每项一个编号"),
                ("is no id", f"Write {name}=[...] with an id for each"),
                column=name,
                value=repr(one),
            )
    return list(once)


def positions(found: Findings, given: object, index: pd.Index, name: str) -> Ints:
    """Return the ascending positions in `index` of the sites in `given`."""
    where: dict[Label, int] = {label: k for k, label in enumerate(index)}
    known: list[int] = []
    for label in listed(found, given, name):
        if is_label(label) and label in where:
            known.append(where[label])
            continue
        refuse(
            found,
            "E-LAY-11",
            ("不在候选点之中", f"请核对编号；候选点如 {'、'.join(map(str, index[:5]))}"),
            (
                "is not among the candidate sites",
                f"Check the id; sites are such as {', '.join(map(str, index[:5]))}",
            ),
            column=name,
            value=str(label),
        )
    return np.array(sorted(known), dtype=np.intp)
