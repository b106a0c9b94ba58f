"""All loads of sites that are worth what they must be: sets of demands with prices, and fines for triples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from siting.layout.knapsack import in_units, load_tables, load_values
from siting.layout.loading import Freight
from siting.layout.rows import RELATIVE, Flags, Floats, Ints

_CELLS = 4_000_000  # numbers of the tables of one block of sites
_BEGUN = 5  # loads that are begun for each that may be listed
_WORD = 64


@dataclass(frozen=True)
class Terms:
    """
    What each demand pays, and the `fine` of a load that holds two or three of a `triple` of demands.

    The worth of a load is what its demands pay, less what they cost at its site, less its fines.
    """

    price: Floats
    triple: Ints
    fine: Floats

    @property
    def total(self) -> float:
        """What all demands pay, less one fine of each triple."""
        return float(self.price.sum() - self.fine.sum())

    def towards(self, other: Terms, share: float) -> Terms:
        """Return terms that lie by `share` towards `other`, which may have fewer triples."""
        fine = np.zeros(self.fine.size)
        fine[: other.fine.size] = other.fine
        return Terms(
            (1 - share) * self.price + share * other.price,
            self.triple,
            (1 - share) * self.fine + share * fine,
        )

    @classmethod
    def plain(cls, price: Floats) -> Terms:
        """Return prices without fines."""
        return cls(price, np.zeros((0, 3), np.intp), np.zeros(0))


@dataclass(frozen=True)
class Loads:
    """Some loads: the `site` of each, the demands it `holds` [loads x demands, 0/1], its `cost`."""

    site: Ints
    holds: sparse.csr_array
    cost: Floats

    @classmethod
    def none(cls, n_demands: int) -> Loads:
        """Return no load."""
        return cls(np.zeros(0, np.intp), sparse.csr_array((0, n_demands)), np.zeros(0))

    def doubled(self, triple: Ints) -> sparse.csr_array:
        """Tell [loads x triples, 0/1] which loads hold two or three of which triple."""
        k = len(triple)
        member = sparse.csr_array(
            (np.ones(3 * k), (triple.ravel(), np.repeat(np.arange(k), 3))),
            (self.holds.shape[1], k),
        )
        count = sparse.csr_array(self.holds @ member)
        count.data = np.where(count.data > 1.5, 1.0, 0.0)
        count.eliminate_zeros()
        return count

    def with_more(self, more: Loads) -> Loads:
        """Return these loads and `more`."""
        return Loads(
            np.concatenate([self.site, more.site]),
            sparse.csr_array(sparse.vstack([self.holds, more.holds], format="csr")),
            np.concatenate([self.cost, more.cost]),
        )

    def among(self, kept: Ints | Flags) -> Loads:
        """Return the loads `kept`."""
        return Loads(self.site[kept], sparse.csr_array(self.holds[kept]), self.cost[kept])


class Lister:
    """
    Lists loads within the capacities of `freight`.

    Demands are taken or left one after the other, those with fines first; what cannot be worth
    enough any more, by the best load of the demands to come without their fines, is dropped.
    """

    def __init__(self, freight: Freight) -> None:
        self.freight = freight
        self.unit, self.room = in_units(freight.size, freight.capacity, freight.rows.n_sites)

    def best(self, price: Floats) -> Floats:
        """Return the worth of the best load of each site, were there no fines."""
        gain = np.maximum(price[:, None] - self.freight.cost, 0)
        return load_values(gain, self.unit, self.room)

    def list(self, terms: Terms, need: Floats, most: int) -> tuple[Loads, Floats] | None:
        """
        Return every load that is worth `need` [site] or more, and its worth; None beyond `most`.

        Examples
        --------
        Demands of 2, 1 and 1 pay 5 each; the site has room for 2.

        >>> from siting.layout.rows import SiteRows
        >>> cost, size = np.array([[1.0], [2], [3]]), np.array([2.0, 1, 1])
        >>> lister = Lister(Freight(cost, size, np.array([2.0]), SiteRows.choosing(1, 1)))
        >>> loads, worth = lister.list(Terms.plain(np.full(3, 5.0)), np.array([4.0]), 99)
        >>> loads.holds.toarray(), worth
        (array([[1., 0., 0.],
               [0., 1., 1.]]), array([4., 5.]))
        """
        freight, n = self.freight, self.freight.size.size
        heavy = np.zeros(n)
        np.add.at(heavy, terms.triple.ravel(), np.repeat(terms.fine, 3))
        order = np.lexsort((-self.unit, -heavy))
        sites = np.flatnonzero(self.best(terms.price) >= need)
        step = max(1, _CELLS // ((n + 1) * (int(self.room.max(initial=0)) + 1)))
        loads, worth = Loads.none(n), np.zeros(0)
        for at in range(0, sites.size, step):
            part = sites[at : at + step]
            block = self._block(terms, need, part, order, most)
            if block is None:
                return None
            if worth.size + block[1].size > most:
                return None
            loads, worth = loads.with_more(block[0]), np.concatenate([worth, block[1]])
        fits = loads.holds @ freight.size <= freight.capacity[loads.site] * (1 + RELATIVE)
        return loads.among(fits), worth[fits]  # units are rounded: some may not fit

    def _block(
        self, terms: Terms, need: Floats, sites: Ints, order: Ints, most: int
    ) -> tuple[Loads, Floats] | None:
        """List the loads of `sites`, the demands taken in `order`."""
        cost, unit, n = self.freight.cost[:, sites], self.unit, order.size
        gain, room, need = terms.price[:, None] - cost, self.room[sites], need[sites]
        reverse = order[::-1]
        top = load_tables(np.maximum(gain[reverse], 0), unit[reverse], int(room.max(initial=0)))
        fined = _fined(terms, order)
        site, left, value = np.arange(sites.size), room.copy(), np.zeros(sites.size)
        paid = np.zeros(sites.size)
        held = np.zeros((sites.size, -(-n // _WORD)), np.uint64)
        for t, i in enumerate(order):
            rest, w = top[n - 1 - t], int(unit[i])
            able = np.flatnonzero(left >= w)
            more = value[able] + gain[i, site[able]]
            able, more = _kept(able, more, rest[left[able] - w, site[able]], need[site[able]])
            for fine, earlier in fined[t]:
                more = more - fine * _exactly_one(held[able], earlier)
            if fined[t]:
                able, more = _kept(able, more, rest[left[able] - w, site[able]], need[site[able]])
            stay = np.flatnonzero(value + rest[left, site] >= need[site])
            word = held[able]
            word[:, i // _WORD] |= np.uint64(1) << np.uint64(i % _WORD)
            held = np.concatenate([held[stay], word])
            value = np.concatenate([value[stay], more])
            paid = np.concatenate([paid[stay], paid[able] + cost[i, site[able]]])
            left = np.concatenate([left[stay], left[able] - w])
            site = np.concatenate([site[stay], site[able]])
            if value.size > _BEGUN * most:
                return None
        bits = np.unpackbits(held.view(np.uint8), axis=1, bitorder="little")[:, :n]
        return Loads(sites[site], sparse.csr_array(bits).astype(float), paid), value


def _kept(able: Ints, value: Floats, rest: Floats, need: Floats) -> tuple[Ints, Floats]:
    """Return those of which the `value` and the best of the `rest` come to the `need`."""
    enough = value + rest >= need
    return able[enough], value[enough]


def _fined(terms: Terms, order: Ints) -> list[list[tuple[float, Ints]]]:
    """Return for each place in `order` the fines and the earlier members of triples it is in."""
    place = np.argsort(order)
    fined: list[list[tuple[float, Ints]]] = [[] for _ in order]
    for k in np.flatnonzero(terms.fine):
        a, b, c = terms.triple[k, np.argsort(place[terms.triple[k]])]
        fined[place[b]].append((terms.fine[k], np.array([a])))
        fined[place[c]].append((terms.fine[k], np.array([a, b])))
    return fined


def _exactly_one(held: npt.NDArray[np.uint64], members: Ints) -> npt.NDArray[np.uint64]:
    """Tell (0 or 1) whether exactly one of one or two `members` is held: the next is then fined."""
    one, odd = np.uint64(1), np.zeros(len(held), np.uint64)
    for i in members:
        odd ^= (held[:, i // _WORD] >> np.uint64(i % _WORD)) & one
    return odd
