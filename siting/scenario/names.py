"""Names in a file of conditions: each to the candidate, cluster or group that it means, or refused."""

from __future__ import annotations

import difflib
import warnings
from collections.abc import Iterable, Mapping
from typing import Any

from siting.errors import InputError, visible
from siting.names import canonical
from siting.places import resolve
from siting.scenario.values import Refusals

_SHOWN = 8


class Book:
    """
    Labels, and the names that each goes by.

    Parameters
    ----------
    what
        What the labels are, in Chinese and English.
    names
        Label to its names; a label is a name of itself.
    level, within
        Where the labels are codes of places: their level and district, so that other names of a
        place are understood too.

    Examples
    --------
    >>> book = Book(("候选", "candidates"), {"310115": ["浦东新区"]}, level="district")
    >>> book.find("浦东"), book.find("310115"), book.find("浦西")
    ('310115', '310115', None)
    """

    def __init__(
        self,
        what: tuple[str, str],
        names: Mapping[str, Iterable[str]],
        *,
        level: str | None = None,
        within: str | None = None,
    ) -> None:
        self.what, self.level, self.within = what, level, within
        self.shown = {label: next(iter(called), label) for label, called in names.items()}
        self._by_name: dict[str, set[str]] = {}
        for label, called in names.items():
            for one in (label, *called):
                self._by_name.setdefault(_key(one), set()).add(label)

    def find(self, name: str) -> str | None:
        """Return the label that a name means, or None where it means none or several."""
        if name in self.shown:
            return name
        hits = self._by_name.get(_key(name), set())
        if len(hits) == 1:
            return next(iter(hits))
        place = None if self.level is None else place_of(name, self.level, self.within)
        return place if place in self.shown else None

    def take(self, name: str, key: str, wrong: Refusals) -> str | None:
        """Return the label of a name; one that means none is refused, with the nearest names."""
        label = self.find(name)
        if label is None:
            near = difflib.get_close_matches(_key(name), list(self._by_name), 3, 0.5)
            offered = [self.shown[min(self._by_name[one])] for one in near]
            listed = list(dict.fromkeys(offered)) or list(self.shown.values())[:_SHOWN]
            words = [visible(one) for one in listed]
            wrong.add(
                "E-TOML-05",
                key,
                name,
                f"不是这里的{self.what[0]}",
                f"请写准确的名称，如 {'、'.join(words)}",
                f"is none of the {self.what[1]} here",
                f"Write the exact name, such as {', '.join(words)}",
            )
        return label

    def table(self, given: Mapping[str, Any], key: str, wrong: Refusals) -> dict[str, Any]:
        """Return a table by label; two names of one label are refused."""
        made: dict[str, Any] = {}
        for name, value in given.items():
            label = self.take(name, f"{key}.{name}", wrong)
            if label in made:
                wrong.add(
                    "E-TOML-07",
                    f"{key}.{name}",
                    None,
                    f"与前面的名称同指一个{self.what[0]}",
                    "请只留一个",
                    f"the same one of the {self.what[1]} stands above",
                    "Keep one",
                )
            elif label is not None:
                made[label] = value
        return made


def take_sites(
    given: list[Any], key: str, sites: Book, clusters: Book | None, wrong: Refusals
) -> tuple[Any, ...]:
    """Return a list of candidates, or of pairs (candidate, cluster), as labels."""
    made: list[Any] = []
    for one in given:
        if not isinstance(one, list):
            made.append(sites.take(one, key, wrong))
        elif clusters is None:
            wrong.add(
                "E-TOML-03",
                key,
                one,
                "这里没有集群",
                "请只写名称",
                "there are no clusters here",
                "Write the name alone",
            )
        else:
            made.append((sites.take(one[0], key, wrong), clusters.take(one[1], key, wrong)))
    return tuple(dict.fromkeys(made))


def place_of(name: str, level: str | None, within: str | None) -> str | None:
    """Return the code of the place that a name means, or None."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return str(resolve([name], level=level, within=within).iloc[0])
        except InputError:
            return None


def _key(name: str) -> str:
    return canonical(name).casefold()
