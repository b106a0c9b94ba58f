"""
Random small worlds with all conditions mixed, and brute force over every choice of sites in them.

``python -m tests.layout_worlds 5000`` runs so many and reports; the suite runs some hundreds.
"""

from __future__ import annotations

import itertools
import math
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from siting import layout
from siting.errors import InfeasibleLayoutError, SitingError, SitingWarning

MODELS = ("p_median", "max_coverage", "set_coverage", "p_center", "assign_zones")
NEAR = 1e-9
FAR = 1e300
CRASHES = (
    SitingError,
    ArithmeticError,
    AssertionError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)


@dataclass
class Rule:
    """A condition as brute force sees it: which of all choices keep it, at any number."""

    words: str
    kind: str
    key: object
    keeps: Callable[[float], np.ndarray]
    asked: float


@dataclass
class World:
    """A question, the call that asks it, and everything that brute force needs."""

    model: str
    call: Callable[[], layout.Layout]
    ids: list
    chosen: np.ndarray  # every choice x sites
    rules: list[Rule] = field(default_factory=list)
    value: Callable[[], np.ndarray] = lambda: np.zeros(0)
    counted: Callable[[int], tuple] = lambda _: ()
    served: Callable[[dict[str, float]], np.ndarray] | None = None

    def keep(self, rules: list[Rule], numbers: dict[int, float] | None = None) -> np.ndarray:
        """Tell which choices keep all `rules`, some of them at other numbers."""
        numbers = numbers or {}
        # a layout of no site is none; where nobody counts sites, the radius asks for them
        kept = self.chosen.any(axis=1) | (self.model == "set_coverage")
        serving: dict[str, float] = {}
        for rule in rules:
            at = numbers.get(id(rule), rule.asked)
            if rule.kind in ("radius", "capacity", "served"):
                serving[rule.kind] = at
            else:
                kept &= rule.keeps(at)
        if self.served is not None and serving.keys() & {"radius", "served"}:
            kept[kept] = self.served(serving)[kept]
        return kept


def labels(rng: np.random.Generator, n: int, stem: str) -> list:
    """Return `n` ids in no order: text, or whole numbers."""
    if rng.random() < 0.3:
        return [int(k) for k in rng.permutation(3 * n)[:n]]
    return [f"{stem}{k}" for k in rng.permutation(n)]


def rank(label: object) -> tuple:
    if isinstance(label, tuple):
        return tuple(rank(part) for part in label)
    return (0, label, "") if isinstance(label, int) else (1, 0, label)


def every_choice(m: int) -> np.ndarray:
    return (np.arange(2**m)[:, None] >> np.arange(m)) & 1 == 1


