"""Questions on tables of one's own: scores of zones, and the four models of sites and demand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from siting.places import read_places
from siting.scenario.cases import quota
from siting.scenario.names import Book, place_of, take_sites
from siting.scenario.tables import amounts, read_column, read_numbers
from siting.scenario.terms import RUN
from siting.scenario.values import Question, Refusals

_TOWNS_OF = "310114"  # the district whose towns are bundled
_TITLES = {
    "p_median": ("到最近选点的总距离最小", "Least total distance to the nearest site"),
    "max_coverage": ("半径内服务的需求最多", "Most demand within reach"),
    "set_coverage": ("用最少的点服务全部需求", "Fewest sites that reach all demand"),
    "p_center": ("最远的需求尽量近", "The farthest demand as near as can be"),
    "scores": ("先导区布局", "Leading zones"),
}


@dataclass(frozen=True, eq=False)
class _Known:
    """Labels that are places of one level, and those places."""

    codes: dict[str, str]
    places: gpd.GeoDataFrame
    level: str
    within: str | None


def score_question(given: Mapping[str, Any], file: Path, wrong: Refusals) -> Question:
    """Return the question of zones on a table of scores, places x clusters."""
    tables = _Tables(given, file, wrong)
    scores = tables.matrix("scores", scores=True)
    known = _known(scores.index)
    scores = _coded(scores, known, columns=False)
    sites = _book(("候选", "candidates"), scores.index, known)
    clusters = Book(("集群", "clusters"), {str(one): [str(one)] for one in scores.columns})
    options = tables.shared(sites, clusters, complete=scores.index)
    if "per_cluster" in given:
        value = given["per_cluster"]
        options["per_cluster"] = (
            {key: quota(one) for key, one in clusters.table(value, "per_cluster", wrong).items()}
            if isinstance(value, dict)
            else quota(value)
        )
    if "per_place" in given:
        value = given["per_place"]
        named = sites.table(value, "per_place", wrong) if isinstance(value, dict) else None
        options["per_place"] = value if named is None else dict.fromkeys(scores.index, 1) | named
    if "min_spacing_km" in given:
        options["min_spacing_m"] = 1000.0 * given["min_spacing_km"]
        options["distance"] = tables.square("distance", sites)
    wrong.stop()
    return Question(
        file=file,
        model="assign_zones",
        table=scores,
        numbers=(given["n_zones"],),
        options=options,
        title=_title(given, "scores"),
        names=_named(known),
        clusters=pd.DataFrame(
            {"name_zh": list(scores.columns), "name_en": list(scores.columns)}, index=scores.columns
        ),
        places=None if known is None else known.places,
        within=given.get("within"),
        files=(file, *tables.files),
    )


def model_question(kind: str, given: Mapping[str, Any], file: Path, wrong: Refusals) -> Question:
    """Return the question of one of the four models on a table of distances, demand x sites."""
    tables = _Tables(given, file, wrong)
    distance = tables.matrix("distance")
    known = _known(distance.index.append(distance.columns))
    distance = _coded(distance, known, columns=True)
    sites = _book(("候选点", "sites"), distance.columns, known)
    demand = _book(("需求点", "demand"), distance.index, known)
    options = tables.shared(sites, None, complete=distance.columns)
    for key, book in (("weights", demand), ("demand", demand), ("capacity", sites)):
        if key in given:
            options[key] = tables.numbers(key, book)
    if "existing" in given:
        options["existing"] = take_sites(given["existing"], "existing", sites, None, wrong)
    if "min_spacing_km" in given:
        options["min_spacing_m"] = 1000.0 * given["min_spacing_km"]
    if "site_distance" in given:
        options["site_distance"] = tables.square("site_distance", sites)
    same = {
        "cover_within_m": "cover_within",
        "cover_share": "cover_share",
        "unreachable": "unreachable",
    }
    options |= {name: given[key] for key, name in same.items() if key in given}
    wrong.stop()
    return Question(
        file=file,
        model=kind,
        table=distance,
        numbers=tuple(given[key] for key in ("radius_m", "p") if key in given),
        options=options,
        title=_title(given, kind),
        names=_named(known),
        places=None if known is None else known.places,
        within=given.get("within"),
        files=(file, *tables.files),
    )


class _Tables:
    """The tables that a file of conditions names, each read once and kept for its checksum."""

    def __init__(self, given: Mapping[str, Any], file: Path, wrong: Refusals) -> None:
        self.given, self.folder, self.wrong = given, file.parent, wrong
        self.files: list[Path] = []

    def path(self, key: str) -> Path:
        """Return the path of the file that a key names, which stands beside the file of conditions."""
        made = (
            self.folder / self.given[key] if "://" not in self.given[key] else Path(self.given[key])
        )
        self.files.append(made)
        return made

    def matrix(self, key: str, *, scores: bool = False) -> pd.DataFrame:
        """Return a table of numbers, or stop."""
        table = read_numbers(self.path(key), self.wrong, scores=scores)
        self.wrong.stop()
        assert table is not None
        self.wrong.found.warn(stacklevel=6)
        return table

    def square(self, key: str, sites: Book) -> pd.DataFrame:
        """Return a table of distances between candidates, its rows and columns by their labels."""
        table = self.matrix(key)
        rows = [sites.take(str(one), key, self.wrong) for one in table.index]
        columns = [sites.take(str(one), key, self.wrong) for one in table.columns]
        return table.set_axis(rows, axis=0).set_axis(columns, axis=1)

    def numbers(self, key: str, book: Book) -> dict[str, float]:
        """Return amounts by label, from a table in the file or from a file of two columns."""
        value = self.given[key]
        named = amounts(self.path(key), self.wrong) if isinstance(value, str) else value
        return book.table(named or {}, key, self.wrong)

    def shared(
        self, sites: Book, clusters: Book | None, *, complete: Iterable[str]
    ) -> dict[str, Any]:
        """Return the options that scores and models have in common."""
        given, wrong = self.given, self.wrong
        options: dict[str, Any] = {key: given[key] for key in RUN if key in given}
        for key in ("fixed", "forbidden"):
            if key in given:
                options[key] = take_sites(given[key], key, sites, clusters, wrong)
        if "groups" not in given:
            return options
        value = given["groups"]
        named = read_column(self.path("groups"), wrong) if isinstance(value, str) else value
        groups = sites.table(named or {}, "groups", wrong)
        for one in complete:
            if one not in groups:
                wrong.add(
                    "E-TOML-04",
                    "groups",
                    sites.shown[one],
                    "没有写它属于哪一组",
                    "请补上",
                    "its group is not given",
                    "Give it",
                )
        options["groups"] = groups
        book = Book(("组", "groups"), {one: [one] for one in sorted(set(groups.values()))})
        for key in ("group_min", "group_max"):
            if key in given:
                limit = given[key]
                options[key] = book.table(limit, key, wrong) if isinstance(limit, dict) else limit
        return options


def _known(labels: pd.Index) -> _Known | None:
    """Return the places that all labels name, districts or the bundled towns; None if one names none."""
    listed = list(dict.fromkeys(map(str, labels)))
    for level, within in (("district", None), ("town", _TOWNS_OF)):
        codes: dict[str, str] = {}
        for one in listed:
            code = place_of(one, level, within)
            if code is None:
                break
            codes[one] = code
        if len(codes) == len(listed) and len(set(codes.values())) == len(listed):
            places = read_places(level, within=within)
            return (
                _Known(codes, places, level, within)
                if set(codes.values()) <= set(places.index)
                else None
            )
    return None


def _coded(table: pd.DataFrame, known: _Known | None, *, columns: bool) -> pd.DataFrame:
    """Return a table with the codes of places for their names."""
    if known is None:
        return table
    made = table.rename(index=known.codes)
    return made.rename(columns=known.codes) if columns else made


def _book(what: tuple[str, str], labels: pd.Index, known: _Known | None) -> Book:
    listed = list(map(str, labels))
    if known is None:
        return Book(what, {one: [one] for one in listed})
    names = known.places.loc[list(dict.fromkeys(listed)), ["name_zh", "name_en"]]
    called = {
        str(key): [str(one) for one in row if one]
        for key, row in zip(names.index, names.to_numpy(), strict=True)
    }
    return Book(what, called, level=known.level, within=known.within)


def _named(known: _Known | None) -> pd.DataFrame | None:
    return None if known is None else pd.DataFrame(known.places[["name_zh", "name_en"]])


def _title(given: Mapping[str, Any], kind: str) -> tuple[str, str]:
    title = given.get("title")
    return (title, title) if title else _TITLES[kind]
