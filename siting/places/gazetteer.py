"""The search for a place by name, code or alias in any table of places: exact, never fuzzy."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from siting.names import canonical, short_form
from siting.schema import require_columns, require_unique

_CITY = ("上海市", "上海")
_LONGEST = 60  # a longer text is no name, and comparing it would only cost time


@dataclass(frozen=True)
class Hits:
    """Places that a spelling leads to, how it did so, and the aliases used."""

    ids: tuple[str, ...] = ()
    how: str = "name"  # name | alias | short | english
    aliases: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # by place


class Gazetteer:
    """
    Places by every spelling that is accepted for them.

    Parameters
    ----------
    table
        One row per place: index or column ``place_id``; columns ``name_zh``, ``level``
        ("district" | "town"), ``parent_id``; optionally ``name_en``.
    aliases
        Columns ``alias``, ``place_id``, ``until`` (when the name ended, empty for one in use),
        ``note_zh``, ``note_en``; rows for places that `table` lacks are passed over.

    Raises
    ------
    InputError
        If a column is missing or a place occurs twice.
    """

    def __init__(self, table: pd.DataFrame, aliases: pd.DataFrame | None = None) -> None:
        rows = table.reset_index() if table.index.name == "place_id" else table
        require_columns(rows, ("place_id", "name_zh", "level", "parent_id"), "places")
        require_unique(pd.Index(rows["place_id"]), "places")
        ids = rows["place_id"].astype(str).tolist()
        self.name = dict(zip(ids, rows["name_zh"].astype(str), strict=True))
        self.level = dict(zip(ids, rows["level"].astype(str), strict=True))
        self.parent = {i: _text(p) for i, p in zip(ids, rows["parent_id"], strict=True)}
        english = rows["name_en"] if "name_en" in rows else [""] * len(ids)
        self._exact: dict[str, list[str]] = {}
        self._short: dict[str, list[str]] = {}
        self._english: dict[str, list[str]] = {}
        self._aliases: dict[str, dict[str, Mapping[str, str]]] = {}
        for place, name_en in zip(ids, english, strict=True):
            key = canonical(self.name[place])
            short = short_form(key, self.level[place])
            for book, spelling in (
                (self._exact, key),
                (self._exact, place),
                (self._short, short),
                (self._english, canonical(_text(name_en)).lower()),
            ):
                if spelling:
                    book.setdefault(spelling, []).append(place)
        for row in [] if aliases is None else aliases.to_dict("records"):
            if row["place_id"] in self.name:
                alias = {str(k): _text(v) for k, v in row.items()}
                key = canonical(alias["alias"]).lower()
                self._aliases.setdefault(key, {})[alias["place_id"]] = alias

    def search(self, name: str, *, level: str | None = None, within: str | None = None) -> Hits:
        """
        Return the places that `name` leads to, those of `level` and `within` if there are any.

        The first of these that leads anywhere counts: the name itself or a code, an alias, the
        short form, the English name; then the same without 上海市, and after the name of a district
        the places inside it. Places of another level or district are returned only when nothing
        else is found, for the message to say so.
        """
        key = canonical(name)
        elsewhere = Hits()
        for spelling, inside in self._spellings(key):
            for hits in self._ways(spelling):
                kept = tuple(p for p in hits.ids if inside is None or self.parent[p] == inside)
                good = tuple(p for p in kept if self.fits(p, level, within))
                if good:
                    return Hits(good, hits.how, hits.aliases)
                if kept and not elsewhere.ids:
                    elsewhere = Hits(kept, hits.how, hits.aliases)
        return elsewhere

    def fits(self, place: str, level: str | None, within: str | None) -> bool:
        """Whether `place` has the level asked for and lies in the district asked for."""
        at_level = level is None or self.level[place] == level
        return at_level and (within is None or within in (place, self.parent[place]))

    def nearest(self, name: str, *, level: str | None, within: str | None) -> list[str]:
        """Return the codes of up to three places spelled most like `name`, best first."""
        key = canonical(name).lower()
        if len(key) > _LONGEST:
            return []
        pool: dict[str, str] = {}
        for book in (self._exact, self._short, self._aliases, self._english):
            for spelling, places in book.items():
                for place in places:
                    if self.fits(place, level, within) and not spelling.isdigit():
                        pool.setdefault(spelling, place)
        close = difflib.get_close_matches(key, sorted(pool), n=6, cutoff=0.3)
        return list(dict.fromkeys(pool[one] for one in close))[:3]

    def shown(self, place: str, lang: str = "zh") -> str:
        """Return name, district and code of a place for people."""
        above = self.name.get(self.parent[place], "")
        if lang == "en":
            return f"{self.name[place]} ({above + ', ' if above else ''}{place})"
        return f"{self.name[place]}（{above + '，' if above else ''}{place}）"

    def _spellings(self, key: str) -> Iterable[tuple[str, str | None]]:
        yield key, None
        if len(key) == 12 and key.isdigit() and key.endswith("000"):
            yield key.removesuffix("000"), None  # town codes are also written with twelve digits
            yield key.removesuffix("000000"), None
        for city in _CITY:
            if key.startswith(city) and key != city:
                key = key.removeprefix(city)
                yield key, None
                break
        for district, level in self.level.items():
            full = canonical(self.name[district])
            if level == "district" and key.startswith(full):
                yield key.removeprefix(full), district

    def _ways(self, key: str) -> Iterable[Hits]:
        yield Hits(tuple(self._exact.get(key, ())), "name")
        alias = self._aliases.get(key.lower(), {})
        yield Hits(tuple(alias), "alias", alias)
        yield Hits(tuple(self._short.get(key, ())), "short")
        yield Hits(tuple(self._english.get(key.lower(), ())), "english")


def _text(value: Any) -> str:
    return "" if value is None or pd.isna(value) else str(value)