def numbers(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Return numbers of few values, so that ties are many, or of many."""
    style = rng.integers(3)
    if style == 0:
        return rng.integers(0, 5, shape).astype(float)
    return rng.integers(0, 30, shape).astype(float) if style == 1 else rng.random(shape).round(2)


def random_world(seed: int) -> World:
    """Return the world of a seed."""
    rng = np.random.default_rng(seed)
    model = MODELS[seed % len(MODELS)]
    return zone_world(rng) if model == "assign_zones" else site_world(rng, model)


def limit_rules(world: World, rng, groups: dict, in_group: dict, options: dict) -> None:
    """Add limits by group to the options and the rules."""
    kinds, n = sorted(set(groups.values()), key=rank), len(groups)
    if rng.random() < 0.5:
        some = {k: int(rng.integers(0, 3)) for k in kinds if rng.random() < 0.6}
        whole = int(rng.integers(0, 2))
        options["group_min"] = some if rng.random() < 0.7 else whole
        least = some if options["group_min"] is some else dict.fromkeys(kinds, whole)
        for k, low in least.items():
            if low:
                world.rules.append(
                    Rule(f"{k} 至少 {low} 个", "group_min", k, lambda v, k=k: in_group[k] >= v, low)
                )
    if rng.random() < 0.5:
        if rng.random() < 0.5:
            top = int(rng.integers(1, max(2, n)))
            options["group_max"] = top
            world.rules.append(
                Rule(
                    f"每组最多 {top} 个",
                    "group_max",
                    None,
                    lambda v: np.all([in_group[k] <= v for k in kinds], axis=0),
                    top,
                )
            )
        else:
            options["group_max"] = {k: int(rng.integers(0, 3)) for k in kinds if rng.random() < 0.6}
            for k, top in options["group_max"].items():
                world.rules.append(
                    Rule(f"{k} 最多 {top} 个", "group_max", k, lambda v, k=k: in_group[k] <= v, top)
                )
    if "group_min" in options or "group_max" in options:
        options["groups"] = pd.Series(groups)


def spacing_rule(world: World, chosen: np.ndarray, between: np.ndarray, metres: float) -> None:
    """Add the rule that no two chosen are nearer than `metres`."""
    near = np.minimum(between, between.T)

    def keeps(limit: float) -> np.ndarray:
        ok = np.ones(len(chosen), dtype=bool)
        for a, b in itertools.combinations(range(len(near)), 2):
            if near[a, b] < limit:
                ok &= ~(chosen[:, a] & chosen[:, b])
        return ok

    if not keeps(metres).all():
        world.rules.append(Rule(f"间距至少 {metres:g} 米", "spacing", metres, keeps, metres))


class SiteWorld:
    """A world of one of the four models of sites while it is drawn, step after step."""

    def __init__(self, rng: np.random.Generator, model: str) -> None:
        self.rng = rng
        self.capacitated = rng.random() < 0.2
        m = int(rng.integers(2, 6 if self.capacitated else 10))
        if rng.random() < 0.03 and not self.capacitated:
            m = 12
        n = int(rng.integers(1, 5 if self.capacitated else 9))
        self.sites, self.demand = labels(rng, m, "s"), labels(rng, n, "d")
        self.at = {label: k for k, label in enumerate(self.sites)}
        self.chosen = every_choice(m)
        self.world = World(model, lambda: None, self.sites, self.chosen)
        self.options: dict = {}
        self.arguments: list = []

    def distances(self) -> None:
        """Draw costs, weights and a radius."""
        rng, n, m = self.rng, len(self.demand), len(self.sites)
        cost = numbers(rng, (n, m))
        if rng.random() < 0.15:
            cost[rng.random((n, m)) < 0.2] = np.inf
            cost[np.isinf(cost).all(axis=1), 0] = 1.0
            self.options["unreachable"] = "allow pairs"
        weights = np.ones(n)
        if rng.random() < 0.5:
            weights = rng.integers(0, 6, n).astype(float)
            weights[rng.integers(n)] = 3.0
            given = pd.Series(weights, index=self.demand)
            self.options["weights"] = given.sample(frac=1, random_state=1)
        self.cost, self.weights, self.counts = cost, weights, weights > 0
        self.finite = cost[np.isfinite(cost)]
        self.radius = float(np.quantile(self.finite, rng.choice([0.2, 0.4, 0.6]))) + 0.0
        near = cost[self.counts]
        if self.world.model == "max_coverage" and not (near <= self.radius).any():
            self.radius = float(near[np.isfinite(near)].min())

    def picks(self) -> None:
        """Draw how many, and which sites are fixed, forbidden or there already."""
        rng, sites, chosen = self.rng, self.sites, self.chosen
        shuffled = rng.permutation(len(sites))
        fixed = [sites[k] for k in shuffled[: rng.choice([0, 0, 0, 1, 2])]]
        forbidden = [sites[k] for k in shuffled[2 : 2 + rng.choice([0, 0, 1, 2])]]
        existing = [sites[k] for k in shuffled[4 : 4 + rng.choice([0, 0, 0, 1])]]
        self.free = [k for k, site in enumerate(sites) if site not in existing]
        if self.world.model != "set_coverage":
            p = int(rng.integers(1, max(2, min(len(self.free), 4) + 1)))
            p = min(max(p, len(fixed), 1), len(self.free))
            fixed = fixed[:p]
            self.arguments = [p]
            total = chosen[:, self.free].sum(axis=1)
            self.world.rules.append(Rule(f"恰好选 {p} 个", "count", p, lambda v: total == v, p))
        if self.world.model.endswith("coverage"):
            self.arguments.insert(0, self.radius)
        for name, which, say in (
            ("fixed", fixed, "固定入选"),
            ("forbidden", forbidden, "不得入选"),
            ("existing", existing, "已建成"),
        ):
            if which:
                self.options[name] = which
            for one in which:
                column = chosen[:, self.at[one]]
                keeps = {
                    "fixed": lambda v, c=column: c | (v < 1),
                    "forbidden": lambda v, c=column: ~c | (v > 0),
                    "existing": lambda v, c=column: c,
                }[name]
                asked = 0 if name == "forbidden" else 1
                self.world.rules.append(Rule(f"{one} {say}", name, one, keeps, asked))

    def limits(self) -> None:
        """Draw limits by group, a spacing and a floor of coverage."""
        rng, sites, chosen, options = self.rng, self.sites, self.chosen, self.options
        groups = {label: f"g{rng.integers(3)}" for label in sites}
        held = {
            k: chosen[:, [self.at[s] for s in sites if groups[s] == k]].sum(axis=1)
            for k in set(groups.values())
        }
        limit_rules(self.world, rng, groups, held, options)
        if rng.random() < 0.3:
            m = len(sites)
            between = rng.integers(1, 10, (m, m)).astype(float) * 100
            metres = float(rng.integers(1, 6) * 100)
            options["site_distance"] = pd.DataFrame(between, sites, sites)
            options["min_spacing_m"] = metres
            spacing_rule(self.world, chosen, between, metres)
        self.far = np.where(chosen[:, None, :], self.cost[None], np.inf).min(axis=2)
        if rng.random() < 0.25:
            share = float(rng.choice([0.5, 0.7, 1.0]))
            within = float(np.quantile(self.finite, 0.4))
            options |= {"cover_within": within, "cover_share": share}
            reached = ((self.far <= within) * self.weights).sum(axis=1) / self.weights.sum()
            words = f"至少 {share * 100:g}% 的需求在 {_g(within)} 内"
            self.world.rules.append(
                Rule(words, "floor", (within, share), lambda v: reached >= v * (1 - NEAR), share)
            )

    def service(self) -> None:
        """Draw capacities, or let each demand go to its nearest site; and what a radius asks."""
        rng, world = self.rng, self.world
        if self.capacitated:
            sizes = np.where(self.counts, self.weights, 0.0)
            capacity = rng.integers(1, 9, len(self.sites)).astype(float)
            self.options["capacity"] = pd.Series(capacity, index=self.sites)
            if rng.random() < 0.5:
                sizes = rng.integers(1, 5, len(self.demand)).astype(float)
                self.options["demand"] = dict(zip(self.demand, sizes, strict=True))
            if world.model == "max_coverage":  # who is served is a matter of the objective
                always = np.ones(len(self.chosen), dtype=bool)
                world.rules.append(Rule("各点不超过容量", "room", None, lambda v: always, 1.0))
            else:
                world.rules.append(Rule("各点不超过容量", "capacity", None, lambda v: v, 1.0))
                if world.model != "set_coverage":
                    world.rules.append(
                        Rule("每个需求点都要有着落", "served", None, lambda v: v, 1.0)
                    )
            _serve(world, self.cost, (self.weights, sizes), capacity, self.radius)
        else:
            _nearest(world, self.far, self.weights, self.radius)
            if world.model in ("p_median", "p_center"):
                for i in np.flatnonzero(self.counts & np.isinf(self.cost).any(axis=1)):
                    one, open_to = self.demand[i], np.isfinite(self.far[:, i])
                    words = f"{one} 须有可达的点"
                    world.rules.append(
                        Rule(words, "reach", one, lambda v, o=open_to: o | (v < 1), 1)
                    )
        if world.model == "set_coverage":
            words = f"每个需求点都在半径 {_g(self.radius)} 内"
            world.rules.append(Rule(words, "radius", self.radius, lambda v: v, self.radius))
            own = self.chosen[:, self.free].sum(axis=1).astype(float)
            world.value = lambda: own

    def made(self) -> World:
        """Return the world, with the call that asks it."""
        table = pd.DataFrame(self.cost, index=self.demand, columns=self.sites)
        self.world.call = lambda: getattr(layout, self.world.model)(
            table, *self.arguments, **self.options
        )
        # ids in the order in which ties are broken, existing sites left out
        self.world.counted = lambda row: tuple(
            sorted(
                (self.sites[k] for k in np.flatnonzero(self.chosen[row]) if k in self.free),
                key=rank,
            )
        )
        return self.world


def site_world(rng: np.random.Generator, model: str) -> World:
    """Return a world of one of the four models of sites."""
    drawn = SiteWorld(rng, model)
    drawn.distances()
    drawn.picks()
    drawn.limits()
    drawn.service()
    return drawn.made()


def _g(value: float) -> str:
    return str(int(value)) if value.is_integer() else f"{value:.6g}"


def _nearest(world: World, far: np.ndarray, weights: np.ndarray, radius: float) -> None:
    """Value every choice where each demand goes to its nearest site."""
    counts = weights > 0
    if world.model == "p_median":
        world.value = lambda: (far[:, counts] * weights[counts]).sum(axis=1)
    elif world.model == "p_center":
        world.value = lambda: far[:, counts].max(axis=1)
    elif world.model == "max_coverage":
        world.value = lambda: ((far <= radius) * weights).sum(axis=1)
    else:

        def served(serving: dict[str, float]) -> np.ndarray:
            limit = serving.get("radius", FAR) * (1 + NEAR)
            return (far[:, counts] <= limit).all(axis=1)

        world.served = served


def _serve(
    world: World, cost: np.ndarray, demand: tuple, capacity: np.ndarray, radius: float
) -> None:
    """Value every choice by the best way to give each demand one site with room for it."""
    weights, sizes = demand
    counts = np.flatnonzero((weights > 0) | (sizes > 0))

    def best(row: np.ndarray, limit: float, factor: float) -> float:
        room = capacity * factor * (1 + NEAR)
        optional = world.model == "max_coverage"

        def go(k: int, so_far: float) -> float:
            if k == counts.size:
                return so_far
            i = counts[k]
            found = go(k + 1, so_far) if optional else math.inf
            for j in np.flatnonzero(row):
                if cost[i, j] > limit or math.isinf(cost[i, j]) or room[j] < sizes[i]:
                    continue
                room[j] -= sizes[i]
                if world.model == "p_center":
                    then = max(so_far, cost[i, j] if weights[i] > 0 else 0.0)
                elif optional:
                    then = so_far - weights[i]
                else:
                    then = so_far + weights[i] * cost[i, j]
                found = min(found, go(k + 1, then))
                room[j] += sizes[i]
            return found

        return go(0, 0.0)

    def values(limit: float, factor: float) -> np.ndarray:
        return np.array([best(row, limit, factor) for row in world.chosen])

    if world.model == "max_coverage":
        world.value = lambda: -values(radius, 1.0)
        return
    if world.model != "set_coverage":
        world.value = lambda: values(FAR, 1.0)
    world.served = lambda serving: np.isfinite(
        values(serving.get("radius", FAR) * (1 + NEAR), serving.get("capacity", 1e12))
    )


class ZoneWorld:
    """A world of places and clusters while it is drawn, step after step."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        n, k = int(rng.integers(1, 5)), int(rng.integers(1, 4))
        self.places = labels(rng, n, "p")
        self.clusters = [f"c{i}" for i in rng.permutation(k)]
        scores = numbers(rng, (n, k)) - rng.integers(0, 3)
        scores[rng.random(scores.shape) < 0.15] = np.nan
        if np.isnan(scores).all():
            scores[0, 0] = 1.0
        self.scores = scores
        self.pairs = [(a, b) for a in self.places for b in self.clusters]
        at = {pair: i for i, pair in enumerate(self.pairs)}
        self.of_cluster = {c: [at[a, c] for a in self.places] for c in self.clusters}
        self.of_place = {a: [at[a, c] for c in self.clusters] for a in self.places}
        self.at = at
        self.chosen = every_choice(len(self.pairs))
        self.world = World("assign_zones", lambda: None, self.pairs, self.chosen)
        self.options: dict = {}

    def picks(self) -> None:
        """Draw how many, which pairs are fixed or forbidden, and say where none is allowed."""
        rng, pairs, rules = self.rng, self.pairs, self.world.rules
        shuffled = rng.permutation(len(pairs))
        ok = [pairs[k] for k in shuffled if np.isfinite(self.scores.ravel()[k])]
        fixed: list = ok[: rng.choice([0, 0, 1, 2])]
        others = [pairs[k] for k in shuffled if pairs[k] not in fixed]
        forbidden: list = others[: rng.choice([0, 0, 1])]
        if rng.random() < 0.1 and not fixed and not forbidden:
            (fixed if rng.random() < 0.5 else forbidden).append(self.places[0])
        count = int(rng.integers(max(1, len(fixed)), len(ok) + 1))
        self.count = count = min(count, max(3, len(fixed)))
        total = self.chosen.sum(axis=1)
        rules.append(Rule(f"恰好选 {count} 个先导区", "count", count, lambda v: total == v, count))
        for k, c in enumerate(self.clusters):
            shut = np.isnan(self.scores[:, k])
            if shut.any():
                names = sorted((self.places[i] for i in np.flatnonzero(~shut)), key=rank)
                where = "、".join(map(str, names)) or "无"
                words = f"{c} 只能设在 {len(names)} 个地区（{where}）"
                columns = [self.of_cluster[c][i] for i in np.flatnonzero(shut)]
                used = self.chosen[:, columns].sum(axis=1)
                rules.append(Rule(words, "allowed", c, lambda v, u=used: u <= v, 0))
        for name, which in (("fixed", fixed), ("forbidden", forbidden)):
            if which:
                self.options[name] = which
            for one in which:
                rules.append(self.picked(name, one))

    def picked(self, name: str, one: object) -> Rule:
        """Return the rule that a pair, or some pair of a place, is chosen, or none is."""
        columns = [self.at[one]] if isinstance(one, tuple) else self.of_place[one]
        held = self.chosen[:, columns].any(axis=1)
        text = "·".join(map(str, one)) if isinstance(one, tuple) else str(one)
        if name == "fixed":
            return Rule(f"{text} 固定入选", name, one, lambda v: held | (v < 1), 1)
        return Rule(f"{text} 不得入选", name, one, lambda v: ~held | (v > 0), 0)

    def quotas(self) -> None:
        """Draw how many zones each cluster has."""
        rng = self.rng
        if rng.random() >= 0.6:
            return
        drawn = {c: (int(rng.integers(0, 3)), int(rng.integers(1, 4))) for c in self.clusters}
        quota = {c: (low, max(low, high)) for c, (low, high) in drawn.items()}
        least = {c: low for c, (low, _) in quota.items()}
        ranged = rng.random() < 0.5
        self.options["per_cluster"] = quota if ranged else least
        for c, (low, high) in quota.items():
            held = self.chosen[:, self.of_cluster[c]].sum(axis=1)
            if low:
                words = f"{c} 至少 {low} 个"
                self.world.rules.append(
                    Rule(words, "cluster_min", c, lambda v, h=held: h >= v, low)
                )
            if ranged:
                words = f"{c} 最多 {high} 个"
                self.world.rules.append(
                    Rule(words, "cluster_max", c, lambda v, h=held: h <= v, high)
                )

    def rooms(self) -> None:
        """Draw how many zones a place and a group of places take, and how far apart they stand."""
        rng, world, options, places = self.rng, self.world, self.options, self.places
        held = {a: self.chosen[:, self.of_place[a]].sum(axis=1) for a in places}
        if rng.random() < 0.6:
            top = int(rng.choice([1, 1, 2]))
            options["per_place"] = top
            every = np.column_stack(list(held.values()))
            words = f"每个地区最多 {top} 个"
            world.rules.append(
                Rule(words, "place_max", None, lambda v: (every <= v).all(axis=1), top)
            )
        else:
            options["per_place"] = {a: int(rng.integers(0, 3)) for a in places}
            for a, top in options["per_place"].items():
                words = f"{a} 最多 {top} 个"
                world.rules.append(Rule(words, "place_max", a, lambda v, h=held[a]: h <= v, top))
        groups = {a: f"g{rng.integers(2)}" for a in places}
        held_by = {k: sum(held[a] for a in places if groups[a] == k) for k in set(groups.values())}
        limit_rules(world, rng, groups, held_by, options)
        if rng.random() < 0.3:
            n = len(places)
            between = rng.integers(1, 10, (n, n)).astype(float) * 100
            metres = float(rng.integers(2, 6) * 100)
            options["distance"] = pd.DataFrame(between, places, places)
            options["min_spacing_m"] = metres
            spacing_rule(world, np.column_stack([v > 0 for v in held.values()]), between, metres)

    def made(self) -> World:
        """Return the world, with the call that asks it."""
        worth = np.where(self.chosen, np.nan_to_num(self.scores).ravel(), 0.0).sum(axis=1)
        self.world.value = lambda: worth
        self.world.counted = lambda row: tuple(
            sorted((self.pairs[k] for k in np.flatnonzero(self.chosen[row])), key=rank)
        )
        table = pd.DataFrame(self.scores, index=self.places, columns=self.clusters)
        self.world.call = lambda: layout.assign_zones(table, self.count, **self.options)
        return self.world


def zone_world(rng: np.random.Generator) -> World:
    """Return a world of places and clusters."""
    drawn = ZoneWorld(rng)
    drawn.picks()
    drawn.quotas()
    drawn.rooms()
    return drawn.made()


def faults(seed: int) -> list[str]:
    """Return everything in which the answer for a seed differs from brute force."""
    world = random_world(seed)
    kept = world.keep(world.rules)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SitingWarning)
            found = world.call()
    except InfeasibleLayoutError as error:
        return ["infeasible, but brute force has one"] if kept.any() else explained(world, error)
    if not kept.any():
        return [f"brute force has none, but {found.sites}"]
    values = world.value()
    sign = -1.0 if world.model in ("max_coverage", "assign_zones") else 1.0
    best = float((sign * values)[kept].min()) * sign
    slack = NEAR * max(1e-300, abs(best))
    optima = sorted(
        (world.counted(row) for row in np.flatnonzero(kept & (abs(values - best) <= slack))),
        key=lambda one: [rank(site) for site in one],
    )
    bad: list[str] = []
    if found.status != "optimal" or abs(found.objective - best) > slack:
        bad.append(f"{found.status} {found.objective!r}, brute force {best!r}")
    elif tuple(found.sites) != optima[0]:
        bad.append(f"sites {found.sites}, smallest {optima[0]} of {len(optima)}")
    if found.tie.unique is not (len(set(optima)) == 1):
        bad.append(f"unique {found.tie.unique}, but {len(optima)} optima")
    if found.gap != 0 or found.bound != found.objective:
        bad.append(f"bound {found.bound!r} gap {found.gap!r}")
    if set(found.conditions) != {rule.words for rule in world.rules}:
        bad.append(f"conditions {sorted(set(found.conditions) ^ {r.words for r in world.rules})}")
    return bad


