"""The formulas of GCJ-02 and BD-09, and their inverse."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

CHINA_BOX = (72.004, 0.8293, 137.8347, 55.8271)  # [deg] west south east north, WGS-84

_AXIS_M, _E2 = 6378245.0, 0.00669342162296594323  # Krasovsky 1940, the ellipsoid of GCJ-02
_BD_PHASE = np.pi * 3000.0 / 180.0
_MARGIN_DEG = 0.05  # more than any shift
_TOLERANCE_DEG = 1e-13
_ROUNDS = 30

Floats = NDArray[np.float64]
Pair = tuple[Floats, Floats]


def shifted(lon: Floats, lat: Floats, source: str, target: str) -> Pair:
    """
    Return coordinates of `source` in `target`; outside the box, and where missing, unchanged.

    Parameters
    ----------
    lon, lat
        Arrays of one shape [deg]; NaN in either makes the pair NaN.
    source, target
        ``wgs84``, ``cgcs2000`` (the same here), ``gcj02`` or ``bd09``.

    Notes
    -----
    Everything goes through WGS-84, in which the box is tested. The inverse has no closed form: it
    is solved by fixed point, which converges fast because the shifts vary slowly.

    Examples
    --------
    >>> lon, lat = shifted(np.array([121.47, 0.0]), np.array([31.23, 51.5]), "wgs84", "gcj02")
    >>> (lon - [121.47, 0.0]).round(3).tolist()
    [0.005, 0.0]
    """
    missing = np.isnan(lon) | np.isnan(lat)
    out_lon, out_lat = np.where(missing, np.nan, lon), np.where(missing, np.nan, lat)
    source, target = (one.replace("cgcs2000", "wgs84") for one in (source, target))
    near = _in_box(out_lon, out_lat, _MARGIN_DEG)  # the formula is not meant for the rest
    if source == target or not near.any():
        return out_lon, out_lat
    known = (out_lon[near], out_lat[near])
    true = known if source == "wgs84" else _inverse(source, *known)
    inside = _in_box(true[0], true[1], 0.0)
    wanted = true if target == "wgs84" else _forward(target, *true)
    out_lon[near], out_lat[near] = (
        np.where(inside, w, k) for w, k in zip(wanted, known, strict=True)
    )
    return out_lon, out_lat


def _in_box(lon: Floats, lat: Floats, margin: float) -> NDArray[np.bool_]:
    west, south, east, north = CHINA_BOX
    across = (lon >= west - margin) & (lon <= east + margin)
    inside: NDArray[np.bool_] = across & (lat >= south - margin) & (lat <= north + margin)
    return inside


def _forward(frame: str, lon: Floats, lat: Floats) -> Pair:
    lon, lat = _wgs_to_gcj(lon, lat)
    return _gcj_to_bd(lon, lat) if frame == "bd09" else (lon, lat)


def _inverse(frame: str, lon: Floats, lat: Floats) -> Pair:
    """Solve ``forward(x, y) = (lon, lat)``."""
    x, y = lon, lat
    for _ in range(_ROUNDS):
        east, north = _forward(frame, x, y)
        x, y = x - (east - lon), y - (north - lat)
        if max(np.abs(east - lon).max(), np.abs(north - lat).max()) < _TOLERANCE_DEG:
            break
    return x, y


def _wgs_to_gcj(lon: Floats, lat: Floats) -> Pair:
    """Add the GCJ-02 shift: a polynomial and sines about 105 E, 35 N."""
    x, y = lon - 105.0, lat - 35.0
    root = 0.1 * np.sqrt(np.abs(x))

    def waves(t: Floats, *terms: tuple[float, float]) -> Floats:
        total = sum((size * np.sin(turns * np.pi * t) for size, turns in terms), np.zeros_like(t))
        return total * (2.0 / 3.0)

    common = waves(x, (20.0, 6.0), (20.0, 2.0))
    north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 2.0 * root + common
    north_m += waves(y, (20.0, 1.0), (40.0, 1 / 3), (160.0, 1 / 12), (320.0, 1 / 30))
    east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + root + common
    east_m += waves(x, (20.0, 1.0), (40.0, 1 / 3), (150.0, 1 / 12), (300.0, 1 / 30))
    phi = np.radians(lat)
    squeeze = 1.0 - _E2 * np.sin(phi) ** 2
    parallel_m = _AXIS_M / np.sqrt(squeeze) * np.cos(phi)
    meridian_m = _AXIS_M * (1.0 - _E2) / squeeze**1.5
    return lon + np.degrees(east_m / parallel_m), lat + np.degrees(north_m / meridian_m)


def _gcj_to_bd(lon: Floats, lat: Floats) -> Pair:
    """Turn GCJ-02 into BD-09: a small wave in radius and angle, and a constant shift."""
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD_PHASE)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_PHASE)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006
