"""What a briefing tells, as plain records: the page, the workbook, Word and slides all read these."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import geopandas as gpd
import pandas as pd

from siting.schema import Lang

if TYPE_CHECKING:
    import folium
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Heading:
    """A heading inside a chapter."""

    text: str


@dataclass(frozen=True)
class Text:
    """
    A paragraph.

    Parameters
    ----------
    text
        What it says.
    note
        Whether it is in smaller print.
    basis
        What its numbers rest on, as in `Table`.
    """

    text: str
    note: bool = False
    basis: tuple[str, ...] = ()


@dataclass(frozen=True)
class Items:
    """
    A list of sentences.

    Parameters
    ----------
    sentences
        What they say.
    plan
        Id of the plan whose clauses they name; may be empty.
    basis
        What their numbers rest on, as in `Table`.
    """

    sentences: tuple[str, ...]
    plan: str = ""
    basis: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cards:
    """Key figures: a frame of label, value and where it stands, all text."""

    frame: pd.DataFrame


@dataclass(frozen=True, eq=False)
class Table:
    """
    A frame for people.

    Parameters
    ----------
    key
        Names its title, see `siting.tables.table_title`.
    frame
        As the library made it; every output shows these numbers.
    shown
        ``page``: open on the page; ``folded``: behind its title; ``workbook``: only there.
    clauses
        Heading of a column that names clauses, to the id of the plan whose they are.
    basis
        What its numbers rest on besides: keys of other tables in the chapter, ids of plans, and
        files as the list of sources names them.
    """

    key: str
    frame: pd.DataFrame
    shown: Literal["page", "folded", "workbook"] = "page"
    clauses: Mapping[str, str] = field(default_factory=dict)
    basis: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Picture:
    """
    A picture for paper, and the same as an interactive map where there is one.

    Parameters
    ----------
    name
        Stem of its files, safe as a file name.
    caption
        What it shows.
    map
        The interactive map, or None.
    figure
        Draws the print figure, or None where there is none.
    basis
        What its numbers rest on, as in `Table`.
    """

    name: str
    caption: str
    map: folium.Map | None = None
    figure: Callable[[], Figure] | None = None
    basis: tuple[str, ...] = ()


Block = Heading | Text | Items | Cards | Table | Picture


@dataclass(frozen=True, eq=False)
class Chapter:
    """
    One question and its answer.

    Parameters
    ----------
    id
        Anchor on the page.
    title, short
        Heading, and what the contents list and the sheets of the workbook call it.
    blocks
        In the order of reading.
    layers
        Frames for the GeoPackage by layer name.
    colours
        Colour of each cluster, by its id and by its name.
    answer
        What it finds, in a sentence for the list of contents; may be empty.
    """

    id: str
    title: str
    short: str
    blocks: tuple[Block, ...]
    layers: Mapping[str, gpd.GeoDataFrame] = field(default_factory=dict)
    colours: Mapping[str, str] = field(default_factory=dict)
    answer: str = ""

    @property
    def tables(self) -> list[Table]:
        """The tables, in order."""
        return [one for one in self.blocks if isinstance(one, Table)]

    @property
    def pictures(self) -> list[Picture]:
        """The pictures, in order."""
        return [one for one in self.blocks if isinstance(one, Picture)]


@dataclass(frozen=True, eq=False)
class Story:
    """
    A whole briefing.

    Parameters
    ----------
    lang
        Its language.
    title, lead
        Its heading and the sentence below.
    chapters
        In the order of reading, sources and limits last.
    credit
        The line that credits all sources.
    facts
        What the manifest says of the making: plans, vintages, seed, and the inputs with their
        checksums; plain values for JSON.
    """

    lang: Lang
    title: str
    lead: str
    chapters: tuple[Chapter, ...]
    credit: str
    facts: Mapping[str, Any] = field(default_factory=dict)
