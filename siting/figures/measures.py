"""Printed maps of one number or one category per place, with the class rule in the legend."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import pandas as pd
from matplotlib.figure import Figure

from siting.cartography import Classed, categorised, measured, remarks, sketch
from siting.colours import Scheme
from siting.figures.furniture import Fill, Item, Legend
from siting.figures.ground import ground
from siting.figures.page import PAPER, printed
from siting.figures.sheet import Theme, map_sheet
from siting.schema import Lang, check_lang

_EMPTY = Fill(PAPER, hatched=True)


@printed
def measure_figure(
    values: pd.Series,
    places: gpd.GeoDataFrame,
    *,
    title: str,
    unit: str = "",
    lang: Lang = "zh",
    classes: int = 5,
    scheme: Scheme = "quantile",
    source: str = "",
) -> Figure:
    """
    Draw one number per place in classes, on an A4 page.

    Parameters
    ----------
    values
        As for `siting.maps.measure_map`.
    places
        As for `siting.figures.plan_figure`.
    title, unit
        As for `siting.maps.measure_map`.
    lang
        Language of the figure; `title`, `unit` and `source` are shown as they are.
    classes, scheme, source
        As for `siting.maps.measure_map`.

    Returns
    -------
    Figure
        A matplotlib figure of 297 x 210 mm, with the number below each name.

    Raises
    ------
    InputError
        If a value belongs to no place, is infinite or no number, an option is unknown, or a text
        has a character that the font lacks.

    Notes
    -----
    Undefined places are hatched and never coloured; the legend says why.

    Examples
    --------
    >>> from siting.places import read_places
    >>> districts = read_places("district")
    >>> drawn = measure_figure(districts["area_official_km2"], districts, title="官方面积")
    >>> [round(float(side) * 25.4) for side in drawn.get_size_inches()]
    [297, 210]
    """
    check_lang(lang)
    land = ground(places, lang=lang)
    found = measured(
        values, places, title=title, unit=unit, classes=classes, scheme=scheme, lang=lang
    )
    theme = Theme(
        title=sketch(title, lang),
        subtitle="",
        fills=_fills(found),
        legends=[_legend(found, _items(found)[::-1])],
        values=["" if c < 0 else text for c, text in zip(found.codes, found.texts, strict=True)],
    )
    return map_sheet(theme, land, places, lang=lang, source=source).finish()


@printed
def category_figure(
    categories: pd.Series,
    places: gpd.GeoDataFrame,
    *,
    title: str,
    labels: Mapping[str, str],
    colours: Mapping[str, str] | None = None,
    notes: pd.Series | None = None,
    lang: Lang = "zh",
    source: str = "",
) -> Figure:
    """
    Draw one category per place, in colours that say nothing of more or less, on an A4 page.

    Parameters
    ----------
    categories
        As for `siting.maps.category_map`.
    places
        As for `siting.figures.plan_figure`.
    title, labels, colours
        As for `siting.maps.category_map`.
    notes
        What stands below the name of a place, by its id; short.
    lang
        Language of the figure; `title`, `labels` and `source` are shown as they are.
    source
        As for `siting.maps.category_map`.

    Returns
    -------
    Figure
        A matplotlib figure of 297 x 210 mm.

    Raises
    ------
    InputError
        If a category has no label, a place or a category is unknown, a place is noted twice, a
        colour is none, there are more categories than colours, or a text has a character that the
        font lacks.

    Examples
    --------
    >>> from siting.places import read_places
    >>> districts = read_places("district")
    >>> kind = districts["area_official_km2"].gt(100).map({True: "large", False: "small"})
    >>> drawn = category_figure(
    ...     kind, districts, title="大区和小区", labels={"large": "大区", "small": "小区"})
    >>> [round(float(side) * 25.4) for side in drawn.get_size_inches()]
    [297, 210]
    """
    check_lang(lang)
    land = ground(places, lang=lang)
    found = categorised(
        categories, places, title=title, labels=labels, colours=colours or {}, lang=lang
    )
    theme = Theme(
        title=sketch(title, lang),
        subtitle="",
        fills=_fills(found),
        legends=[_legend(found, _items(found))],
        values=remarks(notes, places.index),
    )
    return map_sheet(theme, land, places, lang=lang, source=source).finish()


def _fills(found: Classed) -> list[Fill]:
    return [_EMPTY if code < 0 else Fill(found.colours[code]) for code in found.codes]


def _items(found: Classed) -> list[Item]:
    """Return a line of the legend for each class."""
    return [Item(text, Fill(c)) for text, c in zip(found.labels, found.colours, strict=True)]


def _legend(found: Classed, items: list[Item]) -> Legend:
    """Return the legend, with the line for places without a class if there are any."""
    if found.undefined:
        label, why = found.undefined
        items = [*items, Item(label, _EMPTY, detail=why)]
    return Legend(found.heading, found.rule, tuple(items))
