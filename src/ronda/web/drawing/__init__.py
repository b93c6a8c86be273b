"""Pictures of an area as SVG: a map where outlines are known, else a treemap sized by polling stations. Pure."""

from ronda.web.drawing.outline import outline_map
from ronda.web.drawing.shapes import Cell, Drawing, Label, Shape
from ronda.web.drawing.treemap import squarified_treemap

__all__ = ["Cell", "Drawing", "Label", "Shape", "outline_map", "squarified_treemap"]
