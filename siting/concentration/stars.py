"""Cluster stars: which sectors in which places are large, special, and weighty for their place."""

from __future__ import annotations

import numpy as np
import pandas as pd

from siting.concentration.checking import FloatArray, as_number, checked_table, refuse_option
from siting.concentration.quotients import quotients
from siting.concentration.sharing import NO_PLACE, NO_SECTOR, TOO_LARGE, holds, shares


def cluster_stars(
    table: pd.DataFrame, *, top: float = 0.1, specialised: float = 2.0
) -> pd.DataFrame:
    """
    Return up to three stars for each sector in each place: size, specialisation, focus.

    Parameters
    ----------
    table
        Amounts >= 0 [count, such as persons], places x sectors.
    top
        Share [0..1, 0 excluded] of the universe that gets the stars of size and focus.
    specialised
        Least LQ [ratio, above 0] for the star of specialisation.

    Returns
    -------
    DataFrame
        Index (place, sector), all of them in the order of the table: ``size`` [count], ``lq``
        [ratio], ``share`` of the place [0..1]; ``size_star specialisation_star focus_star``
        [true/false]; ``stars``, 0..3. A cell that holds nothing has none. ``lq`` and ``share`` are
        NaN where undefined, with the reason in ``.attrs["undefined"]``: {(place, sector, column):
        reason}. ``.attrs["universe"]`` says among how many the ranks were taken, and what cut.

    Raises
    ------
    InputError
        If the table has a bad cell (each is named), or an option is out of its range.

    Notes
    -----
    Size is ranked among the places of the table, sector by sector; focus among all cells of places
    that hold anything, because within one sector it would only repeat the LQ. Of n, the first
    floor(top x n) get the star, one at least, and all that tie with the last: with 16 places one. A
    universe as small as a city's districts ranks; it does not compare with all of Europe as the
    Observatory did.

    References
    ----------
    European Cluster Observatory (2007): stars for size, specialisation and focus; the tenth and the
    LQ of 2 are its rule.

    Examples
    --------
    Chips are largest in p (8), and 8 of 10 is the weightiest cell; LQ = 0.8 / 0.3 = 2.67.

    >>> table = pd.DataFrame({"chips": [8, 4], "cars": [2, 26]}, index=["p", "q"])
    >>> cluster_stars(table)["stars"].to_dict()
    {('p', 'chips'): 2, ('p', 'cars'): 0, ('q', 'chips'): 0, ('q', 'cars'): 2}
    """
    _check_options(top, specialised)
    frame, amounts = checked_table(table)
    quotient, share = quotients(amounts), shares(amounts, 1)
    quotient[np.isinf(quotient)] = np.nan
    by_size, cut_size = _first(amounts, top)
    focus, cut_focus = _first(share.reshape(-1, 1), top)
    marks = {
        "size_star": by_size,
        "specialisation_star": np.nan_to_num(quotient) >= specialised,
        "focus_star": focus.reshape(share.shape),
    }
    columns = {"size": amounts, "lq": quotient, "share": share} | marks
    index = pd.MultiIndex.from_product([frame.index, frame.columns], names=["place", "sector"])
    answer = pd.DataFrame({name: cells.ravel() for name, cells in columns.items()}, index=index)
    answer["stars"] = answer[list(marks)].sum(axis="columns").astype("int64")
    answer.attrs["undefined"] = _reasons(answer, frame, amounts)
    answer.attrs["universe"] = {
        "size_places": len(frame),
        "focus_cells": int(np.isfinite(share).sum()),
        "size_cut": dict(zip(frame.columns, cut_size.tolist(), strict=True)),
        "focus_cut": float(cut_focus[0]),
        "top": top,
        "specialised": specialised,
    }
    return answer


def _first(values: FloatArray, top: float) -> tuple[np.ndarray, FloatArray]:
    """Return which values are among the first of their column, ties included, and the cuts."""
    known = np.nan_to_num(values, nan=-1.0)
    n = int((known[:, 0] >= 0).sum())
    count = max(1, int(np.floor(top * n + 1e-9)))  # 0.1 x 30 must be 3
    cut = -np.sort(-known, axis=0)[count - 1]
    return (known >= cut) & (known > 0), np.where(cut < 0, np.nan, cut)


def _reasons(
    answer: pd.DataFrame, frame: pd.DataFrame, amounts: FloatArray
) -> dict[tuple[object, object, str], str]:
    """Return why an lq or a share is missing."""
    place = dict(zip(frame.index, ~holds(amounts, 1), strict=True))
    sector = dict(zip(frame.columns, ~holds(amounts, 0), strict=True))
    return {
        (p, s, column): NO_PLACE if place[p] else NO_SECTOR if sector[s] else TOO_LARGE
        for column in ("lq", "share")
        for p, s in answer.index[answer[column].isna().to_numpy()]
    }


def _check_options(top: object, specialised: object) -> None:
    """Stop with an option that is out of its range."""
    if not 0 < as_number(top) <= 1:
        refuse_option("top", top, "大于 0、不大于 1 的数", "a number above 0 and at most 1")
    if not 0 < as_number(specialised) < np.inf:
        refuse_option("specialised", specialised, "大于 0 的数", "a number above 0")
