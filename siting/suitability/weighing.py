"""Weights of criteria: those given, or a declared scheme; and what is wrong with either."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from siting.errors import Finding, Findings
from siting.schema import check_choice, numbers, require_unique

WEIGHINGS = ("equal", "ranked", "entropy")
Floats = npt.NDArray[np.float64]


def weigh(
    scaled: pd.DataFrame, weights: Mapping[str, float] | pd.Series | str
) -> tuple[pd.Series, str]:
    """Return weights that sum to 1, and where they come from."""
    columns = scaled.columns
    if isinstance(weights, str):
        check_choice(weights, WEIGHINGS, "weights")
        raw = {"equal": _equal, "ranked": _ranked, "entropy": _entropy}[weights](scaled)
        return pd.Series(raw / raw.sum(), index=columns, name="weight"), weights
    findings = Findings()
    if not isinstance(weights, (Mapping, pd.Series)):
        name = type(weights).__name__
        findings.append(
            wrong("E-SUI-05", "weights", name, "应为 指标 → 权重", "give criterion -> weight")
        )
        findings.stop()
    listed = pd.Series(dict(weights), dtype=object) if isinstance(weights, Mapping) else weights
    require_unique(listed.index, "weights")
    for key in [*columns.difference(listed.index), *listed.index.difference(columns, sort=False)]:
        findings.append(
            wrong("E-SUI-05", str(key), "", "权重与指标对不上", "weights and criteria differ")
        )
    said = listed.to_dict()
    given = numbers(listed.reindex(columns))
    for key, value in given.items():
        if not (np.isfinite(value) and value >= 0) and key in said:
            findings.append(
                wrong("E-SUI-05", str(key), str(said[key]), "权重须为不小于 0 的数", "at least 0")
            )
    findings.stop()
    if given.sum() <= 0:
        findings.append(wrong("E-SUI-05", "weights", "0", "权重全为 0", "all weights are 0"))
    findings.stop()
    return (given / given.sum()).rename("weight"), "given"


def _equal(scaled: pd.DataFrame) -> Floats:
    return np.ones(scaled.shape[1])


def _ranked(scaled: pd.DataFrame) -> Floats:
    """Return the rank order centroid: w_k = (1/n) sum over i >= k of 1/i."""
    n = scaled.shape[1]
    return np.cumsum(1 / np.arange(n, 0, -1))[::-1] / n


def _entropy(scaled: pd.DataFrame) -> Floats:
    """
    Return 1 - E_k, where E_k is the entropy of a criterion's shares over its greatest, ln m.

    m counts the alternatives whose value is known; one that is missing is left out.
    """
    known = scaled.fillna(0.0).to_numpy()  # a share of 0 adds nothing to the entropy
    total, count = known.sum(axis=0), scaled.notna().sum().to_numpy()
    share = np.divide(known, total, out=np.zeros_like(known), where=total > 0)
    logs = np.log(share, out=np.zeros_like(share), where=share > 0)
    spread = 1 + (share * logs).sum(axis=0) / np.log(np.maximum(count, 2))
    spread = np.where((total > 0) & (count > 1), spread, 0.0)
    return spread if spread.sum() > 1e-12 else np.ones(scaled.shape[1])


def wrong(code: str, column: str, value: str, reason: str, reason_en: str) -> Finding:
    """Return a finding about the table of criteria or its options."""
    return Finding(
        code=code,
        sheet="criteria",
        column=column,
        value=value,
        reason=reason,
        reason_en=reason_en,
        fix="请核对指标表、方向、权重和界限",
        fix_en="Check the table of criteria, directions, weights and bounds",
    )
