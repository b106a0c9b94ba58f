"""How unevenly a sector is spread, and how special a place is: each index with its variant named."""

from siting.concentration.indices import INDICES, IndexNote
from siting.concentration.likeness import (
    hachman,
    hoover,
    krugman_concentration,
    krugman_specialisation,
)
from siting.concentration.lorenz import gini, locational_gini, specialisation_gini
from siting.concentration.plants import (
    coagglomeration,
    ellison_glaeser,
    group_coagglomeration,
)
from siting.concentration.quotients import (
    QuotientInterval,
    location_quotient,
    location_quotient_interval,
    symmetric_location_quotient,
)
from siting.concentration.spread import entropy, equivalent_number, hhi, variety
from siting.concentration.stars import cluster_stars
from siting.concentration.theil import TheilParts, theil, theil_decomposition

__all__ = [
    "INDICES",
    "IndexNote",
    "QuotientInterval",
    "TheilParts",
    "cluster_stars",
    "coagglomeration",
    "ellison_glaeser",
    "entropy",
    "equivalent_number",
    "gini",
    "group_coagglomeration",
    "hachman",
    "hhi",
    "hoover",
    "krugman_concentration",
    "krugman_specialisation",
    "location_quotient",
    "location_quotient_interval",
    "locational_gini",
    "specialisation_gini",
    "symmetric_location_quotient",
    "theil",
    "theil_decomposition",
    "variety",
]
