"""Every file that leaves: map pages, figures, workbooks, GeoPackages, tables; whole or not at all."""

from siting.export.figures import save_figure
from siting.export.geojson import save_geojson
from siting.export.layers import save_layers
from siting.export.pages import save_html
from siting.export.shapefiles import save_shapefile
from siting.export.tables import save_csv
from siting.export.workbooks import CONTENTS, FIELD_NOTES, save_workbook
from siting.files import Mark, Sheet

__all__ = [
    "CONTENTS",
    "FIELD_NOTES",
    "Mark",
    "Sheet",
    "save_csv",
    "save_figure",
    "save_geojson",
    "save_html",
    "save_layers",
    "save_shapefile",
    "save_workbook",
]
