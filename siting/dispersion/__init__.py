"""Do firms gather: distance-based concentration of points, with a study window and global envelopes."""

from siting.dispersion.density import duranton_overman
from siting.dispersion.envelopes import Envelope, envelope
from siting.dispersion.relative import m_function
from siting.dispersion.ripley import diggle_chetwynd, ripley_k, ripley_l

__all__ = [
    "Envelope",
    "diggle_chetwynd",
    "duranton_overman",
    "envelope",
    "m_function",
    "ripley_k",
    "ripley_l",
]
