"""What a layout may be asked beside its tables: numbers, counts and choices."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from siting.errors import Finding, Findings
from siting.layout.rows import Floats


def refuse(
    found: Findings, code: str, zh: tuple[str, str], en: tuple[str, str], **where: Any
) -> None:
    """Add a finding: reason and fix in Chinese, reason and fix in English."""
    found.append(
        Finding(code=code, reason=zh[0], fix=zh[1], reason_en=en[0], fix_en=en[1], **where)
    )


def choice(found: Findings, value: object, choices: tuple[Any, ...], name: str) -> None:
    """Refuse an option that is none of `choices`."""
    if any(value is one or (isinstance(one, str) and value == one) for one in choices):
        return
    listed = ", ".join(map(repr, choices))
    refuse(
        found,
        "E-LAY-06",
        ("不是可选的值", f"请用 {listed} 之一"),
        ("not one of the choices", f"Use one of {listed}"),
        column=name,
        value=repr(value),
    )


def whole(found: Findings, value: object, name: str, *, least: int = 1) -> int:
    """Return `value` as an int of at least `least`."""
    try:
        if isinstance(value, (bool, np.bool_)):
            raise TypeError  # noqa: TRY301
        counted = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        counted = least - 1
    if counted < least:
        refuse(
            found,
            "E-LAY-09",
            (f"应为不小于 {least} 的整数", "请改为整数"),
            (f"must be a whole number of at least {least}", "Give a whole number"),
            column=name,
            value=repr(value),
        )
        return least
    return counted


def number_of_sites(
    found: Findings, value: object, name: str, candidates: int, n_fixed: int
) -> int:
    """Return how many sites are asked for: not more than there are, not fewer than are fixed."""
    n = whole(found, value, name)
    if n > candidates:
        refuse(
            found,
            "E-LAY-13",
            (f"{name}={n} > 候选 {candidates}", "请减少个数或增加候选点"),
            (f"{name}={n} exceeds the {candidates} candidates", "Ask for fewer, or add sites"),
            column=name,
        )
    elif n_fixed > n:
        refuse(
            found,
            "E-LAY-14",
            (f"固定了 {n_fixed} 个，多于 {name}={n}", "请减少固定的点或增加个数"),
            (f"{n_fixed} are fixed, more than {name}={n}", "Fix fewer, or ask for more"),
            column="fixed",
        )
    return n


def summable(found: Findings, values: Floats, column: str) -> None:
    """Refuse numbers whose sum is beyond what a computer counts to."""
    with np.errstate(over="ignore"):
        if np.isfinite(np.abs(values).sum()):
            return
    refuse(
        found,
        "E-LAY-23",
        ("数值过大，其和无法计算", "请换用较大的单位"),
        ("so large that their sum cannot be computed", "Take a larger unit"),
        column=column,
        value=f"{np.abs(values).max():g}",
    )


def amount(
    found: Findings, value: object, name: str, *, positive: bool = False, most: float = np.inf
) -> float:
    """Return `value` as a finite float of at least 0 (or above 0), and at most `most`."""
    good = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
    amount = float(value) if good else np.nan  # type: ignore[arg-type]
    if np.isfinite(amount) and (amount > 0 if positive else amount >= 0) and amount <= most:
        return amount
    ends = f"{'大于' if positive else '不小于'} 0" + (f"、不大于 {most:g}" if most < np.inf else "")
    ends_en = f"{'above' if positive else 'at least'} 0" + (
        f", at most {most:g}" if most < np.inf else ""
    )
    refuse(
        found,
        "E-LAY-10",
        (f"应为{ends}的数", "请改为这样的数"),
        (f"must be a number {ends_en}", "Give such a number"),
        column=name,
        value=repr(value),
    )
    return 1.0
