"""What clusters share: places, in exact counts, and ground, in disjoint pieces that lose no area."""

from siting.overlap.ground import CONSERVED, depth
from siting.overlap.sharing import incidence, pairs, stack

__all__ = ["CONSERVED", "depth", "incidence", "pairs", "stack"]
