"""Names of sites and demand: their order, which decides ties, and the words that people read."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Any, Self

import numpy as np
import pandas as pd

Label = Any  # a str, an int, or a pair of them (a zone)


class Words(str):
    """
    Words in Chinese that carry the same in English as `en`.

    Examples
    --------
    >>> Words("共选 2 个", "choose 2").en
    'choose 2'
    """

    __slots__ = ("en",)

    en: str

    def __new__(cls, zh: str, en: str = "") -> Self:
        """Return `zh` as text, with `en` beside it."""
        words = super().__new__(cls, zh)
        words.en = en or zh
        return words

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        """Return what a copy is made of."""
        return str(self), self.en


def rank(label: Label) -> tuple[Any, ...]:
    """
    Return the key by which labels are ordered: numbers by value, text by character, then pairs.

    Examples
    --------
    >>> sorted(["b", 10, ("a", 1), "a", 9], key=rank)
    [9, 10, 'a', 'b', ('a', 1)]
    """
    if isinstance(label, tuple):
        return (2, 0, "", *(rank(part) for part in label))
    if isinstance(label, (int, np.integer)):
        return (0, int(label), "")
    return (1, 0, str(label))


def order(labels: Iterable[Label]) -> np.ndarray[Any, np.dtype[np.intp]]:
    """
    Return the positions of `labels` in the order of `rank`.

    Examples
    --------
    >>> order(["b", "c", "a"]).tolist()
    [2, 0, 1]
    """
    listed = list(labels)
    return np.array(sorted(range(len(listed)), key=lambda k: rank(listed[k])), dtype=np.intp)


def is_label(label: object) -> bool:
    """Tell whether `label` may name a site: a str or a whole number."""
    return isinstance(label, (str, int, np.integer)) and not isinstance(label, (bool, np.bool_))


class Names:
    """
    What each label is called in words.

    Examples
    --------
    >>> Names({"310112": "闵行区"})("310112"), Names(None)(7)
    ('闵行区', '7')
    """

    def __init__(self, names: Mapping[Hashable, Any] | pd.Series | None) -> None:
        self._names = dict(names.items()) if isinstance(names, (Mapping, pd.Series)) else {}

    def __call__(self, label: Label) -> str:
        """Return the name of `label`, or the label itself."""
        if isinstance(label, tuple):
            return "·".join(self(part) for part in label)
        return str(self._names.get(label, label))

    def with_id(self, label: Label) -> str:
        """
        Return the name of `label` and the label itself, once where they are one.

        Examples
        --------
        >>> named = Names({"310112": "闵行区"})
        >>> named.with_id("310112"), named.with_id("a")
        ('闵行区（310112）', 'a')
        """
        own, called = Names(None)(label), self(label)
        return own if own == called else f"{called}（{own}）"

    def list(self, labels: Iterable[Label], *, most: int = 8) -> str:
        """Return up to `most` names, parted by 、."""
        listed = list(labels)
        shown = "、".join(self(label) for label in listed[:most])
        return shown if len(listed) <= most else f"{shown} 等 {len(listed)} 个"


def number(value: float) -> str:
    """
    Return a number as people write it.

    Examples
    --------
    >>> number(3.0), number(0.25), number(1234567.0)
    ('3', '0.25', '1234567')
    """
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else f"{value:.6g}"
