"""Is it more than chance: exact p-values that respect ties, and false discovery rates for many of them."""

from siting.chance.arranging import DRAWS, ENUMERATED, PermutationTest, permutation_p
from siting.chance.counting import false_discovery, hypergeometric_p
from siting.chance.neighbouring import neighbour_tails
from siting.chance.permuting import PERMUTATIONS, Tails, rearrangement_tails, whole_values

__all__ = [
    "DRAWS",
    "ENUMERATED",
    "PERMUTATIONS",
    "PermutationTest",
    "Tails",
    "false_discovery",
    "hypergeometric_p",
    "neighbour_tails",
    "permutation_p",
    "rearrangement_tails",
    "whole_values",
]
