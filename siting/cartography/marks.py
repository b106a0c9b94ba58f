"""The marks of every map, the same on the screen and in print: what a point is, and how it looks."""

from __future__ import annotations

from typing import Literal

from siting.cartography.words import word
from siting.schema import Lang

Mark = Literal["chosen", "swing", "existing"]
# A zone is a diamond, hollow where not all near-best layouts hold it; what stood there is a square.
SIGNS: dict[Mark, str] = {"chosen": "◆", "swing": "◇", "existing": "■"}
ZONE, ZONE_INK = "#a3122a", "#45060f"  # of the mark, and of its name on any shade
LINK = "#16212b"  # of lines to what serves a place, and of the circles of reach


def mark_lines(marks: list[Mark], lang: Lang, *, firm: bool) -> list[tuple[Mark, str]]:
    """
    Return each mark that a map shows and what it means, `firm` where certainty was measured.

    Examples
    --------
    >>> mark_lines(["existing", "chosen"], "en", firm=False)
    [('chosen', 'Chosen zones (points)'), ('existing', 'There already')]
    """
    said: dict[Mark, str] = {
        "chosen": word("mark_core" if firm else "site_layer", lang),
        "swing": word("mark_swing", lang),
        "existing": word("mark_existing", lang),
    }
    return [(mark, text) for mark, text in said.items() if mark in marks]
