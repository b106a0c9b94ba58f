"""Is it more than chance: exact p-values that respect ties, and false discovery rates for many of them."""

from siting.chance.arranging import DRAWS, ENUMERATED, PermutationTest, permutation_p
from siting.chance.counting import false_discovery, hypergeometric_p

__all__ = [
    "DRAWS",
    "ENUMERATED",
    "PermutationTest",
    "false_discovery",
    "hypergeometric_p",
    "permutation_p",
]
