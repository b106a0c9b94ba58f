"""Industrial plans on the map: what is planned where, what overlaps, and which clause says so.

Rooms load on first use, so that ``import siting`` costs next to nothing.
"""

from importlib import import_module
from types import ModuleType

__version__ = "0.1.0"
__all__ = [
    "alignment",
    "association",
    "briefing",
    "candidates",
    "chance",
    "concentration",
    "crs",
    "dispersion",
    "errors",
    "export",
    "figures",
    "footprint",
    "geodata",
    "layout",
    "maps",
    "overlap",
    "places",
    "plan",
    "points",
    "reader",
    "robustness",
    "scenario",
    "schema",
    "study",
    "suitability",
    "tables",
]


def __getattr__(name: str) -> ModuleType:
    """Load the room `name` when it is first asked for."""
    if name in __all__:
        return import_module(f"siting.{name}")
    msg = f"module 'siting' has no room {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    """List the rooms."""
    return [*__all__, "__version__"]
