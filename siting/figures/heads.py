"""What the columns of a set figure are called and how they are marked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from siting.colours import Sign, cluster_signs
from siting.figures.page import INK

By = Literal["cluster", "field"]
Names = Mapping[Any, str] | pd.Series | None
BAR = "#5b91bd"


@dataclass(frozen=True)
class Heads:
    """Name, sign and colour of each cluster or field of a figure."""

    names: list[str]
    chips: list[Sign]
    dots: list[str]


def heads(ids: list[Any], names: Names, by: By) -> Heads:
    """Return clusters with their signs and colours, fields with numbers and one colour for all."""
    called = called_by(ids, names)
    if by == "cluster":
        chosen = names.attrs.get("colours") if isinstance(names, pd.Series) else None
        chips = cluster_signs([str(key) for key in ids], called, chosen)
        return Heads(called, chips, [sign.colour for sign in chips])
    chips = [Sign(str(k + 1), "#dfe5ea", INK) for k in range(len(ids))]
    return Heads(called, chips, [BAR] * len(ids))


def called_by(ids: list[Any], names: Names) -> list[str]:
    """Return the name of each id; one without a name is its own."""
    return [str(key) if names is None else str(names.get(key, key)) for key in ids]
