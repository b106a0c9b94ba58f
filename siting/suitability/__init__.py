"""How well a site suits: criteria with declared direction, scale and weight; each score opens to its parts."""

from siting.suitability.scoring import Suitability, rank_reversals, suitability

__all__ = ["Suitability", "rank_reversals", "suitability"]
