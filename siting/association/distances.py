"""Who lies near whom: the nearest places, and those within a distance."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from scipy.spatial import cKDTree

from siting.association.neighbours import Neighbours, joined, positive, rank_of, refuse, shapes_of
from siting.crs import to_metric


def nearest(places: gpd.GeoDataFrame, k: int) -> Neighbours:
    """
    Return the k nearest other places of each place, between centroids.

    Parameters
    ----------
    places
        Polygons or points by place_id, with a CRS.
    k
        Neighbours [count] of each place.

    Returns
    -------
    Neighbours
        Row by row; a place may be near to one that is nearer to others, so not always symmetric.

    Raises
    ------
    InputError
        If `k` is not a whole number from 1 to the number of other places; and as `contiguity`.

    Notes
    -----
    Distances in metres, whatever the CRS. Of places at the same distance, to 1 mm, the lowest
    place_id comes first, so that the order of the rows does not matter.

    Examples
    --------
    >>> from siting.crs import METRIC
    >>> points = gpd.GeoSeries([shapely.Point(x, 0) for x in (0, 100, 300)], ["a", "b", "c"], METRIC)
    >>> nearest(points.to_frame("geometry"), 1).sparse.nonzero()[1].tolist()
    [1, 0, 1]
    """
    points = _centres(places)
    if isinstance(k, bool) or not isinstance(k, (int, np.integer)) or not 1 <= k < len(points):
        refuse(
            "k", k, f"1 到 {len(points) - 1} 的整数", f"a whole number from 1 to {len(points) - 1}"
        )
    tree = cKDTree(points)
    reach = tree.query(points, k + 1)[0][:, -1] + 0.001
    rank = rank_of(places.index)
    focal, other = [], []
    for i, near in enumerate(tree.query_ball_point(points, reach)):
        others = np.array([j for j in near if j != i])
        distance = np.rint(np.hypot(*(points[others] - points[i]).T) * 1000)
        focal += [i] * int(k)
        other += others[np.lexsort((rank[others], distance))][:k].tolist()
    return joined(np.array(focal), np.array(other), places.index)


def within(places: gpd.GeoDataFrame, distance_m: float) -> Neighbours:
    """
    Return the places whose centroids lie within a distance.

    Parameters
    ----------
    places
        Polygons or points by place_id, with a CRS.
    distance_m
        Largest distance [m]; a place exactly so far off is a neighbour.

    Returns
    -------
    Neighbours
        Symmetric.

    Raises
    ------
    InputError
        If `distance_m` is not above 0; and as `contiguity`.

    Examples
    --------
    >>> from siting.crs import METRIC
    >>> points = gpd.GeoSeries([shapely.Point(x, 0) for x in (0, 100, 300)], ["a", "b", "c"], METRIC)
    >>> within(points.to_frame("geometry"), 100).islands.tolist()
    ['c']
    """
    reach = positive(distance_m, "distance_m", least=np.nextafter(0, 1))
    pairs = cKDTree(_centres(places)).query_pairs(reach, output_type="ndarray")
    return joined(pairs.T.ravel(), pairs[:, ::-1].T.ravel(), places.index)


def _centres(places: gpd.GeoDataFrame) -> npt.NDArray[np.float64]:
    """Return the centroids [m], one row for each place."""
    shapes_of(places, ("Polygon", "MultiPolygon", "Point"))
    centres = shapely.centroid(to_metric(places).geometry.to_numpy())
    return np.asarray(shapely.get_coordinates(centres))
