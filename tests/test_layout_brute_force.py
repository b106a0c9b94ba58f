"""Random small worlds against brute force: sites, objective, ties, and each explanation of a clash."""

from __future__ import annotations

import pytest

from siting.errors import InfeasibleLayoutError
from tests.layout_worlds import MODELS, explained, faults, random_world

COUNT = 100  # of each model; python -m tests.layout_worlds 5000 runs them all


@pytest.mark.parametrize("model", MODELS)
def test_small_worlds_equal_brute_force(model: str) -> None:
    first = MODELS.index(model)
    wrong = {seed: bad for seed in range(first, 5 * COUNT, len(MODELS)) if (bad := faults(seed))}
    assert wrong == {}


def test_the_worlds_are_of_all_kinds() -> None:
    # A run in which nothing clashes, or nothing ties, would prove nothing.
    worlds = [random_world(seed) for seed in range(200)]
    possible = [world.keep(world.rules).any() for world in worlds]
    assert 40 <= sum(possible) <= 160
    kinds = {rule.kind for world in worlds for rule in world.rules}
    assert kinds >= {
        *("count", "fixed", "forbidden", "existing", "allowed", "group_min", "group_max"),
        *("cluster_min", "cluster_max", "place_max", "spacing", "reach", "radius", "capacity"),
        "floor",
    }


def test_brute_force_sees_a_wrong_explanation() -> None:
    for seed in range(100):
        world = random_world(seed)
        if world.keep(world.rules).any():
            continue
        with pytest.raises(InfeasibleLayoutError) as caught:
            world.call()
        error = caught.value
        if len(error.conflict) < 2:
            continue
        less = InfeasibleLayoutError(error.findings, error.conflict[1:], error.relaxation)
        assert any("no clash" in one for one in explained(world, less))
        others = [rule.words for rule in world.rules if rule.words not in error.conflict]
        if others:
            more = InfeasibleLayoutError(error.findings, [*error.conflict, others[0]], ())
            assert any("not minimal" in one or "smaller" in one for one in explained(world, more))
            return
    pytest.fail("no clash of two conditions among the first worlds")
