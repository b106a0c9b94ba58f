"""What a value in a file of conditions may be, and the refusals that are gathered from the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from siting.errors import Finding, Findings, InputError

if TYPE_CHECKING:
    from siting.study.plans import Study
    from siting.study.zones import ZoneCase

LONGEST = 300  # characters of a text
Good = Callable[[Any], bool]


@dataclass
class Refusals:
    """What is wrong with one file of conditions, gathered."""

    file: str
    found: Findings = field(default_factory=Findings)

    def add(self, code: str, key: str, value: object, *said: str) -> None:
        """Add a finding on a key and its value: reason and fix in Chinese, then in English."""
        shown = value if isinstance(value, str) else "" if value is None else _shown(value)
        zh, fix, en, fix_en = said
        self.found.append(
            Finding(code, zh, fix, en, fix_en, file=self.file, column=key, value=shown)
        )

    def stop(self) -> None:
        """Raise InputError with all that was found wrong."""
        self.found.stop()


def of_file(error: InputError, file: str) -> InputError:
    """Return the error with the name of the file in each finding that has none."""
    return type(error)([replace(one, file=one.file or file) for one in error.findings])


def _shown(value: object) -> str:
    """Return a value in short; a nested one is not written out."""
    if isinstance(value, Mapping):
        return "{…}" if value else "{}"
    if isinstance(value, list):
        parts = [f'"{one}"' if isinstance(one, str) else _shown(one) for one in value[:4]]
        return f"[{', '.join(parts)}{', …' if len(value) > 4 else ''}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if not isinstance(value, int) or abs(value) < 10**30 else "10^30…"


def text(value: object) -> bool:
    """Tell whether a value is text that says something."""
    return isinstance(value, str) and len(value.strip()) > 0 and len(value) <= LONGEST


def whole(least: int, most: int = 10**6) -> Good:
    """Return what accepts whole numbers between two ends."""
    return lambda value: (
        isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
    )


def number(*, above: float = -1.0, most: float = 1e15) -> Good:
    """Return what accepts finite numbers, not negative, above one end and up to another."""

    def good(value: object) -> bool:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return False
        return isfinite(value) and value >= 0 and above < value <= most

    return good


def one_of(*choices: str) -> Good:
    """Return what accepts one of some texts."""
    return lambda value: isinstance(value, str) and value in choices


def table_of(good: Good) -> Good:
    """Return what accepts a table by name whose values are all good."""

    def fits(value: object) -> bool:
        if not isinstance(value, dict) or not value:
            return False
        return all(text(key) and good(one) for key, one in value.items())

    return fits


def either(*goods: Good) -> Good:
    """Return what accepts whatever one of several accepts."""
    return lambda value: any(good(value) for good in goods)


def pair_of(good: Good) -> Good:
    """Return what accepts a list of two good values."""
    return lambda value: isinstance(value, list) and len(value) == 2 and all(map(good, value))


def list_of(good: Good) -> Good:
    """Return what accepts a list of good values."""
    return lambda value: isinstance(value, list) and all(map(good, value))


@dataclass(frozen=True, eq=False)
class Question:
    """
    What a file of conditions asks, its names resolved and its tables read.

    Parameters
    ----------
    file
        The file of conditions.
    model
        The function of `siting.layout` that answers.
    table, numbers, options
        What it takes: the table, the numbers behind it (how many, how far), and the options.
    title
        In Chinese and English.
    names
        ``name_zh name_en`` of places, clusters and groups by id; None where ids are names.
    clusters
        Lead clusters by id, for zones.
    sites
        Candidates by id with ``place_id lon lat``, where they are known.
    places
        Outlines, where the candidates are places or lie in them; None otherwise.
    case, study
        The bundled case and its plan, where `siting.study.study_zones` can tell the rest.
    within
        Share that counts as nearly as good; None where it was not asked for.
    said
        Settings in words that take the place of assumptions of the bundled case.
    files
        All files read, for their checksums.
    """

    file: Path
    model: str
    table: pd.DataFrame
    numbers: tuple[float, ...]
    options: dict[str, Any]
    title: tuple[str, str]
    names: pd.DataFrame | None = None
    clusters: pd.DataFrame | None = None
    sites: pd.DataFrame | None = None
    places: gpd.GeoDataFrame | None = None
    case: ZoneCase | None = None
    study: Study | None = None
    within: float | None = None
    said: tuple[tuple[str, str], ...] = ()
    files: tuple[Path, ...] = ()
