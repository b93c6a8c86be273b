"""The residual map: villages by how far their stations lie from their neighbours on average, as SVG text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

import numpy as np
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from shapely.geometry import shape as shape_of
from shapely.geometry.base import BaseGeometry

from ronda.kernel.areas import Level, at_level, level
from ronda.places import selectors as places
from ronda.results.adapters.screens_kept import KeptStations
from ronda.web.drawing import Cell, Drawing, outline_map, squarified_treemap
from ronda.web.drawing.shapes import LINE, Shape
from ronda.web.frame import area_name
from ronda.web.numbers import number_words, signed_words

EDGES = (-0.3, -0.1, 0.1, 0.3)  # standard deviations; the mean of ten stations strays by 0.3 of chance
KEPT = 16
PART = {Level.REGENCY: 8, Level.DISTRICT: 13}


@dataclass(frozen=True, slots=True)
class VillageMean:
    """The stations of a village beside their neighbours; None where none could be tested."""

    area: str
    stations: int
    mean: float | None
    standing: int

    @property
    def step(self) -> str:
        """d0 to d4 from below to above, or q0 for nothing tested."""
        return "q0" if self.mean is None else f"d{int(np.searchsorted(EDGES, self.mean, side='right'))}"


@dataclass(frozen=True, slots=True)
class ResidualMap:
    """The picture in its layers."""

    drawing: Drawing
    areas: SafeString
    parts: SafeString
    cells: SafeString
    marks: SafeString
    labels: SafeString


def village_means(stations: KeptStations) -> list[VillageMean]:
    """Of every village with a screened station, in order of code."""
    found = []
    for at, area in enumerate(stations.villages):
        rows = np.flatnonzero(stations.village == at)
        if not rows.size:
            continue  # every station of it is left out, or kept from who asks
        residual = stations.near.residual[rows]
        tested = residual[~np.isnan(residual)]
        mean = float(tested.mean()) if tested.size else None
        found.append(VillageMean(area, rows.size, mean, int(stations.near.stands_out[rows].sum())))
    return found


def district_counts(means: Sequence[VillageMean]) -> dict[str, int]:
    """By district how many of its stations stand out."""
    counts: dict[str, int] = {}
    for one in means:
        district = at_level(one.area, Level.DISTRICT)
        counts[district] = counts.get(district, 0) + one.standing
    return counts


def residual_map(means: Sequence[VillageMean], area: str, *, election: str, contest: str) -> ResidualMap:
    """A map where at least half of the villages have an outline, else a treemap by number of stations."""
    sizes = tuple((one.area, one.stations) for one in means)
    drawing = _drawing(area, sizes, places.outline_count(area))
    by_code = {one.area: one for one in means}
    shown = [(shape, by_code[shape.code]) for shape in drawing.shapes]
    return ResidualMap(
        drawing,
        areas=mark_safe("".join(_area(shape, one, election, contest) for shape, one in shown)),
        parts=mark_safe("".join(f'<path d="{path}"/>' for path in drawing.parts)),
        cells=mark_safe("".join(_name(shape) for shape in drawing.shapes if shape.lines)),
        marks=mark_safe("".join(_mark(shape, one.standing) for shape, one in shown if one.standing)),
        labels=mark_safe(
            "".join(f'<text x="{one.x}" y="{one.y}">{escape(one.text)}</text>' for one in drawing.labels)
        ),
    )


@lru_cache(maxsize=KEPT)
def _drawing(area: str, sizes: tuple[tuple[str, int], ...], outlines: int) -> Drawing:
    """Remembered: outlines and numbers of stations rarely change, and where names stand is long to find."""
    length = PART.get(level(area), 5)
    cells = [Cell(code, area_name(code), max(size, 1)) for code, size in sizes]
    names = {code[:length]: area_name(code[:length]) for code, _size in sizes}
    shapes = _outlines(code for code, _size in sizes) if outlines else {}
    if shapes and len(shapes) * 2 >= len(cells):
        return outline_map(cells, shapes, part_of=lambda code: code[:length], part_names=names)
    return squarified_treemap(cells, part_of=lambda code: code[:length], part_names=names)


def _outlines(codes: Iterable[str]) -> dict[str, BaseGeometry]:
    features = places.outline_collection(codes)["features"]
    return {one["properties"]["code"]: shape_of(one["geometry"]) for one in features}


def _area(shape: Shape, one: VillageMean, election: str, contest: str) -> str:
    href = escape(reverse("results:area-show", args=[election, contest, one.area]))
    words = escape(f"{shape.name}: {mean_words(one)}")
    return (
        f'<a href="{href}" tabindex="-1" aria-label="{words}"><title>{words}</title>'
        f'<path class="{one.step}" d="{shape.path}"/></a>'
    )


def mean_words(one: VillageMean) -> str:
    if one.mean is None:
        return _("tidak diuji")
    numbers = {"mean": signed_words(one.mean, 2), "n": number_words(one.standing)}
    return _("rata-rata %(mean)s simpangan baku, %(n)s TPS menonjol") % numbers


def _mark(shape: Shape, number: int) -> str:
    return (
        f'<g class="scr-n" transform="translate({shape.x:g} {shape.y:g})"><circle r="8"/>'
        f'<text y="4" text-anchor="middle">{number}</text></g>'
    )


def _name(shape: Shape) -> str:
    spans = "".join(
        f'<tspan x="{shape.text_x}" y="{shape.text_y + LINE * at:g}">{escape(line)}</tspan>'
        for at, line in enumerate(shape.lines)
    )
    return f"<text>{spans}</text>"
