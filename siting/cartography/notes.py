"""What a map has to say of itself: that it is a sketch, its sources, the year of its units."""

from __future__ import annotations

from typing import Any

import geopandas as gpd

from siting import geodata
from siting.cartography.words import word
from siting.schema import Lang


def sketch(title: str, lang: Lang) -> str:
    """
    Return the title with the words that every map bears: it is a sketch.

    Examples
    --------
    >>> sketch("面积", "zh"), sketch("Area: sketch map", "en")
    ('面积（示意图）', 'Area: sketch map')
    """
    said = word("sketch", lang)
    return title if said in title.lower() else word("counted", lang, text=title, count=said)


def vintage(places: gpd.GeoDataFrame, lang: Lang) -> list[str]:
    """Return the words for the year of the units, none where it is not known."""
    year = places.attrs.get("vintage")
    return [] if year is None else [word("vintage", lang, vintage=year)]


def source_notes(places: gpd.GeoDataFrame, lang: Lang, *, source: str = "") -> list[str]:
    """
    Return what a map has to say of its places: notes, generalised borders, and sources.

    Parameters
    ----------
    places
        ``attrs`` may hold ``sources`` (files of the bundled geodata, or the user's own first),
        ``notes_zh``, ``notes_en`` and ``generalised``.
    lang
        Language of the notes.
    source
        Where the numbers of the map come from, in words.
    """
    attrs = places.attrs
    files = [str(name) for name in attrs.get("sources", ())]
    known = set(geodata.register()["file"]) if files else set()
    if "findings" in attrs:  # the user's own file comes first, whatever it is called
        known -= set(files[:1])
    texts = [geodata.attribution([f for f in files if f in known], lang)] if files else []
    texts += [name for name in files if name not in known]
    told = [word("numbers", lang, sources=source)] if source else []
    told += [str(note) for note in listed(attrs.get(f"notes_{lang}", ()))]
    if attrs.get("generalised"):
        told.append(word("generalised", lang))
    sources = word("pause", lang).join(t for t in texts if t) or word("no_source", lang)
    return [*told, word("sources", lang, sources=sources)]


def listed(value: Any) -> list[Any]:
    """
    Return a list of what is one text, several, or nothing.

    Examples
    --------
    >>> listed("a"), listed(("a", "b")), listed(None)
    (['a'], ['a', 'b'], [])
    """
    return [value] if isinstance(value, str) else list(value or ())
