"""Printed maps of one number or one category per place, with the class rule in the legend."""

from __future__ import annotations

import re
from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from siting.colours import CATEGORIES, SCHEMES, Scheme, classify, ramp, written
from siting.errors import Findings, stop
from siting.figures.furniture import Fill, Item, Legend
from siting.figures.ground import ground, reasons
from siting.figures.page import PAPER, printed
from siting.figures.refusal import unknown_places, wrong
from siting.figures.sheet import Theme, map_sheet
from siting.figures.words import word
from siting.schema import Lang, check_choice, check_lang, require_unique

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
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
        Numbers by ``place_id`` [in `unit`]; a place that is missing or NaN is undefined, and
        ``values.attrs["undefined"]`` (place_id to reason) says why.
    places
        As for `siting.figures.plan_figure`.
    title
        What the number is; 示意图 is added if it is not there.
    unit
        Unit of the number, for the legend.
    lang
        Language of the figure; `title`, `unit` and `source` are shown as they are.
    classes
        Most classes, 1 to 9; equal numbers share a class, and with as few different numbers as
        `classes` each is a class of its own.
    scheme
        ``quantile``: about equally many places per class; ``equal``: equally wide intervals.
    source
        Where the numbers come from, in words.

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
    check_choice(scheme, SCHEMES, "scheme")
    _check_classes(classes)
    land = ground(places, lang=lang)
    numbers = _numbers(values, places)
    found = classify(numbers, classes=classes, scheme=scheme)
    shades = ramp(len(found.ranges)) if found.ranges else []
    known = [float(v) for v in numbers if np.isfinite(v)]
    text_of = dict(zip(known, written(known), strict=True))
    ends = [end for pair in found.ranges for end in pair]
    end_of = dict(zip(ends, written(ends), strict=True))
    items = []
    for (low, high), count, shade in zip(found.ranges, found.counts, shades, strict=True):
        span = end_of[low] if low == high else f"{end_of[low]} – {end_of[high]}"
        items.append(Item(word("counted", lang, text=span, count=count), Fill(shade)))
    why = [
        said
        for said, code in zip(reasons(values, places, lang), found.codes, strict=True)
        if code < 0
    ]
    rule = word("value_rule", lang, scheme=word(found.rule, lang), count=len(shades))
    heading = word("counted", lang, text=title, count=unit) if unit else title
    theme = Theme(
        title=sketch(title, lang),
        subtitle="",
        fills=[_EMPTY if code < 0 else Fill(shades[code]) for code in found.codes],
        legends=[Legend(heading, rule if shades else "", (*items[::-1], *_undefined(why, lang)))],
        values=[text_of.get(float(v), "") for v in numbers],
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
    lang: Lang = "zh",
    source: str = "",
) -> Figure:
    """
    Draw one category per place, in colours that say nothing of more or less, on an A4 page.

    Parameters
    ----------
    categories
        Category of each place by ``place_id``; a place that is missing or NaN is hatched, and
        ``categories.attrs["undefined"]`` (place_id to reason) says why.
    places
        As for `siting.figures.plan_figure`.
    title
        What the categories are; 示意图 is added if it is not there.
    labels
        Category to what the legend calls it, in the order of the legend.
    colours
        Category to colour (``#rrggbb``). The others get the colours of the interactive maps, of
        which there are 8.
    lang
        Language of the figure; `title`, `labels` and `source` are shown as they are.
    source
        Where the categories come from, in words.

    Returns
    -------
    Figure
        A matplotlib figure of 297 x 210 mm.

    Raises
    ------
    InputError
        If a category has no label, a place or a category is unknown, a colour is none, there are
        more categories than colours, or a text has a character that the font lacks.

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
    given = dict(colours or {})
    _check_categories(categories, places, labels, given)
    land = ground(places, lang=lang)
    taken = {colour.lower() for colour in given.values()}
    free = (colour for colour in CATEGORIES if colour not in taken)
    fill_of = {key: Fill(given[key].lower() if key in given else next(free)) for key in labels}
    here = categories.reindex(places.index)
    none = here.isna().tolist()
    why = [
        said for said, lacks in zip(reasons(categories, places, lang), none, strict=True) if lacks
    ]
    items = [
        Item(word("counted", lang, text=text, count=int((here == key).sum())), fill_of[key])
        for key, text in labels.items()
    ]
    theme = Theme(
        title=sketch(title, lang),
        subtitle="",
        fills=[_EMPTY if lacks else fill_of[key] for key, lacks in zip(here, none, strict=True)],
        legends=[Legend(title, word("category_rule", lang), (*items, *_undefined(why, lang)))],
    )
    return map_sheet(theme, land, places, lang=lang, source=source).finish()


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


def _undefined(why: list[str], lang: Lang) -> list[Item]:
    """Return the line of the legend for places without a value, if there are any."""
    if not why:
        return []
    said = word("counted", lang, text=word("undefined", lang), count=len(why))
    return [Item(said, _EMPTY, detail=word("pause", lang).join(dict.fromkeys(why)))]


def _check_classes(classes: int) -> None:
    if isinstance(classes, bool) or not isinstance(classes, int) or not 1 <= classes <= 9:
        stop(
            code="E-FIG-06",
            column="classes",
            value=str(classes),
            reason="级数须为 1 到 9 的整数",
            reason_en="the number of classes must be a whole number from 1 to 9",
            fix="一般用 3 到 6 级",
            fix_en="Take 3 to 6 as a rule",
        )


def _numbers(values: pd.Series, places: gpd.GeoDataFrame) -> pd.Series:
    """Return the values in the order of the places, matched by label; infinite ones are refused."""
    require_unique(values.index, "values")
    findings = unknown_places(values.index, places, "values")
    numbers = pd.to_numeric(values, errors="coerce").astype("float64")
    for key, given, number in zip(values.index, values, numbers, strict=True):
        if np.isinf(number) or (np.isnan(number) and not pd.isna(given)):
            said = ("不是有限的数", "not a finite number")
            fix = ("请改为数字；没有值的留空（NaN）", "Put a number, or NaN where there is none")
            findings.append(wrong("E-FIG-07", "values", f"{key}: {given}", said, fix))
    findings.stop()
    return numbers.reindex(places.index)


def _check_categories(
    categories: pd.Series,
    places: gpd.GeoDataFrame,
    labels: Mapping[str, str],
    colours: Mapping[str, str],
) -> None:
    """Raise an InputError that names all that does not fit together."""
    require_unique(categories.index, "categories")
    findings = Findings(unknown_places(categories.index, places, "categories"))
    listed = (
        f"现有的类别：{'、'.join(map(str, labels))}",
        f"Categories: {', '.join(map(str, labels))}",
    )
    for key in (one for one in pd.unique(categories.dropna()) if one not in labels):
        said = ("这个类别没有名称", "this category has no label")
        findings.append(wrong("E-FIG-08", "labels", key, said, listed))
    for key, colour in colours.items():
        if key not in labels:
            said = ("没有这个类别", "there is no such category")
            findings.append(wrong("E-FIG-08", "colours", key, said, listed))
        elif not isinstance(colour, str) or not _COLOUR.fullmatch(colour):
            said = ("不是颜色", "not a colour")
            fix = ("请写成 #rrggbb", "Write it as #rrggbb")
            findings.append(wrong("E-FIG-09", "colours", f"{key}: {colour}", said, fix))
    taken = {str(colour).lower() for colour in colours.values()}
    free = [colour for colour in CATEGORIES if colour not in taken]
    if len([key for key in labels if key not in colours]) > len(free):
        said = ("类别太多，颜色无法分辨", "too many categories to tell apart by colour")
        fix = (
            f"请合并到 {len(CATEGORIES)} 类以内，或给出每一类的 colours",
            f"Merge them to {len(CATEGORIES)} at most, or give all of them colours",
        )
        findings.append(wrong("E-FIG-10", "labels", len(labels), said, fix))
    findings.stop()
