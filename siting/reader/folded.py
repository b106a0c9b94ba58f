"""A text without blanks and line breaks in one width, and the way back to the original characters."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

_BREAKS = "\n\r\f\v\x85\u2028\u2029"
_SAME = {
    **dict.fromkeys("“”„‟「」『』", '"'),
    **dict.fromkeys("‘’‚‛", "'"),
    **dict.fromkeys("〔［【", "["),
    **dict.fromkeys("〕］】", "]"),
    **dict.fromkeys("―─━⸺", "—"),
    **dict.fromkeys("‐‑‒–−", "-"),
    ":": "：",
    ";": "；",
    "!": "！",
    "?": "？",
    "，": "，",
    "：": "：",
    "；": "；",
    "！": "！",
    "？": "？",
}
_CIRCLED = re.compile("[\u2460-\u2473]")
_UNSEEN = ("Zs", "Cc", "Cf")


@dataclass(frozen=True, slots=True)
class Folded:
    """
    A text folded for comparison.

    Parameters
    ----------
    text
        The characters that are compared: no blanks, no line breaks, half-width letters and digits,
        one kind of quotes, brackets and dashes; an ASCII comma is one only inside a number.
    at
        The position of each of them in the original.
    breaks
        Where in `text` a line begins, in order; 0 among them.
    """

    text: str
    at: list[int]
    breaks: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the original positions of ``text[start:end]``, which is not empty."""
        return self.at[start], self.at[end - 1] + 1

    def is_break(self, position: int) -> bool:
        """Whether a line begins here, or the text ends."""
        return (
            position >= len(self.text)
            or position == self.breaks[bisect_right(self.breaks, position) - 1]
        )

    def line_end(self, position: int) -> int:
        """Return where the line that holds `position` ends."""
        after = bisect_right(self.breaks, position)
        return self.breaks[after] if after < len(self.breaks) else len(self.text)


def fold(original: str) -> Folded:
    """
    Return `original` folded, with the way back.

    Examples
    --------
    >>> page = fold("到 ２０３０ 年，" + chr(10) + "达到")
    >>> page.text, page.breaks, page.span(1, 5)
    ('到2030年，达到', [0, 7], (2, 6))
    """
    kept: list[str] = []
    at: list[int] = []
    breaks = [0]
    for position, character in enumerate(original):
        if character in _BREAKS:
            if breaks[-1] != len(kept):
                breaks.append(len(kept))
            continue
        folded = _fold(character)
        kept.extend(folded)
        at.extend([position] * len(folded))
    text = "".join(kept)
    # A comma inside a number stays; any other parts phrases.
    text = re.sub(r"(?<!\d),|,(?!\d{3}(?!\d))", "，", text)
    return Folded(text, at, breaks)


def needle(text: str) -> str:
    """
    Return a text as it must look to be found in a folded one.

    Examples
    --------
    >>> needle("扩展现实（ＸＲ）"), needle("6G 技术")
    ('扩展现实(XR)', '6G技术')
    """
    return fold(text).text


@lru_cache(maxsize=65_536)
def _fold(character: str) -> str:
    if character in _SAME:
        return _SAME[character]
    if unicodedata.category(character) in _UNSEEN:
        return ""
    if _CIRCLED.match(character):
        return character  # a heading, not a digit
    wide = unicodedata.normalize("NFKC", character)
    return "".join(_SAME.get(c, c) for c in wide if not c.isspace())
