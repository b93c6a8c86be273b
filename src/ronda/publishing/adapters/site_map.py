"""The map of an area as SVG: its parts as links, shaded in five steps. A treemap where most outlines are missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe
from shapely.geometry import shape as shape_of

from ronda.places.selectors import outline_collection
from ronda.web.drawing import Cell, Drawing, Label, Shape, outline_map, squarified_treemap
from ronda.web.drawing.shapes import LINE, WIDTH

TREEMAP_HEIGHT = 420.0
LETTERS, LETTERS_PHONE = 13.0, 20.0  # as in site.css
LETTER = 0.6  # width of a bold letter for its height
WIDE_ONLY = ' class="lebar-saja"'
DARK_FROM = 4  # step of the ramp on which dark letters are no longer read


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the area: where its page is, how dark it is (0 to 5), and what is said of it."""

    code: str
    name: str
    size: int
    href: str
    step: int
    share: str
    words: str


def drawing_of(parts: Sequence[Part]) -> Drawing:
    """A map of the parts whose outline is known if most are, else a treemap of all by number of stations."""
    codes = [part.code for part in parts]
    features = outline_collection(codes)["features"]
    outlines = {feature["properties"]["code"]: shape_of(feature["geometry"]) for feature in features}
    cells = [Cell(part.code, part.name, part.size) for part in parts]
    if len(outlines) * 2 > len(codes):
        names = {part.code: part.name for part in parts}
        return outline_map(cells, outlines, part_of=lambda code: code, part_names=names, is_tight=True)
    return squarified_treemap(cells, part_of=lambda code: "", part_names={})


def map_svg(drawing: Drawing, parts: Sequence[Part], *, label: str) -> SafeString:
    """The whole picture; each part tells its words to who points at it and to who listens."""
    by_code: Mapping[str, Part] = {part.code: part for part in parts}
    height = TREEMAP_HEIGHT if drawing.kind == "treemap" else drawing.height
    inside = "".join(_area(shape, by_code[shape.code]) for shape in drawing.shapes)
    return mark_safe(
        f'<svg class="peta peta-{drawing.kind}" viewBox="0 0 {WIDTH:g} {height:g}" role="group" '
        f'aria-label="{escape(label)}">{inside}<g class="nama">{_names(drawing, by_code)}</g></svg>'
    )


def _area(shape: Shape, part: Part) -> str:
    words = escape(f"{part.name}: {part.words}")
    return (
        f'<a href="{escape(part.href)}" aria-label="{words}"><title>{words}</title>'
        f'<path class="q{part.step}" d="{shape.path}"/></a>'
    )


def _names(drawing: Drawing, parts: Mapping[str, Part]) -> str:
    if drawing.kind == "treemap":
        return "".join(_lines(shape, parts[shape.code]) for shape in drawing.shapes if shape.lines)
    # Labels come smallest part first; where two would touch, the larger part keeps its name.
    wide, narrow = (_apart(drawing.labels[::-1], size) for size in (LETTERS, LETTERS_PHONE))
    return "".join(
        f'<text x="{label.x}" y="{label.y}"{"" if label in narrow else WIDE_ONLY}>{escape(label.text)}</text>'
        for label in wide
    )


def _apart(labels: Sequence[Label], size: float) -> list[Label]:
    """Those names that can be written in letters of a size (pixels) without touching one another."""
    kept: list[tuple[Label, float]] = []
    for label in labels:
        half = len(label.text) * size * LETTER / 2
        if all(
            abs(label.x - other.x) > half + width or abs(label.y - other.y) > size for other, width in kept
        ):
            kept.append((label, half))
    return [label for label, _half in kept]


def _lines(shape: Shape, part: Part) -> str:
    """The name inside the box and its share below; light letters on the dark steps."""
    tone = ' class="gelap"' if part.step >= DARK_FROM else ""
    spans = [
        f'<tspan x="{shape.text_x}" y="{shape.text_y + LINE * at:g}">{escape(line)}</tspan>'
        for at, line in enumerate(shape.lines)
    ]
    below = shape.text_y + (LINE + 2) * len(shape.lines)
    share = f'<tspan class="bagian" x="{shape.text_x}" y="{below:g}">{escape(part.share)}</tspan>'
    return f"<text{tone}>{''.join(spans)}{share}</text>"