def explained(world: World, error: InfeasibleLayoutError) -> list[str]:
    """Return what is wrong with an explanation: not minimal, not smallest, or a change that does not work."""
    by_words = {rule.words: rule for rule in world.rules}
    bad: list[str] = []
    if not set(error.conflict) <= set(by_words) or not error.conflict:
        return [f"conflict {error.conflict} of {sorted(by_words)}"]
    clash = [by_words[words] for words in error.conflict]
    if world.keep(clash).any():
        bad.append(f"no clash: {error.conflict}")
    for size in range(min(len(clash), 4)):
        for some in itertools.combinations(world.rules, size):
            if not world.keep(list(some)).any():
                return [f"smaller clash: {[rule.words for rule in some]} than {error.conflict}"]
    bad += [
        f"not minimal without {rule.words}: {error.conflict}"
        for rule in clash
        if not world.keep([other for other in clash if other is not rule]).any()
    ]
    changed = {
        id(rule): change.value
        for change in error.relaxation
        for rule in world.rules
        if (rule.kind, rule.key) == (change.kind, change.key)
    }
    if error.relaxation and not world.keep(world.rules, changed).any():
        bad.append(f"change does not work: {[str(one) for one in error.relaxation]}")
    if not error.relaxation and not any(
        rule.kind in ("existing", "radius") for rule in world.rules
    ):
        bad.append("no change is named")
    return bad


def main() -> None:
    """Run the number of worlds in the first argument, from the seed in the second."""
    given = [int(one) for one in sys.argv[1:3]]
    count, first = given + [5000, 0][len(given) :]
    began, wrong = time.monotonic(), 0
    for seed in range(first, first + count):
        try:
            bad = faults(seed)
        except CRASHES as error:  # a wrong answer too
            bad = [f"{type(error).__name__}: {error}"]
        wrong += bool(bad)
        for line in bad:
            print(f"seed {seed} {MODELS[seed % len(MODELS)]}: {line}")
    print(f"{count - wrong} of {count} equal to brute force in {time.monotonic() - began:.0f} s")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
