"""Do like places lie together: Moran, Geary, join counts, and the places where it happens."""

from siting.association.distances import nearest, within
from siting.association.everywhere import geary, moran
from siting.association.joins import JoinCounts, join_counts
from siting.association.neighbours import Neighbours, contiguity
from siting.association.record import Association
from siting.association.somewhere import getis_ord, local_moran

__all__ = [
    "Association",
    "JoinCounts",
    "Neighbours",
    "contiguity",
    "geary",
    "getis_ord",
    "join_counts",
    "local_moran",
    "moran",
    "nearest",
    "within",
]
